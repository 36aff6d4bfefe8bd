//! What is content on a site: said by its owner, and learnt from what its pages repeat.

use testkit::site::{Answer, Site};

use crate::ground::{Ground, on_both};
use crate::server::Server;

on_both!(what_an_owner_says_of_a_site_holds, what_the_pages_of_a_site_repeat_is_left_out);

fn page(topic: &str) -> Answer {
    let text = format!("{topic} are explained here at some length, so that a reader knows what to do. ").repeat(6);
    let offer = "<div><b>Autumn days!</b> <p>Our pumpkin offer ends this week, so order today.</p></div>";
    let note = "<p class=note>Nobody wants this line in an answer of an agent.</p>";
    Answer::html(format!("<title>{topic}</title><main><h1>{topic}</h1><p>{text}</p>{note}{offer}</main>"))
}

async fn texts(server: &Server, urls: &[String]) -> Vec<String> {
    let mut texts = Vec::new();
    for url in urls {
        let ids = server.queue(std::slice::from_ref(url)).await;
        let document = server.ended(&ids[0]).await;
        let paragraphs = document["paragraphs"].as_array().unwrap().iter();
        texts.push(paragraphs.map(|paragraph| paragraph.as_str().unwrap()).collect::<Vec<_>>().join("\n"));
    }
    texts
}

async fn what_an_owner_says_of_a_site_holds(ground: Ground) {
    let site = Site::start().await;
    let urls = [site.on("/refunds", page("Refunds"))];
    let server = ground.serve(&[]).await;
    assert!(texts(&server, &urls).await[0].contains("Nobody wants this line"));
    let host = site.origin().replace("http://", "");
    let said = ground.run(&["site", "set", &host, "--drop", ".note"]).await.ok();
    assert!(said.contains(&host), "{said}");
    assert!(!texts(&server, &urls).await[0].contains("Nobody wants this line"));
    let listed = ground.run(&["site", "list", "--json"]).await.json();
    assert_eq!(listed["sites"][0]["drop"][0], ".note");
    ground.run(&["site", "forget", &host]).await.ok();
    assert!(texts(&server, &urls).await[0].contains("Nobody wants this line"));
}

async fn what_the_pages_of_a_site_repeat_is_left_out(ground: Ground) {
    let site = Site::start().await;
    let topics = ["Refunds", "Transfers", "Invoices", "Accounts", "Cards", "Limits", "Fees"];
    let urls = topics.map(|topic| site.on(&format!("/{topic}"), page(topic)));
    let server = ground.serve(&[]).await;
    let texts = texts(&server, &urls).await;
    assert!(texts[0].contains("pumpkin"), "one page alone does not show what the site repeats");
    assert!(!texts[6].contains("pumpkin"), "{}", texts[6]);
    assert!(texts[6].contains("Fees are explained here"), "{}", texts[6]);
}
