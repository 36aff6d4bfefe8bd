//! The fake behaves as the vendor's sites do.

mod first;
mod oauth;
mod tour;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::content::Status;
use super::sample::{EMAIL, Sample, TOKEN};
use super::*;
use crate::caller::{Answer, Caller};
use crate::provider::Provider;
use crate::provider::switches::Switch;

const V2: &str = "/wiki/api/v2";

/// A running site in the cloud with the sample.
struct Bed {
    provider: Provider<Confluence>,
    reader: Caller,
    sample: Sample,
}

impl Bed {
    async fn start() -> Self {
        let (world, sample) = sample::world();
        let provider = Provider::start(Confluence::new(world)).await;
        let reader = caller(&provider, &basic(TOKEN));
        Self { provider, reader, sample }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.provider.fake().world()
    }

    async fn get(&self, path: &str) -> Answer {
        self.reader.get(&format!("{V2}{path}")).await
    }

    async fn results(&self, path: &str) -> Vec<Value> {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()["results"].as_array().unwrap().clone()
    }

    async fn ids(&self, path: &str) -> Vec<u64> {
        let results = self.results(path).await;
        results.iter().map(|item| item["id"].as_str().unwrap().parse().unwrap()).collect()
    }

    fn gateway(&self) -> String {
        self.world().gateway()
    }
}

fn basic(token: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{EMAIL}:{token}")))
}

fn caller(provider: &Provider<Confluence>, authorization: &str) -> Caller {
    Caller::new(&provider.origin()).with("authorization", authorization)
}

/// Every item of a list, page after page by the next link.
async fn all(caller: &Caller, first: &str) -> Vec<Value> {
    let (mut items, mut path) = (Vec::new(), first.to_owned());
    loop {
        let answer = caller.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let page = answer.json();
        items.extend(page["results"].as_array().unwrap().clone());
        let Some(next) = page["_links"]["next"].as_str() else { return items };
        assert!(answer.header("link").contains(&format!("<{next}>; rel=\"next\"")));
        path = next.to_owned();
    }
}

#[tokio::test]
async fn each_door_takes_its_own_credentials() {
    let bed = Bed::start().await;
    let gateway = bed.gateway();
    bed.world().access.with_scoped_token(EMAIL, "narrow-token", &["read:space:confluence"]);
    let cases = [
        (basic(TOKEN), V2.to_owned(), 200),
        (basic("scoped-token"), V2.to_owned(), 401),
        ("Bearer scoped-token".to_owned(), V2.to_owned(), 401),
        (basic("scoped-token"), format!("{gateway}{V2}"), 200),
        ("Bearer scoped-token".to_owned(), format!("{gateway}{V2}"), 200),
        (basic(TOKEN), format!("{gateway}{V2}"), 401),
        ("Bearer narrow-token".to_owned(), format!("{gateway}{V2}"), 401),
        (basic(TOKEN), format!("/ex/confluence/another{V2}"), 404),
    ];
    for (authorization, root, status) in cases {
        let answer = caller(&bed.provider, &authorization).get(&format!("{root}/pages?limit=1")).await;
        assert_eq!(answer.status, status, "{authorization} {root}: {}", answer.text());
    }
    let narrow = caller(&bed.provider, "Bearer narrow-token");
    assert_eq!(narrow.get(&format!("{gateway}{V2}/spaces")).await.status, 200);
    let refused = narrow.get(&format!("{gateway}{V2}/pages")).await.json();
    assert_eq!(refused["message"], "Unauthorized; scope does not match");
    // The next link forgets the gateway: who follows it as it stands comes to the site.
    let first = caller(&bed.provider, "Bearer scoped-token").get(&format!("{gateway}{V2}/pages?limit=1")).await.json();
    assert!(first["_links"]["next"].as_str().unwrap().starts_with("/wiki/api/v2/pages?"));
    bed.world().access.revoke();
    assert_eq!(bed.get("/spaces").await.status, 401);
}

