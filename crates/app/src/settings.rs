//! The settings in force: flags over environment over `gleaner.toml` over defaults.

pub mod file;
pub mod flags;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use connect::AllowList;
use model::{Pace, WebUrl};
use store::{Target, Vault};

use crate::duration::Span;
use crate::patience::{PERSON, Patience, SERVICE};
use file::FileSettings;
use flags::{Flags, MOST_ATTEMPTS};

const CONFIG_FILE: &str = "gleaner.toml";

/// Every setting, with a value.
#[derive(Debug, Clone)]
pub struct Settings {
    pub data: PathBuf,
    pub database: Target,
    /// The keys to the secrets in the store; `None` leaves them to the data folder.
    pub secret_key: Option<Vault>,
    pub workspace: String,
    pub listen: SocketAddr,
    /// Whether `/metrics` is there.
    pub metrics: bool,
    /// What to log; `None` leaves it to the command.
    pub log: Option<String>,
    pub allow_private: AllowList,
    pub allow_ports: Vec<u16>,
    pub about: Option<String>,
    pub proxy: Option<String>,
    pub pace: Pace,
    pub first_byte: Duration,
    pub fetch_time: Duration,
    pub max_bytes: u64,
    pub concurrency: usize,
    pub parsers: usize,
    pub lease: Duration,
    /// The wait after a first failed attempt; `None` leaves it to the command.
    pub retry_base: Option<Duration>,
    /// How many attempts a run may have; `None` leaves it to the command.
    pub attempts: Option<i64>,
    pub grace: Duration,
    /// How long a source must have a document no more until its article is proposed to be withdrawn.
    pub gone_after: Duration,
}

/// Reads the file, if there is one, and lays the flags over it.
pub fn load(flags: Flags) -> anyhow::Result<Settings> {
    let file = match &flags.config {
        Some(path) => file::read(path)?,
        None if Path::new(CONFIG_FILE).exists() => file::read(Path::new(CONFIG_FILE))?,
        None => FileSettings::default(),
    };
    merge(flags, file)
}

fn merge(flags: Flags, file: FileSettings) -> anyhow::Result<Settings> {
    let settings = merged(flags, file)?;
    settings.check()?;
    Ok(settings)
}

fn merged(flags: Flags, file: FileSettings) -> anyhow::Result<Settings> {
    let span = |flag: Option<Span>, file: Option<Span>, default: Duration| flag.or(file).map_or(default, |span| span.0);
    let data = flags.data.or(file.data).unwrap_or_else(|| "gleaner-data".into());
    let database = Target::parse(flags.database.or(file.database).as_deref(), &data).context("--database")?;
    let allow = flags.allow_private.or(file.allow_private).unwrap_or_default().join(",");
    let work = pipeline::Settings::default();
    let fetch = connect::Config::default();
    Ok(Settings {
        database,
        secret_key: flags.secret_key,
        workspace: flags.workspace.or(file.workspace).unwrap_or_else(|| "default".to_owned()),
        listen: flags.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8787))),
        metrics: flags.metrics.or(file.metrics).unwrap_or(true),
        log: flags.log.or(file.log),
        allow_private: allow.parse().context("--allow-private")?,
        allow_ports: flags.allow_ports.or(file.allow_ports).unwrap_or_default(),
        about: flags.about.or(file.about),
        proxy: flags.proxy.or(file.proxy),
        pace: Pace {
            delay: span(flags.host_delay, file.host_delay, work.pace.delay),
            concurrency: flags.host_concurrency.or(file.host_concurrency).unwrap_or(work.pace.concurrency),
            crawl_delay_cap: span(flags.crawl_delay_cap, file.crawl_delay_cap, work.pace.crawl_delay_cap),
            daily: flags.host_daily.or(file.host_daily),
        },
        first_byte: span(flags.first_byte, file.first_byte, fetch.first_byte),
        fetch_time: span(flags.fetch_time, file.fetch_time, fetch.total),
        max_bytes: flags.max_bytes.or(file.max_bytes).unwrap_or(fetch.max_bytes),
        concurrency: flags.concurrency.or(file.concurrency).unwrap_or(work.concurrency),
        parsers: flags.parsers.or(file.parsers).unwrap_or_else(processors),
        lease: span(flags.lease, file.lease, work.lease),
        retry_base: flags.retry_base.or(file.retry_base).map(|span| span.0),
        attempts: flags.attempts.or(file.attempts),
        grace: span(flags.grace, file.grace, work.grace),
        gone_after: span(flags.gone_after, file.gone_after, work.gone_after),
        data,
    })
}

