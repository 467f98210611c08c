//! The list of brokers.

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
        let mut zookeeper = false;
        let mut seen: Vec<Broker<'_>> = Vec::new();
        for broker in parse_brokers(text.as_str()) {
            let finding = match broker {
                Err((entry, problem)) => broker_problem(reading, value, text, entry, problem),
                Ok(broker) if !zookeeper && is_zookeeper(&broker) => {
                    zookeeper = true;
                    zookeeper_port(reading, value, text, &broker)
                }
                Ok(broker) => {
                    if broker.kind.is_local(broker.host) {
                        jdbc::loopback(reading, value, text, broker.host, findings);
                    }
                    let is_again = |other: &&Broker<'_>| {
                        broker.port.is_some()
                            && other.port.map(|(port, _)| port) == broker.port.map(|(port, _)| port)
                            && other.host.eq_ignore_ascii_case(broker.host)
                            && broker.kind != Host::Unknown
                    };
                    let again = seen.iter().find(is_again).copied();
                    seen.push(broker);
                    let Some(first) = again.filter(|_| reading.is_authored()) else {
                        continue;
                    };
                    Finding::new(
                        &DUPLICATE_ENTRY,
                        value.place_of(broker.text),
                        format!("{} is in the list twice", reading.quote(text, broker.text)),
                    )
                    .label(value.place_of(first.text), "also here")
                    .help("Remove one of the two, or write the broker that is missing.")
                    .fix(without_entry(value, text, broker.text))
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
) -> Finding {
    let new = |part: &str, message: String| {
        Finding::new(&MALFORMED_BROKER_LIST, value.place_of(part), message)
            .help("Write each broker as host and port, separated by commas: \"a:9092,b:9092\".")
    };
    match problem {
        BrokerProblem::Empty(part) => new(part, "an entry of the broker list is empty".into())
            .fix(without_entry(value, text, entry)),
        BrokerProblem::Separator(part) if part.trim().is_empty() => new(
            part,
            "brokers are separated by commas, not by spaces or line breaks".into(),
        )
        .note("a comma belongs here")
        .fix(with_commas(value, text, part)),
        BrokerProblem::Separator(part) => new(
            part,
            format!("brokers are separated by commas, not by `{part}`"),
        )
        .note("a comma belongs here")
        .fix(with_commas(value, text, part)),
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

/// Takes an entry out of a list that has others.
fn without_entry(value: &Value<'_>, text: &Text<'_>, entry: &str) -> Option<Fix> {
    let list = text.as_str();
    let has_others = list.split(',').filter(|it| !it.trim().is_empty()).count() > 1
        || (entry.is_empty() && list.contains(|c: char| c.is_alphanumeric()));
    let part = with_comma(list, entry).filter(|_| has_others)?;
    Some(Fix::remove_part(value, part, "the entry"))
}

/// Writes a comma for a separator, if that makes a list of brokers.
fn with_commas(value: &Value<'_>, text: &Text<'_>, separator: &str) -> Option<Fix> {
    let list = text.as_str().replace(separator, ",");
    let is_list = parse_brokers(&list).all(|broker| broker.is_ok());
    is_list.then(|| Fix::replace_part(value, separator, ","))
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
