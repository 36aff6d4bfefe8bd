//! The fake behaves as the vendor says, and every answer of every route fits the vendor's document.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::RSA_PKCS1_SHA256;
use serde_json::{Value, json};

use super::accounts::{AUDIENCE, CLIENT_ID, CLIENT_SECRET, PRIVATE_KEY, READ, READ_METADATA};
use super::sample::{Sample, fill};
use super::specification::contract;
use super::*;
use crate::caller::{Answer, Caller};
use crate::provider::Provider;
use crate::provider::contract::Side;
use crate::provider::switches::Switch;

const ALL_DRIVES: &str = "supportsAllDrives=true&includeItemsFromAllDrives=true";

/// A running fake with somebody who may ask it.
struct Bed {
    provider: Provider<Drive>,
    caller: Caller,
    sample: Sample,
}

impl Bed {
    async fn start() -> Self {
        let provider = Provider::start(Drive::default()).await;
        let sample = fill(&provider.fake().world);
        let token = provider.fake().accounts.new_token(&[READ]);
        let caller = Caller::new(&provider.origin()).with("authorization", &format!("Bearer {token}"));
        Self { provider, caller, sample }
    }

    fn world(&self) -> &World {
        &self.provider.fake().world
    }

    async fn get(&self, path: &str) -> Answer {
        self.caller.get(&format!("/drive/v3/{path}")).await
    }

    /// Status and reason.
    async fn refusal(&self, path: &str) -> (u16, String) {
        let answer = self.get(path).await;
        let reason = answer.json()["error"]["errors"][0]["reason"].as_str().unwrap_or_default().to_owned();
        (answer.status, reason)
    }

    /// The ids of every page of a list of files.
    async fn files(&self, query: &str) -> Vec<String> {
        let (mut ids, mut token) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("files?{query}{token}")).await;
            assert_eq!(page.status, 200, "{query}: {}", page.text());
            let page = page.json();
            ids.extend(page["files"].as_array().unwrap().iter().map(|file| file["id"].as_str().unwrap().to_owned()));
            match page["nextPageToken"].as_str() {
                Some(next) => token = format!("&pageToken={next}"),
                None => return ids,
            }
        }
    }

    /// The changes since a token, as ids and whether they are removed; and the next token.
    async fn changes(&self, token: &str, query: &str) -> (Vec<(String, bool)>, String) {
        let (mut lines, mut token) = (Vec::new(), token.to_owned());
        loop {
            let page = self.get(&format!("changes?pageToken={token}&pageSize=2{query}")).await.json();
            lines.extend(
                page["changes"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|line| (line["fileId"].as_str().unwrap().to_owned(), line["removed"] == true)),
            );
            if let Some(next) = page["newStartPageToken"].as_str() {
                return (lines, next.to_owned());
            }
            page["nextPageToken"].as_str().unwrap().clone_into(&mut token);
        }
    }

    async fn start_token(&self) -> String {
        self.get("changes/startPageToken").await.json()["startPageToken"].as_str().unwrap().to_owned()
    }

    /// Every route once, right and wrong.
    async fn tour(&self) {
        let Sample { document, sheet, slides, pdf, large, form, shortcut, dangling, keyed, locked, abusive, .. } =
            &self.sample;
        let Sample { trashed, drive, shared, .. } = &self.sample;
        for path in
            ["about?fields=user", "about", "drives?pageSize=1", "drives/none", "files/none", "changes/startPageToken"]
        {
            self.get(path).await;
        }
        self.get(&format!("drives/{drive}")).await;
        for id in
            [document, sheet, slides, pdf, large, form, shortcut, dangling, keyed, locked, abusive, trashed, shared]
        {
            self.get(&format!("files/{id}")).await;
            self.get(&format!("files/{id}?supportsAllDrives=true&fields=*")).await;
            self.get(&format!("files/{id}?alt=media&supportsAllDrives=true")).await;
            for mime in ["text/markdown", "text/csv", "text/plain"] {
                self.get(&format!("files/{id}/export?mimeType={mime}")).await;
            }
        }
        for query in ["", "?pageSize=2", "?fields=*&pageSize=1000&corpora=allDrives", "?q=nonsense", "?corpora=drive"] {
            let joint = if query.is_empty() { "?" } else { "&" };
            self.get(&format!("files{query}")).await;
            self.get(&format!("files{query}{joint}{ALL_DRIVES}")).await;
        }
        self.get(&format!("changes?pageToken=1&fields=*&{ALL_DRIVES}")).await;
        self.get("changes?pageToken=1&pageSize=2").await;
        self.get("changes?pageToken=900").await;
    }
}