#[tokio::test]
async fn the_tree_hangs_together_by_parents() {
    let bed = Bed::start().await;
    let pages = bed.results(&format!("/spaces/{}/pages?status=current", bed.sample.space)).await;
    let tree: Vec<_> = pages.iter().map(|page| (&page["id"], &page["parentId"], &page["parentType"])).collect();
    let id = |id: u64| json!(id.to_string());
    let expected = [
        (id(bed.sample.home), Value::Null, Value::Null),
        (id(bed.sample.page), id(bed.sample.folder), json!("folder")),
        (id(bed.sample.child), id(bed.sample.page), json!("page")),
    ];
    assert_eq!(tree, expected.iter().map(|(page, parent, kind)| (page, parent, kind)).collect::<Vec<_>>());
    let folder = bed.get(&format!("/folders/{}", bed.sample.folder)).await.json();
    assert_eq!((&folder["title"], &folder["parentId"]), (&json!("Billing"), &id(bed.sample.home)));
    assert_eq!(bed.ids(&format!("/pages/{}/children", bed.sample.home)).await, [0; 0]);
    assert_eq!(
        bed.ids(&format!("/pages/{}/ancestors", bed.sample.child)).await,
        [bed.sample.home, bed.sample.folder, bed.sample.page]
    );
    assert_eq!(bed.ids(&format!("/spaces/{}/pages?depth=root", bed.sample.space)).await, [bed.sample.home]);
    assert_eq!(bed.ids("/spaces?type=personal").await, [bed.sample.personal]);
    assert_eq!(bed.ids("/spaces?keys=DOC,OPS").await, [bed.sample.space]);
    assert_eq!(bed.get(&format!("/spaces/{}", bed.sample.personal)).await.json()["homepageId"], Value::Null);
    assert_eq!(bed.results("/spaces?keys=NOPE").await, [Value::Null; 0]);
}

#[tokio::test]
async fn a_version_is_made_by_an_edit_and_by_nothing_else() {
    let bed = Bed::start().await;
    let path = format!("/pages/{}?body-format=storage", bed.sample.page);
    let version = async || bed.get(&path).await.json()["version"]["number"].clone();
    bed.world().label(bed.sample.page, &["new"]);
    bed.world().move_to(bed.sample.page, Some(bed.sample.home));
    bed.world().restrict(bed.sample.child, true);
    assert_eq!(version().await, 1);
    bed.world().edit(bed.sample.page, "<p>Four days.</p>");
    bed.world().rename(bed.sample.page, "Refunds");
    let page = bed.get(&path).await.json();
    assert_eq!((&page["version"]["number"], &page["title"]), (&json!(3), &json!("Refunds")));
    assert_eq!(page["body"]["storage"]["value"], "<p>Four days.</p>");
    let old = bed.get(&format!("{path}&version=1")).await.json();
    assert_eq!((&old["status"], &old["title"]), (&json!("historical"), &json!("How refunds work")));
    let sorted = bed.ids("/pages?sort=-modified-date&limit=1").await;
    assert_eq!(sorted, [bed.sample.page]);
}

#[tokio::test]
async fn trashed_restricted_and_missing_are_all_not_found() {
    let bed = Bed::start().await;
    let status = async |page: u64| bed.get(&format!("/pages/{page}")).await.status;
    bed.world().restrict(bed.sample.page, true);
    // What stands below a restricted page is out of sight with it.
    assert_eq!((status(bed.sample.page).await, status(bed.sample.child).await, status(9).await), (404, 404, 404));
    assert_eq!(bed.ids("/pages").await, [bed.sample.home]);
    assert_eq!(bed.get(&format!("/pages/{}", bed.sample.page)).await.json()["errors"][0]["code"], "NOT_FOUND");
    bed.world().restrict(bed.sample.page, false);
    bed.world().trash(bed.sample.page);
    assert_eq!((status(bed.sample.page).await, status(bed.sample.child).await), (404, 200));
    assert_eq!(bed.get(&format!("/pages/{}?status=trashed", bed.sample.page)).await.json()["status"], "trashed");
    assert_eq!(bed.ids("/pages?status=trashed").await, [bed.sample.page]);
    // The child moved up to where its parent hung.
    assert_eq!(
        bed.get(&format!("/pages/{}", bed.sample.child)).await.json()["parentId"],
        json!(bed.sample.folder.to_string())
    );
    bed.world().delete(bed.sample.page);
    assert_eq!(bed.get(&format!("/pages/{}?status=trashed", bed.sample.page)).await.status, 404);
    bed.world().set_status(bed.sample.child, Status::Draft);
    assert_eq!((status(bed.sample.child).await, bed.ids("/pages").await), (404, vec![bed.sample.home]));
    assert_eq!(bed.get(&format!("/pages/{}?get-draft=true", bed.sample.child)).await.json()["status"], "draft");
    bed.world().set_status(bed.sample.child, Status::Archived);
    assert_eq!(bed.ids("/pages?status=current").await, [bed.sample.home]);
    assert_eq!(bed.ids("/pages").await.len(), 2);
    bed.world().show_space(bed.sample.space, false);
    assert_eq!((status(bed.sample.home).await, bed.ids("/spaces").await), (404, vec![bed.sample.personal]));
}

