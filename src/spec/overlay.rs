//! What a team adds to the facts: types and keys that AWS's lists lack, and a policy of its own.

use std::collections::BTreeSet;
use std::fmt;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;
use std::sync::Arc;

use regex::Regex;

use super::Rule;

/// What a team adds to the facts.
#[derive(Debug, Default)]
pub struct Overlay {
    /// Connection types that are known here.
    pub types: BTreeSet<String>,
    /// Keys of `ConnectionProperties` that are known here.
    pub properties: BTreeSet<String>,
    /// What connections have to be like here.
    pub policies: Vec<Arc<Policy>>,
}

impl Overlay {
    /// Nothing beyond what AWS documents.
    pub const NONE: &'static Overlay = &Overlay {
        types: BTreeSet::new(),
        properties: BTreeSet::new(),
        policies: Vec::new(),
    };
}

/// A rule of a team: what connections have to be like, in the vocabulary of the facts. Several demands
/// must all be met.
#[derive(Debug)]
pub struct Policy {
    /// Its name and severity.
    pub rule: &'static Rule,
    /// What its findings say.
    pub message: String,
    /// What to do, in a sentence.
    pub help: Option<String>,
    /// The connection types that it is about; empty for all.
    pub types: Vec<String>,
    /// What must be there: keys of `ConnectionProperties`, or members of the connection.
    pub require: Vec<String>,
    /// What must not be there.
    pub forbid: Vec<String>,
    /// What the value of one of them has to be.
    pub value: Option<Demand>,
    /// The hosts that a connection may lead to; empty for any.
    pub hosts: Vec<AllowedHost>,
    /// The ports that a connection may lead to; empty for any.
    pub ports: Vec<RangeInclusive<u32>>,
    /// The subnets in which it may stand; empty for any.
    pub subnets: Vec<String>,
    /// What the names of its secrets may begin with; empty for anything.
    pub secret_prefixes: Vec<String>,
}

/// What a value has to be.
#[derive(Debug)]
pub struct Demand {
    /// The key or the member that has the value.
    pub name: String,
    /// The values that it may have; empty for any.
    pub values: Vec<String>,
    /// What must be found in it.
    pub pattern: Option<Regex>,
}

/// A host that is allowed, or many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedHost {
    /// This host.
    Exact(String),
    /// Every host whose name ends so, `.example.org` say.
    Suffix(String),
    /// Every IPv4 address whose first bits are those of this one.
    Network(Ipv4Addr, u8),
}

impl AllowedHost {
    /// Reads `db.example.org`, `*.example.org` or `10.0.0.0/8`; `None` for anything else.
    pub fn parse(text: &str) -> Option<AllowedHost> {
        let is_name = |name: &str| {
            !name.is_empty()
                && (name.chars()).all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
        };
        if let Some((address, bits)) = text.split_once('/') {
            let bits = bits.parse().ok().filter(|bits| *bits <= 32)?;
            return Some(AllowedHost::Network(address.parse().ok()?, bits));
        }
        match text.strip_prefix('*') {
            Some(suffix) if suffix.starts_with('.') && is_name(suffix) => {
                Some(AllowedHost::Suffix(suffix.to_ascii_lowercase()))
            }
            None if is_name(text) => Some(AllowedHost::Exact(text.to_ascii_lowercase())),
            _ => None,
        }
    }

    /// Whether it allows a host. Case does not matter in names of hosts, nor does a dot at their end.
    pub fn allows(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        match self {
            AllowedHost::Exact(name) => host == *name,
            AllowedHost::Suffix(suffix) => host.ends_with(suffix.as_str()),
            AllowedHost::Network(network, bits) => host.parse().is_ok_and(|address: Ipv4Addr| {
                let mask = u32::MAX.checked_shl(32 - u32::from(*bits)).unwrap_or(0);
                u32::from(address) & mask == u32::from(*network) & mask
            }),
        }
    }
}

impl fmt::Display for AllowedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AllowedHost::Exact(name) => f.write_str(name),
            AllowedHost::Suffix(suffix) => write!(f, "*{suffix}"),
            AllowedHost::Network(address, bits) => write!(f, "{address}/{bits}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_allowed_by_name_suffix_and_network() {
        let allows = |allowed: &str, host: &str| AllowedHost::parse(allowed).unwrap().allows(host);
        assert!(allows("db.example.org", "DB.example.org."));
        assert!(!allows("db.example.org", "a.db.example.org"));
        assert!(allows("*.example.org", "a.b.example.org"));
        assert!(!allows("*.example.org", "example.org"));
        assert!(!allows("*.example.org", "evilexample.org"));
        assert!(allows("10.0.0.0/8", "10.255.0.1"));
        assert!(!allows("10.0.0.0/8", "11.0.0.1"));
        assert!(!allows("10.0.0.0/8", "db.example.org"));
        assert!(allows("0.0.0.0/0", "1.2.3.4"));
        assert!(allows("10.1.2.3/32", "10.1.2.3") && !allows("10.1.2.3/32", "10.1.2.4"));
        for wrong in [
            "",
            "*",
            "*example.org",
            "a b",
            "10.0.0.0/33",
            "x/8",
            "db:5432",
        ] {
            assert_eq!(AllowedHost::parse(wrong), None, "{wrong}");
        }
    }
}
