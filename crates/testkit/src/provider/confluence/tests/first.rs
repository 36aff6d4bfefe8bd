//! Version 1: a server of one's own, and search in the cloud.

use serde_json::{Value, json};

use super::{Bed, basic, caller};
use crate::caller::Caller;
use crate::provider::Provider;
use crate::provider::confluence::Confluence;
use crate::provider::confluence::world::World;
use crate::provider::switches::Switch;

/// A server of one's own with so many pages.
async fn server(pages: usize) -> (Provider<Confluence>, Caller) {
    let mut world = World::data_center("/confluence");
    world.access.with_personal_token("personal-token");
    world.fill(pages);
    let provider = Provider::start(Confluence::new(world)).await;
    let reader = caller(&provider, "Bearer personal-token");
    (provider, reader)
}

/// Every page by the next link; at most so many requests.
async fn follow(reader: &Caller, first: &str, most: usize) -> Vec<u64> {
    let (mut ids, mut path) = (Vec::new(), first.to_owned());
    for _ in 0..most {
        let page = reader.get(&path).await.json();
        let results = page["results"].as_array().unwrap();
        ids.extend(results.iter().map(|page| page["id"].as_str().unwrap().parse::<u64>().unwrap()));
        assert_eq!(page["size"], results.len());
        let Some(next) = page["_links"]["next"].as_str() else { break };
        assert!(next.starts_with("/rest/api/"));
        path = format!("{}{next}", page["_links"]["context"].as_str().unwrap());
    }
    ids
}

#[tokio::test]
async fn a_server_of_ones_own_has_version_1_alone() {
    let (provider, reader) = server(10).await;
    assert_eq!(reader.get("/confluence/rest/api/server-information").await.json()["version"], "9.2.1");
    for path in ["/confluence/api/v2/spaces", "/rest/api/space", "/_edge/tenant_info"] {
        assert_eq!(reader.get(path).await.status, 404, "{path}");
    }
    assert_eq!(caller(&provider, "Bearer wrong").get("/confluence/rest/api/space").await.status, 401);
    let spaces = reader.get("/confluence/rest/api/space?start=0&limit=50&expand=homepage").await.json();
    assert_eq!(
        (&spaces["results"][0]["key"], &spaces["results"][0]["homepage"]["title"]),
        (&json!("DOC"), &json!("Documentation"))
    );
    let path =
        "/confluence/rest/api/content?spaceKey=DOC&type=page&expand=body.storage,version,ancestors&limit=4&start=2";
    let pages = reader.get(path).await.json();
    let page = &pages["results"][1];
    assert_eq!((&page["title"], &page["version"]["number"]), (&json!("Page 3"), &json!(1)));
    assert!(page["body"]["storage"]["value"].as_str().unwrap().contains("Page number 3"));
    let above: Vec<_> = page["ancestors"].as_array().unwrap().iter().map(|above| &above["title"]).collect();
    assert_eq!(above, [&json!("Documentation"), &json!("Page 1")]);
    assert_eq!((&pages["start"], &pages["limit"], &pages["size"]), (&json!(2), &json!(4), &json!(4)));
    assert!(page["_expandable"].get("version").is_none() && page["_expandable"].get("metadata").is_some());
}

#[tokio::test]
async fn lists_are_capped_misnumbered_and_repeat_their_end() {
    let (provider, reader) = server(500).await;
    let path = "/confluence/rest/api/content?spaceKey=DOC&limit=1000";
    assert_eq!(follow(&reader, path, 10).await.len(), 500);
    provider.fake().world().quirks.cap = Some(50);
    provider.fake().world().quirks.misnumbers_next = true;
    // Who follows the link skips what the cap cut off.
    assert_eq!(follow(&reader, path, 10).await.len(), 50);
    // Who counts for himself finds everything.
    let mut found = Vec::new();
    loop {
        let page = reader.get(&format!("{path}&start={}", found.len())).await.json();
        found.extend(page["results"].as_array().unwrap().clone());
        if page["_links"]["next"].is_null() {
            break;
        }
    }
    assert_eq!(found.len(), 500);
    provider.fake().world().quirks.misnumbers_next = false;
    provider.fake().world().quirks.repeats_past_end = true;
    let past = follow(&reader, &format!("{path}&start=600"), 3).await;
    assert_eq!((past.len(), past[..50] == past[50..100]), (150, true));
}

