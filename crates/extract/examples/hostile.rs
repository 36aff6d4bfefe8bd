//! Times pages that are made to hurt, each on a thread with a stack of 2 MiB: `hostile` prints milliseconds and blocks.

use std::error::Error;
use std::time::Instant;

use extract::{Hint, extract};

const STACK: usize = 2 * 1024 * 1024;

fn pages() -> Vec<(&'static str, String)> {
    let numbered = |front: &str, back: &str, count: u32| {
        (0..count).map(|number| format!("{front}{number}{back}")).collect::<Vec<_>>().concat()
    };
    let text = "Words that go on and on without any end. ".repeat(500_000);
    vec![
        ("div 20,000", format!("{}text{}", "<div>".repeat(20_000), "</div>".repeat(20_000))),
        ("div 200,000", format!("{}text", "<div>".repeat(200_000))),
        ("b 20,000", format!("{}text", "<b>".repeat(20_000))),
        ("font 20,000", numbered("<font color=c", ">x<p>", 20_000)),
        ("a and table 2,000", "<a href=x><table>".repeat(2_000) + "text"),
        ("svg and math", "<svg><math><desc><mi>".repeat(10_000) + "<p>text"),
        ("attributes 100,000", format!("<div{}>text</div>", numbered(" a", "=x", 100_000))),
        ("p 200,000", "<p>Some words here.".repeat(200_000)),
        ("text 20 MB", format!("<p>{text}")),
        ("li 100,000 nested", "<ul><li>x".repeat(100_000)),
        ("dl 50,000 nested", "<dl><dd>x".repeat(50_000)),
        ("table 20,000 nested", "<table><tr><td>x".repeat(20_000)),
        ("headings 100,000", "<h2>Related articles</h2>".repeat(100_000)),
        ("h1 100,000", "<h1>One".repeat(100_000)),
        ("div class 200,000", "<div class='a b-toc c'><article>words</div>".repeat(200_000)),
        ("posts 100,000", "<div class=cooked>words here</div>".repeat(100_000)),
        ("open tags 20 MB", "<i><p>".repeat(3_500_000)),
        (
            "spans in one cell",
            format!("<table><tr><td>a<td>b<tr><td>{}", "<table><tr><td>x<td>y</table>".repeat(50_000)),
        ),
    ]
}

fn main() -> Result<(), Box<dyn Error>> {
    for (name, page) in pages() {
        let work = std::thread::Builder::new().stack_size(STACK).spawn(move || {
            let started = Instant::now();
            let hint = Hint { content_type: Some("text/html".to_owned()), ..Hint::default() };
            let found = extract(page.as_bytes(), &hint);
            let said = found.map_or_else(|failure| failure.to_string(), |page| format!("{} blocks", page.blocks.len()));
            (started.elapsed().as_millis(), said)
        })?;
        let (took, said) = work.join().map_err(|_| format!("{name}: panic"))?;
        println!("{name:24} {took:6} ms  {said:.60}");
    }
    Ok(())
}
