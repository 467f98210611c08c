//! The list of brokers.

use std::collections::BTreeMap;

use super::{BROKER_WITH_SCHEME, BROKERS, MALFORMED_BROKER_LIST, ZOOKEEPER_PORT};
use crate::check::formats::brokers::{Broker, BrokerProblem, parse_brokers, with_comma};
use crate::check::formats::holes::is_stand_in;
use crate::check::formats::host::{Host, HostProblem};
use crate::check::scalars::DUPLICATE_ENTRY;
use crate::check::words::port_fault;
use crate::check::{Findings, Reading, jdbc};
use crate::diag::{Finding, Fix};
use crate::form::Value;
use crate::syntax::Text;

pub(super) fn broker_list(reading: &Reading<'_>, findings: &mut Findings) {
    let Some(entry) = reading.entry(BROKERS) else {
        return;
    };
    for value in entry.value.alternatives() {
        let Some(text) = value.text() else { continue };
        // An empty list, and templates of connectors, are for other rules.
        if text.as_str().trim().is_empty() || is_stand_in(text.as_str()) {
            continue;
        }
        let mut mending = Mending::of(value, text);
        let mut zookeeper = false;
        let mut seen: BTreeMap<(String, u32), &str> = BTreeMap::new();
        for broker in parse_brokers(text.as_str()) {
            let finding = match broker {
                Err((entry, problem)) => {
                    broker_problem(reading, value, text, entry, problem, &mut mending)
                }
                Ok(broker) if !zookeeper && is_zookeeper(&broker) => {
                    zookeeper = true;
                    zookeeper_port(reading, value, text, &broker)
                }
                Ok(broker) => {
                    if broker.kind.is_local(broker.host) {
                        jdbc::loopback(reading, value, text, broker.host, findings);
                    }
                    let Some((port, _)) = broker.port.filter(|_| broker.kind != Host::Unknown)
                    else {
                        continue;
                    };
                    let address = (broker.host.to_ascii_lowercase(), port);
                    let first = *seen.entry(address).or_insert(broker.text);
                    if std::ptr::eq(first, broker.text) || !reading.is_authored() {
                        continue;
                    }
                    Finding::new(
                        &DUPLICATE_ENTRY,
                        value.place_of(broker.text),
                        format!("{} is in the list twice", reading.quote(text, broker.text)),
                    )
                    .label(value.place_of(first), "also here")
                    .help("Remove one of the two, or write the broker that is missing.")
                    .fix(mending.without_entry(broker.text))
                }
            };
            findings.add_at(value, finding);
        }
    }
}

