//! From a page to an article at the command line: drafts land by themselves, and people decide on what they saw.

use serde_json::Value;
use testkit::site::{Answer, Site};

use crate::ground::{Done, Ground, on_both};
use crate::server::until;

on_both!(
    a_page_becomes_an_article_by_a_decision,
    an_edit_outlives_the_next_run,
    a_failed_refresh_leaves_everything_as_it_was,
    an_unchanged_page_costs_a_conditional_answer,
    a_page_that_is_gone_is_proposed_to_be_withdrawn,
    a_schedule_refreshes_by_itself,
);

fn page(days: u32) -> Answer {
    let words =
        "You can ask for a refund from the billing page, and we send a mail when it is on its way to you. ".repeat(4);
    let text = format!("<p>Refunds are paid within {days} working days.</p><p>{words}</p>");
    Answer::html(format!("<title>Refunds</title><main><h1>Refunds</h1>{text}</main>"))
}

async fn drafts(ground: &Ground) -> Vec<Value> {
    let listed = ground.run(&["review", "list", "--json"]).await.json();
    listed["drafts"].as_array().unwrap().clone()
}

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

async fn approve(ground: &Ground, draft: &Value) -> Done {
    let revision = draft["draftRevision"].to_string();
    ground.run(&["review", "approve", id(draft), "--revision", &revision]).await
}

async fn a_page_becomes_an_article_by_a_decision(ground: Ground) {
    let site = Site::start().await;
    let url = site.on("/refunds", page(14));
    let told = ground.run(&["ingest", &url]).await.ok();
    assert!(told.contains("1 draft awaits a decision: gleaner review list"), "{told}");
    let draft = drafts(&ground).await.remove(0);
    assert_eq!((draft["proposal"].as_str(), draft["title"].as_str()), (Some("add"), Some("Refunds")));
    assert!(draft["keywords"].as_array().is_some_and(|keywords| !keywords.is_empty()), "{draft}");
    assert!(ground.run(&["article", "list"]).await.ok().contains("there are no articles"));
    assert!(ground.run(&["folder", "list"]).await.ok().contains("  Imported\n"));

    let unseen = ground.run(&["review", "approve", id(&draft)]).await.refusal();
    assert!(unseen.contains("--revision"), "{unseen}");
    let stale = ground.run(&["review", "approve", id(&draft), "--revision", "7"]).await.refusal();
    assert!(stale.contains("revision 7 was seen"), "{stale}");
    let published = approve(&ground, &draft).await.ok();
    assert!(published.contains("live:") && published.contains("version 1"), "{published}");

    site.on("/refunds", page(30));
    ground.run(&["ingest", &url]).await.ok();
    let update = drafts(&ground).await.remove(0);
    let shown = ground.run(&["review", "show", id(&update)]).await.ok();
    assert!(shown.contains("[-14-]{+30+}") && shown.contains("version 1"), "{shown}");
    let all = ground.run(&["review", "approve", "--all"]).await.refusal();
    assert!(all.contains("--yes"), "{all}");
    ground.run(&["review", "approve", "--all", "--yes"]).await.ok();
    let article = ground.run(&["article", "list", "--json"]).await.json()["articles"][0].clone();
    assert_eq!(article["version"], 2);
    assert!(ground.run(&["article", "show", id(&article)]).await.ok().contains("within 30 working days"));
    assert!(ground.run(&["article", "show", id(&article), "--at", "1"]).await.ok().contains("within 14 working days"));
    ground.run(&["article", "restore", id(&article), "1"]).await.ok();
    let restored = drafts(&ground).await.remove(0);
    ground.run(&["review", "dismiss", id(&restored), "--reason", "not now"]).await.ok();
    assert!(ground.run(&["review", "list"]).await.ok().contains("nothing awaits a decision"));
    let log = ground.run(&["review", "log"]).await.ok();
    assert!(log.contains("publish article") && log.contains("dismiss draft") && log.contains("why not now"), "{log}");
}

async fn an_edit_outlives_the_next_run(ground: Ground) {
    let site = Site::start().await;
    let url = site.on("/refunds", page(14));
    ground.run(&["ingest", &url]).await.ok();
    let draft = drafts(&ground).await.remove(0);
    let file = ground.path().join("edit.md");
    std::fs::write(&file, "# How refunds work\n\nWithin two weeks, says Ann.\n").unwrap();
    let edited = ground.run(&["review", "edit", id(&draft), "--file", file.to_str().unwrap()]).await.ok();
    assert!(edited.contains("revision 2"), "{edited}");
    site.on("/refunds", page(30));
    ground.run(&["ingest", &url]).await.ok();
    let behind = drafts(&ground).await.remove(0);
    assert_eq!((id(&behind), behind["title"].as_str()), (id(&draft), Some("How refunds work")));
    let shown = ground.run(&["review", "show", id(&draft)]).await.ok();
    assert!(shown.contains("the source has said something else since"), "{shown}");
    assert!(approve(&ground, &behind).await.ok().contains("How refunds work"));
}

