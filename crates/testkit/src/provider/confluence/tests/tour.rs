//! Every answer of every route of version 2 fits the vendor's document, and every sample body can be rendered.

use serde_json::json;

use super::{Bed, V2, basic, caller};
use crate::provider::confluence::bodies::SAMPLES;
use crate::provider::confluence::render;
use crate::provider::confluence::sample::Sample;
use crate::provider::confluence::specification::contract;
use crate::provider::contract::Side;
use crate::provider::exchange::{Exchange, Reply};
use crate::provider::switches::Switch;

/// Every route once, right and wrong, at the site and at the gateway.
async fn visit(bed: &Bed) {
    let Sample { space, personal, home, folder, page, child, file } = bed.sample;
    let gateway = bed.gateway();
    let scoped = caller(&bed.provider, &basic("scoped-token"));
    for path in [
        "/spaces?limit=1&sort=-name".to_owned(),
        "/spaces?keys=DOC&keys=OPS&status=current&include-icon=true&description-format=plain".to_owned(),
        format!("/spaces?ids={space}"),
        format!("/spaces/{space}?include-icon=true&description-format=view"),
        format!("/spaces/{personal}"),
        format!("/spaces/{space}/labels"),
        format!("/spaces/{space}/permissions"),
        format!("/spaces/{space}/pages?depth=all&status=current&limit=250&body-format=storage"),
        format!("/spaces/{space}/pages?depth=root&limit=1&sort=-created-date"),
        "/pages?limit=1&body-format=atlas_doc_format&sort=-modified-date".to_owned(),
        format!("/pages?id={page}&space-id={space}&status=trashed&status=archived"),
        format!("/pages/{page}?body-format=storage"),
        format!("/pages/{page}?body-format=view&include-labels=true&include-versions=true&include-likes=true"),
        format!("/pages/{child}?body-format=export_view"),
        format!("/pages/{child}?body-format=atlas_doc_format&version=1"),
        format!("/pages/{home}/children?limit=1"),
        format!("/pages/{page}/children"),
        format!("/pages/{child}/ancestors"),
        format!("/pages/{page}/labels?limit=1"),
        format!("/pages/{page}/attachments"),
        "/pages/9".to_owned(),
        "/pages?limit=1&cursor=made-up".to_owned(),
        "/attachments?limit=1&sort=-modified-date".to_owned(),
        format!("/attachments/att{file}"),
        format!("/attachments/{file}/labels"),
        format!("/folders/{folder}"),
        format!("/folders/{folder}/ancestors"),
        format!("/folders/{folder}/properties"),
        "/folders/9".to_owned(),
    ] {
        bed.get(&path).await;
        scoped.get(&format!("{gateway}{V2}{path}")).await;
    }
    caller(&bed.provider, &basic("wrong")).get(&format!("{V2}/spaces")).await;
    caller(&bed.provider, "Bearer wrong").get(&format!("{gateway}{V2}/pages")).await;
    bed.reader.get("/_edge/tenant_info").await;
    bed.reader.get("/wiki/rest/api/search?cql=type%3Dpage&limit=1&expand=content.version").await;
}

#[tokio::test]
#[cfg_attr(not(vendor_specs), ignore = "needs the vendors' OpenAPI documents in GLEANER_VENDOR_SPECS")]
async fn every_answer_fits_the_vendors_document() {
    let (bed, contract) = (Bed::start().await, contract());
    visit(&bed).await;
    let good = bed.provider.log().count_of(200);
    assert!(good > 45, "{good}");
    contract.must_hold(&bed.provider.log().exchanges());
    bed.provider.log().clear();
    for switch in [
        Switch::NullBody,
        Switch::CursorExpires,
        Switch::EmptyPageWithNext,
        Switch::Throttled { every: 2, retry_after: Some(1) },
        Switch::Revoked,
        Switch::Broken { status: 504 },
        Switch::NoContentThenGone,
    ] {
        bed.provider.switches().set(switch);
        visit(&bed).await;
        bed.provider.switches().clear_all();
    }
    bed.world().quirks.times_out_above = Some(1);
    bed.world().quirks.cap = Some(1);
    visit(&bed).await;
    contract.must_hold(&bed.provider.log().exchanges());
}

#[tokio::test]
#[cfg_attr(not(vendor_specs), ignore = "needs the vendors' OpenAPI documents in GLEANER_VENDOR_SPECS")]
async fn the_judge_sees_what_is_wrong() {
    let (bed, contract) = (Bed::start().await, contract());
    bed.get("/pages?body-format=view&limit=9999&colour=red").await;
    bed.get(&format!("/pages/{}/comments", bed.sample.page)).await;
    bed.get(&format!("/pages/{}", bed.sample.page)).await;
    let mut exchanges = bed.provider.log().exchanges();
    let sides =
        |exchange: &Exchange| contract.check(exchange).iter().map(|violation| violation.side).collect::<Vec<_>>();
    assert_eq!(sides(&exchanges[0]), [Side::Request; 3]);
    assert_eq!(sides(&exchanges[1]), [Side::Request]);
    let last = exchanges.last_mut().unwrap();
    let mut body = last.reply.as_ref().unwrap().value().unwrap();
    body["position"] = json!("first");
    last.reply = Some(Reply::json(200, &body));
    assert_eq!(sides(last), [Side::Reply]);
}

#[tokio::test]
async fn every_sample_says_its_words_in_every_format() {
    let bed = Bed::start().await;
    let mut world = bed.world();
    world.page(bed.sample.space, "Address", "<p>Main street 1</p>");
    for sample in SAMPLES {
        world.edit(bed.sample.page, sample.storage);
        let content = &world.content[&bed.sample.page];
        let text = render::text(sample.storage);
        for word in sample.says.iter().filter(|word| !word.starts_with("2026-")) {
            assert!(text.contains(word), "{}: {word}: {text}", sample.name);
        }
        for word in sample.silent {
            assert!(!text.contains(word), "{}: {word}: {text}", sample.name);
        }
        for format in ["view", "export_view", "styled_view", "anonymous_export_view"] {
            let html = render::body(&world, content, content.present(), format, "http://127.0.0.1/wiki");
            let plain = render::text(&html);
            for word in sample.says {
                let shown = plain.contains(word) || html.contains(word);
                assert!(shown, "{} in {format}: {word}: {html}", sample.name);
            }
            assert!(!html.contains("ac:") && !html.contains("ri:"), "{} in {format}: {html}", sample.name);
        }
        let document = render::body(&world, content, content.present(), "atlas_doc_format", "");
        assert!(document.starts_with("{\"") && document.contains("\"type\":\"doc\""));
    }
    world.edit(bed.sample.page, SAMPLES[6].storage);
    let content = &world.content[&bed.sample.page];
    let html = render::body(&world, content, content.present(), "view", "");
    assert_eq!((SAMPLES[6].name, html.contains("Main street 1")), ("include", true));
}
