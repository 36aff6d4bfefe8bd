//! Every answer of every route fits the vendor's document.

use serde_json::json;

use super::{Bed, ROOT};
use crate::provider::contract::Side;
use crate::provider::exchange::{Exchange, Reply};
use crate::provider::switches::Switch;
use crate::provider::zendesk::sample::Sample;
use crate::provider::zendesk::specification::contract;
use crate::provider::zendesk::wording;

/// Every route once, right and wrong, with and without a locale and `.json`.
async fn visit(bed: &Bed) {
    let Sample { category, section, nested, open: article, draft, .. } = bed.sample;
    let label = wording::label_id("money");
    let with_locale = [
        "/articles?sort_by=updated_at&sort_order=desc&include=users,sections,categories,translations".to_owned(),
        "/articles?page[size]=1".to_owned(),
        "/articles?label_names=money&per_page=1&page=1".to_owned(),
        format!("/articles/{article}"),
        format!("/articles/{article}/labels"),
        format!("/articles/{article}/attachments"),
        "/categories?sort_by=position".to_owned(),
        format!("/categories/{category}"),
        format!("/categories/{category}/articles"),
        format!("/categories/{category}/sections"),
        "/sections?page[size]=1".to_owned(),
        format!("/sections/{section}"),
        format!("/sections/{nested}/articles"),
        "/articles/999".to_owned(),
    ];
    for path in &with_locale {
        for locale in ["", "/en-us", "/de"] {
            bed.get(&format!("{locale}{path}")).await;
        }
    }
    for path in [
        "/locales".to_owned(),
        "/user_segments".to_owned(),
        "/incremental/articles?start_time=0".to_owned(),
        "/articles/labels".to_owned(),
        format!("/articles/labels/{label}"),
        format!("/articles/{draft}/translations?locales=de,en-us&draft=false"),
    ] {
        bed.get(&path).await;
        bed.get(&path.split('?').next().map(|bare| path.replacen(bare, &format!("{bare}.json"), 1)).unwrap()).await;
    }
    for owner in [format!("articles/{article}"), format!("sections/{section}"), format!("categories/{category}")] {
        for which in ["", "/missing", "/de", "/en-us"] {
            bed.get(&format!("/{owner}/translations{which}")).await;
        }
    }
    bed.nobody.get("/api/v2/users/me").await;
    bed.bearer("made-up").get(&format!("{ROOT}/articles")).await;
    bed.tokens(json!({"grant_type": "refresh_token", "client_id": "gleaner", "refresh_token": "made-up"})).await;
    bed.tokens(json!({"grant_type": "client_credentials", "client_id": "gleaner", "client_secret": "client-secret",
                      "scope": "hc:read"}))
        .await;
    bed.nobody.get("/hc/article_attachments/999").await;
}

#[tokio::test]
#[cfg_attr(not(vendor_specs), ignore = "needs the vendors' OpenAPI documents in GLEANER_VENDOR_SPECS")]
async fn every_answer_fits_the_vendors_document() {
    let (bed, contract) = (Bed::start().await, contract());
    visit(&bed).await;
    let good = bed.provider.log().count_of(200);
    assert!(good > 60, "{good}");
    contract.must_hold(&bed.provider.log().exchanges());
    bed.provider.log().clear();
    for switch in [
        Switch::NullBody,
        Switch::CursorExpires,
        Switch::Throttled { every: 2, retry_after: Some(1) },
        Switch::Revoked,
        Switch::Broken { status: 503 },
        Switch::NoContentThenGone,
    ] {
        bed.provider.switches().set(switch);
        visit(&bed).await;
        bed.provider.switches().clear_all();
    }
    contract.must_hold(&bed.provider.log().exchanges());
}

#[tokio::test]
#[cfg_attr(not(vendor_specs), ignore = "needs the vendors' OpenAPI documents in GLEANER_VENDOR_SPECS")]
async fn the_judge_sees_what_is_wrong() {
    let (bed, contract) = (Bed::start().await, contract());
    bed.get("/articles?sort_by=relevance&colour=red").await;
    bed.get("/incremental/articles?start_time=yesterday").await;
    bed.get("/articles/1/comments").await;
    let sides = |exchange: &Exchange| -> Vec<Side> {
        contract.check(exchange).iter().map(|violation| violation.side).collect()
    };
    let mut exchanges = bed.provider.log().exchanges();
    assert_eq!(exchanges.iter().map(|exchange| sides(exchange).len()).collect::<Vec<_>>(), [2, 1, 1]);
    // Spoil an answer: the judge needs `permission_group_id`.
    bed.get(&format!("/articles/{}", bed.sample.open)).await;
    let mut last = bed.provider.log().exchanges().pop().unwrap();
    let mut body = last.reply.as_ref().unwrap().value().unwrap();
    body["article"].as_object_mut().unwrap().remove("permission_group_id");
    last.reply = Some(Reply::json(200, &body));
    exchanges.clear();
    assert_eq!(sides(&last), [Side::Reply]);
}