async fn a_failed_refresh_leaves_everything_as_it_was(ground: Ground) {
    let site = Site::start().await;
    let url = site.on("/refunds", page(14));
    ground.run(&["ingest", &url]).await.ok();
    let draft = drafts(&ground).await.remove(0);
    approve(&ground, &draft).await.ok();
    let before = ground.run(&["article", "list", "--json"]).await.json();
    for answer in [Answer::status(404), Answer::html("<main></main>"), page(30).broken_off()] {
        site.on("/refunds", answer);
        let failed = ground.run(&["ingest", &url, "--attempts", "1"]).await;
        assert_ne!(failed.code, Some(0), "{failed:?}");
        assert_eq!(ground.run(&["article", "list", "--json"]).await.json(), before);
        assert_eq!(drafts(&ground).await, Vec::<Value>::new());
    }
}

async fn an_unchanged_page_costs_a_conditional_answer(ground: Ground) {
    let site = Site::start().await;
    let url = site.on("/refunds", page(14).header("etag", "\"one\""));
    ground.run(&["ingest", &url]).await.ok();
    let before = ground.run(&["list", "--json"]).await.json()["documents"][0].clone();
    let statuses = || {
        site.visits().into_iter().filter(|visit| visit.path == "/refunds").map(|visit| visit.status).collect::<Vec<_>>()
    };
    ground.run(&["ingest", &url]).await.ok();
    assert_eq!(statuses(), [200, 304]);
    let after = ground.run(&["list", "--json"]).await.json()["documents"][0].clone();
    for field in ["revision", "paragraphs", "title", "storageUrl", "linkedOperation", "success"] {
        assert_eq!(before[field], after[field], "{field}");
    }
    assert_eq!(drafts(&ground).await.len(), 1, "nothing new was proposed");
    // By other rules the same bytes may say something else.
    ground.run(&["ingest", &url, "--baser", "true"]).await.ok();
    assert_eq!(statuses(), [200, 304, 200]);
    let host = site.origin().replace("http://", "");
    ground.run(&["site", "set", &host, "--drop", ".note"]).await.ok();
    ground.run(&["ingest", &url]).await.ok();
    ground.run(&["ingest", &url]).await.ok();
    assert_eq!(statuses(), [200, 304, 200, 200, 304]);
    let seen = drafts(&ground).await[0]["draftRevision"].as_i64();
    site.on("/refunds", page(30).header("etag", "\"two\""));
    ground.run(&["ingest", &url]).await.ok();
    assert_eq!(statuses().last(), Some(&200));
    assert_eq!(drafts(&ground).await[0]["draftRevision"].as_i64(), seen.map(|seen| seen + 1));
}

async fn a_page_that_is_gone_is_proposed_to_be_withdrawn(ground: Ground) {
    let site = Site::start().await;
    let url = site.on("/refunds", page(14));
    ground.run(&["ingest", &url]).await.ok();
    let draft = drafts(&ground).await.remove(0);
    approve(&ground, &draft).await.ok();
    site.on("/refunds", Answer::status(410));
    let gone = ["ingest", &url, "--gone-after", "0s"];
    assert_ne!(ground.run(&gone).await.code, Some(0));
    assert_eq!(drafts(&ground).await, Vec::<Value>::new(), "once may be a mistake");
    assert_ne!(ground.run(&gone).await.code, Some(0));
    let withdrawal = drafts(&ground).await.remove(0);
    assert_eq!(withdrawal["proposal"], "withdraw");
    let shown = ground.run(&["review", "show", id(&withdrawal)]).await.ok();
    assert!(shown.contains("gone") && shown.contains("- Refunds are paid"), "{shown}");
    assert!(approve(&ground, &withdrawal).await.ok().contains("withdrawn:"));
    assert!(ground.run(&["article", "list"]).await.ok().contains("withdrawn"));
}

async fn a_schedule_refreshes_by_itself(ground: Ground) {
    let site = Site::start().await;
    let url = site.on("/refunds", page(14));
    ground.run(&["ingest", &url]).await.ok();
    site.on("/refunds", page(30));
    let told = ground.run(&["schedule", "set", "--every", "1h", "--now"]).await.ok();
    assert!(told.contains("every document every 1h"), "{told}");
    let _server = ground.serve(&[]).await;
    until("the round begins and the page is read", async || {
        (drafts(&ground).await[0]["draftRevision"] == 2).then_some(())
    })
    .await;
    let schedule = ground.run(&["schedule", "list", "--json"]).await.json()["schedules"][0].clone();
    assert_eq!((&schedule["lastQueued"], schedule["lastAt"].is_string()), (&1.into(), true));
    ground.run(&["schedule", "remove", id(&schedule)]).await.ok();
    assert!(ground.run(&["schedule", "list"]).await.ok().contains("nothing is refreshed by itself"));
}
