//! Scratch measurement.
use std::sync::Arc;
use std::time::{Duration, Instant};
use model::*;
use pipeline::{Found, Place, Settings, Task, Worker};
use store::*;
use tokio_util::sync::CancellationToken;

#[derive(Clone)]
struct Noop(NewText, Arc<std::sync::atomic::AtomicUsize>, usize, CancellationToken);
impl Task for Noop {
    async fn run(&self, _: &Job, _: &Place) -> Result<Found, Failure> {
        self.1.fetch_add(1, std::sync::atomic::Ordering::SeqCst); Ok(Found { text: self.0.clone(), change: Change::First })
    }
}
fn batch(first: usize, n: usize) -> WebBatch {
    let wanted = (first..first + n).map(|i| { let u = format!("https://host{}.example/page/{i}", i % 500); Wanted { url: WebUrl::parse(&u).unwrap(), original: u, add: true } }).collect();
    WebBatch { wanted, flags: Flags::default(), priority: Priority::Bulk, max_attempts: 5 }
}
#[tokio::main]
async fn main() {
    let kind = std::env::args().nth(1).unwrap();
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let target = if kind == "sqlite" { Target::Sqlite(folder.path().join("g.db")) } else { Target::Postgres(std::env::args().nth(2).unwrap()) };
    let store = Store::open(&target, folder.path(), Clock::system()).await.unwrap();
    let mut w = store.write().await.unwrap();
    let (ws, _) = w.ensure_workspace(&format!("w{}", JobId::new()), store.now()).await.unwrap();
    w.commit().await.unwrap();
    let base = (store.now().as_micros() % 1_000_000_000) as usize * 1000;
    let t = Instant::now();
    let n = 30;
    let mut set = tokio::task::JoinSet::new();
    for c in 0..2 { let store = store.clone(); set.spawn(async move { for k in 0..n { store.queue_web(ws, batch(base + (c * n + k) * 1000, 1000)).await.unwrap(); } }); }
    while set.join_next().await.is_some() {}
    println!("enqueue 1000 x2: {:.0} rows/s", (2 * n * 1000) as f64 / t.elapsed().as_secs_f64());
    let mut w = store.write().await.unwrap();
    let mut blob = store.blobs().writer().await.unwrap(); blob.write(b"x").await.unwrap();
    let blob = blob.finish().await.unwrap();
    drop(w);
    let text = NewText { blob, url: "https://x.example/".into(), mime_type: "text/html".into(), title: "Title".into(), language: None, paragraphs: vec!["x".repeat(220)], blocks: vec![], warnings: vec![], etag: None, last_modified: None };
    let stop = CancellationToken::new();
    let count: Arc<std::sync::atomic::AtomicUsize> = Arc::default();
    let settings = Settings { concurrency: std::env::args().nth(3).map_or(400, |t| t.parse().unwrap()), pace: Pace { delay: Duration::ZERO, ..Settings::default().pace }, ..Settings::default() };
    let worker = Worker::new(store.clone(), Noop(text, count.clone(), 0, stop.clone()), Arc::new(settings));
    let t = Instant::now();
    let s2 = stop.clone();
    let run = tokio::spawn(async move { worker.run(s2).await });
    loop {
        if count.load(std::sync::atomic::Ordering::SeqCst) < 2*n*1000 { tokio::time::sleep(Duration::from_millis(5)).await; continue; }
        let left = store.read().await.unwrap().live_jobs(ws).await.unwrap();
        if left == 0 { break; }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    println!("drain {}: {:.0} jobs/s", 2 * n * 1000, (2 * n * 1000) as f64 / t.elapsed().as_secs_f64());
    stop.cancel(); run.await.unwrap();
    let t = Instant::now();
    let mut set = tokio::task::JoinSet::new();
    let k = 500;
    for c in 0..16 { let store = store.clone(); set.spawn(async move { for i in 0..k { store.queue_web(ws, batch(base + 500_000 + c * k + i, 1)).await.unwrap(); } }); }
    while set.join_next().await.is_some() {}
    println!("enqueue 1 x16: {:.0} calls/s", (16 * k) as f64 / t.elapsed().as_secs_f64());
}
