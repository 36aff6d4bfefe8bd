//! E-mail: any bytes as a message with its parts.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::check(bytes, "message/rfc822"));
