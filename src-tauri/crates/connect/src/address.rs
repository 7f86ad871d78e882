//! Which machines may be called at addresses that came from outside.
//!
//! A platform's answer names the addresses of its pictures. Whoever writes such an address must not be able to make us
//! call machines inside the shop's own network, neither by a private address nor by a name that leads to one. The
//! name is resolved once, here; what remains is what the connection goes to, so that a second answer of the name
//! server cannot lead elsewhere.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Put into the extensions of a request whose address came from outside: it goes to public addresses only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PublicOnly;

/// A name led to private addresses only.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not on the public network")]
pub struct NotPublic(String);

/// Whether an address is out on the public network.
///
/// 198.18.0.0/15 counts as such: local proxies hand out its addresses in the place of public ones.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [first, second, third, _] = ip.octets();
    let carrier_shared = first == 100 && (64..128).contains(&second);
    let protocol = first == 192 && second == 0 && third == 0;
    let reserved = first == 0 || first >= 240;
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || carrier_shared
        || protocol
        || reserved)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(inner) = inner_v4(ip) {
        return is_public_v4(inner);
    }
    let [first, second, ..] = ip.segments();
    let documentation = first == 0x2001 && second == 0xdb8;
    // Only 2000::/3 is given out for the public network.
    first & 0xe000 == 0x2000 && !documentation
}

/// The IPv4 address that an IPv6 address stands for: mapped, translated (NAT64) or tunnelled (6to4).
fn inner_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let of = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
}

/// The machine's own name resolution without the private answers.
pub(crate) struct PublicNames;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(NotPublic(name.as_str().to_owned()).into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn private_local_and_reserved_addresses_are_not_public_in_any_writing() {
        for (address, public) in [
            ("203.119.24.1", true),
            ("198.18.0.7", true),
            ("2408:4003::1", true),
            ("::ffff:203.119.24.1", true),
            ("10.0.0.1", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("127.0.0.1", false),
            ("169.254.169.254", false),
            ("100.100.100.200", false),
            ("192.0.0.192", false),
            ("0.0.0.0", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("::", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("ff02::1", false),
            ("::ffff:127.0.0.1", false),
            ("64:ff9b::a00:1", false),
            ("2002:c0a8:101::1", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }
}
