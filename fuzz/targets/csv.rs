//! CSV: any bytes as values with whatever separator they seem to have.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::check(bytes, "text/csv"));
