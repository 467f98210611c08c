//! Kafka: brokers, SASL mechanisms, TLS and keystores.

use super::formats::brokers::{Broker, BrokerProblem, Msk, msk, parse_brokers, with_comma};
use super::formats::holes::is_stand_in;
use super::formats::host::{Host, HostProblem};
use super::formats::near::{fold, nearest};
use super::scalars::DUPLICATE_ENTRY;
use super::words::port_fault;
use super::{Findings, Reading, Section, jdbc, words};
use crate::diag::{Finding, Fix};
use crate::form::{Entry, Presence, Value};
use crate::spec::{self, Mechanism, Severity, rules};
use crate::syntax::{GAP, Text};
use crate::text::Place;

rules! {
    /// An entry of the broker list that is not `host:port`.
    MALFORMED_BROKER_LIST = "malformed-broker-list", Error, since "0.1.0";
    /// A security protocol before a broker.
    BROKER_WITH_SCHEME = "broker-with-scheme", Error, since "0.1.0";
    /// The port of ZooKeeper in the list of brokers.
    ZOOKEEPER_PORT = "zookeeper-port", Warning, since "0.1.0";
    /// A mechanism that AWS Glue does not have.
    UNKNOWN_SASL_MECHANISM = "unknown-sasl-mechanism", Error, since "0.1.0";
    /// SASL while TLS is switched off.
    SASL_WITHOUT_TLS = "sasl-without-tls", Error, since "0.1.0";
    /// A mechanism without what it logs in with.
    MISSING_SASL_CREDENTIALS = "missing-sasl-credentials", Warning, since "0.1.0";
    /// Keys that the mechanism does not use.
    PROPERTY_OF_ANOTHER_MECHANISM = "property-of-another-mechanism", Warning, since "0.1.0";
    /// A secret beside a user name and password for SCRAM.
    TWO_SCRAM_CREDENTIALS = "two-scram-credentials", Warning, since "0.1.0";
    /// A secret with a name that Amazon MSK does not take.
    MSK_SECRET_WITHOUT_PREFIX = "msk-secret-without-prefix", Warning, since "0.1.0";
    /// The password of a keystore that is not there.
    MISSING_KEYSTORE = "missing-keystore", Warning, since "0.1.0";
    /// A keystore while TLS is switched off.
    KEYSTORE_WITHOUT_TLS = "keystore-without-tls", Warning, since "0.1.0";
    /// A keystore and a SASL mechanism in one connection.
    KEYSTORE_BESIDE_SASL = "keystore-beside-sasl", Warning, since "0.1.0";
    /// A mechanism that the cluster of Amazon MSK does not have.
    MECHANISM_NOT_ON_MSK = "mechanism-not-on-msk", Warning, since "0.1.0";
    /// Only one broker of several.
    SINGLE_BOOTSTRAP_BROKER = "single-bootstrap-broker", Info, since "0.1.0";
    /// A port on which Amazon MSK speaks another protocol.
    BROKER_PORT_OF_ANOTHER_PROTOCOL = "broker-port-of-another-protocol", Warning, since "0.1.0";
    /// TLS switched off.
    KAFKA_TLS_DISABLED = "kafka-tls-disabled", Warning, since "0.1.0";
    /// A Kerberos principal that is not `primary/instance@REALM`.
    MALFORMED_PRINCIPAL = "malformed-principal", Warning, since "0.1.0";
    /// A Kerberos service with more than its name.
    MALFORMED_KERBEROS_SERVICE = "malformed-kerberos-service", Warning, since "0.1.0";
    /// A certificate check that is skipped without a certificate.
    SKIP_WITHOUT_CERTIFICATE = "skip-without-certificate", Warning, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    skip_without_certificate(reading, findings);
    if !is_kafka(reading) {
        return;
    }
    broker_list(reading, findings);
    mechanism(reading, findings);
    kerberos(reading, findings);

    let kafka = Kafka::of(reading);
    // Each says already that TLS is off; of the certificate, a neighbour does.
    let said = sasl_without_tls(&kafka, findings)
        | keystore_without_tls(&kafka, findings)
        | filled(reading, "KAFKA_CUSTOM_CERT").is_some();
    if !said {
        tls_disabled(&kafka, findings);
    }
    missing_credentials(&kafka, findings);
    foreign_properties(&kafka, findings);
    scram(&kafka, findings);
    keystore(&kafka, findings);
    if !not_on_msk(&kafka, findings) {
        ports(&kafka, findings);
    }
    if findings.wants(Severity::Info) {
        single_broker(reading, findings);
    }
}

