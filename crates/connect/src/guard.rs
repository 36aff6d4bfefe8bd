//! Which addresses may be reached: pure rules, asked before a request, at resolution and once connected.

mod allow;
mod special;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use model::{Failure, FailureCode, WebUrl};
use url::Host;

pub use allow::{AllowList, AllowListError};
pub use special::Class;

/// The ports that web servers stand on.
const WEB_PORTS: [u16; 2] = [80, 443];

/// Names of this machine and of metadata services, refused before any resolver is asked.
const LOCAL_NAMES: [&str; 7] = [
    "localhost",
    "localhost.localdomain",
    "localhost4.localdomain4",
    "localhost6.localdomain6",
    "metadata.google.internal",
    "metadata.goog",
    "metadata.azure.com",
];

/// Endings that never belong to the public internet.
const LOCAL_ENDINGS: [&str; 8] =
    [".localhost", ".localdomain", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".onion"];

/// The rules in force: deny what is not public, except what the operator listed.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    allow: AllowList,
    ports: Vec<u16>,
}

impl Guard {
    /// Rules with the operator's hosts and networks, and the ports he opened beside 80 and 443.
    pub fn new(allow: AllowList, ports: Vec<u16>) -> Self {
        Self { allow, ports }
    }

    /// Judges what an address says by itself: its port, its IP literal, its name. No resolver is asked.
    pub fn check_url(&self, url: &WebUrl) -> Result<(), Failure> {
        let host = url.host();
        match host {
            Host::Domain(name) => self.check_name(name)?,
            Host::Ipv4(address) => self.check_address(&host.to_string(), address.into())?,
            Host::Ipv6(address) => self.check_address(&host.to_string(), address.into())?,
        }
        self.check_port(&host, url.port())
    }

    /// Judges an address that a host stands at, whether written, resolved or connected to.
    pub fn check_address(&self, host: &str, address: IpAddr) -> Result<(), Failure> {
        let by_name = self.allow.has_name(host);
        self.judge(address, by_name).map_err(|class| {
            // The address itself is not told: it would let a caller map the network behind a name.
            let mend = if class.opened_by_name() {
                format!("if it is meant, start with --allow-private {host}")
            } else {
                "if it is meant, list the address or its network with --allow-private; a name does not open it"
                    .to_owned()
            };
            blocked(format!("`{host}` leads to {class} address, which is not fetched; {mend}"))
        })
    }

    fn judge(&self, address: IpAddr, by_name: bool) -> Result<(), Class> {
        let Some(class) = special::class_of(address) else { return Ok(()) };
        // The kernel connects a mapped address to the IPv4 one, so a rule for that one speaks for both.
        let listed = self.allow.has_address(address) || self.allow.has_address(address.to_canonical());
        if !(listed || by_name && class.opened_by_name()) {
            return Err(class);
        }
        // Allowing a translator's prefix opens the public internet behind it, not the private network.
        match address {
            IpAddr::V6(v6) if class == Class::Translated => {
                special::embedded(v6).into_iter().try_for_each(|inner| self.judge(inner.into(), false))
            }
            _ => Ok(()),
        }
    }

    fn check_name(&self, name: &str) -> Result<(), Failure> {
        let plain = allow::plain_name(name);
        if self.allow.has_name(&plain) {
            return Ok(());
        }
        let local = LOCAL_NAMES.contains(&plain.as_str())
            || LOCAL_ENDINGS.iter().any(|ending| plain.ends_with(ending))
            // A name without a dot is looked up among the local network's own names.
            || !plain.contains('.');
        if local {
            return Err(blocked(format!(
                "`{name}` is a name of the local network, which is not fetched; if it is meant, start with --allow-private {plain}"
            )));
        }
        Ok(())
    }

    fn check_port(&self, host: &Host<&str>, port: u16) -> Result<(), Failure> {
        let listed = match *host {
            Host::Domain(name) => self.allow.has_name(name),
            Host::Ipv4(address) => self.allow.has_address(address.into()),
            Host::Ipv6(address) => self.allow.has_address(address.into()),
        };
        if listed || WEB_PORTS.contains(&port) || self.ports.contains(&port) {
            return Ok(());
        }
        Err(blocked(format!(
            "port {port} of `{host}` is not fetched, only 80 and 443; if it is meant, start with --allow-private {host}"
        )))
    }
}

fn blocked(text: String) -> Failure {
    Failure::new(FailureCode::BlockedAddress, text)
}
