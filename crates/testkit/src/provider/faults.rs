//! The faults that have nothing to do with what was asked for.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::exchange::{Reply, Request};
use super::fake::{Fake, Refusal, ThrottleShape};
use super::switches::{Switch, Switches};

/// The page of a proxy that does not let a caller through, as content networks serve it.
const EDGE_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Attention Required!</title></head>\
                         <body><h1>Sorry, you have been blocked</h1></body></html>\n";

/// The answer to a request that no route gets to see.
pub fn before(fake: &impl Fake, switches: &Switches, request: &Request) -> Option<Reply> {
    if switches.strikes(Switch::EdgePage) {
        let page = Reply::new(403, "text/html; charset=UTF-8", EDGE_PAGE);
        return Some(page.header("cf-ray", "8f2a41c0deadbeef-FRA"));
    }
    let refusal = throttle(switches)
        .or_else(|| switches.breaks().map(|status| Refusal::Broken { status }))
        .or_else(|| switches.strikes(Switch::Revoked).then_some(Refusal::Unauthorized))?;
    Some(fake.refuse(&refusal, request))
}

fn throttle(switches: &Switches) -> Option<Refusal> {
    let retry_after = switches
        .throttles()?
        .map(|seconds| if switches.is_set(Switch::RetryAfterDate) { date_in(seconds) } else { seconds.to_string() });
    let shape = if switches.is_set(Switch::RateLimit403) {
        ThrottleShape::Forbidden
    } else if switches.is_set(Switch::PlainText429) {
        ThrottleShape::PlainText
    } else {
        ThrottleShape::Usual
    };
    Some(Refusal::Throttled { retry_after, shape })
}

/// The date so many seconds from now, as RFC 9110 writes it. It has whole seconds, so it is rounded up: who comes back then
/// has waited long enough.
fn date_in(seconds: u32) -> String {
    let then = Timestamp::now() + Duration::from_secs(u64::from(seconds) + 1);
    DateTimePrinter::new().timestamp_to_rfc9110_string(&then).expect("this century can be written as a date")
}
