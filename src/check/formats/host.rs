//! Hosts and ports.
//!
//! Sources: the GetConnection page (`HOST` is a fully qualified domain name or an IPv4 address,
//! `PORT` lies between 1024 and 65535); RFC 1123 for the labels of names.

use std::ops::RangeInclusive;

use crate::syntax::GAP;

/// What a well-formed host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// A domain name of two or more labels.
    Qualified,
    /// A name of one label, such as `db`.
    SingleLabel,
    /// A name with an underscore: not RFC 1123, but met in private zones and at Snowflake.
    Underscored,
    /// An IPv4 address.
    V4([u8; 4]),
    /// An IPv6 address in brackets.
    V6,
    /// A part of it is not known.
    Unknown,
}

impl Host {
    /// Whether nothing but the machine that asks can be behind it, or nothing at all: loopback,
    /// link-local and the unspecified address. `name` is the text that was parsed.
    pub fn is_local(self, name: &str) -> bool {
        match self {
            Host::V4([127, ..] | [169, 254, ..] | [0, 0, 0, 0]) => true,
            Host::V6 => {
                let address = name.trim_start_matches('[').trim_end_matches(']');
                address
                    .parse::<std::net::Ipv6Addr>()
                    .is_ok_and(|v6| v6.is_loopback() || v6.is_unspecified())
            }
            Host::SingleLabel => name.eq_ignore_ascii_case("localhost"),
            _ => false,
        }
    }
}

/// Why a text is no host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostProblem {
    /// There is nothing.
    Empty,
    /// Digits and dots that are no IPv4 address.
    BadAddress,
    /// An IPv6 address without brackets.
    BareV6,
    /// A character that no name has; the byte offset of it.
    Character(usize),
    /// A label that is empty, too long, or begins or ends with a hyphen; its byte offset.
    Label(usize),
    /// More than 253 characters.
    TooLong,
}

/// Reads a host: a name, an IPv4 address, or an IPv6 address in brackets.
///
/// # Errors
///
/// [`HostProblem`] says what is wrong, with 0-based byte offsets into `text`.
pub fn parse_host(text: &str) -> Result<Host, HostProblem> {
    if text.is_empty() {
        return Err(HostProblem::Empty);
    }
    if let Some(inside) = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return match inside.parse::<std::net::Ipv6Addr>() {
            Ok(_) => Ok(Host::V6),
            Err(_) if inside.contains(GAP) => Ok(Host::Unknown),
            Err(_) => Err(HostProblem::BadAddress),
        };
    }
    if text.matches(':').count() > 1 && text.parse::<std::net::Ipv6Addr>().is_ok() {
        return Err(HostProblem::BareV6);
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | GAP);
    if let Some(offset) = text.find(|c| !allowed(c)) {
        return Err(HostProblem::Character(offset));
    }
    if text.contains(GAP) {
        return Ok(Host::Unknown);
    }
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return match text.parse::<std::net::Ipv4Addr>() {
            Ok(address) => Ok(Host::V4(address.octets())),
            Err(_) => Err(HostProblem::BadAddress),
        };
    }
    if text.len() > 253 {
        return Err(HostProblem::TooLong);
    }
    let labels = text.strip_suffix('.').unwrap_or(text);
    let mut offset = 0;
    for label in labels.split('.') {
        if label.is_empty() || label.len() > 63 || label.starts_with('-') || label.ends_with('-') {
            return Err(HostProblem::Label(offset));
        }
        offset += label.len() + 1;
    }
    Ok(if text.contains('_') {
        Host::Underscored
    } else if labels.contains('.') {
        Host::Qualified
    } else {
        Host::SingleLabel
    })
}

/// Why a text is no port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortProblem {
    /// It is no decimal whole number, or has a sign, a blank or a leading zero.
    NotANumber,
    /// It is a number outside the range.
    OutOfRange,
}

/// Reads a port. `None` where a part of it is not known.
///
/// # Errors
///
/// [`PortProblem`] says what is wrong.
pub fn parse_port(text: &str, range: RangeInclusive<u32>) -> Result<Option<u32>, PortProblem> {
    let is_digit = |c: char| c.is_ascii_digit() || c == GAP;
    if text.is_empty() || !text.chars().all(is_digit) || (text.starts_with('0') && text.len() > 1) {
        return Err(PortProblem::NotANumber);
    }
    if text.contains(GAP) {
        return Ok(None);
    }
    match text.parse::<u32>() {
        Ok(port) if range.contains(&port) => Ok(Some(port)),
        _ => Err(PortProblem::OutOfRange),
    }
}

/// Every port there is.
pub const ANY_PORT: RangeInclusive<u32> = 1..=65535;

/// Splits `host:port`; the port is `None` where there is no colon. Brackets keep an IPv6 address
/// together.
pub fn split_port(text: &str) -> (&str, Option<&str>) {
    let from = text.rfind(']').map_or(0, |bracket| bracket + 1);
    let colon = text.get(from..).and_then(|rest| rest.rfind(':'));
    match colon.map(|colon| text.split_at(from + colon)) {
        Some((host, port)) => (host, Some(port.trim_start_matches(':'))),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_apart() {
        assert_eq!(parse_host("db.example.org"), Ok(Host::Qualified));
        assert_eq!(parse_host("db"), Ok(Host::SingleLabel));
        assert_eq!(parse_host("my_org.example.org"), Ok(Host::Underscored));
        assert_eq!(parse_host("10.0.0.1"), Ok(Host::V4([10, 0, 0, 1])));
        assert_eq!(parse_host("[2001:db8::1]"), Ok(Host::V6));
        assert_eq!(parse_host("\u{FFFC}.example.org"), Ok(Host::Unknown));
        assert_eq!(parse_host("10.0.0.256"), Err(HostProblem::BadAddress));
        assert_eq!(parse_host("2001:db8::1"), Err(HostProblem::BareV6));
        assert_eq!(parse_host("db:5432"), Err(HostProblem::Character(2)));
        assert_eq!(parse_host("a..b"), Err(HostProblem::Label(2)));
        assert!(Host::V6.is_local("[::1]") && !Host::V6.is_local("[2001:db8::1]"));
    }

    #[test]
    fn ports_are_decimal_and_in_range() {
        assert_eq!(parse_port("5432", 1024..=65535), Ok(Some(5432)));
        assert_eq!(parse_port("80", 1024..=65535), Err(PortProblem::OutOfRange));
        assert_eq!(
            parse_port("99999999999", ANY_PORT),
            Err(PortProblem::OutOfRange)
        );
        assert_eq!(parse_port("05432", ANY_PORT), Err(PortProblem::NotANumber));
        assert_eq!(parse_port("\u{FFFC}", ANY_PORT), Ok(None));
        assert_eq!(split_port("[::1]:9092"), ("[::1]", Some("9092")));
        assert_eq!(split_port("a"), ("a", None));
    }
}
