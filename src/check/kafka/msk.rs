//! Brokers of Amazon MSK: their ports, and what they do not have.

use super::{
    BROKER_PORT_OF_ANOTHER_PROTOCOL, BROKERS, Kafka, Login, MECHANISM, MECHANISM_NOT_ON_MSK,
    SINGLE_BOOTSTRAP_BROKER, TLS, brokers, known_mechanism,
};
use crate::check::formats::brokers::{Msk, msk, parse_brokers};
use crate::check::{Findings, Reading, references, words};
use crate::diag::Finding;
use crate::spec;
use crate::syntax::GAP;

/// What Amazon MSK speaks on a port.
#[derive(Clone, Copy, PartialEq)]
enum Protocol {
    Plaintext,
    Tls,
    Sasl(&'static str),
}

/// The ports on which Amazon MSK speaks without TLS: inside the VPC, and over IPv6.
const PLAINTEXT_PORTS: &[u32] = &[9092, 20092];

/// The ports on which it speaks TLS: inside the VPC, from the internet, and over IPv6.
const TLS_PORTS: &[u32] = &[9094, 9194, 20094];

impl Protocol {
    fn on(port: u32) -> Option<Protocol> {
        if PLAINTEXT_PORTS.contains(&port) {
            return Some(Protocol::Plaintext);
        }
        if TLS_PORTS.contains(&port) {
            return Some(Protocol::Tls);
        }
        spec::mechanisms()
            .iter()
            .find(|m| m.msk_ports.contains(&port))
            .map(|m| Protocol::Sasl(m.name))
    }

    fn ports(self) -> &'static [u32] {
        match self {
            Protocol::Plaintext => PLAINTEXT_PORTS,
            Protocol::Tls => TLS_PORTS,
            Protocol::Sasl(name) => known_mechanism(name).map_or(&[], |m| m.msk_ports),
        }
    }

    fn name(self) -> String {
        match self {
            Protocol::Plaintext => "plain text".into(),
            Protocol::Tls => "TLS without SASL".into(),
            Protocol::Sasl(name) => format!("`{name}`"),
        }
    }
}

pub(super) fn ports(kafka: &Kafka<'_, '_>, findings: &mut Findings) {
    let reading = kafka.reading;
    let (spoken, label) = match kafka.login {
        Login::By(mechanism, entry) if !mechanism.msk_ports.is_empty() => (
            Protocol::Sasl(mechanism.name),
            Some((entry.value.place, "the mechanism")),
        ),
        Login::Without => match kafka.tls_off {
            Some(off) => (Protocol::Plaintext, Some((off.place, "TLS is disabled"))),
            None if reading.is_true(TLS) || reading.property(TLS).is_absent() => {
                (Protocol::Tls, None)
            }
            None => return,
        },
        _ => return,
    };
    if let Some(finding) = list_of_another_protocol(reading, spoken) {
        let finding = match label {
            Some((place, text)) => finding.label(place, text),
            None => finding,
        };
        return findings.add(finding);
    }
    let mut wrong = brokers(reading).filter_map(|(value, text, broker)| {
        let ((port, digits), _) = (broker.port?, msk(broker.host)?);
        let heard = Protocol::on(port).filter(|heard| *heard != spoken)?;
        Some((value, text, digits, heard))
    });
    if let Some((value, text, digits, heard)) = wrong.next() {
        let right: Vec<String> = spoken.ports().iter().map(u32::to_string).collect();
        let mut finding = Finding::new(
            &BROKER_PORT_OF_ANOTHER_PROTOCOL,
            value.place_of(digits),
            format!(
                "port {} of Amazon MSK expects {}, but this connection uses {}",
                reading.quote(text, digits),
                heard.name(),
                spoken.name()
            ),
        )
        .help(format!(
            "Use port {}, or configure the connection for what the port expects.",
            words::enumerated(&right, "or")
        ));
        if let Some((place, text)) = label {
            finding = finding.label(place, text);
        }
        for (_, _, digits, _) in wrong {
            finding = finding.label(value.place_of(digits), "this one, too");
        }
        findings.add_at(value, finding);
        return;
    }
    network_of_ports(reading, findings);
}

/// A reference to the brokers of a cluster for another protocol: `bootstrap_brokers_sasl_iam`.
fn list_of_another_protocol(reading: &Reading<'_>, spoken: Protocol) -> Option<Finding> {
    let value = &reading.entry(BROKERS)?.value;
    let reference = (value.reference.as_ref()).filter(|it| it.yields() == Some("broker-list"))?;
    let (stem, heard) = protocol_of_list(&reference.attribute)?;
    if heard == spoken {
        return None;
    }
    let in_document = |attribute: &str| {
        let text = format!("{}.{attribute}", reference.address);
        references::quote(reading, value.place, &text)
    };
    let right = (LISTS.iter())
        .find(|(_, protocol)| *protocol == spoken)
        .map(|(ending, _)| in_document(&format!("{stem}{}", ending_like(stem, ending))));
    let finding = Finding::new(
        &BROKER_PORT_OF_ANOTHER_PROTOCOL,
        value.place,
        format!(
            "{} lists brokers for {}, but this connection uses {}",
            in_document(&reference.attribute),
            heard.name(),
            spoken.name()
        ),
    );
    Some(finding.help(match right {
        Some(right) => {
            format!("Take {right}, or configure the connection for what these brokers expect.")
        }
        None => "Configure the connection for what these brokers expect.".to_owned(),
    }))
}

/// How the attributes of a cluster end that list its brokers for a protocol. The list for plain text
/// has no ending.
const LISTS: &[(&str, Protocol)] = &[
    ("_sasl_iam", Protocol::Sasl("AWS_MSK_IAM")),
    ("_sasl_scram", Protocol::Sasl("SCRAM-SHA-512")),
    ("_tls", Protocol::Tls),
    ("", Protocol::Plaintext),
];

