//! The fake behaves as the vendor's help centres do.

mod tour;

use serde_json::{Value, json};

use super::people::Pair;
use super::sample::{API_TOKEN, CLIENT_ID, EMAIL, Sample};
use super::*;
use crate::caller::{Answer, Caller};
use crate::provider::Provider;
use crate::provider::switches::Switch;

const ROOT: &str = "/api/v2/help_center";

/// A running help centre with the sample.
struct Bed {
    provider: Provider<Zendesk>,
    admin: Caller,
    nobody: Caller,
    sample: Sample,
    pair: Pair,
}

impl Bed {
    async fn start() -> Self {
        let (mut world, sample) = sample::world();
        let now = world.now();
        let pair = world.people.sign_in(CLIENT_ID, "hc:read", now);
        let provider = Provider::start(Zendesk::new(world)).await;
        let nobody = Caller::new(&provider.origin());
        let admin = basic(&format!("{EMAIL}/token"), API_TOKEN);
        let admin = Caller::new(&provider.origin()).with("authorization", &admin);
        Self { provider, admin, nobody, sample, pair }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.provider.fake().world()
    }

    fn bearer(&self, token: &str) -> Caller {
        Caller::new(&self.provider.origin()).with("authorization", &format!("Bearer {token}"))
    }

    async fn get(&self, path: &str) -> Answer {
        self.admin.get(&format!("{ROOT}{path}")).await
    }

    async fn tokens(&self, body: Value) -> Answer {
        self.nobody.post("/oauth/tokens", &body).await
    }

    /// The ids of a list under its name.
    async fn ids(&self, caller: &Caller, path: &str) -> Vec<i64> {
        let answer = caller.get(&format!("{ROOT}{path}")).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let body = answer.json();
        let items = ["articles", "sections", "categories"].iter().find_map(|name| body[*name].as_array().cloned());
        items.unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
    }
}

fn basic(name: &str, secret: &str) -> String {
    use base64::Engine;
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{name}:{secret}"));
    format!("Basic {pair}")
}

#[tokio::test]
async fn who_may_read_what() {
    let bed = Bed::start().await;
    let end = Caller::new(&bed.provider.origin()).with("authorization", &basic("end@example.com", "end-password"));
    assert_eq!(bed.ids(&bed.admin, "/articles").await, [bed.sample.restricted, bed.sample.draft, bed.sample.open]);
    assert_eq!(bed.ids(&bed.admin, "/de/articles").await, [bed.sample.open]);
    assert_eq!(bed.ids(&bed.bearer(&bed.pair.access), "/articles").await.len(), 3);
    for caller in [&bed.nobody, &end] {
        assert_eq!(bed.ids(caller, "/en-us/articles").await, [bed.sample.open]);
        for hidden in [bed.sample.draft, bed.sample.restricted] {
            let answer = caller.get(&format!("{ROOT}/en-us/articles/{hidden}")).await;
            assert_eq!((answer.status, answer.json()["error"].as_str()), (404, Some("RecordNotFound")));
        }
        assert!([401, 403].contains(&caller.get(&format!("{ROOT}/articles")).await.status));
    }
    bed.world().open = false;
    assert_eq!(bed.nobody.get(&format!("{ROOT}/en-us/articles")).await.status, 401);
}

#[tokio::test]
async fn nobody_is_a_user_too() {
    let bed = Bed::start().await;
    let me = |caller: Caller| async move { caller.get("/api/v2/users/me.json").await };
    let caller = |authorization: &str| Caller::new(&bed.provider.origin()).with("authorization", authorization);
    let cases = [
        (Caller::new(&bed.provider.origin()), 200, "Anonymous user"),
        (caller(&basic("admin@example.com", "wrong")), 200, "Anonymous user"),
        (caller(&basic("admin@example.com/token", "old-token")), 200, "admin@example.com"),
        (caller(&basic("admin@example.com/token", "wrong")), 401, ""),
        (caller("Bearer made-up"), 401, ""),
    ];
    for (caller, status, name) in cases {
        let answer = me(caller).await;
        assert_eq!((answer.status, answer.json()["user"]["name"].as_str().unwrap_or_default()), (status, name));
    }
}