#[tokio::test]
async fn answers_fit_the_document() {
    let bed = Bed::start().await;
    bed.tour().await;
    contract().must_hold(&bed.provider.log().exchanges());
    let (well, refused) = (bed.provider.log().count_of(200), bed.provider.log().count_of(403));
    assert!(well > 40 && refused > 10, "{well} {refused}");
}

#[tokio::test]
async fn answers_of_bad_days_fit_the_document() {
    let contract = contract();
    let throttled = Switch::Throttled { every: 2, retry_after: None };
    for switch in [
        Switch::CursorExpires,
        Switch::EmptyPageWithNext,
        Switch::Incomplete,
        Switch::Revoked,
        Switch::NoContentThenGone,
        Switch::Broken { status: 500 },
        Switch::Broken { status: 503 },
        Switch::RateLimit403,
        Switch::RetryAfterDate,
    ] {
        let bed = Bed::start().await;
        bed.provider.switches().set(switch);
        bed.tour().await;
        bed.provider.switches().set(throttled);
        bed.tour().await;
        contract.must_hold(&bed.provider.log().exchanges());
    }
}

#[tokio::test]
async fn what_the_document_does_not_know_is_reported() {
    let bed = Bed::start().await;
    let contract = contract();
    bed.get("files?supportAllDrives=true").await;
    bed.get("files?pageSize=5000").await;
    bed.get(&format!("files/{}/export", bed.sample.document)).await;
    for exchange in bed.provider.log().exchanges() {
        let violations = contract.check(&exchange);
        assert!(violations.len() == 1 && violations[0].side == Side::Request, "{violations:?}");
    }
    let mut exchange = bed.provider.log().exchanges()[0].clone();
    let invented = json!({"kind": "drive#fileList", "files": [{"id": "a", "mime_type": "text/plain"}]});
    exchange.reply = Some(Reply::json(200, &invented));
    let violations = contract.check_reply(&exchange.request, exchange.reply.as_ref().unwrap());
    assert!(violations.len() == 1 && violations[0].text.contains("mime_type"), "{violations:?}");
}

#[tokio::test]
async fn shared_drives_are_silently_left_out_without_both_flags() {
    let bed = Bed::start().await;
    let Sample { shared, drive, document, .. } = bed.sample.clone();
    for query in ["", "supportsAllDrives=true", "includeItemsFromAllDrives=true"] {
        assert!(!bed.files(query).await.contains(&shared), "{query}");
    }
    let all = bed.files(&format!("{ALL_DRIVES}&pageSize=3")).await;
    assert!(all.contains(&shared) && all.contains(&document) && !all.contains(&drive));
    assert_eq!(bed.files(&format!("{ALL_DRIVES}&corpora=drive&driveId={drive}")).await, std::slice::from_ref(&shared));
    assert_eq!(bed.files(&format!("{ALL_DRIVES}&q='{drive}' in parents")).await, std::slice::from_ref(&shared));
    assert_eq!(bed.refusal(&format!("files/{shared}")).await, (404, "notFound".to_owned()));
    assert_eq!(bed.get(&format!("files/{shared}?supportsAllDrives=true")).await.status, 200);
}

