//! The talk between parent and parser child: any bytes to either of them.
#![no_main]

/// Taken by its folder: its crate brings databases along, which need no instruments.
#[allow(dead_code, unused_imports)]
#[path = "../../crates/pipeline/src"]
mod pipeline {
    pub mod parser;
}

use libfuzzer_sys::fuzz_target;

use self::pipeline::parser;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    if first % 2 == 0 {
        // A child that is told nonsense answers or ends; it does not crash.
        let _ = parser::wire::serve(&mut &*rest, &mut Vec::new(), |_, _| Ok(()));
    } else {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime without drivers");
        // A captured child may say anything; its parent takes it for an answer, or does not.
        let answer = runtime.block_on(parser::wire::answer(&mut &*rest));
        if let Ok(Ok(found)) = answer {
            let _ = extract::markdown(&found.blocks);
        }
    }
});
