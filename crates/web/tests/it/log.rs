//! What the service logs. One log for all tests, because a logger that comes and goes can miss what another thread says.

use std::io;
use std::sync::{Mutex, Once};

use tracing::Level;

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Starts to keep what is logged.
pub fn keep() {
    static KEPT: Once = Once::new();
    KEPT.call_once(|| tracing_subscriber::fmt().json().with_max_level(Level::INFO).with_writer(|| Writer).init());
}

/// The lines that hold the text.
pub fn lines_with(text: &str) -> String {
    let log = String::from_utf8(LOG.lock().unwrap().clone()).unwrap();
    log.lines().filter(|line| line.contains(text)).collect::<Vec<_>>().join("\n")
}

struct Writer;

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
