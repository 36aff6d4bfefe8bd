//! The table of addresses that are not ordinary public ones, and what each kind is called.
//!
//! Sources: the IANA IPv4 and IPv6 Special-Purpose Address Registries, the IANA multicast and IPv6 address space
//! registries, and the metadata services that the large clouds document. A block counts as special even where IANA calls
//! it globally reachable: none of them serves documents.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// What a special address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// "This host": the kernel connects it to itself.
    Unspecified,
    /// This machine.
    Loopback,
    /// A private network, unique-local ones included.
    Private,
    /// Shared between a carrier and its customers.
    Shared,
    /// This network segment only.
    LinkLocal,
    /// A cloud's metadata service, which hands out credentials.
    Metadata,
    /// A group, not a host.
    Multicast,
    /// For examples in documents.
    Documentation,
    /// For measuring devices.
    Benchmark,
    /// Carries another address inside: mapped, NAT64, 6to4, Teredo and their kin.
    Translated,
    /// Set aside for protocols or for the future.
    Reserved,
}

impl Class {
    /// Whether naming a host in the allow-list opens addresses of this class to it.
    ///
    /// An intranet host is loopback or private. Nobody who names one means the metadata service, and whoever runs that
    /// name's DNS could point it there: such an address must be allowed as an address.
    pub const fn opened_by_name(self) -> bool {
        matches!(self, Self::Loopback | Self::Private | Self::Shared)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unspecified => "an unspecified",
            Self::Loopback => "a loopback",
            Self::Private => "a private",
            Self::Shared => "a carrier-shared",
            Self::LinkLocal => "a link-local",
            Self::Metadata => "a cloud metadata",
            Self::Multicast => "a multicast",
            Self::Documentation => "a documentation",
            Self::Benchmark => "a benchmarking",
            Self::Translated => "a translated",
            Self::Reserved => "a reserved",
        })
    }
}

/// The class of a special address; `None` for an ordinary public one.
pub fn class_of(address: IpAddr) -> Option<Class> {
    match address {
        IpAddr::V4(v4) => V4.iter().find(|(net, _)| net.contains(&v4)).map(|(_, class)| *class),
        IpAddr::V6(v6) => V6
            .iter()
            .find(|(net, _)| net.contains(&v6))
            .map(|(_, class)| *class)
            .or_else(|| (!GLOBAL_UNICAST.contains(&v6)).then_some(Class::Reserved))
            .or_else(|| isatap(v6).map(|_| Class::Translated)),
    }
}

/// The IPv4 addresses inside an IPv6 address that a translator on the way would connect to.
pub fn embedded(address: Ipv6Addr) -> Vec<Ipv4Addr> {
    let bits = address.to_bits();
    let at = |shift: u32| Ipv4Addr::from_bits(u32::try_from((bits >> shift) & 0xffff_ffff).unwrap_or(0));
    let within = |nets: &[Ipv6Net]| nets.iter().any(|net| net.contains(&address));
    if within(&[MAPPED, COMPATIBLE, SIIT, NAT64, NAT64_LOCAL]) {
        vec![at(0)]
    } else if within(&[SIX_TO_FOUR]) {
        vec![at(80)]
    } else if within(&[TEREDO]) {
        // The server stands in clear, the client with its bits turned over.
        vec![at(64), Ipv4Addr::from_bits(!at(0).to_bits())]
    } else {
        isatap(address).into_iter().collect()
    }
}

/// The IPv4 address in an ISATAP interface identifier, which may follow any prefix.
fn isatap(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [_, _, _, _, 0 | 0x200, 0x5efe, high, low] => Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))),
        _ => None,
    }
}