/// An attribute without its ending, and the protocol of the brokers that it lists.
fn protocol_of_list(attribute: &str) -> Option<(&str, Protocol)> {
    LISTS.iter().find_map(|(ending, protocol)| {
        let stem = attribute.strip_suffix(&*ending_like(attribute, ending))?;
        let is_plain = ["bootstrap_brokers", "bootstrapBrokers"].contains(&stem);
        (is_plain || !ending.is_empty()).then_some((stem, *protocol))
    })
}

/// An ending in the casing of an attribute: `_sasl_iam`, `SaslIam`.
fn ending_like(attribute: &str, ending: &str) -> String {
    if attribute.contains('_') {
        return ending.to_owned();
    }
    let words = ending.split('_').filter(|word| !word.is_empty());
    words
        .flat_map(|word| {
            let (first, rest) = word.split_at(1);
            [first.to_ascii_uppercase(), rest.to_owned()]
        })
        .collect()
}

/// Ports of Amazon MSK for those who come from the internet.
const PUBLIC_PORTS: &[u32] = &[9194, 9196, 9198];

/// Ports that are open on the other side than the one that the name of the broker is for.
fn network_of_ports(reading: &Reading<'_>, findings: &mut Findings) {
    let mut wrong = brokers(reading).filter_map(|(value, text, broker)| {
        let (port, digits) = broker.port?;
        Protocol::on(port)?;
        let is_public_port = PUBLIC_PORTS.contains(&port);
        // Over IPv6 there are names of another kind.
        let is_ipv6 = port > 20000;
        let message = match msk(broker.host)? {
            Msk::Public if !is_public_port && !is_ipv6 => {
                "is open inside the VPC only, but the name of the broker is the public one"
            }
            Msk::Private if is_public_port => {
                "is open to the internet only, but the name of the broker is the private one"
            }
            _ => return None,
        };
        Some((value, text, digits, message))
    });
    let Some((value, text, digits, message)) = wrong.next() else {
        return;
    };
    let mut finding = Finding::new(
        &BROKER_PORT_OF_ANOTHER_PROTOCOL,
        value.place_of(digits),
        format!(
            "port {} of Amazon MSK {message}",
            reading.quote(text, digits)
        ),
    )
    .help("Take the list of brokers for the network that the connection is in.");
    for (_, _, digits, _) in wrong {
        finding = finding.label(value.place_of(digits), "this one, too");
    }
    findings.add_at(value, finding);
}

/// A mechanism that brokers of Amazon MSK do not have. Says whether it said anything.
pub(super) fn not_on_msk(kafka: &Kafka<'_, '_>, findings: &mut Findings) -> bool {
    const IAM: &str = "AWS_MSK_IAM";
    let reading = kafka.reading;
    let of = |sort: fn(Msk) -> bool| {
        brokers(reading).find(|(.., broker)| msk(broker.host).is_some_and(sort))
    };
    let serverless = of(|msk| msk == Msk::Serverless);
    let (place, message, label) = match (kafka.login, serverless) {
        (Login::By(mechanism, entry), Some((value, _, broker))) if mechanism.name != IAM => (
            entry.value.place,
            format!("Amazon MSK Serverless accepts only `{IAM}`"),
            Some((value.place_of(broker.host), "a serverless cluster")),
        ),
        (Login::Without, Some((value, text, broker))) => (
            value.place_of(broker.host),
            format!(
                "{} is a serverless cluster of Amazon MSK, which accepts only `{IAM}`",
                reading.quote(text, broker.host)
            ),
            None,
        ),
        (Login::By(mechanism, entry), None) if mechanism.msk_ports.is_empty() => {
            let Some((value, _, broker)) = of(|_| true) else {
                return false;
            };
            (
                entry.value.place,
                format!("Amazon MSK does not support `{}`", mechanism.name),
                Some((value.place_of(broker.host), "a broker of Amazon MSK")),
            )
        }
        _ => return false,
    };
    let supported: Vec<&str> = (spec::mechanisms().iter())
        .filter(|mechanism| !mechanism.msk_ports.is_empty())
        .map(|mechanism| mechanism.name)
        .collect();
    let help = if serverless.is_some() {
        format!("Set `{MECHANISM}` to \"{IAM}\".")
    } else {
        format!(
            "Use {}, and the port that belongs to it.",
            words::or(&supported)
        )
    };
    let mut finding = Finding::new(&MECHANISM_NOT_ON_MSK, place, message).help(help);
    if let Some((place, text)) = label {
        finding = finding.label(place, text);
    }
    findings.add(finding);
    true
}

/// One broker of a cluster of Amazon MSK that has more: `b-1.…`.
pub(super) fn single_broker(reading: &Reading<'_>, findings: &mut Findings) {
    let Some((value, text)) = reading.text(BROKERS).filter(|_| reading.is_authored()) else {
        return;
    };
    // A hole may hold any number of them.
    let mut all = parse_brokers(text.as_str());
    let (Some(Ok(broker)), None) = (all.next(), all.next()) else {
        return;
    };
    let is_numbered = |host: &str| {
        host.strip_prefix("b-")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    if text.as_str().contains(GAP) || !is_numbered(broker.host) || msk(broker.host).is_none() {
        return;
    }
    findings.add_at(
        value,
        Finding::new(
            &SINGLE_BOOTSTRAP_BROKER,
            value.place_of(broker.host),
            format!(
                "{} is one broker of its cluster: while it is down, jobs cannot connect",
                reading.quote(text, broker.host)
            ),
        )
        .help(
            "List a broker of each Availability Zone, as Amazon MSK shows its bootstrap servers.",
        ),
    );
}
