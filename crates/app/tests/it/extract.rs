//! `gleaner extract`: one document read and printed, a folder of them measured, and a page explained.

use std::fs;
use std::process::Stdio;

use testkit::site::{Answer, Site, pages};
use tokio::io::AsyncWriteExt;

use crate::ground::{Done, Ground, finish};

const PAGE: &str = "<html lang=en><title>Refunds</title><nav><a href=/>Home</a></nav><main><h1>Refunds</h1>
    <p>A refund is paid back to the card that was <a href=/cards>charged</a>.</p>
    <div class=share-buttons>Tell your friends</div></main>";

/// Runs the program without a store, in the test's folder.
async fn extract(ground: &Ground, arguments: &[&str]) -> Done {
    finish(ground.bare(&[&["extract"], arguments].concat())).await
}

fn put(ground: &Ground, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = ground.path().join(name);
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_is_read_in_each_format() {
    let ground = Ground::sqlite();
    let page = put(&ground, "page.html", PAGE);
    let url = ["--url", "https://help.example.com/refunds"];
    let markdown = extract(&ground, &[&page, url[0], url[1]]).await.ok();
    let text = "A refund is paid back to the card that was";
    assert_eq!(markdown, format!("# Refunds\n\n{text} [charged](https://help.example.com/cards).\n"));
    let plain = extract(&ground, &[&page, "--format", "text"]).await.ok();
    assert_eq!(plain, format!("# Refunds\n\n{text} charged.\n"));
    let json = extract(&ground, &[&page, "--format", "json"]).await.json();
    assert_eq!(
        (&json["title"], &json["language"], &json["mime_type"]),
        (&"Refunds".into(), &"en".into(), &"text/html".into())
    );

    let markdown = put(&ground, "notes.md", "A line\nthat goes on, with *emphasis*.\n");
    assert_eq!(extract(&ground, &[&markdown]).await.ok(), "A line that goes on, with *emphasis*.\n");
    let rtf = put(&ground, "page.html.doc", r"{\rtf1\ansi Words in a rich text.\par}");
    assert_eq!(extract(&ground, &[&rtf]).await.ok(), "Words in a rich text.\n");
    assert!(fs::read_dir(ground.path()).unwrap().count() == 3, "reading made files");
}

#[tokio::test]
async fn standard_input_is_read() {
    let ground = Ground::sqlite();
    let mut command = ground.bare(&["extract", "-", "--format", "text"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(PAGE.as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("# Refunds\n"));
}

#[tokio::test]
async fn a_url_is_fetched_with_manners() {
    let (ground, site) = (Ground::sqlite(), Site::start().await);
    site.on("/robots.txt", Answer::text("User-agent: *\nDisallow: /private\n"));
    let page = site.on("/ja", pages::JAPANESE.utf8());
    let moved = site.on("/moved", Answer::redirect(302, "/ja"));
    let forbidden = site.on("/private", pages::ENGLISH.utf8());
    let missing = site.url("/missing");
    let text = ground.run(&["extract", &moved, "--format", "text"]).await.ok();
    assert!(pages::JAPANESE.paragraphs.iter().all(|paragraph| text.contains(paragraph)), "{text}");
    assert_eq!(site.count("/robots.txt"), 1);

    for (arguments, reason) in [
        (vec!["extract", &forbidden], "robots_disallowed: "),
        (vec!["extract", &missing], "not_found: "),
        (vec!["extract", &page, "--allow-private", "10.0.0.1"], "blocked_address: "),
    ] {
        let refusal = ground.run(&arguments).await.refusal();
        assert!(refusal.contains(reason), "{refusal}");
    }
    assert_eq!(site.count("/private"), 0);
    assert!(!ground.data().exists(), "a store was made for nothing");
}

#[tokio::test]
async fn what_cannot_be_read_says_why() {
    let ground = Ground::sqlite();
    let picture = put(&ground, "photo.html", b"\x89PNG\r\n\x1a\n0000");
    let (empty, blank) =
        (put(&ground, "empty.html", ""), put(&ground, "blank.html", "<html><body><script>x()</script>"));
    let notes = put(&ground, "notes.md", "# Notes\n\nSome words.\n");
    for (arguments, reason) in [
        (vec!["no-such-file.html"], "name a file, an http or https URL, or `-`"),
        (vec!["ftp://example.com/file"], "\"ftp://example.com/file\" "),
        (vec![&picture], "unsupported_type: image/png"),
        (vec![&empty], "it is empty"),
        (vec![&blank], "empty_content: "),
        (vec![&notes, "--explain"], "text/markdown, which is read whole"),
        (vec![&notes, "--url", "nonsense"], "--url \"nonsense\" "),
        (vec![&notes, "--format", "pdf"], "possible values: text, markdown, json"),
        (vec![], "<FILE|URL|->"),
        (vec!["--batch", "pages"], "--out <DIR>"),
        (vec!["--batch", "pages", "--out", "texts"], "--batch takes a folder that holds html/ID.html[.gz]"),
    ] {
        let refusal = extract(&ground, &arguments).await.refusal();
        assert!(refusal.contains(reason), "{arguments:?}: {refusal}");
    }
}

#[tokio::test]
async fn a_page_is_explained() {
    let ground = Ground::sqlite();
    let page = put(&ground, "page.html", PAGE);
    let shown = extract(&ground, &[&page, "--explain"]).await.ok();
    for line in ["left out: the landmark <nav>", "kept: the page's <main>", "by the word `share-buttons` (sharing)"] {
        assert!(shown.contains(line), "{shown}");
    }
    let json = extract(&ground, &[&page, "--explain", "--format", "json"]).await.json();
    assert_eq!(
        (&json["parts"][0]["element"], &json["parts"][0]["is_kept"]),
        (&"nav".into(), &false.into()),
        "{json:#}"
    );
}

#[tokio::test]
async fn a_folder_is_read_and_measured() {
    let ground = Ground::sqlite();
    let html = ground.path().join("pages/html");
    fs::create_dir_all(&html).unwrap();
    fs::write(html.join("a.html"), PAGE).unwrap();
    fs::write(html.join("b.html.gz"), packed("<p>Words of the second page, which is packed.")).unwrap();
    fs::write(html.join("c.html"), "<script>nothing()</script>").unwrap();
    fs::write(
        ground.path().join("pages/gold.jsonl"),
        "{\"id\":\"a\",\"url\":\"https://help.example.com/a\",\"text\":\"\"}\n",
    )
    .unwrap();
    let batch = ["--batch", "pages", "--out", "texts"];
    let done = extract(&ground, &batch).await;
    assert!(done.err.contains("c: empty_content: "), "{}", done.err);
    let report = done.ok();
    for part in ["3 pages, 1 without text; ", " pages/s, ", "p50 ", "p99 ", "max ", "peak memory "] {
        assert!(report.contains(part), "{report}");
    }
    let text = |name: &str| fs::read_to_string(ground.path().join("texts").join(name)).unwrap();
    assert!(text("a.txt").starts_with("# Refunds\n"), "{}", text("a.txt"));
    assert_eq!((text("b.txt").as_str(), text("c.txt").as_str()), ("Words of the second page, which is packed.\n", ""));

    extract(&ground, &[&batch[..], &["--format", "markdown"]].concat()).await.ok();
    assert!(text("a.md").contains("[charged](https://help.example.com/cards)"), "{}", text("a.md"));
}

fn packed(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}
