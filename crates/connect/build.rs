//! Tells the tests whether the vendors' OpenAPI documents are at hand, so that those that need them are counted as left out.

use std::env;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(vendor_specs)");
    println!("cargo::rerun-if-env-changed=GLEANER_VENDOR_SPECS");
    if env::var_os("GLEANER_VENDOR_SPECS").is_some() {
        println!("cargo::rustc-cfg=vendor_specs");
    }
}
