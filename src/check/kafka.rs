//! Kafka: brokers, SASL mechanisms, TLS and keystores.

mod list;
mod login;
mod msk;

use super::formats::brokers::{Broker, Msk, msk, parse_brokers};
use super::{Findings, Reading};
use crate::diag::{Finding, Fix};
use crate::form::{Entry, Presence, Value};
use crate::spec::{self, Mechanism, Severity, rules};
use crate::syntax::Text;

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
    list::broker_list(reading, findings);
    login::mechanism(reading, findings);
    login::kerberos(reading, findings);

    let kafka = Kafka::of(reading);
    // Each says already that TLS is off; of the certificate, a neighbour does.
    let said = sasl_without_tls(&kafka, findings)
        | keystore_without_tls(&kafka, findings)
        | filled(reading, "KAFKA_CUSTOM_CERT").is_some();
    if !said {
        tls_disabled(&kafka, findings);
    }
    login::missing_credentials(&kafka, findings);
    login::foreign_properties(&kafka, findings);
    login::scram(&kafka, findings);
    login::keystore(&kafka, findings);
    if !msk::not_on_msk(&kafka, findings) {
        msk::ports(&kafka, findings);
    }
    if findings.wants(Severity::Info) {
        msk::single_broker(reading, findings);
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

// ---- TLS ---------------------------------------------------------------------------------------

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