/// Whether it is a Kafka connection. Where the type is not known, the list of brokers tells.
fn is_kafka(reading: &Reading<'_>) -> bool {
    reading.is("KAFKA") || (reading.kind.is_none() && reading.entry(BROKERS).is_some())
}

const BROKERS: &str = "KAFKA_BOOTSTRAP_SERVERS";
const MECHANISM: &str = "KAFKA_SASL_MECHANISM";
const TLS: &str = "KAFKA_SSL_ENABLED";
const KEYSTORE: &str = "KAFKA_CLIENT_KEYSTORE";
pub(super) const SCRAM_SECRET: &str = "KAFKA_SASL_SCRAM_SECRETS_ARN";

/// What the rules about several keys want to know.
struct Kafka<'r, 'c> {
    reading: &'r Reading<'c>,
    login: Login<'c>,
    /// The value that switches TLS off.
    tls_off: Option<&'c Value<'c>>,
    /// Whether a broker is one of Amazon MSK.
    on_msk: bool,
}

/// How the connection logs in.
#[derive(Clone, Copy)]
enum Login<'c> {
    /// By no mechanism.
    Without,
    /// By this one.
    By(&'static Mechanism, &'c Entry<'c>),
    /// By one that is not known, or is none.
    Unknown,
}

impl<'r, 'c> Kafka<'r, 'c> {
    fn of(reading: &'r Reading<'c>) -> Kafka<'r, 'c> {
        let login = match reading.property(MECHANISM) {
            Presence::Absent => Login::Without,
            Presence::Here(entry) => (entry.value.known())
                .and_then(known_mechanism)
                .map_or(Login::Unknown, |mechanism| Login::By(mechanism, entry)),
            Presence::Maybe => Login::Unknown,
        };
        let tls_off = (reading.entry(TLS))
            .map(|entry| &entry.value)
            .filter(|_| reading.is_false(TLS));
        Kafka {
            reading,
            login,
            tls_off,
            on_msk: brokers(reading).any(|(.., broker)| msk(broker.host).is_some()),
        }
    }

    fn mechanism(&self) -> Option<(&'static Mechanism, &'c Entry<'c>)> {
        match self.login {
            Login::By(mechanism, entry) => Some((mechanism, entry)),
            _ => None,
        }
    }
}

fn known_mechanism(name: &str) -> Option<&'static Mechanism> {
    spec::mechanisms().iter().find(|m| m.name == name)
}

/// Whether a key belongs to the mechanism of a Kafka connection, as far as that is known.
pub(super) fn may_use(reading: &Reading<'_>, key: &str) -> bool {
    let has_it = |mechanism: &Mechanism| mechanism.keys.contains(&key);
    is_kafka(reading)
        && spec::mechanisms().iter().any(has_it)
        && match reading.property(MECHANISM) {
            Presence::Absent => false,
            Presence::Here(entry) => (entry.value.known())
                .and_then(known_mechanism)
                .is_none_or(has_it),
            Presence::Maybe => true,
        }
}

/// Whether a key belongs to the mechanism that a Kafka connection certainly has.
pub(super) fn uses(reading: &Reading<'_>, key: &str) -> bool {
    let mechanism = reading.known(MECHANISM).and_then(known_mechanism);
    is_kafka(reading) && mechanism.is_some_and(|mechanism| mechanism.keys.contains(&key))
}

/// The entry of a key that is certainly there and not just an empty text.
fn filled<'c>(reading: &Reading<'c>, key: &str) -> Option<&'c Entry<'c>> {
    (reading.entry(key)).filter(|entry| entry.value.known() != Some(""))
}

