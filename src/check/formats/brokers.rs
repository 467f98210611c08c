//! Lists of Kafka brokers, and the host names of Amazon MSK.
//!
//! Sources: the GetConnection page (`KAFKA_BOOTSTRAP_SERVERS` is a comma-separated list of host
//! and port pairs); the page about ports in the guide of Amazon MSK.

use super::host::{ANY_PORT, Host, HostProblem, PortProblem, parse_host, parse_port, split_port};
use crate::spec;
use crate::syntax::GAP;

/// One entry of a list of brokers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broker<'a> {
    /// The entry, without blanks around it.
    pub text: &'a str,
    /// What stands before the port.
    pub host: &'a str,
    /// What the host is.
    pub kind: Host,
    /// The port, and the text of it; `None` where it is not known.
    pub port: Option<(u32, &'a str)>,
}

/// Why an entry is no broker, with the part of the list that is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerProblem<'a> {
    /// There is nothing between two commas, or behind the last one; the whole list may be empty.
    Empty(&'a str),
    /// Entries are separated by this, which is no comma.
    Separator(&'a str),
    /// It begins with a scheme, such as `SASL_SSL://`; the scheme with its slashes.
    Scheme(&'a str),
    /// It has no port.
    NoPort(&'a str),
    /// Something follows the port: a path or options.
    Path(&'a str),
    /// A user name stands before the host.
    UserInfo,
    /// The host is none.
    Host(&'a str, HostProblem),
    /// The port is none.
    Port(&'a str, PortProblem),
}

/// Reads a list of brokers, entry by entry. What a gap may hide is taken for good.
pub fn parse_brokers(
    list: &str,
) -> impl Iterator<Item = Result<Broker<'_>, (&str, BrokerProblem<'_>)>> {
    list.split(',').map(move |part| {
        let text = part.trim();
        // A list that ends in a comma has an empty entry behind it: the comma is to blame.
        let blame = if part.is_empty() {
            around(list, part)
        } else {
            part
        };
        parse_broker(text, blame).map_err(|problem| (text, problem))
    })
}

/// The entry of `list` in which `part` stands, with the comma that goes when the entry goes.
pub fn with_comma<'a>(list: &'a str, part: &str) -> Option<&'a str> {
    let at = offset(list, part);
    let (before, behind) = list.split_at_checked(at)?;
    let end = behind.find(',').map_or(list.len(), |comma| at + comma);
    match before.rfind(',') {
        Some(comma) => list.get(comma..end),
        None => list.get(..list.len().min(end + 1)),
    }
}

fn offset(list: &str, part: &str) -> usize {
    (part.as_ptr() as usize).wrapping_sub(list.as_ptr() as usize)
}

/// The empty slice `part` of `list` together with the comma beside it.
fn around<'a>(list: &'a str, part: &str) -> &'a str {
    let at = offset(list, part);
    let before = at.checked_sub(1).and_then(|from| list.get(from..at));
    before.or_else(|| list.get(at..at + 1)).unwrap_or(list)
}

fn parse_broker<'a>(text: &'a str, blame: &'a str) -> Result<Broker<'a>, BrokerProblem<'a>> {
    if text.is_empty() {
        return Err(BrokerProblem::Empty(blame));
    }
    if let Some(at) = text.find("://") {
        return Err(BrokerProblem::Scheme(
            text.get(..at + "://".len()).unwrap_or(text),
        ));
    }
    let is_separator = |c: char| c == ';' || c == '|' || c.is_whitespace();
    // A gap at an end may be empty, so that the blank beside it is at the end.
    let inside = text.trim_matches(|c: char| c == GAP || c.is_whitespace());
    if let Some(separator) = inside.matches(is_separator).next() {
        return Err(BrokerProblem::Separator(separator));
    }
    if let Some(at) = text.find(['/', '?', '#']) {
        return Err(BrokerProblem::Path(text.get(at..).unwrap_or(text)));
    }
    if text.contains('@') {
        return Err(BrokerProblem::UserInfo);
    }
    let (host, port) = split_port(text);
    // A gap may hold a colon, and even a comma.
    let kind = if host.contains(GAP) {
        Host::Unknown
    } else {
        parse_host(host).map_err(|problem| match (problem, port) {
            (HostProblem::BareV6, _) => BrokerProblem::Host(text, problem),
            (HostProblem::Empty, _) => BrokerProblem::Host(text, problem),
            _ => BrokerProblem::Host(host, problem),
        })?
    };
    let port = match port {
        Some("") => return Err(BrokerProblem::NoPort(text)),
        Some(digits) => parse_port(digits, ANY_PORT)
            .map_err(|problem| BrokerProblem::Port(digits, problem))?
            .map(|port| (port, digits)),
        None if text.contains(GAP) => None,
        None => return Err(BrokerProblem::NoPort(text)),
    };
    Ok(Broker {
        text,
        host,
        kind,
        port,
    })
}

