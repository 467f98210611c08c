//! What several families say, in the same words.

use super::formats::host::{HostProblem, PortProblem};

/// Names in backticks: "`A`, `B` and `C`".
pub(crate) fn and(names: &[&str]) -> String {
    enumerated(&quoted(names), "and")
}

/// Names in backticks: "`A`, `B` or `C`".
pub(crate) fn or(names: &[&str]) -> String {
    enumerated(&quoted(names), "or")
}

fn quoted(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("`{name}`")).collect()
}

/// "a, b or c".
pub(super) fn enumerated(things: &[String], word: &str) -> String {
    match things {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} {word} {last}", before.join(", ")),
    }
}

/// What is wrong with a host; `quoted` is the part that is.
pub(super) fn host_fault(quoted: &str, problem: HostProblem) -> String {
    match problem {
        HostProblem::Empty => "the host is missing".to_owned(),
        HostProblem::BadAddress => {
            format!("{quoted} is not an IPv4 address: that is four numbers from 0 to 255")
        }
        HostProblem::BareV6 => format!("{quoted} is an IPv6 address, which is not accepted here"),
        HostProblem::Character(_) => format!("{quoted} is not allowed in a host name"),
        HostProblem::Label(_) => format!(
            "{quoted} is not a valid part of a host name: each has 1 to 63 letters, digits and \
             inner hyphens"
        ),
        HostProblem::TooLong => {
            format!("{quoted} is longer than 253 characters, the limit for a host name")
        }
    }
}

/// What is wrong with a port in a URL or a list; `quoted` is the port.
pub(super) fn port_fault(quoted: &str, problem: PortProblem) -> String {
    match problem {
        PortProblem::NotANumber => format!("{quoted} is not a port number"),
        PortProblem::OutOfRange => format!("{quoted} is outside 1–65535, the range of ports"),
    }
}
