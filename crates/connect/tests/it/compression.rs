//! Every coding unpacks; every bomb is cut at the cap.

use async_compression::Level;
use async_compression::tokio::bufread::{BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
use async_compression::zstd::CParameter;
use connect::Config;
use model::FailureCode;
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::origin::{Origin, client, config, drain, fetch, ok, page};

const CAP: u64 = 256 * 1_024;

async fn all(mut reader: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).await.unwrap();
    bytes
}

async fn packed(coding: &str, plain: &[u8]) -> Vec<u8> {
    match coding {
        "gzip" | "x-gzip" => all(GzipEncoder::new(plain)).await,
        "br" => all(BrotliEncoder::with_quality(plain, Level::Fastest)).await,
        "zstd" => all(ZstdEncoder::new(plain)).await,
        "deflate" => all(ZlibEncoder::new(plain)).await,
        "raw deflate" => all(DeflateEncoder::new(plain)).await,
        _ => plain.to_vec(),
    }
}

async fn encoded(coding: &str, body: &[u8]) -> Origin {
    Origin::saying(ok(&format!("Content-Encoding: {coding}\r\n"), body)).await
}

fn capped() -> Config {
    Config { max_bytes: CAP, ..config() }
}

#[tokio::test]
async fn every_coding_unpacks() {
    let plain = "The quick brown fox. ".repeat(5_000).into_bytes();
    for (header, coding) in [
        ("gzip", "gzip"),
        ("x-gzip", "x-gzip"),
        ("GZIP", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("deflate", "deflate"),
        ("deflate", "raw deflate"),
        ("identity", ""),
        ("", ""),
    ] {
        let origin = encoded(header, &packed(coding, &plain).await).await;
        assert_eq!(fetch(&client(&config()), &origin.url("/")).await.as_deref(), Ok(&plain[..]), "{coding}");
    }
}

#[tokio::test]
async fn two_codings_come_off_in_the_right_order_and_a_third_is_refused() {
    let plain = b"hello".repeat(1_000);
    let twice = packed("br", &packed("gzip", &plain).await).await;
    for header in ["gzip, br", "gzip\r\nContent-Encoding: br"] {
        let origin = encoded(header, &twice).await;
        assert_eq!(fetch(&client(&config()), &origin.url("/")).await.as_deref(), Ok(&plain[..]));
    }
    for header in ["gzip, gzip, br", "compress", "gzip, lzma"] {
        let failure = fetch(&client(&config()), &encoded(header, &twice).await.url("/")).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::UnsupportedType, "{header}: {failure}");
    }
}

#[tokio::test]
async fn parts_packed_one_by_one_are_all_read() {
    for coding in ["gzip", "zstd"] {
        let body = [packed(coding, b"one ").await, packed(coding, b"two").await].concat();
        let origin = encoded(coding, &body).await;
        assert_eq!(fetch(&client(&config()), &origin.url("/")).await.as_deref(), Ok(&b"one two"[..]), "{coding}");
    }
}

#[tokio::test]
async fn an_empty_body_needs_no_unpacking() {
    for coding in ["gzip", "br", "zstd", "deflate", "gzip, br"] {
        let origin = encoded(coding, b"").await;
        assert_eq!(fetch(&client(&config()), &origin.url("/")).await.as_deref(), Ok(&b""[..]), "{coding}");
    }
}

/// 64 times the cap in a few kilobytes. What is handed out stays under the cap; memory is bounded by one chunk beside it.
#[tokio::test]
async fn a_bomb_is_cut_at_the_cap() {
    let zeros = vec![0; usize::try_from(CAP).unwrap() * 64];
    for coding in ["gzip", "br", "zstd", "deflate", "raw deflate"] {
        let bomb = packed(coding, &zeros).await;
        assert!(bomb.len() < 32_000, "{coding} packs to {}", bomb.len());
        let origin = encoded(coding.trim_start_matches("raw "), &bomb).await;
        let mut page = page(&client(&capped()), &origin.url("/")).await.unwrap();
        let (bytes, end) = drain(&mut page.body).await;
        assert_eq!(end.unwrap_err().code, FailureCode::TooLarge, "{coding}");
        let pulled = u64::try_from(bytes.len()).unwrap();
        assert!(pulled <= CAP && pulled + 64 * 1_024 >= CAP, "{coding} handed out {pulled}");
    }
}

#[tokio::test]
async fn a_bomb_in_a_bomb_is_cut_where_it_first_grows() {
    let zeros = vec![0; usize::try_from(CAP).unwrap() * 64];
    let nested = packed("gzip", &packed("gzip", &zeros).await).await;
    // Empty members: the outer layer grows without end, the inner one swallows it and hands out nothing.
    let swallowed = packed("br", &packed("gzip", b"").await.repeat(500_000)).await;
    for (header, bomb) in [("gzip, gzip", nested), ("gzip, br", swallowed)] {
        assert!(bomb.len() < 32_000, "{header} packs to {}", bomb.len());
        let failure = fetch(&client(&capped()), &encoded(header, &bomb).await.url("/")).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::TooLarge, "{header}: {failure}");
    }
}

#[tokio::test]
async fn what_is_exactly_at_the_cap_passes_and_one_byte_more_does_not() {
    for (more, passes) in [(0, true), (1, false)] {
        let plain = vec![b'x'; usize::try_from(CAP).unwrap() + more];
        for coding in ["gzip", "br", "zstd", "deflate", "identity"] {
            let origin = encoded(coding, &packed(coding, &plain).await).await;
            let outcome = fetch(&client(&capped()), &origin.url("/")).await;
            assert_eq!(
                outcome.map(|bytes| bytes.len()).map_err(|failure| failure.code),
                if passes { Ok(plain.len()) } else { Err(FailureCode::TooLarge) },
                "{coding} {more}"
            );
        }
    }
}

#[tokio::test]
async fn a_zstd_page_cannot_claim_a_window_of_128_mebibytes() {
    let plain = b"x".repeat(100_000);
    let encoder = ZstdEncoder::with_quality_and_params(&plain[..], Level::Fastest, &[CParameter::window_log(27)]);
    let failure = fetch(&client(&config()), &encoded("zstd", &all(encoder).await).await.url("/")).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::ParseFailed, "{failure}");
}

#[tokio::test]
async fn damage_is_told_from_a_broken_connection() {
    let whole = packed("gzip", "The quick brown fox. ".repeat(5_000).as_bytes()).await;
    let mut damaged = whole.clone();
    // The checksum: damage in the middle may read as data that ends too soon, and what a decoder makes of it is its own.
    let checksum = whole.len() - 8;
    damaged[checksum..checksum + 4].fill(0xff);
    let cases = [
        (&damaged[..], FailureCode::ParseFailed),
        (&whole[..whole.len() / 2], FailureCode::Connect),
        (b"<html>", FailureCode::ParseFailed),
    ];
    for (body, code) in cases {
        let failure = fetch(&client(&config()), &encoded("gzip", body).await.url("/")).await.unwrap_err();
        assert_eq!(failure.code, code, "{failure}");
    }
}