/// What a host of Amazon MSK is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Msk {
    /// A broker inside a VPC.
    Private,
    /// A serverless cluster, which is inside a VPC only.
    Serverless,
    /// A broker that is open to the internet.
    Public,
    /// One or the other.
    Unknown,
}

/// Whether a host is one of Amazon MSK: `b-1.orders.a1b2c3.c2.kafka.eu-west-1.amazonaws.com`. The
/// beginning may be unknown.
pub fn msk(host: &str) -> Option<Msk> {
    let (serverless, rest) = match host.rsplit_once(".kafka.") {
        Some((_, rest)) => (false, rest),
        None => (true, host.rsplit_once(".kafka-serverless.")?.1),
    };
    let (_region, suffix) = rest.split_once('.')?;
    if !spec::partitions()
        .iter()
        .any(|partition| partition.dns_suffix == suffix)
    {
        return None;
    }
    let first = host.split('.').next().unwrap_or_default();
    Some(if serverless {
        Msk::Serverless
    } else if first.ends_with("-public") {
        Msk::Public
    } else if host.contains(GAP) && first.contains(GAP) {
        Msk::Unknown
    } else {
        Msk::Private
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(list: &str) -> BrokerProblem<'_> {
        parse_brokers(list)
            .find_map(Result::err)
            .map(|(_, problem)| problem)
            .unwrap()
    }

    #[test]
    fn brokers_are_taken_apart() {
        let brokers: Vec<_> = parse_brokers("b-1.example.org:9092, [2001:db8::1]:9094")
            .map(Result::unwrap)
            .map(|broker| (broker.host, broker.kind, broker.port))
            .collect();
        assert_eq!(
            brokers,
            [
                ("b-1.example.org", Host::Qualified, Some((9092, "9092"))),
                ("[2001:db8::1]", Host::V6, Some((9094, "9094"))),
            ]
        );
    }

    #[test]
    fn the_part_to_blame_is_named() {
        assert_eq!(problem("a:9092,"), BrokerProblem::Empty(","));
        assert_eq!(problem(",a:9092"), BrokerProblem::Empty(","));
        assert_eq!(problem("a:9092, ,b:9092"), BrokerProblem::Empty(" "));
        assert_eq!(problem("a:9092;b:9092"), BrokerProblem::Separator(";"));
        assert_eq!(problem("a:9092\nb:9092"), BrokerProblem::Separator("\n"));
        assert_eq!(problem("SSL://a:9092"), BrokerProblem::Scheme("SSL://"));
        assert_eq!(problem("a:9092,b"), BrokerProblem::NoPort("b"));
        assert_eq!(problem("a:"), BrokerProblem::NoPort("a:"));
        assert_eq!(problem("a:9092/orders"), BrokerProblem::Path("/orders"));
        assert_eq!(problem("me@a:9092"), BrokerProblem::UserInfo);
        assert_eq!(
            problem(":9092"),
            BrokerProblem::Host(":9092", HostProblem::Empty)
        );
        assert_eq!(
            problem("a:99999"),
            BrokerProblem::Port("99999", PortProblem::OutOfRange)
        );
        assert_eq!(
            problem("a:kafka"),
            BrokerProblem::Port("kafka", PortProblem::NotANumber)
        );
    }

    #[test]
    fn gaps_may_hold_anything() {
        for list in [
            "\u{FFFC}",
            "\u{FFFC},a:9092",
            "a\u{FFFC}",
            "a:9092\u{FFFC}b:9092",
            "a:\u{FFFC}",
            "a:90\u{FFFC}",
        ] {
            assert!(parse_brokers(list).all(|broker| broker.is_ok()), "{list}");
        }
        assert_eq!(
            problem("\u{FFFC}:99999"),
            BrokerProblem::Port("99999", PortProblem::OutOfRange)
        );
        assert_eq!(problem("\u{FFFC},"), BrokerProblem::Empty(","));
    }

    #[test]
    fn hosts_of_msk_are_known_by_their_end() {
        let private = "b-1.orders.a1b2c3.c2.kafka.eu-west-1.amazonaws.com";
        assert_eq!(msk(private), Some(Msk::Private));
        let public = "b-1-public.orders.a1b2c3.c2.kafka.eu-west-1.amazonaws.com";
        assert_eq!(msk(public), Some(Msk::Public));
        let serverless = "boot-a1b2c3.c1.kafka-serverless.eu-west-1.amazonaws.com";
        assert_eq!(msk(serverless), Some(Msk::Serverless));
        let half_known = "\u{FFFC}.kafka.\u{FFFC}.amazonaws.com";
        assert_eq!(msk(half_known), Some(Msk::Unknown));
        assert_eq!(msk("b-1.kafka.example.org"), None);
        assert_eq!(msk("kafka.eu-west-1.amazonaws.com"), None);
    }
}
