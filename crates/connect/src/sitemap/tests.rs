//! Sitemaps as sites write them, well and badly.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

fn pages(file: &[u8]) -> Vec<String> {
    read(file).unwrap().pages.into_iter().map(|(url, _)| url.to_string()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn pages_are_read_in_every_spelling() {
    let cases: [&[u8]; 6] = [
        b"<urlset><url><loc>https://a.example/x</loc></url></urlset>",
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>\n <url>\n <loc>\n https://a.example/x \n</loc></url>",
        b"<s:urlset xmlns:s='x'><s:url><s:loc>https://a.example/x</s:loc><s:priority>1</s:priority></s:url></s:urlset>",
        b"<urlset><url><loc><![CDATA[https://a.example/x]]></loc></url><url><loc>mailto:me</loc></url></urlset>",
        b"https://a.example/x\r\n\r\nnot an address\r\n",
        b"<urlset><url><image:image><image:loc>https://a.example/i.png</image:loc></image:image><loc>https://a.example/x</loc></url></urlset>",
    ];
    for file in cases {
        assert_eq!(pages(file), ["https://a.example/x"], "{}", String::from_utf8_lossy(file));
        assert_eq!(pages(&gzip(file)), ["https://a.example/x"]);
    }
}

#[test]
fn an_index_names_other_sitemaps() {
    let file = b"<sitemapindex><sitemap><loc>https://a.example/1.xml.gz</loc><lastmod>2026-01-01</lastmod></sitemap></sitemapindex>";
    let found = read(file).unwrap();
    assert_eq!(found.sitemaps.iter().map(WebUrl::as_str).collect::<Vec<_>>(), ["https://a.example/1.xml.gz"]);
    assert!(found.pages.is_empty() && !found.is_cut);
}

#[test]
fn dates_are_those_of_their_page() {
    let file = b"<urlset><url><lastmod>2026-05-03T10:00:00Z</lastmod><loc>https://a.example/1</loc></url>
        <url><loc>https://a.example/2</loc></url><url><loc>https://a.example/3</loc><lastmod>yesterday</lastmod></url></urlset>";
    let dates: Vec<Option<String>> = read(file).unwrap().pages.into_iter().map(|(_, date)| date).collect();
    assert_eq!(dates, [Some("2026-05-03T10:00:00Z".to_owned()), None, None]);
}

#[test]
fn what_is_no_sitemap_is_refused() {
    for file in
        [&b""[..], b"Not found", b"<html><body><url><loc>https://a.example/</loc></url></body></html>", b"\x1f\x8bxxxx"]
    {
        assert_eq!(read(file).unwrap_err().code, FailureCode::ParseFailed, "{}", String::from_utf8_lossy(file));
    }
}

#[test]
fn what_came_before_a_break_counts() {
    let file = b"<urlset><url><loc>https://a.example/x</loc></url><url <";
    let found = read(file).unwrap();
    assert_eq!((found.pages.len(), found.is_cut), (1, true));
    let packed = gzip(&b"https://a.example/x\n".repeat(2_000));
    let found = read(&packed[..packed.len() - 8]).unwrap();
    assert!(found.is_cut && !found.pages.is_empty());
}

#[test]
fn no_more_is_read_than_the_protocol_allows() {
    let url = "<url><loc>https://a.example/x</loc></url>";
    let found = read(format!("<urlset>{}</urlset>", url.repeat(MOST_ENTRIES + 1)).as_bytes()).unwrap();
    assert_eq!((found.pages.len(), found.is_cut), (MOST_ENTRIES, true));
    let found = read("https://a.example/x\n".repeat(MOST_ENTRIES + 1).as_bytes()).unwrap();
    assert_eq!((found.pages.len(), found.is_cut), (MOST_ENTRIES, true));
}

#[test]
fn a_bomb_is_not_unpacked_whole() {
    let bomb = gzip(&vec![b' '; 60 * 1_024 * 1_024]);
    assert!(read(&bomb).is_err());
    assert!(read(format!("<urlset>{}", "<a>".repeat(1_000_000)).as_bytes()).unwrap().is_cut);
    let laughs = b"<!DOCTYPE urlset [<!ENTITY a 'https://a.example/'>]><urlset><url><loc>&a;</loc></url></urlset>";
    assert!(read(laughs).unwrap().pages.is_empty());
}
