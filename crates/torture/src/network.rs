//! Machines that are network namespaces: each has an address in the network of the database and one in that of the site.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use nix::sched::{CloneFlags, setns};

/// Two bridges on this machine and a namespace for each of the others. Gone with its value.
#[derive(Debug)]
pub struct Network {
    tag: String,
    subnet: u8,
    machines: u8,
}

static LAID: AtomicU32 = AtomicU32::new(0);

impl Network {
    /// Lays the network for this many machines. Needs root and iproute2.
    pub fn lay(machines: u8) -> Result<Self> {
        let number = std::process::id().wrapping_mul(8).wrapping_add(LAID.fetch_add(1, Ordering::Relaxed));
        let subnet = 64 + u8::try_from(number % 128).unwrap_or(0);
        let network = Self { tag: format!("gt{:04x}", number & 0xffff), subnet, machines };
        let tag = &network.tag;
        for (bridge, address) in [("d", network.here()), ("w", network.web(1))] {
            ip(&format!("link add {tag}{bridge} type bridge"))?;
            ip(&format!("addr add {address}/24 dev {tag}{bridge}"))?;
            ip(&format!("link set {tag}{bridge} up"))?;
        }
        for machine in 0..machines {
            let name = network.namespace(machine);
            ip(&format!("netns add {name}"))?;
            ip(&format!("-n {name} link set lo up"))?;
            for (bridge, address) in [("d", network.database(machine)), ("w", network.web(10 + machine))] {
                let (outer, inner) = (format!("{tag}{bridge}{machine}"), format!("{bridge}0"));
                ip(&format!("link add {outer} type veth peer name {inner} netns {name}"))?;
                ip(&format!("link set {outer} master {tag}{bridge} up"))?;
                ip(&format!("-n {name} addr add {address}/24 dev {inner}"))?;
                ip(&format!("-n {name} link set {inner} up"))?;
            }
        }
        Ok(network)
    }

    /// This machine's address in the network of the database.
    pub const fn here(&self) -> Ipv4Addr {
        Ipv4Addr::new(10, self.subnet, 1, 1)
    }

    /// The name of a machine's namespace.
    pub fn namespace(&self, machine: u8) -> String {
        format!("{}n{machine}", self.tag)
    }

    /// What the site sees of a machine.
    pub const fn seen_as(&self, machine: u8) -> Ipv4Addr {
        self.web(10 + machine)
    }

    /// Cuts a machine off from the database. Packets vanish, as on a broken line; nobody is told.
    pub fn cut(&self, machine: u8) -> Result<()> {
        ip(&format!("link set {}d{machine} nomaster", self.tag))
    }

    /// Mends the line.
    pub fn heal(&self, machine: u8) -> Result<()> {
        ip(&format!("link set {0}d{machine} master {0}d", self.tag))
    }

    /// A socket on a machine that listens in the network of the site.
    pub fn listen_on(&self, machine: u8) -> Result<TcpListener> {
        let place = Path::new("/run/netns").join(self.namespace(machine));
        let address = self.seen_as(machine);
        // A socket stays in the namespace in which it was made; only this thread goes there.
        let listening = thread::spawn(move || {
            setns(File::open(place)?, CloneFlags::CLONE_NEWNET)?;
            anyhow::Ok(TcpListener::bind((address, 0))?)
        });
        listening.join().map_err(|_| anyhow!("the thread that listens broke"))?
    }

    const fn database(&self, machine: u8) -> Ipv4Addr {
        Ipv4Addr::new(10, self.subnet, 1, 10 + machine)
    }

    const fn web(&self, last: u8) -> Ipv4Addr {
        Ipv4Addr::new(10, self.subnet, 2, last)
    }
}

impl Drop for Network {
    /// What was never laid cannot be removed, and need not.
    fn drop(&mut self) {
        for machine in 0..self.machines {
            let _ = ip(&format!("link del {}d{machine}", self.tag));
            let _ = ip(&format!("link del {}w{machine}", self.tag));
            let _ = ip(&format!("netns del {}", self.namespace(machine)));
        }
        for bridge in ["d", "w"] {
            let _ = ip(&format!("link del {}{bridge}", self.tag));
        }
    }
}

fn ip(words: &str) -> Result<()> {
    let output = Command::new("ip").args(words.split(' ')).stdin(Stdio::null()).output();
    let output = output.context("this needs `ip`; install iproute2")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`ip {words}` failed, it needs root: {}", complaint.trim());
    Ok(())
}
