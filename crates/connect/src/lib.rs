//! The outside world: one guarded HTTP client, the rules of robots.txt, and a client for Gleaner's own API.

#![warn(missing_docs)]

pub mod api;
pub mod error;
mod fault;
pub mod guard;
pub mod http;
pub mod provider;
pub mod redirect;
pub mod resolve;
pub mod robots;
pub mod sitemap;

pub use error::ConfigError;
pub use guard::{AllowList, Guard};
pub use http::{Answer, Ask, Body, Client, Config, Page, Reply, Validators};
pub use redirect::Trail;
pub use resolve::{Resolve, SystemResolver};
pub use robots::{RobotsFile, Rules, Verdict};
