//! A request to a site, read in the light of the door that it came through.

use super::paging::List;
use super::refusals;
use super::world::World;
use crate::provider::exchange::{Reply, Request};
use crate::provider::switches::Switches;

/// A request that was let in.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) world: &'a World,
    pub(super) request: &'a Request,
    pub(super) switches: &'a Switches,
    /// The path as the site itself has it, whatever the gateway put before it.
    pub(super) path: &'a str,
    /// The address of the site that relative links start from, such as `https://example.atlassian.net/wiki`.
    pub(super) base: String,
}

impl<'a> Asked<'a> {
    /// A list of version 2, with the limit that it has when none is asked for.
    pub(super) fn list(&self, usual: usize) -> List<'_> {
        let (request, switches, cap) = (self.request, self.switches, self.world.quirks.cap);
        List { request, switches, path: self.path, base: &self.base, usual, cap }
    }

    /// The values of a parameter that may be repeated or hold commas; none when it is absent.
    pub(super) fn values(&self, name: &str) -> Option<Vec<&'a str>> {
        let all = self.request.query.iter().filter(|(key, _)| key == name);
        let values: Vec<_> = all.flat_map(|(_, value)| value.split(',')).map(str::trim).collect();
        (!values.is_empty()).then_some(values)
    }

    /// The same as ids.
    pub(super) fn ids(&self, name: &str) -> Result<Option<Vec<u64>>, Reply> {
        let Some(values) = self.values(name) else { return Ok(None) };
        let ids = values.iter().map(|value| value.parse().map_err(|_| refusals::bad_value(name, value)));
        ids.collect::<Result<_, _>>().map(Some)
    }

    /// A parameter that takes a few words only.
    pub(super) fn choice(&self, name: &str, words: &[&str]) -> Result<Option<&'a str>, Reply> {
        let value = self.request.parameter(name);
        value.filter(|value| !words.contains(value)).map_or(Ok(value), |value| Err(refusals::bad_value(name, value)))
    }
}
