//! The operator's list of hosts and networks that may be reached although they are not public.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use url::Host;

/// Hosts and networks, as `--allow-private` takes them: `wiki.corp,*.intra.example,10.0.0.0/8,::1`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AllowList {
    nets: Vec<IpNet>,
    names: Vec<NameRule>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum NameRule {
    /// This host.
    Is(String),
    /// Every host below this name, the name itself not included. Kept with its leading dot.
    Below(String),
}

/// An entry that is neither a host nor a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{entry}` is {problem}; give host names, *.suffixes, IP addresses or networks, such as wiki.corp,*.intra.example,10.0.0.0/8"
)]
pub struct AllowListError {
    entry: String,
    problem: &'static str,
}

impl AllowList {
    /// Whether an address stands in one of the networks.
    pub fn has_address(&self, address: IpAddr) -> bool {
        self.nets.iter().any(|net| net.contains(&address))
    }

    /// Whether a host name is listed.
    pub fn has_name(&self, name: &str) -> bool {
        let name = plain_name(name);
        self.names.iter().any(|rule| match rule {
            NameRule::Is(listed) => *listed == name,
            NameRule::Below(suffix) => name.len() > suffix.len() && name.ends_with(suffix.as_str()),
        })
    }

    fn add(&mut self, entry: &str) -> Result<(), AllowListError> {
        let refused = |problem| AllowListError { entry: entry.chars().take(200).collect(), problem };
        if entry.contains("://") {
            return Err(refused("a URL"));
        }
        if entry.contains('/') {
            let net: IpNet = entry.parse().map_err(|_| refused("no network"))?;
            self.nets.push(net.trunc());
            return Ok(());
        }
        let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
        if let Ok(address) = bare.parse::<IpAddr>() {
            self.nets.push(address.into());
            return Ok(());
        }
        if entry.contains(':') {
            return Err(refused("a host with a port, or a broken IPv6 address"));
        }
        let (below, name) = entry.strip_prefix("*.").map_or((false, entry), |name| (true, name));
        match Host::parse(name) {
            Ok(Host::Domain(name)) if !name.contains('*') && !plain_name(&name).is_empty() => {
                let name = plain_name(&name);
                self.names.push(if below { NameRule::Below(format!(".{name}")) } else { NameRule::Is(name) });
                Ok(())
            }
            Ok(Host::Ipv4(address)) if !below => {
                self.nets.push(IpAddr::V4(address).into());
                Ok(())
            }
            _ => Err(refused("no host name")),
        }
    }
}

/// A name in the one form that names are compared in: lower case, no dot at the end.
pub(crate) fn plain_name(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

impl FromStr for AllowList {
    type Err = AllowListError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut list = Self::default();
        for entry in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            list.add(entry)?;
        }
        Ok(list)
    }
}

impl fmt::Display for AllowList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nets = self
            .nets
            .iter()
            .map(|net| if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() });
        let names = self.names.iter().map(|rule| match rule {
            NameRule::Is(name) => name.clone(),
            NameRule::Below(suffix) => format!("*{suffix}"),
        });
        f.write_str(&nets.chain(names).collect::<Vec<_>>().join(","))
    }
}

impl TryFrom<String> for AllowList {
    type Error = AllowListError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AllowList> for String {
    fn from(list: AllowList) -> Self {
        list.to_string()
    }
}