impl Settings {
    /// How patient runs of a service are.
    pub fn patience_of_service(&self) -> Patience {
        self.patience(SERVICE)
    }

    /// How patient runs are that a person waits for.
    pub fn patience_of_person(&self) -> Patience {
        self.patience(PERSON)
    }

    fn patience(&self, usual: Patience) -> Patience {
        Patience { attempts: self.attempts.unwrap_or(usual.attempts), base: self.retry_base.unwrap_or(usual.base) }
    }

    /// Refuses values under which nothing could work.
    fn check(&self) -> anyhow::Result<()> {
        let spans = [
            ("--lease", self.lease, Duration::from_secs(1)),
            ("--first-byte", self.first_byte, Duration::from_millis(100)),
            ("--fetch-time", self.fetch_time, Duration::from_millis(100)),
        ];
        for (flag, value, least) in spans {
            ensure!(value >= least, "{flag} must be at least {}, it is {}", Span(least), Span(value));
        }
        ensure!(self.max_bytes >= 1_024, "--max-bytes must be at least 1024, it is {}", self.max_bytes);
        let counts = [
            ("--host-concurrency", self.pace.concurrency >= 1),
            ("--host-daily", self.pace.daily.is_none_or(|most| most >= 1)),
            ("--concurrency", self.concurrency >= 1),
            ("--parsers", self.parsers >= 1),
            ("--attempts", self.attempts.is_none_or(|most| most >= 1)),
        ];
        for (flag, is_right) in counts {
            ensure!(is_right, "{flag} must be at least 1");
        }
        ensure!(self.attempts.is_none_or(|most| most <= MOST_ATTEMPTS), "--attempts must be at most {MOST_ATTEMPTS}");
        if let Some(about) = &self.about {
            let is_plain = !about.contains(char::is_whitespace) && WebUrl::parse(about).is_ok();
            ensure!(is_plain, "--about {about:?} must be an http or https URL, such as https://example.com/crawler");
        }
        let workspace = self.workspace.trim();
        ensure!(
            !workspace.is_empty() && !workspace.chars().any(char::is_control),
            "--workspace must be a line of text"
        );
        Ok(())
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// A `gleaner.toml` that would give these settings, without secrets.
impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &str| toml::Value::from(value).to_string();
        let span = |value: Duration| text(&Span(value).to_string());
        let allow: Vec<String> =
            self.allow_private.to_string().split(',').filter(|entry| !entry.is_empty()).map(text).collect();
        writeln!(f, "data = {}", text(&self.data.display().to_string()))?;
        writeln!(f, "database = {}", text(&self.database.to_string()))?;
        writeln!(f, "workspace = {}", text(&self.workspace))?;
        writeln!(f, "listen = {}", text(&self.listen.to_string()))?;
        writeln!(f, "metrics = {}", self.metrics)?;
        optional(f, "log", self.log.as_deref().map(text))?;
        writeln!(f, "allow-private = [{}]", allow.join(", "))?;
        writeln!(f, "allow-ports = {:?}", self.allow_ports)?;
        optional(f, "about", self.about.as_deref().map(text))?;
        optional(f, "proxy", self.proxy.as_ref().map(|_| text("(set; not shown, it may hold a password)")))?;
        writeln!(f, "host-delay = {}", span(self.pace.delay))?;
        writeln!(f, "host-concurrency = {}", self.pace.concurrency)?;
        optional(f, "host-daily", self.pace.daily.map(|most| most.to_string()))?;
        writeln!(f, "crawl-delay-cap = {}", span(self.pace.crawl_delay_cap))?;
        writeln!(f, "first-byte = {}", span(self.first_byte))?;
        writeln!(f, "fetch-time = {}", span(self.fetch_time))?;
        writeln!(f, "max-bytes = {}", self.max_bytes)?;
        writeln!(f, "concurrency = {}", self.concurrency)?;
        writeln!(f, "parsers = {}", self.parsers)?;
        writeln!(f, "lease = {}", span(self.lease))?;
        let retry_base = [SERVICE, PERSON].map(|patience| Span(patience.base).to_string());
        by_command(f, "retry-base", self.retry_base.map(span), &retry_base)?;
        let attempts = [SERVICE, PERSON].map(|patience| patience.attempts.to_string());
        by_command(f, "attempts", self.attempts.map(|attempts| attempts.to_string()), &attempts)?;
        writeln!(f, "grace = {}", span(self.grace))?;
        writeln!(f, "gone-after = {}", span(self.gone_after))
    }
}

