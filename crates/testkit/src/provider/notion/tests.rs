//! The fake behaves as the vendor says, and every answer of every route fits the vendor's document.

use serde_json::{Value, json};

use super::accounts::{CLIENT_ID, CLIENT_SECRET, INTERNAL_TOKEN};
use super::sample::{Sample, fill};
use super::specification::contract;
use super::*;
use crate::caller::{Answer, Caller};
use crate::provider::Provider;
use crate::provider::contract::Side;
use crate::provider::switches::Switch;

/// A running fake with somebody who may ask it.
struct Bed {
    provider: Provider<Notion>,
    caller: Caller,
}

impl Bed {
    async fn start() -> Self {
        let provider = Provider::start(Notion::default()).await;
        let caller = Caller::new(&provider.origin()).with("notion-version", VERSION);
        let caller = caller.with("authorization", &format!("Bearer {INTERNAL_TOKEN}"));
        Self { provider, caller }
    }

    fn world(&self) -> &World {
        &self.provider.fake().world
    }

    async fn get(&self, path: &str) -> Answer {
        self.caller.get(path).await
    }

    /// Every item of a list that is asked for by GET or, with a body, by POST; and the last page.
    async fn all(&self, path: &str, body: Option<Value>) -> (Vec<Value>, Value) {
        let (mut items, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let page = match (&body, cursor.as_str()) {
                (Some(body), None) => self.caller.post(path, body).await,
                (Some(body), Some(cursor)) => {
                    let mut body = body.clone();
                    body["start_cursor"] = cursor.into();
                    self.caller.post(path, &body).await
                }
                (None, None) => self.get(path).await,
                (None, Some(cursor)) => self.get(&format!("{path}?start_cursor={cursor}")).await,
            };
            assert_eq!(page.status, 200, "{}", page.text());
            let page = page.json();
            items.extend(page["results"].as_array().unwrap().clone());
            cursor = page["next_cursor"].clone();
            assert_eq!(page["has_more"], !cursor.is_null());
            if cursor.is_null() {
                return (items, page);
            }
        }
    }

    async fn ids(&self, path: &str, body: Option<Value>) -> Vec<Value> {
        self.all(path, body).await.0.into_iter().map(|item| item["id"].clone()).collect()
    }

