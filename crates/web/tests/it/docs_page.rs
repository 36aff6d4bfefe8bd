//! The documentation page in a real browser: it shows every route, under its own content policy.

use std::path::Path;

use tempfile::tempdir;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::oneshot;
use web::State;

use crate::bed::Bed;

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_shows_every_operation() {
    let bed = Bed::sqlite().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(web::serve(listener, web::router(State::new(bed.store.clone())), async {
        let _ = stopped.await;
    }));

    let page = rendered(&format!("http://{address}/docs")).await;
    for route in ["/v2/documents/public", "/v2/documents/public/{id}", "/healthz", "/readyz"] {
        // The viewer breaks long paths with invisible word breaks.
        assert!(page.replace("<wbr>", "").contains(route), "the page does not show {route}:\n{page}");
    }
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
}

/// What the page has become once its scripts have run.
async fn rendered(url: &str) -> String {
    let profile = tempdir().unwrap();
    let output = Command::new(browser())
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--virtual-time-budget=20000", "--dump-dom", url])
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn browser() -> &'static str {
    let known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    known.into_iter().find(|path| Path::new(path).exists()).expect("no Chromium; `apt-get install chromium`")
}