#[tokio::test]
async fn too_many_is_403_here_and_files_break_on_their_second_page() {
    let (provider, reader) = server(2).await;
    provider.switches().set(Switch::RateLimit403);
    provider.switches().set_times(Switch::Throttled { every: 1, retry_after: None }, 2);
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(reader.get("/confluence/rest/api/space").await.status);
    }
    assert_eq!(statuses, [403, 403, 200]);
    let page = follow(&reader, "/confluence/rest/api/content", 1).await[0];
    for number in 0..3 {
        provider.fake().world().attach(page, &format!("{number}.txt"), "text/plain", "text");
    }
    let path = format!("/confluence/rest/api/content/{page}/child/attachment?limit=2");
    assert_eq!(reader.get(&format!("{path}&start=2")).await.json()["size"], 1);
    provider.fake().world().quirks.breaks_attachment_paging = true;
    assert_eq!((reader.get(&path).await.status, reader.get(&format!("{path}&start=2")).await.status), (200, 400));
}

#[tokio::test]
async fn one_unreadable_ancestor_spoils_a_batch() {
    let (provider, reader) = server(10).await;
    let path = "/confluence/rest/api/content/search?cql=type%3Dpage&expand=ancestors.restrictions.read";
    assert_eq!(reader.get(path).await.json()["size"], 10);
    let page = follow(&reader, "/confluence/rest/api/content", 1).await[5];
    provider.fake().world().quirks.unreadable_ancestors.insert(page);
    let refused = reader.get(path).await;
    let text = refused.json()["data"]["errors"][0]["message"]["translation"].as_str().unwrap().to_owned();
    assert!(refused.status == 404 && text.starts_with("No content with id <ContentId{id="), "{text}");
    assert_eq!(reader.get("/confluence/rest/api/content/search?cql=type%3Dpage&expand=ancestors").await.status, 200);
}

#[tokio::test]
async fn search_in_the_cloud_goes_by_cursor() {
    let bed = Bed::start().await;
    let cql = "type%3Dpage%20and%20space%3DDOC%20order%20by%20lastmodified%20asc";
    let path = format!("/wiki/rest/api/content/search?cql={cql}&limit=2&start=7");
    // `start` is passed over.
    assert_eq!(follow(&bed.reader, &path, 5).await, [bed.sample.home, bed.sample.page, bed.sample.child]);
    let gateway = caller(&bed.provider, &basic("scoped-token"));
    let found =
        gateway.get(&format!("{}/wiki/rest/api/search?cql={cql}&expand=content.version", bed.gateway())).await.json();
    assert_eq!((&found["totalSize"], &found["results"][1]["content"]["version"]["number"]), (&json!(3), &json!(1)));
    assert_eq!(found["results"][1]["excerpt"], "Five days – at most.");
    for cql in ["", "colour%3Dred"] {
        assert_eq!(bed.reader.get(&format!("/wiki/rest/api/content/search?cql={cql}")).await.status, 400);
    }
    assert_eq!(bed.reader.get("/wiki/rest/api/content?spaceKey=DOC").await.status, 410);
    let one = bed
        .reader
        .get(&format!("/wiki/rest/api/content/{}?expand=body.view,space,metadata.labels", bed.sample.page))
        .await
        .json();
    assert_eq!((&one["space"]["key"], &one["metadata"]["labels"]["size"]), (&json!("DOC"), &json!(2)));
    bed.provider.switches().set_times(Switch::CursorExpires, 1);
    let first = bed.reader.get(&path).await.json();
    let next = format!("/wiki{}", first["_links"]["next"].as_str().unwrap());
    assert_eq!((bed.reader.get(&next).await.status, bed.reader.get(&next).await.status), (400, 200));
    assert_eq!(bed.reader.get("/wiki/rest/api/content/9").await.json()["statusCode"], 404);
    assert_ne!(first["results"], Value::Null);
}
