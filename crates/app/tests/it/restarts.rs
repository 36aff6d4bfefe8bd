//! A soft stop: running documents get a little time, then they are handed back as if nobody had tried.

use testkit::site::{Answer, Gate, Site};

use crate::ground::{Ground, on_both};
use crate::server::{status, until};

on_both!(a_soft_stop_hands_back_uncounted, a_soft_stop_lets_finish_what_is_nearly_done);

fn page(gate: &Gate) -> Answer {
    Answer::html("<p>A page that takes its time until somebody opens the gate.</p>").behind(gate)
}

async fn a_soft_stop_hands_back_uncounted(ground: Ground) {
    let (site, gate) = (Site::start().await, Gate::closed());
    let urls: Vec<String> = (0..5).map(|number| site.on(&format!("/page/{number}"), page(&gate))).collect();
    // With one attempt alone, one that counted would be the last.
    let flags = ["--grace", "300ms", "--attempts", "1"];
    let server = ground.serve(&flags).await;
    let ids = server.queue(&urls).await;
    until("all are running", async || (site.count_below("/page/") == 5).then_some(())).await;
    let status_code = server.service.stop().await;
    assert!(status_code.success(), "{status_code}");

    for id in &ids {
        let document = ground.run(&["show", id, "--json"]).await.json();
        crate::server::assert_promises(&document);
        assert_eq!((status(&document), &document["waiting"]["code"]), ("PENDING", &"worker".into()), "{document:#}");
    }
    gate.open();
    let server = ground.serve(&flags).await;
    for document in server.all_ended().await {
        assert_eq!((status(&document), &document["revision"]), ("COMPLETED", &1.into()), "{document:#}");
    }
}

async fn a_soft_stop_lets_finish_what_is_nearly_done(ground: Ground) {
    let (site, gate) = (Site::start().await, Gate::closed());
    let server = ground.serve(&["--grace", "30s"]).await;
    let ids = server.queue(&[site.on("/page", page(&gate))]).await;
    until("it is running", async || (site.count("/page") == 1).then_some(())).await;
    let stopping = tokio::spawn(server.service.stop());
    gate.open();
    assert!(stopping.await.unwrap().success());
    assert_eq!(status(&ground.run(&["show", &ids[0], "--json"]).await.json()), "COMPLETED");
}
