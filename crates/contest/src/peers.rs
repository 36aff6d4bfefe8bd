//! Other extractors, from the package registries: fetched into a temporary folder, run beside us, and gone afterwards.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::race::Reader;

/// Those of the Python index, each as `pip` takes it.
const PYTHON: [(&str, &str); 2] = [("trafilatura", "2.3.1"), ("resiliparse", "2.0.1")];
/// What they need and do not name themselves.
const NEEDED: &str = "lxml_html_clean";
/// Those of the Rust registry; their versions stand in the manifest.
const RUST: [&str; 2] = ["rs-trafilatura", "dom_smoothie"];

const DRIVER: &str = include_str!("../peers/read.py");
const MANIFEST: &str = include_str!("../peers/rust/Cargo.toml");
const PROGRAM: &str = include_str!("../peers/rust/src/main.rs");

/// The readers of the contest, ours first.
pub struct Peers {
    pub readers: Vec<Reader>,
    /// Who could not be had, and why.
    pub absent: Vec<String>,
}

impl Peers {
    /// Fetches the others, unless a flag leaves them out.
    pub fn fetch(folder: &Path, are_left_out: bool) -> Self {
        let mut peers = Self { readers: vec![ours()], absent: Vec::new() };
        if are_left_out {
            peers.absent.push("the other extractors were left out by --no-peers".to_owned());
            return peers;
        }
        for found in [python(folder), rust(folder)] {
            match found {
                Ok(readers) => peers.readers.extend(readers),
                Err(error) => {
                    eprintln!("{error:#}");
                    peers.absent.push(error.to_string());
                }
            }
        }
        peers
    }
}

fn ours() -> Reader {
    let program = std::env::current_exe().unwrap_or_else(|_| "bench-extract".into());
    Reader { name: "gleaner".to_owned(), program, arguments: vec!["read".to_owned()] }
}

fn python(folder: &Path) -> Result<Vec<Reader>> {
    let venv = folder.join("python");
    eprintln!("fetching {}", PYTHON.map(|(name, _)| name).join(" and "));
    fs::create_dir_all(folder)?;
    finish(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    let program = venv.join("bin/python");
    let wanted = PYTHON.map(|(name, version)| format!("{name}=={version}"));
    finish(
        Command::new(&program)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", NEEDED])
            .args(wanted),
    )?;
    let driver = folder.join("read.py");
    fs::write(&driver, DRIVER)?;
    let reader = |(name, version): (&str, &str)| Reader {
        name: format!("{name} {version}"),
        program: program.clone(),
        arguments: vec![driver.display().to_string(), name.to_owned()],
    };
    Ok(PYTHON.map(reader).into())
}

fn rust(folder: &Path) -> Result<Vec<Reader>> {
    let project = folder.join("rust");
    eprintln!("fetching and building {}; this takes some minutes", RUST.join(" and "));
    fs::create_dir_all(project.join("src"))?;
    fs::write(project.join("Cargo.toml"), MANIFEST)?;
    fs::write(project.join("src/main.rs"), PROGRAM)?;
    let target = project.join("target");
    finish(
        Command::new("cargo")
            .args(["build", "--release", "--quiet", "--target-dir"])
            .arg(&target)
            .current_dir(&project),
    )?;
    let program: PathBuf = target.join("release/peer-extract");
    let reader = |name: &str| Reader {
        name: format!("{name} {}", version(name)),
        program: program.clone(),
        arguments: vec![name.to_owned()],
    };
    Ok(RUST.map(reader).into())
}

/// The version that the manifest asks for.
fn version(name: &str) -> &str {
    let line = MANIFEST.lines().find(|line| line.starts_with(&format!("{name} = ")));
    line.and_then(|line| line.split('"').nth(1)).unwrap_or_default().trim_start_matches('=')
}

fn finish(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{program} could not be started"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} ended with {}: {}", output.status, complaint.trim());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_pins_every_peer() {
        for name in RUST {
            assert!(version(name).starts_with(|first: char| first.is_ascii_digit()), "{name}: {:?}", version(name));
        }
    }
}