    /// Every route once, right and wrong, and every block there is.
    async fn tour(&self, sample: &Sample) {
        let Sample { page, child, database, row, unshared, trashed, .. } = sample;
        self.get("/v1/users/me").await;
        for id in [page, child, row, unshared, trashed] {
            self.get(&format!("/v1/pages/{id}")).await;
            self.get(&format!("/v1/pages/{id}/markdown")).await;
        }
        self.get(&format!("/v1/databases/{}", database.id)).await;
        self.get(&format!("/v1/databases/{}", database.source)).await;
        self.get(&format!("/v1/data_sources/{}", database.source)).await;
        self.get(&format!("/v1/data_sources/{}", database.id)).await;
        let query = format!("/v1/data_sources/{}/query", database.source);
        let after = json!({"timestamp": "created_time", "created_time": {"on_or_after": "2026-01-05T09:00:00.000Z"}});
        let sorts = json!([{"timestamp": "created_time", "direction": "ascending"}]);
        for body in [json!({}), json!({"filter": after, "sorts": sorts, "page_size": 50}), json!({"page_size": 101})] {
            self.caller.post(&query, &body).await;
        }
        for body in [json!({}), json!({"filter": {"property": "object", "value": "data_source"}})] {
            self.caller.post("/v1/search", &body).await;
        }
        let mut waiting = vec![json!(page)];
        while let Some(id) = waiting.pop() {
            let block = format!("/v1/blocks/{}", id.as_str().unwrap());
            self.get(&block).await;
            let children = self.get(&format!("{block}/children")).await.json();
            let children = children["results"].as_array().cloned().unwrap_or_default();
            waiting
                .extend(children.iter().filter(|child| child["has_children"] == true).map(|child| child["id"].clone()));
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the body of a request")]
fn search(kind: &str) -> Option<Value> {
    Some(json!({"filter": {"property": "object", "value": kind}, "page_size": 40}))
}

#[tokio::test]
#[cfg_attr(not(vendor_specs), ignore = "needs the vendor's document: set GLEANER_VENDOR_SPECS")]
async fn answers_fit_the_document() {
    let bed = Bed::start().await;
    let sample = fill(bed.world());
    bed.tour(&sample).await;
    contract().must_hold(
        &bed.provider
            .log()
            .exchanges()
            .into_iter()
            .filter(|exchange| {
                // Asking for too much is wrong on purpose.
                exchange.request.json().is_none_or(|body| body["page_size"] != 101)
            })
            .collect::<Vec<_>>(),
    );
    let (asked, missing) = (bed.provider.log().count(), bed.provider.log().count_of(404));
    assert!(asked > 40 && missing >= 4, "{asked} {missing}");
}

#[tokio::test]
#[cfg_attr(not(vendor_specs), ignore = "needs the vendor's document: set GLEANER_VENDOR_SPECS")]
async fn answers_of_bad_days_fit_the_document() {
    let contract = contract();
    let throttled = Switch::Throttled { every: 2, retry_after: Some(1) };
    let switches = [
        throttled,
        Switch::RetryAfterDate,
        Switch::Revoked,
        Switch::SearchOmitsRows,
        Switch::CursorExpires,
        Switch::EmptyPageWithNext,
        Switch::Incomplete,
        Switch::Broken { status: 500 },
        Switch::Broken { status: 503 },
        Switch::Broken { status: 504 },
        Switch::Broken { status: 529 },
        Switch::BrokenOff,
    ];
    for switch in switches {
        let bed = Bed::start().await;
        let sample = fill(bed.world());
        bed.provider.switches().set(switch);
        let body = json!({"page_size": 50});
        for path in ["/v1/search", &format!("/v1/data_sources/{}/query", sample.database.source)] {
            let _ = bed.caller.try_post(path, &body).await;
            let _ = bed.caller.try_post(path, &body).await;
        }
        let _ = bed.caller.try_get(&format!("/v1/pages/{}", sample.page)).await;
        contract.must_hold(&bed.provider.log().exchanges());
    }
}

#[tokio::test]
#[cfg_attr(not(vendor_specs), ignore = "needs the vendor's document: set GLEANER_VENDOR_SPECS")]
async fn what_the_document_does_not_know_is_reported() {
    let bed = Bed::start().await;
    let contract = contract();
    let page = bed.world().add_page("Page", vec![Block::unheard_of("ai_block", "New.")]);
    bed.get(&format!("/v1/blocks/{page}/children")).await;
    bed.provider.switches().set(Switch::PartialObjects);
    bed.caller.post("/v1/search", &json!({})).await;
    bed.provider.switches().clear_all();
    bed.caller.post("/v1/search", &json!({"filter": {"property": "object", "value": "database"}})).await;
    let sides = |place: usize| -> Vec<Side> {
        contract.check(&bed.provider.log().exchanges()[place]).iter().map(|violation| violation.side).collect()
    };
    assert_eq!((sides(0), sides(1), sides(2)), (vec![Side::Reply], vec![Side::Reply], vec![Side::Request]));
}

#[tokio::test]
async fn search_finds_what_is_shared_and_no_more() {
    let bed = Bed::start().await;
    let Sample { page, child, database, row, unshared, trashed, .. } = fill(bed.world());
    let pages = bed.ids("/v1/search", search("page")).await;
    assert_eq!(pages.len(), 123);
    assert!([page, child, row].iter().all(|id| pages.contains(&json!(id))));
    assert!(![unshared, trashed].iter().any(|id| pages.contains(&json!(id))));
    assert_eq!(bed.ids("/v1/search", search("data_source")).await, [json!(database.source)]);
    assert_eq!(bed.ids("/v1/search", Some(json!({"query": "refund"}))).await, [json!(row)]);
    assert_eq!(bed.ids("/v1/search", Some(json!({"filter": {"in_trash": true}}))).await, [json!(trashed)]);
    bed.provider.switches().set(Switch::SearchOmitsRows);
    assert_eq!(bed.ids("/v1/search", search("page")).await.len(), 2);
    bed.world().hide_from_search(child);
    assert_eq!(bed.ids("/v1/search", search("page")).await, [json!(page)]);
}

#[tokio::test]
async fn the_latest_change_comes_first() {
    let bed = Bed::start().await;
    let (first, second) = (bed.world().add_page("A", Vec::new()), bed.world().add_page("B", Vec::new()));
    assert_eq!(bed.ids("/v1/search", search("page")).await, [json!(second), json!(first)]);
    let before = bed.world().edited(first);
    bed.world().rewrite(first, vec![Block::paragraph("New.")]);
    assert!(bed.world().edited(first) > before);
    assert_eq!(bed.ids("/v1/search", search("page")).await, [json!(first), json!(second)]);
    let answer = bed.get(&format!("/v1/pages/{first}")).await.json();
    assert_eq!(answer["last_edited_time"], bed.world().edited(first));
}

#[tokio::test]
async fn a_query_ends_at_its_limit_and_says_so() {
    let bed = Bed::start().await;
    let database = bed.world().add_database("Log");
    let rows = bed.world().add_rows(database.source, 130);
    bed.world().set_row_limit(110);
    let path = format!("/v1/data_sources/{}/query", database.source);
    let sorts = json!([{"timestamp": "created_time", "direction": "ascending"}]);
    let (found, last) = bed.all(&path, Some(json!({"sorts": sorts}))).await;
    assert_eq!(
        (found.len(), &last["request_status"]["incomplete_reason"]),
        (110, &json!("query_result_limit_reached"))
    );
    // The way out that the vendor's client takes: from the last one's time on, once more.
    let since = json!({"timestamp": "created_time", "created_time": {"on_or_after": found[109]["created_time"]}});
    let (rest, last) = bed.all(&path, Some(json!({"sorts": sorts, "filter": since}))).await;
    let last_row = json!(rows[129]);
    assert!(last["request_status"]["type"] == "complete" && rest.iter().any(|row| row["id"] == last_row));
    assert_eq!(rest[0]["created_time"], found[109]["created_time"]);
}

#[tokio::test]
async fn five_thousand_items_are_all_listed() {
    let bed = Bed::start().await;
    let database = bed.world().add_database("Log");
    bed.world().add_rows(database.source, 5_000);
    let path = format!("/v1/data_sources/{}/query", database.source);
    let mut ids: Vec<String> = bed.ids(&path, Some(json!({}))).await.iter().map(Value::to_string).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5_000);
}

#[tokio::test]
async fn blocks_are_read_level_by_level() {
    let bed = Bed::start().await;
    let sample = fill(bed.world());
    let (blocks, _) = bed.all(&format!("/v1/blocks/{}/children", sample.page), None).await;
    let of_type = |kind: &str| blocks.iter().find(|block| block["type"] == kind).unwrap();
    assert_eq!(of_type("child_page")["id"], json!(sample.child));
    assert_eq!(of_type("child_database")["child_database"]["title"], "Questions");
    assert!(of_type("table")["has_children"] == true && of_type("divider")["has_children"] == false);
    let copies: Vec<&Value> = blocks.iter().filter(|block| !block["synced_block"]["synced_from"].is_null()).collect();
    let inside = |copy: &Value| format!("/v1/blocks/{}/children", copy["id"].as_str().unwrap());
    let shown = bed.get(&inside(copies[0])).await.json();
    assert_eq!(shown["results"][0]["paragraph"]["rich_text"][0]["plain_text"], "Said in two places.");
    let orphan = bed.get(&inside(copies[1])).await;
    assert_eq!((orphan.status, orphan.json()["code"].as_str()), (404, Some("object_not_found")));
}

#[tokio::test]
async fn markdown_is_cut_and_put_together_again() {
    let bed = Bed::start().await;
    let item = |number: usize| {
        Block::bullet(format!("Item {number}")).with(vec![Block::paragraph(format!("Inside {number}"))])
    };
    let page = bed.world().add_page("Long", (1..=4).map(item).collect());
    let hidden = bed.world().append(page, Block::toggle("Secret", vec![Block::paragraph("Kept back.")]).hidden());
    let whole = "- Item 1\n\tInside 1\n- Item 2\n\tInside 2\n- Item 3\n\tInside 3\n- Item 4\n\tInside 4\n";
    let tag = |id: &str, kind: &str| {
        format!("<unknown url=\"https://www.notion.so/{}\" alt=\"{kind}\"/>", id.replace('-', ""))
    };
    let answer = bed.get(&format!("/v1/pages/{page}/markdown")).await.json();
    assert_eq!(answer["markdown"], format!("{whole}{}", tag(&hidden.to_string(), "toggle")));
    assert_eq!((&answer["truncated"], &answer["unknown_block_ids"]), (&json!(false), &json!([hidden])));
    bed.world().set_markdown_limit(5);
    let cut = bed.get(&format!("/v1/pages/{page}/markdown")).await.json();
    assert_eq!(cut["truncated"], true);
    let mut markdown = cut["markdown"].as_str().unwrap().to_owned();
    for id in cut["unknown_block_ids"].as_array().unwrap() {
        let id = id.as_str().unwrap();
        let part = bed.get(&format!("/v1/pages/{id}/markdown")).await;
        if id == hidden.to_string() {
            assert_eq!(part.status, 404);
            continue;
        }
        let part = part.json()["markdown"].as_str().unwrap().to_owned();
        let kind = if part.starts_with('-') { "bulleted_list_item" } else { "paragraph" };
        markdown = markdown.replace(&tag(id, kind), &part);
    }
    assert_eq!(markdown, answer["markdown"]);
}

#[tokio::test]
async fn the_sample_page_as_markdown() {
    let bed = Bed::start().await;
    let sample = fill(bed.world());
    let markdown = bed.get(&format!("/v1/pages/{}/markdown", sample.page)).await.json()["markdown"].clone();
    let markdown = markdown.as_str().unwrap();
    for line in [
        "# How we work",
        "## More hours {toggle=\"true\"}\n\tFolded below a heading.",
        "Plain, **bold*** and slanted*~~ gone~~` let x = 1;`[ a link](https://example.com/a)$`e=mc^2`$<mention-date start=\"2026-01-31\"/>\n\tIndented.",
        "<empty-block/>",
        "- [x] Done\n- [ ] Open",
        "<details>\n<summary>Folded</summary>\n\t<details>\n\t<summary>Twice</summary>\n\t\tAt the bottom.\n\t</details>\n</details>",
        "<callout icon=\"💡\" color=\"gray_bg\">\n\tMind this.\n\t- And this.\n</callout>",
        "```rust\nfn main() {\n    let a = [1, 2];\n}\n```",
        "<table header-row=\"true\">\n<tr>\n<td>Plan</td>\n<td>Rows</td>\n</tr>",
        "<columns>\n\t<column>\n\t\tLeft.\n\t</column>",
        "![A picture](https://example.com/a.png)",
        "alt=\"bookmark\"/>",
        "<page url=\"https://www.notion.so/Holidays-",
    ] {
        assert!(markdown.contains(line), "{line}\nis not in\n{markdown}");
    }
    assert!(!markdown.contains("Nobody sees this."));
}

#[tokio::test]
async fn gone_and_unshared_look_alike() {
    let bed = Bed::start().await;
    let page = bed.world().add_page("Page", Vec::new());
    let child = bed.world().add_page_in(page, "Child", Vec::new());
    let path = format!("/v1/pages/{child}");
    let in_trash = |answer: Answer| answer.json()["in_trash"].clone();
    assert_eq!(in_trash(bed.get(&path).await), json!(false));
    bed.world().trash(page);
    assert_eq!(in_trash(bed.get(&path).await), json!(true));
    bed.world().restore(page);
    bed.world().unshare(page);
    let unshared = bed.get(&path).await;
    bed.world().share(page);
    bed.world().delete(page);
    let gone = bed.get(&path).await;
    assert_eq!((unshared.status, unshared.json()), (404, gone.json()));
}

#[tokio::test]
async fn wrong_requests_are_refused_in_the_vendors_words() {
    let bed = Bed::start().await;
    let page = bed.world().add_page("Page", Vec::new());
    let origin = bed.provider.origin();
    let token = format!("Bearer {INTERNAL_TOKEN}");
    let code = |answer: Answer| (answer.status, answer.json()["code"].as_str().unwrap().to_owned());
    let path = format!("/v1/pages/{page}");
    assert_eq!(code(Caller::new(&origin).get(&path).await), (401, "unauthorized".to_owned()));
    let no_version = Caller::new(&origin).with("authorization", &token);
    assert_eq!(code(no_version.get(&path).await), (400, "missing_version".to_owned()));
    assert_eq!(code(bed.get("/v1/pages/7").await), (400, "validation_error".to_owned()));
    assert_eq!(code(bed.get("/v1/comments").await), (400, "invalid_request_url".to_owned()));
    for body in [
        json!({"page_size": 0}),
        json!({"page_size": 101}),
        json!({"start_cursor": "x"}),
        json!({"surprise": 1}),
        json!({"filter": {"property": "object", "value": "database"}}),
        json!({"start_cursor": Uuid::nil()}),
    ] {
        assert_eq!(code(bed.caller.post("/v1/search", &body).await), (400, "validation_error".to_owned()), "{body}");
    }
    bed.world().set_reads_content(false);
    assert_eq!(code(bed.get(&format!("{path}/markdown")).await), (403, "restricted_resource".to_owned()));
}

#[tokio::test]
async fn a_refreshed_pair_kills_the_one_before() {
    let bed = Bed::start().await;
    let origin = bed.provider.origin();
    let pair = data_encoding(&format!("{CLIENT_ID}:{CLIENT_SECRET}"));
    let client = Caller::new(&origin).with("authorization", &format!("Basic {pair}")).with("notion-version", VERSION);
    let code = bed.provider.fake().accounts.new_code("http://127.0.0.1:1/back");
    let exchange = json!({"grant_type": "authorization_code", "code": code, "redirect_uri": "http://127.0.0.1:1/back"});
    let first = client.post("/v1/oauth/token", &exchange).await.json();
    assert_eq!(client.post("/v1/oauth/token", &exchange).await.json()["code"], "invalid_grant");
    let refresh = json!({"grant_type": "refresh_token", "refresh_token": first["refresh_token"]});
    let second = client.post("/v1/oauth/token", &refresh).await.json();
    assert_eq!(client.post("/v1/oauth/token", &refresh).await.json()["code"], "invalid_grant");
    let mut statuses = Vec::new();
    for pair in [&first, &second] {
        let token = format!("Bearer {}", pair["access_token"].as_str().unwrap());
        let caller = Caller::new(&origin).with("authorization", &token).with("notion-version", VERSION);
        statuses.push(caller.get("/v1/users/me").await.status);
    }
    assert_eq!(statuses, [401, 200]);
    let stranger = Caller::new(&origin).with("authorization", "Basic eDp5").with("notion-version", VERSION);
    assert_eq!(stranger.post("/v1/oauth/token", &refresh).await.json()["code"], "invalid_client");
}

fn data_encoding(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}