const fn v4(octets: [u8; 4], prefix: u8) -> Ipv4Net {
    let [a, b, c, d] = octets;
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(head: [u16; 4], tail: [u16; 4], prefix: u8) -> Ipv6Net {
    let address = Ipv6Addr::new(head[0], head[1], head[2], head[3], tail[0], tail[1], tail[2], tail[3]);
    Ipv6Net::new_assert(address, prefix)
}

/// The first match decides, so single addresses stand before the blocks that hold them.
const V4: &[(Ipv4Net, Class)] = &[
    (v4([169, 254, 169, 254], 32), Class::Metadata), // AWS, Google, Azure, Oracle, DigitalOcean and others
    (v4([169, 254, 170, 0], 24), Class::Metadata),   // AWS credentials for containers and pods
    (v4([100, 100, 100, 200], 32), Class::Metadata), // Alibaba
    (v4([168, 63, 129, 16], 32), Class::Metadata),   // Azure's wire server, inside public space
    (v4([192, 0, 0, 192], 32), Class::Metadata),     // Oracle, older
    (v4([0, 0, 0, 0], 8), Class::Unspecified),
    (v4([10, 0, 0, 0], 8), Class::Private),
    (v4([100, 64, 0, 0], 10), Class::Shared),
    (v4([127, 0, 0, 0], 8), Class::Loopback),
    (v4([169, 254, 0, 0], 16), Class::LinkLocal),
    (v4([172, 16, 0, 0], 12), Class::Private),
    (v4([192, 0, 0, 0], 24), Class::Reserved), // protocol assignments
    (v4([192, 0, 2, 0], 24), Class::Documentation),
    (v4([192, 31, 196, 0], 24), Class::Reserved),  // AS112
    (v4([192, 52, 193, 0], 24), Class::Reserved),  // AMT relays
    (v4([192, 88, 99, 0], 24), Class::Translated), // 6to4 relays
    (v4([192, 168, 0, 0], 16), Class::Private),
    (v4([192, 175, 48, 0], 24), Class::Reserved), // AS112
    (v4([198, 18, 0, 0], 15), Class::Benchmark),
    (v4([198, 51, 100, 0], 24), Class::Documentation),
    (v4([203, 0, 113, 0], 24), Class::Documentation),
    (v4([224, 0, 0, 0], 4), Class::Multicast),
    (v4([240, 0, 0, 0], 4), Class::Reserved), // the broadcast address included
];

const ZERO: [u16; 4] = [0; 4];

/// Everything outside this block is special, whether a line below names it or not.
const GLOBAL_UNICAST: Ipv6Net = v6([0x2000, 0, 0, 0], ZERO, 3);

const MAPPED: Ipv6Net = v6(ZERO, [0, 0xffff, 0, 0], 96);
const COMPATIBLE: Ipv6Net = v6(ZERO, ZERO, 96);
const SIIT: Ipv6Net = v6(ZERO, [0xffff, 0, 0, 0], 96);
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0, 0], ZERO, 96);
const NAT64_LOCAL: Ipv6Net = v6([0x64, 0xff9b, 1, 0], ZERO, 48);
const SIX_TO_FOUR: Ipv6Net = v6([0x2002, 0, 0, 0], ZERO, 16);
const TEREDO: Ipv6Net = v6([0x2001, 0, 0, 0], ZERO, 32);

const V6: &[(Ipv6Net, Class)] = &[
    (v6([0xfd00, 0xec2, 0, 0], ZERO, 32), Class::Metadata), // AWS
    (v6([0xfd20, 0xce, 0, 0], [0, 0, 0, 0x254], 128), Class::Metadata), // Google
    (v6(ZERO, ZERO, 128), Class::Unspecified),
    (v6(ZERO, [0, 0, 0, 1], 128), Class::Loopback),
    (MAPPED, Class::Translated),
    (COMPATIBLE, Class::Translated),
    (SIIT, Class::Translated),
    (NAT64, Class::Translated),
    (NAT64_LOCAL, Class::Translated),
    (TEREDO, Class::Translated),
    (SIX_TO_FOUR, Class::Translated),
    (v6([0x100, 0, 0, 0], ZERO, 64), Class::Reserved), // discard only
    (v6([0x100, 0, 0, 1], ZERO, 64), Class::Reserved), // dummy prefix
    (v6([0x2001, 2, 0, 0], ZERO, 48), Class::Benchmark),
    (v6([0x2001, 0, 0, 0], ZERO, 23), Class::Reserved), // protocol assignments: AMT, AS112, ORCHID, DRIP
    (v6([0x2001, 0xdb8, 0, 0], ZERO, 32), Class::Documentation),
    (v6([0x2620, 0x4f, 0x8000, 0], ZERO, 48), Class::Reserved), // AS112
    (v6([0x3ffe, 0, 0, 0], ZERO, 16), Class::Reserved),         // the old 6bone
    (v6([0x3fff, 0, 0, 0], ZERO, 20), Class::Documentation),
    (v6([0x5f00, 0, 0, 0], ZERO, 16), Class::Reserved), // segment routing
    (v6([0xfc00, 0, 0, 0], ZERO, 7), Class::Private),
    (v6([0xfe80, 0, 0, 0], ZERO, 10), Class::LinkLocal),
    (v6([0xfec0, 0, 0, 0], ZERO, 10), Class::Private), // site-local, deprecated
    (v6([0xff00, 0, 0, 0], ZERO, 8), Class::Multicast),
];