fn optional(f: &mut fmt::Formatter<'_>, name: &str, value: Option<String>) -> fmt::Result {
    match value {
        Some(value) => writeln!(f, "{name} = {value}"),
        None => writeln!(f, "# {name} is not set"),
    }
}

/// What is not set and depends on the command then.
fn by_command(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    value: Option<String>,
    [service, person]: &[String; 2],
) -> fmt::Result {
    match value {
        Some(value) => writeln!(f, "{name} = {value}"),
        None => writeln!(f, "# {name} is not set; in force: {service} (ingest: {person})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(flags: Flags, file: &str) -> anyhow::Result<Settings> {
        merge(flags, toml::from_str(file)?)
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let flags = Flags { host_delay: Some("2s".parse().unwrap()), ..Flags::default() };
        let settings = read(flags, "host-delay = '5s'\nlease = '7s'\nlisten = '127.0.0.1:99'").unwrap();
        assert_eq!(settings.pace.delay, Duration::from_secs(2));
        assert_eq!(settings.lease, Duration::from_secs(7));
        assert_eq!(settings.listen.port(), 99);
        assert_eq!(settings.grace, Duration::from_secs(10));
    }

    /// The help text and what is in force are written in two places.
    #[test]
    fn every_default_that_help_names_is_in_force() {
        use clap::CommandFactory;
        let printed = read(Flags::default(), "").unwrap().to_string();
        let command = crate::args::Cli::command();
        let mut seen = 0;
        for setting in command.get_arguments().filter(|argument| argument.is_global_set()) {
            let help = setting.get_help().map(ToString::to_string).unwrap_or_default();
            let Some((_, default)) = help.rsplit_once("[default: ") else { continue };
            let default = default.split(']').next().unwrap().replace("; ingest", " (ingest");
            let name = setting.get_long().unwrap();
            // Some are no settings of the file, and one depends on the machine.
            if matches!(name, "config" | "log" | "parsers" | "database" | "secret-key") {
                continue;
            }
            let shown = |line: &&str| {
                let value = line.strip_prefix(&format!("{name} = ")).map(|value| value.trim_matches('"') == default);
                let comment = format!("# {name} is not set; in force: {default}");
                value.unwrap_or_else(|| *line == format!("{comment})"))
                    || (default == "no limit" && *line == format!("# {name} is not set"))
            };
            assert!(printed.lines().any(|line| shown(&line)), "--{name} [default: {default}]:\n{printed}");
            seen += 1;
        }
        assert!(seen >= 15, "only {seen} defaults were found");
    }

    #[test]
    fn what_cannot_work_is_refused_with_the_mend() {
        for (file, mend) in [
            ("concurrency = 0", "--concurrency must be at least 1"),
            ("host-concurrency = 0", "--host-concurrency must be at least 1"),
            ("host-daily = 0", "--host-daily must be at least 1"),
            ("parsers = 0", "--parsers must be at least 1"),
            ("attempts = 0", "--attempts must be at least 1"),
            ("attempts = 101", "--attempts must be at most 100"),
            ("about = 'notaurl'", "an http or https URL"),
            ("about = 'ftp://example.com/'", "an http or https URL"),
        ] {
            let refusal = read(Flags::default(), file).unwrap_err().to_string();
            assert!(refusal.contains(mend), "{file}: {refusal}");
        }
        read(Flags::default(), "about = 'https://example.com/crawler'").unwrap();
    }

    #[test]
    fn a_typo_in_the_file_is_refused() {
        assert!(read(Flags::default(), "host_dealy = '1s'").is_err());
        assert!(read(Flags::default(), "database = 'mysql://x'").is_err());
        assert!(read(Flags::default(), "allow-private = ['not a host!']").is_err());
    }

    #[test]
    fn what_is_printed_reads_back_and_holds_no_secret() {
        let file = "database = 'postgres://u:s3cret@h/d'\nproxy = 'http://u:s3cret@p:1'\nallow-private = ['10.0.0.0/8', 'intra.corp']\nattempts = 2\nhost-daily = 500";
        let printed = read(Flags::default(), file).unwrap().to_string();
        assert!(!printed.contains("s3cret"), "{printed}");
        assert!(printed.contains("host-daily = 500\n"), "{printed}");
        let again = read(Flags::default(), &printed).unwrap();
        assert_eq!(again.to_string(), printed);
    }
}
