//! What an idle server costs.

use crate::ground::{Ground, on_both};

on_both!(an_idle_server_is_small);

async fn an_idle_server_is_small(ground: Ground) {
    let server = ground.serve(&[]).await;
    assert!(server.list(&[]).await.is_empty());
    let kib = resident_kib(server.service.pid());
    println!("an idle server has {} MiB resident", kib / 1024);
    assert!(kib < 128 * 1024, "{kib} KiB");
}

fn resident_kib(pid: nix::unistd::Pid) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