#[tokio::test]
async fn the_last_page_by_cursor_has_a_cursor_and_no_link() {
    let bed = Bed::start().await;
    let first = bed.get("/articles.json?page[size]=2&sort_by=title&sort_order=asc").await;
    let body = first.json();
    // The order is the usual one: the sort was passed over.
    assert_eq!(body["articles"][0]["id"], bed.sample.restricted);
    assert_eq!(body["meta"]["has_more"], true);
    let next = body["links"]["next"].as_str().unwrap();
    assert_eq!(first.header("link"), format!("<{next}>; rel=\"next\""));
    let last = bed.admin.get(next.strip_prefix(&bed.provider.origin()).unwrap()).await.json();
    assert_eq!(last["articles"][0]["id"], bed.sample.open);
    assert_eq!((&last["meta"]["has_more"], &last["links"]["next"]), (&json!(false), &Value::Null));
    assert!(last["meta"]["after_cursor"].is_string() && last["links"]["prev"].is_string());
    let back = last["links"]["prev"].as_str().unwrap().strip_prefix(&bed.provider.origin()).unwrap().to_owned();
    assert_eq!(bed.admin.get(&back).await.json()["articles"], body["articles"]);
    let end = body["links"]["last"].as_str().unwrap().strip_prefix(&bed.provider.origin()).unwrap();
    assert_eq!(bed.admin.get(end).await.json()["articles"][1], last["articles"][0]);
    bed.provider.switches().set_times(Switch::CursorExpires, 1);
    let refused = bed.admin.get(next.strip_prefix(&bed.provider.origin()).unwrap()).await;
    assert_eq!((refused.status, &refused.json()["errors"][0]["code"]), (400, &json!("InvalidPaginationParameter")));
}

#[tokio::test]
async fn pages_by_number_sort_and_end_at_ten_thousand() {
    let bed = Bed::start().await;
    let page = bed.get("/articles.json?per_page=2&sort_by=title&sort_order=desc").await.json();
    assert_eq!((&page["articles"][0]["title"], &page["count"]), (&json!("Not yet"), &json!(3)));
    let next = page["next_page"].as_str().unwrap().strip_prefix(&bed.provider.origin()).unwrap();
    let last = bed.admin.get(next).await.json();
    assert_eq!((&last["articles"][0]["title"], &last["next_page"]), (&json!("For agents"), &Value::Null));
    assert_eq!(bed.get("/articles?page=100&per_page=100").await.status, 200);
    let deep = bed.get("/articles?page=101&per_page=100").await;
    assert_eq!((deep.status, &deep.json()["errors"][0]["code"]), (400, &json!("InvalidPaginationDepth")));
}

#[tokio::test]
async fn the_account_decides_how_large_a_page_is() {
    let provider = Provider::start(Zendesk::new(World::big(5_000))).await;
    provider.fake().world().largest_page = 30;
    let caller = Caller::new(&provider.origin());
    let mut path = format!("{ROOT}/en-us/articles?page[size]=100");
    let mut ids = Vec::new();
    loop {
        let page = caller.get(&path).await.json();
        let articles = page["articles"].as_array().unwrap();
        assert!(articles.len() <= 30);
        ids.extend(articles.iter().map(|article| article["id"].as_i64().unwrap()));
        if page["meta"]["has_more"] == false {
            break;
        }
        path = page["links"]["next"].as_str().unwrap().strip_prefix(&provider.origin()).unwrap().to_owned();
    }
    assert_eq!((ids.len(), provider.log().count()), (5_000, 167));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 5_000);
}