#[tokio::test]
async fn lists_end_and_say_when_they_were_cut() {
    let bed = Bed::start().await;
    let more = bed.world().add_folder(&bed.world().root(), "More");
    let files = bed.world().add_files(&more, 5_000);
    let query = format!("q='{more}' in parents and trashed=false&orderBy=createdTime&pageSize=1000");
    assert_eq!(bed.files(&query).await, files);
    bed.provider.switches().set(Switch::Incomplete);
    let cut = bed.get(&format!("files?{query}")).await.json();
    assert_eq!((&cut["incompleteSearch"], &cut["nextPageToken"]), (&json!(true), &Value::Null));
    bed.provider.switches().clear_all();
    let token = bed.get(&format!("files?{query}")).await.json()["nextPageToken"].as_str().unwrap().to_owned();
    bed.provider.switches().set_times(Switch::CursorExpires, 1);
    assert_eq!(bed.refusal(&format!("files?{query}&pageToken={token}")).await, (400, "invalid".to_owned()));
    assert_eq!(bed.get(&format!("files?{query}&pageToken={token}")).await.status, 200);
    assert_eq!(bed.refusal(&format!("files?pageToken={token}")).await, (400, "invalid".to_owned()));
}

#[tokio::test]
async fn content_is_downloaded_or_exported_or_refused_with_a_reason() {
    let bed = Bed::start().await;
    let Sample { document, sheet, slides, pdf, large, form, shortcut, keyed, locked, abusive, .. } = bed.sample.clone();
    let export = |id: &str, mime: &str| format!("files/{id}/export?mimeType={mime}");
    assert_eq!(bed.get(&export(&document, "text/markdown")).await.text(), "# How refunds work\n\nWithin five days.\n");
    assert_eq!(bed.get(&export(&sheet, "text/csv")).await.text(), "Plan,Price\nTeam,10\n");
    assert_eq!(bed.get(&export(&slides, "text/plain")).await.text(), "Welcome to the team\n");
    let media = |id: &str| format!("files/{id}?alt=media");
    assert_eq!(bed.get(&media(&pdf)).await.text(), "%PDF-1.4\n%%EOF\n");
    let refused = [
        (export(&large, "text/markdown"), 403, "exportSizeLimitExceeded"),
        (export(&pdf, "text/plain"), 403, "fileNotExportable"),
        (export(&form, "text/plain"), 400, "badRequest"),
        (export(&document, "text/csv"), 400, "badRequest"),
        (media(&document), 403, "fileNotDownloadable"),
        (media(&shortcut), 403, "fileNotDownloadable"),
        (media(&locked), 403, "cannotDownloadFile"),
        (media(&abusive), 403, "cannotDownloadAbusiveFile"),
        (media(&keyed), 404, "notFound"),
        ("files/nope".to_owned(), 404, "notFound"),
    ];
    for (path, status, reason) in refused {
        assert_eq!(bed.refusal(&path).await, (status, reason.to_owned()), "{path}");
    }
    let token = bed.provider.fake().accounts.new_token(&[READ]);
    let caller = Caller::new(&bed.provider.origin()).with("authorization", &format!("Bearer {token}"));
    let caller = caller.with("x-goog-drive-resource-keys", &format!("other/x,{keyed}/key")).with("range", "bytes=0-5");
    let part = caller.get(&format!("/drive/v3/{}", media(&keyed))).await;
    assert_eq!((part.status, part.text().as_str()), (206, "Shared"));
    let link = bed.get(&format!("files/{large}?fields=exportLinks")).await.json();
    let link = link["exportLinks"]["text/markdown"].as_str().unwrap().replace(&bed.provider.origin(), "");
    assert_eq!(bed.caller.get(&link).await.body.len(), 10 * 1024 * 1024 + 1);
}