fn broker_problem(
    reading: &Reading<'_>,
    value: &Value<'_>,
    text: &Text<'_>,
    entry: &str,
    problem: BrokerProblem<'_>,
    mending: &mut Mending<'_>,
) -> Finding {
    let new = |part: &str, message: String| {
        Finding::new(&MALFORMED_BROKER_LIST, value.place_of(part), message)
            .help("Write each broker as host and port, separated by commas: \"a:9092,b:9092\".")
    };
    match problem {
        BrokerProblem::Empty(part) => new(part, "an entry of the broker list is empty".into())
            .fix(mending.without_entry(entry)),
        BrokerProblem::Separator(part) if part.trim().is_empty() => new(
            part,
            "brokers are separated by commas, not by spaces or line breaks".into(),
        )
        .note("a comma belongs here")
        .fix(mending.with_commas(part)),
        BrokerProblem::Separator(part) => new(
            part,
            format!("brokers are separated by commas, not by `{part}`"),
        )
        .note("a comma belongs here")
        .fix(mending.with_commas(part)),
        BrokerProblem::Scheme(part) => Finding::new(
            &BROKER_WITH_SCHEME,
            value.place_of(part),
            format!(
                "{} does not belong before a broker, which is only a host and a port",
                reading.quote(text, part)
            ),
        )
        .help("Remove it; `KAFKA_SSL_ENABLED` and `KAFKA_SASL_MECHANISM` determine the protocol.")
        .fix(Fix::remove_part(value, part, "the scheme")),
        BrokerProblem::NoPort(part) => new(
            part,
            format!(
                "{} has no port, and there is no default",
                reading.quote(text, part)
            ),
        ),
        BrokerProblem::Path(part) => new(
            part,
            format!(
                "{} follows the port, but a broker is only a host and a port",
                reading.quote(text, part)
            ),
        ),
        BrokerProblem::UserInfo => new(
            entry,
            "there is a user name before a broker, which is only a host and a port".into(),
        )
        .help(
            "Remove it; `KAFKA_SASL_MECHANISM` and its properties say how the connection logs \
               in.",
        ),
        BrokerProblem::Host(part, problem) => {
            let quoted = reading.quote(text, part);
            new(
                part,
                match problem {
                    HostProblem::Empty => format!("{quoted} has no host"),
                    HostProblem::BareV6 => {
                        format!("{quoted} has an IPv6 address without brackets")
                    }
                    HostProblem::BadAddress => format!("{quoted} is not a valid IP address"),
                    HostProblem::TooLong => {
                        "a host in the broker list is longer than 253 characters".into()
                    }
                    HostProblem::Character(_) | HostProblem::Label(_) => {
                        format!("{quoted} is not a valid host name")
                    }
                },
            )
        }
        BrokerProblem::Port(part, problem) => {
            let quoted = reading.quote(text, part);
            new(part, port_fault(&quoted, problem))
        }
    }
}

/// What fixes have to know of the whole list: found once, whatever is wrong in how many entries.
struct Mending<'r> {
    value: &'r Value<'r>,
    list: &'r str,
    /// How many entries hold something.
    filled: usize,
    /// Whether there is more in it than marks.
    has_words: bool,
    /// Whether commas in place of a separator make a list of brokers.
    separators: BTreeMap<String, bool>,
}

impl<'r> Mending<'r> {
    fn of(value: &'r Value<'r>, text: &'r Text<'r>) -> Mending<'r> {
        let list = text.as_str();
        Mending {
            value,
            list,
            filled: list.split(',').filter(|it| !it.trim().is_empty()).count(),
            has_words: list.contains(|c: char| c.is_alphanumeric()),
            separators: BTreeMap::new(),
        }
    }

    /// Takes an entry out of a list that has others.
    fn without_entry(&self, entry: &str) -> Option<Fix> {
        let has_others = self.filled > 1 || (entry.is_empty() && self.has_words);
        let part = with_comma(self.list, entry).filter(|_| has_others)?;
        Some(Fix::remove_part(self.value, part, "the entry"))
    }

    /// Writes a comma for a separator, if that makes a list of brokers.
    fn with_commas(&mut self, separator: &str) -> Option<Fix> {
        let list = self.list;
        let is_list = *(self.separators)
            .entry(separator.to_owned())
            .or_insert_with(|| {
                let list = list.replace(separator, ",");
                parse_brokers(&list).all(|broker| broker.is_ok())
            });
        is_list.then(|| Fix::replace_part(self.value, separator, ","))
    }
}

/// The ports of ZooKeeper, without and with TLS.
const ZOOKEEPER_PORTS: [u32; 2] = [2181, 2182];

fn is_zookeeper(broker: &Broker<'_>) -> bool {
    broker
        .port
        .is_some_and(|(port, _)| ZOOKEEPER_PORTS.contains(&port))
}

fn zookeeper_port(
    reading: &Reading<'_>,
    value: &Value<'_>,
    text: &Text<'_>,
    broker: &Broker<'_>,
) -> Finding {
    let port = broker.port.map_or(broker.text, |(_, digits)| digits);
    Finding::new(
        &ZOOKEEPER_PORT,
        value.place_of(port),
        format!(
            "{} is a ZooKeeper port, but Kafka clients connect to brokers",
            reading.quote(text, port)
        ),
    )
    .help("Write the addresses of the brokers, which Amazon MSK calls bootstrap servers.")
}
