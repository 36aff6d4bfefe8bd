//! Logs, to standard error.

use std::io::IsTerminal;

use anyhow::{Context, ensure};
use tracing_subscriber::EnvFilter;

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
const MEND: &str = "--log takes off, error, warn, info, debug or trace, or filters such as pipeline=debug";
/// PostgreSQL notes that a table is there already whenever it was asked to make it only if it is not.
const NOTICES: &str = "sqlx::postgres::notice=warn";

/// Starts logging what `filter` lets through.
pub fn start(filter: &str) -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(meant(filter)?).context(MEND)?)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    Ok(())
}

/// The filter as it is meant: a bare word is a level, and who asks for `info` does not ask for the database's small talk.
fn meant(filter: &str) -> anyhow::Result<String> {
    let parts: Vec<&str> = filter.split(',').map(str::trim).collect();
    let is_level = |part: &&str| LEVELS.contains(&part.to_ascii_lowercase().as_str());
    for part in &parts {
        ensure!(part.contains(['=', '[', ']']) || is_level(part), "{part:?} is no level of logging; {MEND}");
    }
    let is_quiet = parts.iter().any(|part| part.eq_ignore_ascii_case("info")) && !filter.contains("sqlx");
    let said = parts.join(",");
    Ok(if is_quiet { format!("{said},{NOTICES}") } else { said })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_word_is_a_level() {
        for good in ["info", "WARN", "debug", "off", "pipeline=debug", "info,store=trace", "info, pipeline[run]=debug"]
        {
            EnvFilter::try_new(meant(good).unwrap()).unwrap_or_else(|error| panic!("{good}: {error}"));
        }
        for bad in ["loud", "info,loud", "", "pipeline"] {
            assert!(meant(bad).unwrap_err().to_string().contains("error, warn, info, debug"), "{bad}");
        }
    }

    #[test]
    fn notices_of_the_database_are_for_who_asks_for_them() {
        assert_eq!(meant("info").unwrap(), format!("info,{NOTICES}"));
        for as_said in ["error", "debug", "info,sqlx=debug"] {
            assert_eq!(meant(as_said).unwrap(), as_said);
        }
    }
}