#[tokio::test]
async fn a_shortcut_names_its_target() {
    let bed = Bed::start().await;
    let Sample { shortcut, document, dangling, .. } = &bed.sample;
    let details = |id: &str| format!("files/{id}?fields=shortcutDetails(targetId)");
    assert_eq!(bed.get(&details(shortcut)).await.json()["shortcutDetails"]["targetId"], json!(document));
    let target = bed.get(&details(dangling)).await.json()["shortcutDetails"]["targetId"].clone();
    assert_eq!(bed.get(&format!("files/{}", target.as_str().unwrap())).await.status, 404);
}

#[tokio::test]
async fn changes_are_told_from_a_token_on() {
    let bed = Bed::start().await;
    let Sample { document, sheet, slides, pdf, shared, folder, .. } = bed.sample.clone();
    let start = bed.start_token().await;
    assert_eq!(bed.changes(&start, "").await, (Vec::new(), start.clone()));
    bed.world().set_export(&document, "text/markdown", b"# New\n");
    bed.world().rename(&document, "Refunds");
    bed.world().delete(&sheet);
    bed.world().unshare(&slides);
    bed.world().set_export(&shared, "text/markdown", b"Be kinder.\n");
    let old = "2020-01-01T00:00:00Z".parse().unwrap();
    let late = bed.world().add_file(&folder, "Late.txt", "text/plain", b"Older than it seems.\n");
    bed.world().set_modified(&late, old);
    let (lines, next) = bed.changes(&start, "").await;
    let expected = [(document.clone(), false), (sheet.clone(), true), (slides.clone(), true), (late.clone(), false)];
    assert_eq!(lines, expected);
    let (all, _) = bed.changes(&start, &format!("&{ALL_DRIVES}")).await;
    assert!(all.contains(&(shared, false)) && all.len() == 5);
    let (kept, _) = bed.changes(&start, "&includeRemoved=false").await;
    assert_eq!(kept, [(document, false), (late.clone(), false)]);
    assert!(!bed.files("q=modifiedTime > '2025-01-01T00:00:00'").await.contains(&late));
    bed.world().trash(&pdf);
    let line =
        bed.get(&format!("changes?pageToken={next}&fields=changes(file(trashed,explicitlyTrashed))")).await.json();
    assert_eq!(line["changes"][0]["file"], json!({"trashed": true, "explicitlyTrashed": true}));
}

#[tokio::test]
async fn a_folder_in_the_bin_takes_along_what_is_in_it() {
    let bed = Bed::start().await;
    bed.world().trash(&bed.sample.folder);
    let file = bed.get(&format!("files/{}?fields=trashed,explicitlyTrashed", bed.sample.document)).await.json();
    assert_eq!(file, json!({"trashed": true, "explicitlyTrashed": false}));
}

