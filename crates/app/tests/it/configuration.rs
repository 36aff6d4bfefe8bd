//! Settings: where they may stand, which wins, and how they are printed.

use crate::ground::{Ground, finish};

/// The line of `gleaner config` that begins with this name.
#[track_caller]
fn line<'a>(printed: &'a str, name: &str) -> &'a str {
    printed.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("no {name}:\n{printed}"))
}

#[tokio::test]
async fn flags_win_over_the_environment_and_the_environment_over_the_file() {
    let ground = Ground::sqlite();
    std::fs::write(ground.path().join("gleaner.toml"), "host-delay = '1m'\nlease = '2m'\ngrace = '3m'\n").unwrap();
    let mut command = ground.bare(&["config", "--host-delay", "7s"]);
    command.env("GLEANER_HOST_DELAY", "8s").env("GLEANER_LEASE", "9s");
    let printed = finish(command).await.ok();
    assert_eq!(line(&printed, "host-delay"), "host-delay = \"7s\"");
    assert_eq!(line(&printed, "lease"), "lease = \"9s\"");
    assert_eq!(line(&printed, "grace"), "grace = \"3m\"");
}

#[tokio::test]
async fn what_is_printed_can_be_read_and_holds_no_secret() {
    let ground = Ground::sqlite();
    let mut command = ground.bare(&["config", "--proxy", "http://me:Pr0xySecret@proxy:3128"]);
    command.env("GLEANER_DATABASE_URL", "postgres://me:DbSecret@db.corp/gleaner?password=DbSecret");
    let printed = finish(command).await.ok();
    assert!(!printed.contains("Secret"), "{printed}");
    assert!(printed.contains("db.corp/gleaner"), "{printed}");

    std::fs::write(ground.path().join("gleaner.toml"), finish(ground.bare(&["config"])).await.ok()).unwrap();
    finish(ground.bare(&["config"])).await.ok();
    assert!(!ground.path().join("gleaner-data").exists(), "printing the settings made files");
}

#[tokio::test]
async fn mistakes_are_refused_with_the_place_and_the_mend() {
    let ground = Ground::sqlite();
    std::fs::write(ground.path().join("typo.toml"), "host_dealy = '1s'\n").unwrap();
    let cases: [(&[&str], &[&str]); 16] = [
        (&["config", "--config", "typo.toml"], &["typo.toml", "host_dealy"]),
        (&["config", "--config", "missing.toml"], &["missing.toml", "No such file"]),
        (&["config", "--host-delay", "soon"], &["soon", "500ms"]),
        (&["config", "--database", "mysql://me:Secret@db/x"], &["mysql", "postgres://"]),
        (&["config", "--allow-private", "not a host!"], &["--allow-private"]),
        (&["config", "--attempts", "0"], &["--attempts"]),
        (&["list", "--log", "=="], &["--log"]),
        (&["config", "--log", "loud"], &["loud", "error, warn, info, debug"]),
        (&["config", "--about", "notaurl"], &["notaurl", "http or https URL"]),
        (&["config", "--listen", "8787"], &["8787", "use HOST:PORT, such as 127.0.0.1:8787"]),
        (&["config", "--concurrency", "0"], &["--concurrency", "must be at least 1"]),
        (&["config", "--host-daily", "0"], &["--host-daily", "must be at least 1"]),
        (&["queue", "retry", "--limit", "0"], &["--limit", "must be at least 1"]),
        (&["queue", "cancel", "x"], &["'x'", "gleaner jobs list"]),
        (&["queue", "cancel", "--document", "x"], &["'x'", "gleaner list"]),
        (&["jobs", "show", "x"], &["'x'", "gleaner jobs list"]),
    ];
    for (arguments, words) in cases {
        let refusal = finish(ground.bare(arguments)).await.refusal();
        assert!(words.iter().all(|word| refusal.contains(word)), "{arguments:?}: {refusal}");
        assert!(!refusal.contains("Secret"), "{refusal}");
    }
}