/// The well-formed brokers, where the list is certain.
fn brokers<'c>(
    reading: &Reading<'c>,
) -> impl Iterator<Item = (&'c Value<'c>, &'c Text<'c>, Broker<'c>)> + use<'c> {
    reading.text(BROKERS).into_iter().flat_map(|(value, text)| {
        parse_brokers(text.as_str()).filter_map(move |broker| Some((value, text, broker.ok()?)))
    })
}

/// Whether a connection leads to brokers of Amazon MSK that only a VPC can reach, with the part
/// of the list that shows it.
pub(super) fn private_msk_broker<'c>(reading: &Reading<'c>) -> Option<(&'c Value<'c>, &'c str)> {
    brokers(reading)
        .find(|(.., broker)| matches!(msk(broker.host), Some(Msk::Private | Msk::Serverless)))
        .map(|(value, _, broker)| (value, broker.host))
}

// ---- one value -------------------------------------------------------------------------------

fn broker_list(reading: &Reading<'_>, findings: &mut Findings) {
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

/// Mechanisms of Kafka that AWS Glue does not have.
const UNSUPPORTED: &[&str] = &["SCRAM-SHA-256", "OAUTHBEARER"];

/// Kafka's security protocols, which people take for mechanisms.
const PROTOCOLS: &[&str] = &["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];

fn mechanism(reading: &Reading<'_>, findings: &mut Findings) {
    let Some(entry) = reading.entry(MECHANISM) else {
        return;
    };
    for value in entry.value.alternatives() {
        let Some(name) = value.known() else { continue };
        if name.trim().is_empty() || is_stand_in(name) || known_mechanism(name).is_some() {
            continue;
        }
        let quoted = reading.quote_value(value);
        let folded = fold(name);
        let is_one_of = |list: &[&str]| list.iter().any(|other| fold(other) == folded);
        let new = |message: String| Finding::new(&UNKNOWN_SASL_MECHANISM, value.place, message);
        let finding = if is_one_of(UNSUPPORTED) {
            new(format!(
                "{quoted} is a Kafka mechanism that AWS Glue does not support"
            ))
            .help(format!("Use a supported one: {}.", mechanism_names()))
        } else if is_one_of(PROTOCOLS) {
            new(format!("{quoted} is a security protocol, not a mechanism")).help(format!(
                "Name the mechanism, {}, and control TLS with `{TLS}`.",
                mechanism_names()
            ))
        } else {
            let spelled = spec::mechanisms()
                .iter()
                .find(|m| fold(m.name) == folded || is_one_of(m.mistaken_for))
                .map(|m| m.name);
            let meant =
                spelled.or_else(|| nearest(name, spec::mechanisms().iter().map(|m| m.name)));
            let fix = meant.and_then(|meant| Fix::replace(value, meant));
            new(format!(
                "{quoted} is not a SASL mechanism that AWS Glue supports"
            ))
            .help(match meant {
                Some(meant) => format!("Did you mean `{meant}`?"),
                None => format!("Use a supported one: {}.", mechanism_names()),
            })
            .fix(fix.map(|fix| fix.safe_if(spelled.is_some())))
        };
        findings.add_at(value, finding);
    }
}

/// The names of the mechanisms, as they are listed in a sentence.
fn mechanism_names() -> String {
    let names: Vec<&str> = spec::mechanisms().iter().map(|m| m.name).collect();
    words::or(&names)
}

fn kerberos(reading: &Reading<'_>, findings: &mut Findings) {
    kerberos_name(
        reading,
        "KAFKA_SASL_GSSAPI_PRINCIPAL",
        principal_problem,
        |place, message| {
            Finding::new(&MALFORMED_PRINCIPAL, place, message).help(
                "Write the principal as it is in the keytab, such as \
                       \"etl/glue@EXAMPLE.ORG\".",
            )
        },
        findings,
    );
    kerberos_name(
        reading,
        "KAFKA_SASL_GSSAPI_SERVICE",
        service_problem,
        |place, message| {
            Finding::new(&MALFORMED_KERBEROS_SERVICE, place, message)
                .help("Write the brokers' `sasl.kerberos.service.name`, such as \"kafka\".")
        },
        findings,
    );
}

fn kerberos_name(
    reading: &Reading<'_>,
    key: &str,
    problem: fn(&str) -> Option<(&str, &'static str)>,
    finding: fn(Place, String) -> Finding,
    findings: &mut Findings,
) {
    let Some(entry) = reading.entry(key) else {
        return;
    };
    for value in entry.value.alternatives() {
        let Some(text) = value.text() else { continue };
        // Blanks around the value are for another rule.
        let trimmed = text.as_str().trim();
        if trimmed.is_empty() || is_stand_in(trimmed) {
            continue;
        }
        if let Some((part, why)) = problem(trimmed) {
            let message = format!("{} {why}", reading.quote(text, part));
            findings.add_at(value, finding(value.place_of(part), message));
        }
    }
}

/// What is wrong with a Kerberos principal, and the part that shows it.
fn principal_problem(text: &str) -> Option<(&str, &'static str)> {
    if text.contains(char::is_whitespace) {
        return Some((text, "contains whitespace, which a principal cannot"));
    }
    let Some((name, realm)) = text.rsplit_once('@') else {
        let is_open = text.contains(GAP);
        return (!is_open).then_some((text, "has no realm, so the principal is incomplete"));
    };
    if name.is_empty() || name.split('/').any(str::is_empty) {
        return Some((text, "has an empty part before its realm"));
    }
    if realm.is_empty() {
        return Some((text, "has no realm after its `@`"));
    }
    if name.contains('@') && !name.contains(GAP) && !name.contains('\\') {
        return Some((text, "has more than one `@`"));
    }
    realm.chars().any(|c| c.is_ascii_lowercase()).then_some((
        realm,
        "is a realm in lower case, but realms are case-sensitive and by convention upper case",
    ))
}

/// What is wrong with a Kerberos service name, and the part that shows it.
fn service_problem(text: &str) -> Option<(&str, &'static str)> {
    text.contains(|c: char| matches!(c, '@' | '/') || c.is_whitespace())
        .then_some((
            text,
            "is more than a service name, which has no host or realm",
        ))
}

// ---- several keys ----------------------------------------------------------------------------

/// What TLS-less SASL means. Says whether it said anything.
fn sasl_without_tls(kafka: &Kafka<'_, '_>, findings: &mut Findings) -> bool {
    let (Some(off), Some((mechanism, entry))) = (kafka.tls_off, kafka.mechanism()) else {
        return false;
    };
    let name = mechanism.name;
    let (severity, message) = match name {
        "AWS_MSK_IAM" => (
            Severity::Error,
            "`AWS_MSK_IAM` works only over TLS, but TLS is disabled".to_owned(),
        ),
        _ if kafka.on_msk => (
            Severity::Warning,
            format!("Amazon MSK accepts `{name}` only over TLS, but TLS is disabled"),
        ),
        "PLAIN" => (
            Severity::Warning,
            "without TLS, `PLAIN` sends the password in plain text".to_owned(),
        ),
        "SCRAM-SHA-512" => (
            Severity::Warning,
            "without TLS, an eavesdropper on a `SCRAM-SHA-512` login can try to guess the password"
                .to_owned(),
        ),
        // Kerberos protects the login by itself.
        _ => return false,
    };
    findings.add_at(
        off,
        Finding::new(&SASL_WITHOUT_TLS, off.place, message)
            .severity(severity)
            .label(entry.value.place, "the mechanism")
            .help(format!("Remove `{TLS}`: TLS is on unless it is \"false\".")),
    );
    true
}

/// Says whether it said anything.
fn keystore_without_tls(kafka: &Kafka<'_, '_>, findings: &mut Findings) -> bool {
    let (Some(off), Some(keystore)) = (kafka.tls_off, filled(kafka.reading, KEYSTORE)) else {
        return false;
    };
    findings.add(
        Finding::new(
            &KEYSTORE_WITHOUT_TLS,
            keystore.key,
            "the keystore has no effect while TLS is disabled",
        )
        .label(off.place, "TLS is disabled")
        .help(format!(
            "Remove `{TLS}` to log in with a certificate, or remove the keystore."
        )),
    );
    true
}

fn tls_disabled(kafka: &Kafka<'_, '_>, findings: &mut Findings) {
    let Some(off) = kafka.tls_off else { return };
    let help = if kafka.on_msk {
        "Remove the property and use the brokers' TLS port, which is 9094 on Amazon MSK."
    } else {
        "Remove the property and use the brokers' TLS port."
    };
    findings.add_at(
        off,
        Finding::new(
            &KAFKA_TLS_DISABLED,
            off.place,
            "TLS is disabled, so all messages travel in plain text",
        )
        .help(help),
    );
}

fn missing_credentials(kafka: &Kafka<'_, '_>, findings: &mut Findings) {
    let reading = kafka.reading;
    let Some((mechanism, entry)) = kafka.mechanism() else {
        return;
    };
    // A secret may also be named in the AuthenticationConfiguration.
    if !reading.is_authored() || !matches!(reading.authentication, Section::Missing) {
        return;
    }
    // The group of which most is there; of none, the first.
    let Some(first) = mechanism.needs.first() else {
        return;
    };
    let (mut most, mut group) = (0, *first);
    for other in mechanism.needs {
        let present = other.len() - absent(reading, other).len();
        if present == other.len() {
            return;
        }
        if present > most {
            (most, group) = (present, *other);
        }
    }
    let secrets = mechanism.needs.iter().filter(|group| group.len() == 1);
    let secrets: Vec<&str> = secrets.flat_map(|group| group.iter().copied()).collect();
    let name = mechanism.name;
    let missing = words::and(&absent(reading, group));
    let message = if most == 0 {
        format!("`{name}` has no credentials to log in with")
    } else {
        format!("`{name}` cannot log in without {}", missing)
    };
    let mut help = format!("Add {}.", missing);
    if !secrets.is_empty() {
        let secrets = words::or(&secrets);
        help = format!("Name a secret in {secrets}, or add {}.", missing);
    }
    findings.add(Finding::new(&MISSING_SASL_CREDENTIALS, entry.value.place, message).help(help));
}

/// Those of the keys that are certainly not there.
fn absent<'k>(reading: &Reading<'_>, keys: &[&'k str]) -> Vec<&'k str> {
    let mut absent = keys.to_vec();
    absent.retain(|key| reading.property(key).is_absent());
    absent
}

/// Keys of which the mechanism makes no use: all that belong to one other mechanism are one mistake.
fn foreign_properties(kafka: &Kafka<'_, '_>, findings: &mut Findings) {
    let own: Option<(&Mechanism, &Entry<'_>)> = match kafka.login {
        Login::Unknown => return,
        Login::Without => None,
        Login::By(mechanism, entry) => Some((mechanism, entry)),
    };
    let entries = || {
        (kafka.reading.properties.entries().iter())
            .filter(|entry| filled(kafka.reading, &entry.name).is_some())
    };
    let mut add = |entries: &[&Entry<'_>], why: &dyn Fn(&str) -> String, help: String| {
        let Some((first, others)) = entries.split_first() else {
            return;
        };
        let keys: Vec<&str> = entries.iter().map(|entry| entry.name.as_ref()).collect();
        let (has, them) = if others.is_empty() {
            ("has", "it")
        } else {
            ("have", "them")
        };
        let mut finding = Finding::new(
            &PROPERTY_OF_ANOTHER_MECHANISM,
            first.key,
            format!("{} {has} no effect{}", words::and(&keys), why(them)),
        )
        .help(help);
        for other in others {
            finding = finding.label(other.key, "this one, too");
        }
        if let Some((_, mechanism)) = own {
            finding = finding.label(mechanism.value.place, "the mechanism");
        }
        findings.add(finding);
    };
    for owner in spec::mechanisms() {
        if own.is_some_and(|(own, _)| own.name == owner.name) {
            continue;
        }
        let keys: Vec<&Entry<'_>> = entries()
            .filter(|entry| owner.keys.contains(&entry.name.as_ref()))
            .collect();
        let why = |them: &str| match own {
            Some((own, _)) => format!(": the connection uses `{}`, not `{}`", own.name, owner.name),
            None => format!(
                " while no mechanism is set: only `{}` uses {them}",
                owner.name
            ),
        };
        let help = match own {
            Some(_) => {
                "Remove what belongs to the other mechanism, or correct the mechanism.".to_owned()
            }
            None => format!(
                "Set `{MECHANISM}` to \"{}\", or remove what belongs to it.",
                owner.name
            ),
        };
        add(&keys, &why, help);
    }
    if let Some((own, _)) = own {
        let keys: Vec<&Entry<'_>> = entries()
            .filter(|entry| own.idle.contains(&entry.name.as_ref()))
            .collect();
        let why = |_: &str| format!(": `{}` logs in with {}", own.name, own.by);
        add(
            &keys,
            &why,
            "Remove what the mechanism does not use, or correct the mechanism.".to_owned(),
        );
    }
}

fn scram(kafka: &Kafka<'_, '_>, findings: &mut Findings) {
    let reading = kafka.reading;
    // Under another mechanism, or none, all of these keys are idle, and that is said.
    match kafka.login {
        Login::Without => return,
        Login::By(mechanism, _) if !mechanism.keys.contains(&SCRAM_SECRET) => return,
        _ => {}
    }
    let Some(secret) = filled(reading, SCRAM_SECRET) else {
        return;
    };
    if !kafka.on_msk {
        return;
    }
    for value in secret.value.alternatives() {
        let Some(text) = value.text() else { continue };
        let Some(name) = secret_name(text.as_str()) else {
            continue;
        };
        let known = name.split(GAP).next().unwrap_or_default();
        if known.starts_with(MSK_PREFIX) || (name.contains(GAP) && MSK_PREFIX.starts_with(known)) {
            continue;
        }
        findings.add_at(
            value,
            Finding::new(
                &MSK_SECRET_WITHOUT_PREFIX,
                value.place_of(name),
                format!(
                    "{} does not begin with `{MSK_PREFIX}`, as Amazon MSK requires of its secrets",
                    reading.quote(text, name)
                ),
            )
            .help("Name the secret that is associated with the cluster."),
        );
    }
}

const MSK_PREFIX: &str = "AmazonMSK_";

/// The name of the secret in an ARN, with the characters that AWS appends.
fn secret_name(arn: &str) -> Option<&str> {
    let (before, name) = arn.split_once(":secret:")?;
    (before.starts_with("arn:") && before.contains(":secretsmanager:") && !name.is_empty())
        .then_some(name)
}

fn keystore(kafka: &Kafka<'_, '_>, findings: &mut Findings) {
    let reading = kafka.reading;
    if let (Some(keystore), Some((mechanism, entry))) =
        (filled(reading, KEYSTORE), kafka.mechanism())
    {
        findings.add(
            Finding::new(
                &KEYSTORE_BESIDE_SASL,
                keystore.key,
                format!(
                    "the connection has a keystore and logs in with `{}`, but AWS Glue uses only \
                     one of them",
                    mechanism.name
                ),
            )
            .label(entry.value.place, "the mechanism")
            .help("Keep the one that the brokers accept, and remove the other."),
        );
    }
    if !reading.property(KEYSTORE).is_absent() {
        return;
    }
    for entry in reading.properties.entries() {
        let key = entry.name.as_ref();
        let opens_keystore = spec::property(key)
            .is_some_and(|fact| fact.secret && fact.partners.contains(&KEYSTORE));
        if opens_keystore && filled(reading, key).is_some() {
            findings.add(
                Finding::new(
                    &MISSING_KEYSTORE,
                    entry.key,
                    format!("`{key}` is the password of a keystore, but there is no `{KEYSTORE}`"),
                )
                .help(format!(
                    "Add `{KEYSTORE}` with the keystore's location in Amazon S3, or remove the \
                     property."
                )),
            );
        }
    }
}

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

fn ports(kafka: &Kafka<'_, '_>, findings: &mut Findings) {
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
fn not_on_msk(kafka: &Kafka<'_, '_>, findings: &mut Findings) -> bool {
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
fn single_broker(reading: &Reading<'_>, findings: &mut Findings) {
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

/// The keys that skip the check of a certificate, and those that name it.
const SKIPS: &[(&str, &str)] = &[
    ("KAFKA_SKIP_CUSTOM_CERT_VALIDATION", "KAFKA_CUSTOM_CERT"),
    ("SKIP_CUSTOM_JDBC_CERT_VALIDATION", "CUSTOM_JDBC_CERT"),
];

fn skip_without_certificate(reading: &Reading<'_>, findings: &mut Findings) {
    for (skip, certificate) in SKIPS {
        if !reading.is_true(skip) || !reading.property(certificate).is_absent() {
            continue;
        }
        let Some(entry) = reading.entry(skip) else {
            continue;
        };
        findings.add(
            Finding::new(
                &SKIP_WITHOUT_CERTIFICATE,
                entry.key,
                format!("`{skip}` has no effect, because there is no `{certificate}`"),
            )
            .help(format!(
                "Remove the property, or name your certificate in `{certificate}`."
            ))
            .fix(Fix::remove(entry).unsafe_to_apply()),
        );
    }
}