/// An assertion with these claims in place of the right ones, signed with the right key.
fn assertion(origin: &str, changes: &Value) -> String {
    let now = Timestamp::now().as_second();
    let mut claims = json!({
        "iss": SERVICE_ACCOUNT, "aud": format!("{origin}/token"), "scope": READ, "iat": now, "exp": now + 3_600,
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({"alg": "RS256", "typ": "JWT"})), part(&claims));
    let key = assertion::key_pair(PRIVATE_KEY);
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[tokio::test]
async fn a_service_account_gets_a_token_for_a_right_assertion_alone() {
    let provider = Provider::start(Drive::default()).await;
    let (origin, caller) = (provider.origin(), Caller::new(&provider.origin()));
    let ask = async |assertion: &str| {
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        let answer = caller.post_form("/token", &[("grant_type", grant), ("assertion", assertion)]).await;
        (answer.status, answer.json())
    };
    let now = Timestamp::now().as_second();
    let cases = [
        (json!({}), ""),
        (json!({"sub": "ann@example.com"}), ""),
        (json!({"scope": format!("{READ} {READ_METADATA}")}), ""),
        (json!({"sub": "bob@example.com"}), "unauthorized_client"),
        (json!({"sub": "gone@example.com"}), "invalid_grant"),
        (json!({"iss": "x@example.com"}), "invalid_grant"),
        (json!({"aud": AUDIENCE}), ""),
        (json!({"aud": "https://example.com/token"}), "invalid_grant"),
        (json!({"exp": now + 3_700}), "invalid_grant"),
        (json!({"iat": now - 7_200, "exp": now - 3_600}), "invalid_grant"),
        (json!({"scope": "drive"}), "invalid_scope"),
        (json!({"scope": ""}), "invalid_scope"),
    ];
    for (claims, error) in cases {
        let (status, answer) = ask(&assertion(&origin, &claims)).await;
        assert_eq!(answer["error"].as_str().unwrap_or_default(), error, "{claims}");
        assert_eq!(
            (status, answer["access_token"].is_string()),
            if error.is_empty() { (200, true) } else { (400, false) }
        );
    }
    let right = assertion(&origin, &json!({}));
    let (signed, signature) = right.rsplit_once('.').unwrap();
    let forged = assertion(&origin, &json!({"sub": "ann@example.com"}));
    let (other, _) = forged.rsplit_once('.').unwrap();
    for wrong in [format!("{other}.{signature}"), signed.to_owned(), "x.y.z".to_owned(), String::new()] {
        assert_eq!(ask(&wrong).await.1["error"], "invalid_grant", "{wrong}");
    }
}

#[tokio::test]
async fn refresh_tokens_stay_and_scopes_bind() {
    let bed = Bed::start().await;
    let accounts = &bed.provider.fake().accounts;
    let refresh = accounts.new_refresh_token();
    let fields = [
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("grant_type", "refresh_token"),
        ("refresh_token", &refresh),
    ];
    for _ in 0..2 {
        assert!(bed.caller.post_form("/token", &fields).await.json()["access_token"].is_string());
    }
    accounts.revoke(&refresh);
    assert_eq!(bed.caller.post_form("/token", &fields).await.json()["error"], "invalid_grant");
    assert_eq!(
        bed.caller.post_form("/token", &[("grant_type", "refresh_token")]).await.json()["error"],
        "invalid_client"
    );
    let token = accounts.new_token(&[READ_METADATA]);
    let caller = Caller::new(&bed.provider.origin()).with("authorization", &format!("Bearer {token}"));
    let path = format!("/drive/v3/files/{}", bed.sample.pdf);
    assert_eq!(caller.get(&path).await.status, 200);
    let refused = caller.get(&format!("{path}?alt=media")).await;
    assert_eq!(
        (refused.status, refused.json()["error"]["errors"][0]["reason"].as_str()),
        (403, Some("insufficientPermissions"))
    );
    accounts.expire_tokens();
    assert_eq!(bed.refusal("drives").await, (401, "authError".to_owned()));
}

#[tokio::test]
async fn a_consent_gives_a_code_that_fits_its_challenge() {
    let provider = Provider::start(Drive::default()).await;
    let caller = Caller::new(&provider.origin());
    // The pair of RFC 7636, appendix B.
    let (verifier, challenge) =
        ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    for (sent, error) in [(verifier, ""), ("another", "invalid_grant")] {
        let path = format!(
            "/o/oauth2/v2/auth?client_id={CLIENT_ID}&redirect_uri=http://127.0.0.1:1/back&state=s&code_challenge={challenge}"
        );
        let location = caller.get(&path).await.header("location");
        assert!(location.starts_with("http://127.0.0.1:1/back?code=") && location.ends_with("&state=s"), "{location}");
        let location = url::Url::parse(&location).unwrap();
        let code = location.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
        let fields = [
            ("client_id", CLIENT_ID),
            ("client_secret", CLIENT_SECRET),
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", "http://127.0.0.1:1/back"),
            ("code_verifier", sent),
        ];
        let answer = caller.post_form("/token", &fields).await.json();
        assert_eq!(
            (answer["error"].as_str().unwrap_or_default(), answer["refresh_token"].is_string()),
            (error, error.is_empty())
        );
    }
}