#[tokio::test]
async fn the_export_gives_what_changed_and_comes_to_an_end() {
    let bed = Bed::start().await;
    bed.world().incremental_page = 1;
    let mut path = format!("{ROOT}/incremental/articles.json?start_time=0");
    let mut seen = Vec::new();
    loop {
        let page = bed.admin.get(&path).await.json();
        assert!(page["end_of_stream"].is_null());
        seen.extend(page["articles"].as_array().unwrap().iter().map(|article| article["id"].as_i64().unwrap()));
        let Some(next) = page["next_page"].as_str() else { break };
        path = next.strip_prefix(&bed.provider.origin()).unwrap().to_owned();
    }
    // The last of a page comes again on the next.
    assert_eq!(
        seen,
        [bed.sample.draft, bed.sample.draft, bed.sample.restricted, bed.sample.restricted, bed.sample.open]
    );
    let since = bed.world().now();
    bed.world().touch(bed.sample.draft, |article| article.votes.push(1));
    let changed = bed.get(&format!("/incremental/articles?start_time={since}")).await.json();
    assert_eq!((&changed["articles"][0]["id"], &changed["count"]), (&json!(bed.sample.draft), &json!(1)));
    assert_eq!(bed.get("/incremental/articles").await.status, 400);
}

#[tokio::test]
async fn a_vote_is_no_edit_and_a_translation_has_a_draft_of_its_own() {
    let bed = Bed::start().await;
    let path = format!("/articles/{}", bed.sample.open);
    let before = bed.get(&path).await.json()["article"].clone();
    bed.world().touch(bed.sample.open, |article| article.votes.push(-1));
    let voted = bed.get(&path).await.json()["article"].clone();
    assert_eq!(voted["edited_at"], before["edited_at"]);
    assert!(voted["updated_at"].as_str() > before["updated_at"].as_str());
    bed.world().write(bed.sample.open, "en-us", "How refunds work", None);
    bed.world().draft(bed.sample.open, "de", true);
    bed.world().outdate(bed.sample.open, "de");
    let edited = bed.get(&path).await.json()["article"].clone();
    assert!(edited["edited_at"].as_str() > before["edited_at"].as_str());
    assert_eq!((&edited["body"], &edited["outdated_locales"]), (&Value::Null, &json!(["de"])));
    let translations = bed.get(&format!("{path}/translations")).await.json();
    let drafts: Vec<_> = translations["translations"].as_array().unwrap().iter().map(|text| &text["draft"]).collect();
    assert_eq!(drafts, [&json!(true), &json!(false)]);
    assert_eq!(bed.nobody.get(&format!("{ROOT}/de/articles/{}", bed.sample.open)).await.status, 404);
    bed.world().move_to(bed.sample.open, bed.sample.nested);
    assert_eq!(bed.ids(&bed.admin, &format!("/sections/{}/articles", bed.sample.nested)).await.len(), 2);
    bed.world().archive(bed.sample.open);
    assert_eq!((bed.get(&path).await.status, bed.world().count()), (404, 2));
}

#[tokio::test]
async fn a_refresh_deletes_the_pair_and_leaves_its_successor_alone() {
    let bed = Bed::start().await;
    let refresh = |token: &str| json!({"grant_type": "refresh_token", "client_id": "gleaner", "refresh_token": token});
    let fresh = bed.tokens(refresh(&bed.pair.refresh)).await;
    let fresh = (fresh.status, fresh.json());
    assert_eq!((fresh.0, &fresh.1["scope"]), (200, &json!("hc:read")));
    let used = bed.tokens(refresh(&bed.pair.refresh)).await;
    assert_eq!((used.status, &used.json()["error"]), (400, &json!("invalid_grant")));
    let old = bed.bearer(&bed.pair.access).get(&format!("{ROOT}/articles")).await;
    assert_eq!((old.status, &old.json()["error"]), (401, &json!("invalid_token")));
    let access = fresh.1["access_token"].as_str().unwrap();
    assert_eq!(bed.bearer(access).get(&format!("{ROOT}/articles")).await.status, 200);
    bed.world().people.expire_access_tokens();
    assert_eq!(bed.bearer(access).get(&format!("{ROOT}/articles")).await.status, 401);
    assert_eq!(bed.tokens(refresh(fresh.1["refresh_token"].as_str().unwrap())).await.status, 200);
    assert_eq!(bed.world().people.pairs(), 1);
}

