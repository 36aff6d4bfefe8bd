//! Markdown: any bytes, with front matter, tables, HTML and what MDX adds.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::check(bytes, "text/markdown"));
