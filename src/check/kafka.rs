//! Kafka: brokers, SASL mechanisms, TLS and keystores.

use super::formats::brokers::{Broker, BrokerProblem, Msk, msk, parse_brokers};
use super::formats::holes::is_stand_in;
use super::formats::host::HostProblem;
use super::formats::near::{fold, nearest};
use super::words::port_fault;
use super::{Findings, Reading, Section, words};
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
    // Either says already that TLS is off.
    let said = sasl_without_tls(&kafka, findings) | keystore_without_tls(&kafka, findings);
    if !said {
        tls_disabled(&kafka, findings);
    }
    missing_credentials(&kafka, findings);
    foreign_properties(&kafka, findings);
    scram(&kafka, findings);
    keystore(&kafka, findings);
    ports(&kafka, findings);
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
        .find(|(.., broker)| msk(broker.host) == Some(Msk::Private))
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
        for broker in parse_brokers(text.as_str()) {
            let finding = match broker {
                Err((entry, problem)) => broker_problem(reading, value, text, entry, problem),
                Ok(broker) if !zookeeper && is_zookeeper(&broker) => {
                    zookeeper = true;
                    zookeeper_port(reading, value, text, &broker)
                }
                Ok(_) => continue,
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
        BrokerProblem::Empty(part) => new(part, "an entry of the broker list is empty".into()),
        BrokerProblem::Separator(part) if part.trim().is_empty() => new(
            part,
            "brokers are separated by commas, not by spaces or line breaks".into(),
        )
        .note("a comma belongs here"),
        BrokerProblem::Separator(part) => new(
            part,
            format!("brokers are separated by commas, not by `{part}`"),
        )
        .note("a comma belongs here"),
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

/// The general credentials, of which a mechanism without any credentials has no use.
const GENERAL: &[&str] = &["USERNAME", "PASSWORD", "ENCRYPTED_PASSWORD"];

fn foreign_properties(kafka: &Kafka<'_, '_>, findings: &mut Findings) {
    let own: Option<(&Mechanism, &Entry<'_>)> = match kafka.login {
        Login::Unknown => return,
        Login::Without => None,
        Login::By(mechanism, entry) => Some((mechanism, entry)),
    };
    for entry in kafka.reading.properties.entries() {
        let key = entry.name.as_ref();
        if filled(kafka.reading, key).is_none() {
            continue;
        }
        let owner = spec::mechanisms().iter().find(|m| m.keys.contains(&key));
        let message = match (owner, own) {
            (Some(owner), Some((own, _))) if owner.name != own.name => format!(
                "`{key}` belongs to `{}`, but the connection uses `{}`",
                owner.name, own.name
            ),
            (Some(owner), None) => format!(
                "`{key}` belongs to `{}` and has no effect while no mechanism is set",
                owner.name
            ),
            (None, Some((own, _))) if own.needs.is_empty() && GENERAL.contains(&key) => {
                format!(
                    "`{key}` has no effect: `{}` logs in with an IAM role",
                    own.name
                )
            }
            _ => continue,
        };
        let finding = Finding::new(&PROPERTY_OF_ANOTHER_MECHANISM, entry.key, message);
        findings.add(match (owner, own) {
            (_, Some((_, mechanism))) => finding
                .label(mechanism.value.place, "the mechanism")
                .help("Remove the property, or correct the mechanism."),
            (Some(owner), None) => finding.help(format!(
                "Set `{MECHANISM}` to \"{}\", or remove the property.",
                owner.name
            )),
            (None, None) => finding,
        });
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
    for (value, text, broker) in brokers(reading) {
        let (Some((port, digits)), Some(_)) = (broker.port, msk(broker.host)) else {
            continue;
        };
        let Some(heard) = Protocol::on(port).filter(|heard| *heard != spoken) else {
            continue;
        };
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
        findings.add_at(value, finding);
        return;
    }
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
