//! A page's bytes, decompressed as they arrive, within every limit.

use std::fmt;
use std::io::{self, Cursor};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_compression::tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::TryStreamExt;
use model::{Failure, FailureCode};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use tokio::io::{AsyncBufRead, AsyncRead, AsyncReadExt, BufReader, ReadBuf};
use tokio::time::{Instant, timeout_at};
use tokio_util::io::StreamReader;

use crate::fault::{self, Carried};

/// How much is read, and handed out, at a time.
const CHUNK: usize = 16 * 1_024;

/// More than two layers of compression serve nobody but attackers.
const MOST_CODINGS: usize = 2;

/// The window that RFC 9659 grants zstd on the web, 8 MiB: a larger one is memory that one small page could claim.
const ZSTD_WINDOW_LOG: u32 = 23;

type Source = Box<dyn AsyncBufRead + Send + Unpin>;

/// The content of a page, as a stream: a large page never sits in memory.
pub struct Body {
    source: Source,
    host: String,
    limits: Limits,
}

/// What a body may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// When the whole fetch must have ended, and how long that was.
    pub deadline: Instant,
    pub total: Duration,
    /// The longest silence.
    pub idle: Duration,
    /// The most bytes, compressed as well as decompressed.
    pub max_bytes: u64,
}

impl Body {
    pub(super) async fn open(response: reqwest::Response, host: String, limits: Limits) -> Result<Self, Failure> {
        let codings = codings(response.headers())?;
        let raw = StreamReader::new(Box::pin(response.bytes_stream().map_err(io::Error::other)));
        let mut body = Self { source: metered(raw, limits.max_bytes), host, limits };
        // The header names the codings in the order of their use; they come off in the opposite one.
        for coding in codings.into_iter().rev() {
            body = body.decoded(coding).await?;
        }
        Ok(body)
    }

    /// The next bytes, decompressed; `None` at the end, when everything has arrived.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        // Full chunks, also from a server that sends byte by byte: a chunk costs its capacity.
        let mut room = BytesMut::with_capacity(CHUNK).limit(CHUNK);
        while room.has_remaining_mut() {
            if timed(self.source.read_buf(&mut room), &self.host, self.limits).await? == 0 {
                break;
            }
        }
        let chunk = room.into_inner();
        Ok((!chunk.is_empty()).then(|| chunk.freeze()))
    }

    async fn decoded(self, coding: Coding) -> Result<Self, Failure> {
        let Self { mut source, host, limits } = self;
        let head = timed(head(&mut source), &host, limits).await?;
        if head.is_empty() {
            return Ok(Self { source, host, limits });
        }
        let zlib = is_zlib(&head);
        let source = Cursor::new(head).chain(source);
        let max = limits.max_bytes;
        let source = match coding {
            Coding::Gzip => {
                let mut decoder = GzipDecoder::new(source);
                decoder.multiple_members(true);
                metered(decoder, max)
            }
            Coding::Zstd => {
                let mut decoder = ZstdDecoder::with_params(source, &[DParameter::window_log_max(ZSTD_WINDOW_LOG)]);
                decoder.multiple_members(true);
                metered(decoder, max)
            }
            Coding::Brotli => metered(BrotliDecoder::new(source), max),
            Coding::Deflate if zlib => metered(ZlibDecoder::new(source), max),
            Coding::Deflate => metered(DeflateDecoder::new(source), max),
        };
        Ok(Self { source, host, limits })
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("host", &self.host).field("limits", &self.limits).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

fn codings(headers: &HeaderMap) -> Result<Vec<Coding>, Failure> {
    let refused = |text: String| Failure::new(FailureCode::UnsupportedType, text);
    let mut codings = Vec::new();
    for value in headers.get_all(CONTENT_ENCODING) {
        let value = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
        for name in value.split(',').map(str::trim) {
            codings.push(match name {
                "" | "identity" => continue,
                "gzip" | "x-gzip" => Coding::Gzip,
                "deflate" => Coding::Deflate,
                "br" => Coding::Brotli,
                "zstd" => Coding::Zstd,
                _ => {
                    let name: String = name.chars().take(200).collect();
                    return Err(refused(format!("the content is encoded as `{name}`, which is not read")));
                }
            });
        }
    }
    if codings.len() > MOST_CODINGS {
        return Err(refused(format!("the content is compressed {} times over", codings.len())));
    }
    Ok(codings)
}

/// The first bytes, at most two.
async fn head(source: &mut Source) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(2);
    source.take(2).read_to_end(&mut head).await?;
    Ok(head)
}

/// Servers send "deflate" with and without the zlib frame that the standard asks for; its two bytes tell.
fn is_zlib(head: &[u8]) -> bool {
    matches!(*head, [method, flags] if method & 0x0f == 8 && (u16::from(method) << 8 | u16::from(flags)) % 31 == 0)
}

async fn timed<T>(step: impl Future<Output = io::Result<T>>, host: &str, limits: Limits) -> Result<T, Failure> {
    let silence = Instant::now() + limits.idle;
    let timeout = |text: String| Failure::new(FailureCode::Timeout, text);
    match timeout_at(silence.min(limits.deadline), step).await {
        Ok(read) => read.map_err(|error| fault::failure_of_read(&error, host)),
        Err(_) if limits.deadline <= silence => {
            Err(timeout(format!("`{host}` took longer than {:?} for the whole page", limits.total)))
        }
        Err(_) => Err(timeout(format!("`{host}` sent nothing for {:?} in the middle of the page", limits.idle))),
    }
}

/// Counts what passes and fails once it is too much. There is one on the wire and one behind every decoder: a layer that
/// unpacks to gigabytes which the next one swallows must not spin unseen.
struct Metered<R> {
    inner: R,
    left: u64,
    max: u64,
}

fn metered(inner: impl AsyncRead + Send + Unpin + 'static, max: u64) -> Source {
    Box::new(BufReader::with_capacity(CHUNK, Metered { inner, left: max, max }))
}

impl<R: AsyncRead + Unpin> AsyncRead for Metered<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buffer))?;
        let passed = u64::try_from(buffer.filled().len() - before).unwrap_or(u64::MAX);
        match self.left.checked_sub(passed) {
            Some(left) => {
                self.left = left;
                Poll::Ready(Ok(()))
            }
            None => Poll::Ready(Err(Carried::io(too_large(self.max)))),
        }
    }
}

pub(super) fn too_large(max: u64) -> Failure {
    Failure::new(FailureCode::TooLarge, format!("the content is larger than {max} bytes"))
}