#[tokio::test]
async fn a_scope_is_granted_as_asked_and_may_open_nothing() {
    let bed = Bed::start().await;
    let ask = |scope: &str, secret: &str| json!({"grant_type": "client_credentials", "client_id": "gleaner", "client_secret": secret, "scope": scope});
    for (scope, secret, status) in
        [("hc:read", "client-secret", 200), ("hc:read", "wrong", 401), ("write", "client-secret", 400)]
    {
        assert_eq!(bed.tokens(ask(scope, secret)).await.status, status, "{scope} {secret}");
    }
    let misspelt = bed.tokens(ask("hc:raed", "client-secret")).await.json();
    assert_eq!(misspelt["scope"], "hc:raed");
    let answer = bed.bearer(misspelt["access_token"].as_str().unwrap()).get(&format!("{ROOT}/articles")).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn consent_is_given_once_and_proven() {
    let bed = Bed::start().await;
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let query = "response_type=code&client_id=gleaner&scope=hc:read&state=s1&code_challenge_method=S256";
    let back = bed.provider.url("/back");
    let path = format!("/oauth/authorizations/new?{query}&code_challenge={challenge}&redirect_uri={back}");
    for (verifier, status) in [("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", 200), ("wrong", 400)] {
        let location = bed.nobody.get(&path).await.header("location");
        // Where the browser would go next, the query is read as the listener there reads it.
        bed.nobody.get(location.strip_prefix(&bed.provider.origin()).unwrap()).await;
        let landed = bed.provider.log().below("/back").pop().unwrap().request;
        assert_eq!(landed.parameter("state"), Some("s1"));
        let body = json!({"grant_type": "authorization_code", "client_id": "gleaner", "code": landed.parameter("code"),
                          "redirect_uri": back, "code_verifier": verifier});
        assert_eq!(bed.tokens(body.clone()).await.status, status);
        assert_eq!(bed.tokens(body).await.status, 400);
    }
}

#[tokio::test]
async fn too_many_is_plain_text_that_calls_itself_html() {
    let bed = Bed::start().await;
    let first = bed.get("/locales").await;
    assert_eq!((first.header("x-rate-limit"), first.header("x-rate-limit-remaining")), ("700".into(), "699".into()));
    bed.world().plan = world::Plan { per_minute: 2, is_kept: true };
    assert_eq!(bed.get("/locales").await.status, 200);
    bed.provider.switches().set_times(Switch::Throttled { every: 1, retry_after: Some(93) }, 1);
    let injected = bed.get("/locales").await;
    let of_the_plan = bed.get("/locales").await;
    for refused in [&injected, &of_the_plan] {
        assert_eq!((refused.status, refused.header("content-type").as_str()), (429, "text/html; charset=utf-8"));
        assert!(serde_json::from_slice::<Value>(&refused.body).is_err());
    }
    assert_eq!(injected.header("retry-after"), "93");
    assert!((1..=60).contains(&of_the_plan.header("retry-after").parse::<u32>().unwrap()));
}

#[tokio::test]
async fn files_need_what_their_article_needs() {
    let bed = Bed::start().await;
    let block = bed.get(&format!("/articles/{}/attachments/block", bed.sample.open)).await.json();
    let inline = bed.get(&format!("/articles/{}/attachments/inline", bed.sample.restricted)).await.json();
    let path = |body: &Value| {
        let url = body["article_attachments"][0]["content_url"].as_str().unwrap();
        url.strip_prefix(&bed.provider.origin()).unwrap().to_owned()
    };
    assert_eq!(bed.nobody.get(&path(&block)).await.text(), "%PDF-1.4");
    assert_eq!(bed.nobody.get(&path(&inline)).await.status, 404);
    assert_eq!(bed.admin.get(&path(&inline)).await.status, 200);
}
