//! `list`, `show` and `--help`: what a person sees of the store.

use testkit::site::{Site, pages};

use crate::ground::{Ground, finish, on_both};
use crate::server::{code, status};

on_both!(documents_are_listed_and_shown, several_servers_share_one_store);

async fn documents_are_listed_and_shown(ground: Ground) {
    let site = Site::start().await;
    let (good, missing) = (site.on("/ja", pages::JAPANESE.utf8()), site.url("/missing"));
    ground.run(&["ingest", &good, &missing]).await;

    let table = ground.run(&["list"]).await.ok();
    assert!(table.contains(pages::JAPANESE.title) && table.contains("COMPLETED"), "{table}");
    assert!(table.contains("not_found: "), "{table}");
    let failed = ground.run(&["list", "--status", "FAILED", "--json"]).await.json();
    let failed = failed["documents"].as_array().unwrap();
    assert_eq!((failed.len(), code(&failed[0])), (1, "not_found"));
    let first = ground.run(&["list", "--limit", "1", "--json"]).await.json();
    assert_eq!(first["hasMore"], true);
    let last = first["documents"][0]["id"].as_str().unwrap();
    let second = ground.run(&["list", "--after", last, "--json"]).await.json();
    assert_eq!(second["documents"].as_array().unwrap().len(), 1);

    let japanese = ground.run(&["list", "--title", "返金", "--json"]).await.json();
    let id = japanese["documents"][0]["id"].as_str().unwrap();
    let shown = ground.run(&["show", id]).await.ok();
    assert!(pages::JAPANESE.paragraphs.iter().all(|paragraph| shown.contains(paragraph)), "{shown}");
    let json = ground.run(&["show", id, "--json"]).await.json();
    assert_eq!((status(&json), &json["language"]), ("COMPLETED", &"ja".into()));

    for (arguments, mend) in [
        (["show", "nonsense"], "not a document ID"),
        (["show", "5d9f67a8-d853-4af4-b7ce-23ebba1245e5"], "no document has the ID"),
        (["list", "--status=DONE"], "use PENDING, IN_PROGRESS, COMPLETED or FAILED"),
    ] {
        let refusal = ground.run(&arguments).await.refusal();
        assert!(refusal.contains(mend), "{refusal}");
    }
}

async fn several_servers_share_one_store(ground: Ground) {
    let site = Site::start().await;
    let (one, other) = (ground.serve(&[]).await, ground.serve(&[]).await);
    let urls: Vec<String> = (0..10).map(|number| site.on(&format!("/{number}"), pages::FRENCH.utf8())).collect();
    one.queue(&urls[..5]).await;
    other.queue(&urls[5..]).await;
    let documents = one.all_ended().await;
    assert!(
        documents.len() == 10 && documents.iter().all(|document| status(document) == "COMPLETED"),
        "{documents:#?}"
    );
    assert_eq!(other.all_ended().await, documents);
}

#[tokio::test]
async fn every_command_explains_itself() {
    let ground = Ground::sqlite();
    let commands: [&[&str]; 29] = [
        &[],
        &["serve"],
        &["work"],
        &["ingest"],
        &["extract"],
        &["list"],
        &["show"],
        &["key"],
        &["key", "create"],
        &["key", "revoke"],
        &["queue"],
        &["review"],
        &["review", "approve"],
        &["review", "edit"],
        &["article", "show"],
        &["folder", "delete"],
        &["agent", "give"],
        &["schedule", "set"],
        &["queue", "status"],
        &["queue", "pause"],
        &["queue", "resume"],
        &["queue", "cancel"],
        &["queue", "retry"],
        &["jobs", "list"],
        &["jobs", "show"],
        &["workspace", "list"],
        &["workspace", "weight"],
        &["migrate"],
        &["config"],
    ];
    for command in commands {
        for flag in ["--help", "-h"] {
            let help = finish(ground.bare(&[command, &[flag]].concat())).await.ok();
            assert!(help.contains("Usage: gleaner"), "{help}");
        }
    }
    assert!(finish(ground.bare(&["--version"])).await.ok().starts_with("gleaner "));
    assert!(std::fs::read_dir(ground.path()).unwrap().next().is_none(), "asking for help made files");
}
