//! Review over HTTP: from a run's text to an article, with nothing approved that was not seen.

use model::Proposal;
use serde_json::{Value, json};
use store::Change;

use crate::bed::{BOTH, Bed, DOCUMENTS, READ, on_both_databases};

const ARTICLES: &str = "/v2/hc-articles/public";
const FOLDERS: &str = "/v2/hc-folders/public";
const AGENTS: &str = "/v2/bots/public";
const REVIEW: &str = "/v2/review/public";
const URL: &str = "https://docs.example.com/refunds";

fn of(article: &str, what: &str) -> String {
    format!("/v2/hc-articles/{article}/{what}public")
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} is missing in {value}"))
}

fn written(title: &str, words: &str, folder: &str) -> Value {
    json!({
        "title": title, "mainKnowledge": words, "agentInstruction": "", "questions": ["How?"], "keywords": ["k"],
        "escalation": false, "parentFolderId": folder,
    })
}

async fn folder(bed: &Bed, key: &str) -> String {
    text(&bed.post_to(key, FOLDERS, &json!({ "title": "Billing", "description": "" })).await.json(), "id").to_owned()
}

on_both_databases! {
    async fn a_page_becomes_an_article_when_somebody_approves_what_was_seen(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let document = bed.added(&key, &[URL]).await.remove(0);
        bed.land_all("Refunds take 14 days.", Change::First).await;
        assert_eq!(bed.get(&key, &format!("{ARTICLES}?type=live")).await.json()["articles"], json!([]));
        let drafts = bed.get(&key, REVIEW).await.json();
        let draft = &drafts["articles"][0];
        assert_eq!((text(draft, "proposal"), &draft["draftRevision"], &draft["isDraft"]), ("add", &json!(1), &json!(true)));
        assert_eq!(text(draft, "documentId"), document);
        let id = text(draft, "id").to_owned();
        let shown = bed.get(&key, &format!("{REVIEW}/{id}")).await.json();
        assert_eq!(shown["live"], Value::Null);
        assert_eq!(shown["changes"], json!([{ "kind": "added", "material": true, "old": null, "new": "Refunds take 14 days." }]));

        let approve = format!("{REVIEW}/{id}/approve");
        let (status, refusal) = bed.post_to(&key, &approve, &json!({ "draftRevision": 2 })).await.refusal();
        assert!(status == 409 && refusal.contains("revision 2 was seen"), "{refusal}");
        assert_eq!(bed.post_to(&key, &approve, &json!({})).await.status, 400);
        let article = bed.post_to(&key, &approve, &json!({ "draftRevision": 1 })).await.json();
        assert_eq!((&article["version"], &article["isDraft"], &article["active"]), (&json!(1), &json!(false), &json!(true)));
        let twice = bed.post_to(&key, &approve, &json!({ "draftRevision": 1 })).await.refusal();
        assert_eq!(twice, (409, "the draft is published already".to_owned()));
        let document = bed.get(&key, &format!("{DOCUMENTS}/{document}")).await.json();
        assert_eq!((text(&document, "linkedKnowledgeId"), &document["changed"]), (text(&article, "id"), &json!(false)));

        bed.added_again(&key, URL).await;
        bed.land_all("Refunds take 30 days.", Change::Material).await;
        let changed = bed.list(&key, "changed=true").await.json();
        assert_eq!(changed["documents"][0]["id"], document["id"]);
        assert_eq!(changed["documents"][0]["linkedOperation"], "UPDATE_ARTICLE");
        let update = bed.get(&key, REVIEW).await.json()["articles"][0].clone();
        assert_eq!(update["originalArticleId"], article["id"]);
        let shown = bed.get(&key, &format!("{REVIEW}/{}", text(&update, "id"))).await.json();
        assert_eq!((text(&shown["changes"][0], "kind"), text(&shown["live"], "mainKnowledge")), ("edited", "Refunds take 14 days."));
        let live = bed.post_to(&key, "/v2/hc-articles/ids/public", &json!({ "articleIds": [article["id"]] })).await.json();
        assert_eq!(live[0]["mainKnowledge"], "Refunds take 14 days.", "a draft changes no answer");
        let many = json!({ "drafts": [{ "id": update["id"], "draftRevision": 1 }] });
        let done = bed.post_to(&key, &format!("{REVIEW}/approve"), &many).await.json();
        assert_eq!((&done["published"][0]["version"], &done["refused"]), (&json!(2), &json!([])));
        let again = bed.post_to(&key, &format!("{REVIEW}/approve"), &many).await.json();
        assert_eq!((&again["published"], text(&again["refused"][0], "reason")), (&json!([]), "the draft is published already"));
        let audit = bed.get(&key, "/v2/audit/public?limit=1").await.json();
        assert_eq!((text(&audit["entries"][0], "action"), &audit["hasMore"]), ("publish", &json!(true)));
        assert!(text(&audit["entries"][0], "actor").starts_with("key "));
    }

    async fn articles_are_written_forked_published_restored_and_deleted(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let place = folder(&bed, &key).await;
        let article = bed.post_to(&key, ARTICLES, &written("Cancel", "From Billing.", &place)).await.json();
        assert_eq!((&article["version"], &article["isDraft"]), (&json!(1), &json!(false)));
        let id = text(&article, "id").to_owned();
        let nowhere = bed.post_to(&key, ARTICLES, &written("Cancel", "x", "0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b")).await;
        assert_eq!(nowhere.status, 404);
        let fork = async |words: &str| bed.post_to(&key, &of(&id, "draft/"), &written("Cancel", words, &place)).await.json();
        let unknown = of("0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b", "draft/");
        assert_eq!(bed.post_to(&key, &unknown, &written("x", "x", &place)).await.json(), Value::Null);
        let (one, two) = (fork("One.").await, fork("Two.").await);
        assert_eq!((&one["originalArticleId"], &one["originalArticleVersion"]), (&article["id"], &json!(1)));
        let publish = async |draft: &Value, words: &str| {
            bed.post_to(&key, &of(text(draft, "id"), "publish/"), &written("Cancel", words, &place)).await
        };
        assert_eq!(publish(&one, "One, checked.").await.json()["version"], 2);
        let (status, refusal) = publish(&two, "Two.").await.refusal();
        assert!(status == 409 && refusal.contains("version 1") && refusal.contains("version 2"), "{refusal}");
        let merged = bed.put(&key, &of(text(&two, "id"), ""), &{
            let mut body = written("Cancel", "One and two.", &place);
            body["originalArticleVersion"] = json!(2);
            body
        }).await.json();
        assert_eq!((&merged["draftRevision"], &merged["originalArticleVersion"]), (&json!(2), &json!(2)));
        assert_eq!(publish(&two, "One and two.").await.json()["version"], 3);

        let versions = bed.get(&key, &of(&id, "versions/")).await.json();
        let texts: Vec<_> = versions["versions"].as_array().unwrap().iter().map(|version| text(version, "mainKnowledge")).collect();
        assert_eq!(texts, ["One and two.", "One, checked.", "From Billing."]);
        let restored = bed.post_to(&key, &of(&id, "restore/"), &json!({ "version": 1 })).await.json();
        assert_eq!((text(&restored, "mainKnowledge"), &restored["isDraft"]), ("From Billing.", &json!(true)));
        assert_eq!(bed.post_to(&key, &of(&id, "restore/"), &json!({ "version": 9 })).await.status, 404);
        let rewritten = bed.put(&key, &of(&id, ""), &written("Cancel", "Anew.", &place)).await.json();
        assert_eq!(rewritten["version"], 4);
        let gone = bed.delete(&key, &of(text(&restored, "id"), ""), &Value::Null).await.json();
        assert_eq!(gone["isDraft"], true);
        assert_eq!(bed.delete(&key, &of(&id, ""), &Value::Null).await.json()["id"], article["id"]);
        assert_eq!(bed.delete(&key, &of(&id, ""), &Value::Null).await.status, 404);
        assert_eq!(bed.get(&key, &of(&id, "versions/")).await.json()["versions"].as_array().unwrap().len(), 4);
    }

    async fn folders_and_agents_hang_together(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let top = folder(&bed, &key).await;
        let inner = json!({ "title": "Refunds", "description": "all of them", "parentFolderId": top });
        let inner = text(&bed.post_to(&key, FOLDERS, &inner).await.json(), "id").to_owned();
        bed.post_to(&key, ARTICLES, &written("Cancel", "From Billing.", &inner)).await;
        let tree = bed.get(&key, FOLDERS).await.json();
        assert_eq!(tree["snapshotObjV2"][0]["children"][0]["children"][0]["title"], "Cancel");
        let ring = bed.put(&key, &format!("/v2/hc-folders/{top}/move/public"), &json!({ "parentFolderId": inner })).await;
        assert_eq!(ring.status, 406);
        let renamed = json!({ "title": "Money", "description": "", "active": false });
        let renamed = bed.put(&key, &format!("/v2/hc-folders/{top}/public"), &renamed).await.json();
        assert_eq!((text(&renamed, "title"), &renamed["active"]), ("Money", &json!(false)));

        let agent = text(&bed.post_to(&key, AGENTS, &json!({ "name": "Support" })).await.json(), "id").to_owned();
        let of_agent = format!("{FOLDERS}?botId={agent}");
        assert_eq!(bed.get(&key, &of_agent).await.json()["snapshotObjV2"], json!([]));
        let junction = |action: &str| json!({ "junctions": [{ "folderId": inner, "botId": agent, "action": action }] });
        let given = bed.post_to(&key, "/v2/hc-bot-folder-junctions/public", &junction("ADD")).await;
        assert_eq!(given.json(), json!({ "status": true }));
        assert_eq!(bed.get(&key, &of_agent).await.json()["snapshotObjV2"][0]["title"], "Refunds");
        assert_eq!(bed.post_to(&key, "/v2/hc-bot-folder-junctions/public", &junction("GIVE")).await.status, 400);
        bed.put(&key, &format!("/v2/bots/{agent}/public"), &json!({ "name": "Billing" })).await;
        assert_eq!(bed.get(&key, AGENTS).await.json()[0]["name"], "Billing");

        let path = format!("/v2/hc-folders/{top}/public");
        assert_eq!(bed.delete(&key, &path, &Value::Null).await.status, 406);
        assert_eq!(bed.delete(&key, &format!("{path}?cascade=true"), &Value::Null).await.json()["title"], "Money");
        assert_eq!(bed.get(&key, FOLDERS).await.json()["snapshotObjV2"], json!([]));
        assert_eq!(bed.delete(&key, &format!("/v2/bots/{agent}/public"), &Value::Null).await.status, 200);
        assert_eq!(bed.get(&key, AGENTS).await.json(), json!([]));
    }

    async fn pages_of_articles_and_drafts_follow_each_other(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let place = folder(&bed, &key).await;
        for number in 0..5 {
            let mut body = written(&format!("Article {number}"), "x", &place);
            body["isDraft"] = json!(number % 2 == 1);
            bed.post_to(&key, ARTICLES, &body).await;
            bed.pass_time(std::time::Duration::from_secs(1));
        }
        let mut titles = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = bed.get(&key, &format!("{ARTICLES}?limit=2{cursor}")).await.json();
            let articles = page["articles"].as_array().unwrap();
            titles.extend(articles.iter().map(|article| text(article, "title").to_owned()));
            let Some(last) = articles.last().filter(|_| page["hasMore"] == true) else { break };
            cursor = format!("&cursor={}", text(last, "id"));
        }
        assert_eq!(titles, ["Article 4", "Article 3", "Article 2", "Article 1", "Article 0"]);
        let drafts = bed.get(&key, &format!("{REVIEW}?proposal={}", Proposal::Add)).await.json();
        assert_eq!(drafts["articles"].as_array().unwrap().len(), 2);
        assert_eq!(bed.get(&key, &format!("{REVIEW}?proposal=new")).await.status, 400);
        assert_eq!(bed.get(&key, &format!("{ARTICLES}?type=old")).await.status, 400);
        let reader = bed.key("acme", READ).await;
        assert_eq!(bed.post_to(&reader, ARTICLES, &written("x", "x", &place)).await.status, 403);
    }

    async fn a_text_that_a_newer_run_has_replaced_is_not_published_by_who_does_not_name_it(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        bed.added(&key, &[URL]).await;
        bed.land_all("Refunds take 14 days.", Change::First).await;
        let draft = bed.get(&key, REVIEW).await.json()["articles"][0].clone();
        let mut seen = draft.clone();
        bed.added_again(&key, URL).await;
        bed.land_all("Refunds take 30 days.", Change::Material).await;
        let publish = of(text(&draft, "id"), "publish/");
        let (status, refusal) = bed.post_to(&key, &publish, &seen).await.refusal();
        assert!(status == 409 && refusal.contains("revision"), "{refusal}");
        seen.as_object_mut().unwrap().remove("draftRevision");
        let (status, refusal) = bed.post_to(&key, &publish, &seen).await.refusal();
        assert!(status == 409 && refusal.contains("draftRevision"), "{refusal}");
        assert_eq!(bed.get(&key, &format!("{ARTICLES}?type=live")).await.json()["articles"], json!([]));
        let mut now = bed.get(&key, REVIEW).await.json()["articles"][0].clone();
        now.as_object_mut().unwrap().remove("draftRevision");
        assert_eq!(bed.post_to(&key, &publish, &now).await.json()["mainKnowledge"], "Refunds take 30 days.");
    }

    async fn deleted_documents_take_their_drafts_along_and_articles_only_when_asked(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        for with_articles in [false, true] {
            let url = format!("{URL}/{with_articles}");
            let document = bed.added(&key, &[&url]).await.remove(0);
            bed.land_all("Refunds take 14 days.", Change::First).await;
            let draft = text(&bed.get(&key, REVIEW).await.json()["articles"][0], "id").to_owned();
            let article = bed.post_to(&key, &format!("{REVIEW}/{draft}/approve"), &json!({ "draftRevision": 1 })).await.json();
            bed.added_again(&key, &url).await;
            bed.land_all("Refunds take 30 days.", Change::Material).await;
            let body = json!({ "documentIds": [document], "deleteArticles": with_articles });
            let gone = bed.delete(&key, DOCUMENTS, &body).await.json();
            assert_eq!(gone["deletedDocuments"], json!([{ "id": document, "title": "Refunds", "originalUrl": url }]));
            assert_eq!(gone["deletedArticles"].as_array().unwrap().len(), usize::from(with_articles));
            assert_eq!(bed.get(&key, &format!("{DOCUMENTS}/{document}")).await.status, 404);
            assert_eq!(bed.get(&key, REVIEW).await.json()["articles"], json!([]));
            let left = bed.post_to(&key, "/v2/hc-articles/ids/public", &json!({ "articleIds": [article["id"]] })).await.json();
            assert_eq!(left.as_array().unwrap().len(), usize::from(!with_articles));
            let again = bed.delete(&key, DOCUMENTS, &body).await;
            assert_eq!(again.status, 400, "{}", again.text());
        }
        assert_eq!(bed.delete(&key, DOCUMENTS, &json!({ "documentIds": [] })).await.status, 400);
    }

    async fn articles_are_made_of_documents_and_texts_when_somebody_asks(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let ids = bed.added(&key, &[URL]).await;
        let bulk = async |body: &Value| bed.post_to(&key, "/v2/knowledge/public/bulk", body).await;
        let jobs = async |answer: Value| {
            let ids: Vec<_> = answer["jobs"].as_array().unwrap().iter().map(|job| job["backgroundJobId"].clone()).collect();
            bed.post_to(&key, "/v2/knowledge/public/jobs/status", &json!({ "jobIds": ids })).await.json()["jobs"].clone()
        };
        let of_sources = json!({ "documentIds": ids, "origin": "sources" });
        let nothing = jobs(bulk(&of_sources).await.json()).await;
        assert_eq!((text(&nothing[0], "jobStatus"), &nothing[0]["hcArticleId"]), ("COMPLETED", &Value::Null));
        assert!(text(&nothing[0], "reason").contains("no text yet"));

        bed.land_all("Refunds take 14 days.", Change::First).await;
        let drafted = jobs(bulk(&of_sources).await.json()).await;
        let draft = bed.get(&key, REVIEW).await.json()["articles"][0].clone();
        assert_eq!((&drafted[0]["hcArticleId"], &draft["draftRevision"]), (&draft["id"], &json!(2)), "the open draft is used");
        let refused = json!({ "documentIds": ids, "origin": "sources", "restrictedOps": ["UPDATE_ARTICLE"] });
        let refused = jobs(bulk(&refused).await.json()).await;
        assert!(text(&refused[0], "reason").contains("restrictedOps") && refused[0]["hcArticleId"].is_null());
        let live = jobs(bulk(&json!({ "documentIds": ids, "origin": "sources", "isDraft": false })).await.json()).await;
        let article = bed.get(&key, &format!("{ARTICLES}?type=live")).await.json()["articles"][0].clone();
        assert_eq!(live[0]["hcArticleId"], article["id"]);
        let same = jobs(bulk(&of_sources).await.json()).await;
        let shown = bed.get(&key, REVIEW).await.json()["articles"][0].clone();
        assert_eq!((&same[0]["hcArticleId"], text(&shown, "proposal")), (&shown["id"], "nothing"), "a no-op can be looked at");

        let candidate = "# Office hours\n\nWe are open from nine to five, Monday to Friday.";
        let ask = json!({ "candidateKnowledge": candidate, "origin": "generated" });
        let one = bed.post_to(&key, "/v2/knowledge/public", &ask).await.json();
        let status = json!({ "jobIds": [one["backgroundJobId"]] });
        let made = bed.post_to(&key, "/v2/knowledge/public/jobs/status", &status).await.json()["jobs"][0].clone();
        let made = json!({ "articleIds": [made["hcArticleId"]] });
        let made = bed.post_to(&key, "/v2/hc-articles/ids/public", &made).await.json()[0].clone();
        assert_eq!((text(&made, "title"), &made["isDraft"], text(&made, "origin")), ("Office hours", &json!(true), "generated"));
        for (body, wanted) in [
            (json!({ "origin": "generated" }), "candidateKnowledge"),
            (json!({ "candidateKnowledge": "x", "origin": "mail" }), "origin must be one of generated, sources, inbox"),
            (json!({ "candidateKnowledge": "x", "origin": "sources" }), "documentId is missing"),
        ] {
            let (status, refusal) = bed.post_to(&key, "/v2/knowledge/public", &body).await.refusal();
            assert!(status == 400 && refusal.contains(wanted), "{refusal}");
        }
        let unknown = json!({ "jobIds": ["4cfcf2cc-7a06-4de2-b460-5b991fe6236a"] });
        assert_eq!(bed.post_to(&key, "/v2/knowledge/public/jobs/status", &unknown).await.status, 404);
    }
}
