//! What one test stands on: a data folder, a database, and the program run on both.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;
use testkit::postgres::{self, TestDatabase};
use tokio::process::Command;

use crate::server::Server;
use crate::service::Service;

/// Runs each named test, a function of a [`Ground`], once on SQLite and once on PostgreSQL.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::ground::Ground::sqlite()).await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::ground::Ground::postgres().await).await;
            })+
        }
    };
}
pub(crate) use on_both;

/// What every run of the program is told here: this machine may be visited, nobody waits long, and the log tells all.
const HASTE: [&str; 10] =
    ["--allow-private", "127.0.0.0/8", "--host-delay", "0", "--lease", "2s", "--retry-base", "200ms", "--log", "debug"];

/// A folder and a database that vanish with it.
pub struct Ground {
    folder: TempDir,
    database: Option<TestDatabase>,
    started: AtomicUsize,
    key: OnceLock<String>,
}

/// What a command left behind.
#[derive(Debug)]
pub struct Done {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ground {
    pub fn sqlite() -> Self {
        Self::on(None)
    }

    pub async fn postgres() -> Self {
        Self::on(Some(postgres::database().await))
    }

    fn on(database: Option<TestDatabase>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, database, started: AtomicUsize::new(0), key: OnceLock::new() }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// The database as `--database` takes it; none for the file in the data folder.
    pub fn database(&self) -> Option<String> {
        self.database.as_ref().map(TestDatabase::url)
    }

    /// The program with nothing but these arguments, in the test's folder and without the developer's environment.
    pub fn bare(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gleaner"));
        command.env_clear().current_dir(self.path()).args(arguments).stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// The program on this ground's database. What is said twice counts as said last.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare(arguments);
        command.arg("--data").arg(self.data());
        if let Some(database) = self.database() {
            command.arg("--database").arg(database);
        }
        for setting in HASTE.chunks(2).filter(|setting| !arguments.contains(&setting[0])) {
            command.args(setting);
        }
        command
    }

    /// Runs a command on this ground's database to its end.
    pub async fn run(&self, arguments: &[&str]) -> Done {
        finish(self.command(arguments)).await
    }

    /// Starts `gleaner serve` and waits until it listens.
    pub async fn serve(&self, flags: &[&str]) -> Server {
        let flags = [&["serve", "--listen", "127.0.0.1:0"], flags].concat();
        Server::ready(self.start(&flags), &self.key).await
    }

    /// Starts `gleaner work`.
    pub fn work(&self, flags: &[&str]) -> Service {
        self.start(&[&["work"], flags].concat())
    }

    /// Starts a service whose output goes to files of the test's folder.
    pub fn start(&self, arguments: &[&str]) -> Service {
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        let (out, err) = (self.path().join(format!("{number}.out")), self.path().join(format!("{number}.err")));
        let mut command = self.command(arguments);
        command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
        Service::new(command.spawn().unwrap(), out, err)
    }

    /// The key that the first server printed.
    pub fn key(&self) -> &str {
        self.key.get().expect("a server was started first")
    }

    /// Everything that the services of this test have printed and logged.
    pub fn printed(&self) -> String {
        let services = 0..self.started.load(Ordering::Relaxed);
        let names = services.flat_map(|number| [format!("{number}.out"), format!("{number}.err")]);
        names.map(|name| std::fs::read_to_string(self.path().join(name)).unwrap()).collect()
    }
}

/// Runs a command to its end.
pub async fn finish(mut command: Command) -> Done {
    let output = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
    Done { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

impl Done {
    /// Standard output of a command that must have succeeded.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}\n{}", self.out, self.err);
        self.out
    }

    /// Standard output, as JSON, of a command that must have succeeded.
    #[track_caller]
    pub fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.ok()).unwrap()
    }

    /// The last line on standard error of a command that must have failed cleanly.
    #[track_caller]
    pub fn refusal(self) -> String {
        assert!(matches!(self.code, Some(1 | 2)), "{self:?}");
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self.err
    }
}