#[tokio::test]
async fn lists_run_to_their_end_by_opaque_cursors() {
    let mut world = World::cloud();
    world.access.with_token(EMAIL, TOKEN);
    let space = world.fill(5_000);
    let provider = Provider::start(Confluence::new(world)).await;
    let reader = caller(&provider, &basic(TOKEN));
    let path = format!("{V2}/spaces/{space}/pages?limit=250&body-format=storage");
    provider.switches().set_times(Switch::EmptyPageWithNext, 1);
    let mut ids: Vec<_> = all(&reader, &path).await.into_iter().map(|page| page["id"].to_string()).collect();
    assert_eq!((ids.len(), provider.log().count()), (5_000, 21));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 5_000);
    // A shorter page than asked for is no last page.
    provider.fake().world().quirks.cap = Some(100);
    assert_eq!(all(&reader, &path).await.len(), 5_000);
    let first = reader.get(&format!("{V2}/pages?limit=1&sort=title")).await.json();
    let next = first["_links"]["next"].as_str().unwrap().to_owned();
    assert_eq!(reader.get(&next.replace("sort=title", "sort=id")).await.status, 400);
    provider.switches().set_times(Switch::CursorExpires, 1);
    assert_eq!((reader.get(&next).await.status, reader.get(&next).await.status), (400, 200));
    for wrong in
        ["limit=0", "limit=251", "limit=x", "body-format=view", "status=gone", "sort=size", "id=x", "cursor=zzz"]
    {
        assert_eq!(reader.get(&format!("{V2}/pages?{wrong}")).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn large_pages_time_out_until_the_limit_shrinks() {
    let bed = Bed::start().await;
    bed.world().quirks.times_out_above = Some(50);
    for (path, status) in
        [("limit=100&body-format=storage", 504), ("limit=50&body-format=storage", 200), ("limit=100", 200)]
    {
        assert_eq!(bed.get(&format!("/pages?{path}")).await.status, status, "{path}");
    }
    bed.world().quirks.login_page = true;
    let page = bed.get("/spaces").await;
    assert_eq!((page.status, page.header("content-type").as_str()), (200, "text/html;charset=UTF-8"));
}

#[tokio::test]
async fn too_many_says_when_to_come_back() {
    let bed = Bed::start().await;
    bed.provider.switches().set_times(Switch::Throttled { every: 1, retry_after: Some(12) }, 1);
    let refused = bed.get("/spaces").await;
    assert_eq!((refused.status, refused.header("retry-after").as_str()), (429, "12"));
    assert_eq!(refused.header("x-ratelimit-remaining"), "0");
}

#[tokio::test]
async fn bodies_come_in_their_formats() {
    let bed = Bed::start().await;
    let body = async |format: &str| {
        let page = bed.get(&format!("/pages/{}?body-format={format}", bed.sample.child)).await.json();
        page["body"][format]["value"].as_str().unwrap().to_owned()
    };
    assert_eq!(body("storage").await, "<h2>Banks</h2><p>Ten days.</p>");
    let document: Value = serde_json::from_str(&body("atlas_doc_format").await).unwrap();
    assert_eq!(document["content"][0]["attrs"]["level"], 2);
    assert_eq!(document["content"][1]["content"][0]["text"], "Ten days.");
    let recent = r#"<ac:structured-macro ac:name="recently-updated"/><p>Own words.</p>"#;
    bed.world().edit(bed.sample.child, recent);
    let before = body("export_view").await;
    assert!(
        before.contains("Own words.") && before.contains("How refunds work") && before.contains("http://127.0.0.1")
    );
    // The view changes with other pages, the storage does not.
    bed.world().rename(bed.sample.page, "Refunds");
    assert!(body("export_view").await != before && body("storage").await == recent);
    bed.provider.switches().set_times(Switch::NullBody, 1);
    assert!(bed.results("/pages?body-format=storage").await[0].get("body").is_none());
}

#[tokio::test]
async fn files_are_elsewhere_and_want_no_credentials_there() {
    let bed = Bed::start().await;
    let file = &bed.results(&format!("/pages/{}/attachments", bed.sample.page)).await[0];
    assert_eq!((&file["id"], &file["title"]), (&json!(format!("att{}", bed.sample.file)), &json!("price list.pdf")));
    let link = format!("/wiki{}", file["downloadLink"].as_str().unwrap());
    let location = url::Url::parse(&bed.reader.get(&link).await.header("location")).unwrap();
    // The bytes are at another host, which refuses who brings credentials.
    assert_eq!(location.host_str(), Some("localhost"));
    let media = format!("{}?{}", location.path(), location.query().unwrap());
    let nobody = Caller::new(&bed.provider.origin());
    assert_eq!((nobody.get(&media).await.text().as_str(), bed.reader.get(&media).await.status), ("%PDF-1.4", 400));
    assert_eq!(nobody.get(location.path()).await.status, 403);
    let gateway = caller(&bed.provider, "Bearer scoped-token");
    let by_api = format!("/wiki/rest/api/content/{}/child/attachment/att{}/download", bed.sample.page, bed.sample.file);
    let by_name = format!("{}{link}", bed.gateway());
    assert_eq!(gateway.get(&format!("{}{by_api}", bed.gateway())).await.status, 302);
    assert_eq!(gateway.get(&by_name).await.status, 404);
}
