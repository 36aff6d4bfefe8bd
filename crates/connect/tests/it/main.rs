//! The client against real servers on this machine, most of them badly behaved.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where it stopped")]

mod addresses;
mod api;
mod compression;
mod confluence;
mod connected;
mod contracts;
mod googledrive;
mod limits;
mod namespace;
mod notion;
mod oauth;
mod origin;
mod replies;
mod robots;
mod time;
mod tls;
mod tokens;
mod wire;
mod zendesk;
