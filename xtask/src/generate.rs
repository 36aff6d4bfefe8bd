//! `gen`: committed files that are made from code, and whether they still match it.

use std::fs;
use std::io::ErrorKind;

use anyhow::{Context, Result, bail, ensure};

use crate::root::root;
use cluster::child::{self, program};

/// A committed file, and the `gleaner` command that prints it.
const GENERATED: [(&str, &str); 1] = [("docs/openapi.json", "openapi")];

/// Writes each generated file, or with `check` only compares.
pub async fn run(check: bool) -> Result<()> {
    for (path, command) in GENERATED {
        let wanted = printed_by(command).await?;
        let file = root().join(path);
        let found = match fs::read_to_string(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            outcome => outcome.with_context(|| format!("could not read {path}"))?,
        };
        if found == wanted {
            continue;
        }
        if check {
            let line = first_difference(&found, &wanted);
            bail!("{path}:{line}: differs from what the code says; run `cargo xtask gen` and commit the file");
        }
        fs::create_dir_all(file.with_file_name("")).and_then(|()| fs::write(&file, wanted))?;
        println!("wrote {path}");
    }
    Ok(())
}

async fn printed_by(command: &str) -> Result<String> {
    let gleaner = program("cargo", root(), &["run", "--package", "app", "--bin", "gleaner", "--", command]);
    let mut text = String::new();
    let status = child::lines(gleaner, |line| {
        text.push_str(line);
        text.push('\n');
    })
    .await?;
    ensure!(status.success(), "`gleaner {command}` ended with {status}");
    ensure!(!text.is_empty(), "`gleaner {command}` printed nothing");
    Ok(text)
}

fn first_difference(found: &str, wanted: &str) -> usize {
    found.lines().zip(wanted.lines()).take_while(|(found, wanted)| found == wanted).count() + 1
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn names_the_line_that_differs() {
        for (found, wanted, line) in [("", "a", 1), ("a\nb", "a\nc", 2), ("a", "a\nb", 2), ("a\nb\n", "a\n", 2)] {
            assert_eq!(first_difference(found, wanted), line, "{found:?} {wanted:?}");
        }
    }
}
