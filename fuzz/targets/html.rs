//! HTML: any bytes as a page, read and explained.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fuzz::check(bytes, "text/html");
    fuzz::check_explanation(bytes);
});
