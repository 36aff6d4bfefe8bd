//! What linked data says of a page, in the forms that sites write it in.

use serde_json::json;

use super::{LinkedData, from};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn authors_are_texts_things_and_references() {
    let people = [
        (json!("Jo"), vec!["Jo"]),
        (json!({"@type": "Person", "name": "Jo"}), vec!["Jo"]),
        (json!([{"name": "Jo"}, "Bo", {"url": "/x"}]), vec!["Jo", "Bo"]),
        (json!({"@id": "#jo"}), vec!["Jo of the graph"]),
        (json!({"@id": "#nobody"}), vec![]),
        (json!(7), vec![]),
    ];
    for (author, expected) in people {
        let page = json!({"@graph": [
            {"@type": ["Article", "TechArticle"], "author": author}, {"@id": "#jo", "@type": "Person", "name": "Jo of the graph"}
        ]});
        assert_eq!(from(&[page]).authors, names(&expected));
    }
}

#[test]
fn the_surest_type_speaks_first() {
    let page = json!([
        {"@type": "WebPage", "datePublished": "2020-01-01", "dateModified": "2021-01-01"},
        {"@type": "https://schema.org/BlogPosting", "datePublished": "2022-01-01"},
    ]);
    let expected = LinkedData {
        published: Some("2022-01-01".to_owned()),
        modified: Some("2021-01-01".to_owned()),
        ..LinkedData::default()
    };
    assert_eq!(from(&[page]), expected);
}

#[test]
fn a_question_is_found_in_its_page() {
    let page = json!({"@type": "QAPage", "mainEntity": {
        "@type": "Question", "dateCreated": "2020-02-02", "author": {"name": "ana"},
        "acceptedAnswer": {"@type": "Answer", "author": {"name": "bo"}, "dateCreated": "2020-02-03"}
    }});
    let data = from(&[page]);
    assert_eq!((data.authors, data.published), (names(&["ana"]), Some("2020-02-02".to_owned())));
}

#[test]
fn of_several_articles_none_is_the_page() {
    let page = json!([
        {"@type": "Article", "author": "Jo", "datePublished": "2020-01-01"},
        {"@type": "Article", "author": "Bo", "datePublished": "2021-01-01"},
    ]);
    assert_eq!(from(&[page]), LinkedData::default());
}

#[test]
fn steps_are_sorted_by_position() {
    let page = json!({"@type": "WebPage", "breadcrumb": {"@type": "BreadcrumbList", "itemListElement": [
        {"@type": "ListItem", "position": "2", "item": {"@id": "/docs/alerts", "name": "Alerts"}},
        {"@type": "ListItem", "position": 1, "name": "Docs", "item": "/docs"},
        {"@type": "ListItem", "position": 3},
    ]}});
    assert_eq!(from(&[page]).breadcrumbs, names(&["Docs", "Alerts"]));
}
