//! Volumes that are this machine's to fill up or to cut off: memory of a fixed size, and images of whole disks.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

/// A mounted file system. It is unmounted with its value.
#[derive(Debug)]
pub struct Volume {
    place: TempDir,
}

impl Volume {
    /// A file system in memory with this many MiB.
    pub fn in_memory(mebibytes: u32) -> Result<Self> {
        let size = format!("size={mebibytes}m");
        Self::mounted(&["-t", "tmpfs", "-o", &size, "tmpfs"])
    }

    /// What an image holds. A file system that was cut off while it was written recovers here.
    pub fn of_image(image: &Path) -> Result<Self> {
        Self::mounted(&["-o", "loop", &image.to_string_lossy()])
    }

    /// A new image of this many MiB with a file system made by a program such as `mkfs.ext4`.
    pub fn make_image(image: &Path, mebibytes: u64, mkfs: &[&str]) -> Result<()> {
        File::create(image)?.set_len(mebibytes * 1024 * 1024)?;
        run(&[mkfs, &[&image.to_string_lossy()]].concat())
    }

    fn mounted(what: &[&str]) -> Result<Self> {
        let place = tempfile::Builder::new().prefix("gleaner-volume-").tempdir()?;
        run(&[&["mount"], what, &[&place.path().to_string_lossy()]].concat())?;
        Ok(Self { place })
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// Takes all the space that is left.
    pub fn fill(&self) -> Result<Ballast> {
        let path = self.path().join("ballast");
        let mut file = File::create(&path)?;
        let mut piece = vec![0x55; 1024 * 1024];
        while !piece.is_empty() {
            match file.write_all(&piece).and_then(|()| file.flush()) {
                Ok(()) => {}
                // Smaller and smaller pieces still find room.
                Err(error) if error.kind() == ErrorKind::StorageFull => piece.truncate(piece.len() / 2),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Ballast(path))
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        // Lazily: a process that is just ending may still be on it.
        let _ = run(&["umount", "-l", &self.place.path().to_string_lossy()]);
    }
}

/// What fills a volume, until it is dropped.
#[derive(Debug)]
pub struct Ballast(PathBuf);

impl Drop for Ballast {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Runs a program that says nothing unless something is wrong.
pub fn run(words: &[&str]) -> Result<()> {
    let output = Command::new(words[0]).args(&words[1..]).stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("could not start `{}`", words[0]))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`{}` failed: {}", words.join(" "), complaint.trim());
    Ok(())
}
