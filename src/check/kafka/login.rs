//! Logging in: the mechanism, and the keys that belong to it.

use super::{
    KEYSTORE, KEYSTORE_BESIDE_SASL, Kafka, Login, MALFORMED_KERBEROS_SERVICE, MALFORMED_PRINCIPAL,
    MECHANISM, MISSING_KEYSTORE, MISSING_SASL_CREDENTIALS, MSK_SECRET_WITHOUT_PREFIX,
    PROPERTY_OF_ANOTHER_MECHANISM, SCRAM_SECRET, TLS, UNKNOWN_SASL_MECHANISM, filled,
    known_mechanism,
};
use crate::check::formats::holes::is_stand_in;
use crate::check::{Findings, Reading, Section, words};
use crate::diag::{Finding, Fix};
use crate::form::Entry;
use crate::spec::near::{fold, nearest};
use crate::spec::{self, Mechanism};
use crate::syntax::GAP;
use crate::text::Place;

/// Mechanisms of Kafka that AWS Glue does not have.
const UNSUPPORTED: &[&str] = &["SCRAM-SHA-256", "OAUTHBEARER"];

/// Kafka's security protocols, which people take for mechanisms.
const PROTOCOLS: &[&str] = &["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];

pub(super) fn mechanism(reading: &Reading<'_>, findings: &mut Findings) {
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

pub(super) fn kerberos(reading: &Reading<'_>, findings: &mut Findings) {
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

pub(super) fn missing_credentials(kafka: &Kafka<'_, '_>, findings: &mut Findings) {
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
pub(super) fn foreign_properties(kafka: &Kafka<'_, '_>, findings: &mut Findings) {
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

pub(super) fn scram(kafka: &Kafka<'_, '_>, findings: &mut Findings) {
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

pub(super) fn keystore(kafka: &Kafka<'_, '_>, findings: &mut Findings) {
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
