//! `AuthenticationConfiguration`: types, grants, URLs and tokens.

mod oauth2;
mod texts;

use super::formats::holes::is_stand_in;
use super::{Findings, Reading, Section, words};
use crate::diag::{Finding, Fix};
use crate::form::{Entry, Map, Presence, Shape};
use crate::spec::near::{fold, nearest};
use crate::spec::{self, ConnectionType, Family, Member, Need, Rule, Severity, rules};

pub(super) use texts::fits;

rules! {
    /// A type that logs in by `AuthenticationConfiguration`, without one.
    MISSING_AUTHENTICATION = "missing-authentication", Error, since "0.1.0";
    /// An authentication type that does not exist.
    UNKNOWN_AUTHENTICATION_TYPE = "unknown-authentication-type", Error, since "0.1.0";
    /// An OAuth 2.0 grant that does not exist.
    UNKNOWN_GRANT_TYPE = "unknown-grant-type", Error, since "0.1.0";
    /// What belongs to one authentication type beside another.
    OAUTH2_PROPERTIES_MISMATCH = "oauth2-properties-mismatch", Warning, since "0.1.0";
    /// A grant without what it exchanges for a token.
    INCOMPLETE_GRANT = "incomplete-grant", Warning, since "0.1.0";
    /// Two applications that ask for one token.
    TWO_CLIENT_APPLICATIONS = "two-client-applications", Warning, since "0.1.0";
    /// What is no `http:` or `https:` URL.
    MALFORMED_WEB_URL = "malformed-web-url", Error, since "0.1.0";
    /// A URL that is spoken to without TLS.
    UNENCRYPTED_WEB_URL = "unencrypted-web-url", Warning, since "0.1.0";
    /// A token, code or client id with characters that it cannot have.
    MALFORMED_TOKEN = "malformed-token", Error, since "0.1.0";
    /// An `AuthenticationConfiguration` that the type does not use.
    AUTHENTICATION_WITHOUT_USE = "authentication-without-use", Warning, since "0.1.0";
}

const MEMBER: &str = "AuthenticationConfiguration";

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    texts::property_urls(reading, findings);
    let Section::Here(configuration) = reading.authentication else {
        if matches!(reading.authentication, Section::Missing) && reading.is_authored() {
            missing(reading, findings);
        }
        return;
    };
    without_use(reading, configuration, findings);
    let oauth2 = section(configuration, "OAuth2Properties");
    enumeration(
        reading,
        configuration,
        (MEMBER, "AuthenticationType"),
        (&UNKNOWN_AUTHENTICATION_TYPE, "authentication type"),
        findings,
    );
    if let Section::Here(oauth2) = oauth2 {
        enumeration(
            reading,
            oauth2,
            ("OAuth2Properties", "OAuth2GrantType"),
            (&UNKNOWN_GRANT_TYPE, "OAuth 2.0 grant type"),
            findings,
        );
        oauth2::client_applications(reading, oauth2, findings);
        if reading.is_authored() {
            oauth2::grant(configuration, oauth2, findings);
        }
    }
    mismatch(reading, configuration, findings);
    texts::members(reading, configuration, findings);
}

/// What is known of a member that is a structure.
pub(super) fn section<'c>(map: &'c Map<'c>, name: &str) -> Section<'c> {
    match map.presence(name) {
        Presence::Here(entry) => match &entry.value.shape {
            Shape::Map(map) => Section::Here(map),
            _ => Section::Unknown,
        },
        Presence::Maybe => Section::Unknown,
        Presence::Absent => Section::Missing,
    }
}

/// The entry that is certainly there and not just an empty text.
pub(super) fn filled<'c>(section: Section<'c>, name: &str) -> Option<&'c Entry<'c>> {
    match section.presence(name) {
        Presence::Here(entry) => Some(entry).filter(|entry| entry.value.known() != Some("")),
        _ => None,
    }
}

// ---- the configuration as a whole ------------------------------------------------------------

fn missing(reading: &Reading<'_>, findings: &mut Findings) {
    let Some(kind) = reading.kind else { return };
    let name = kind.name;
    let (severity, message) = match (kind.authentication, kind.family) {
        (Need::Required, _) => (
            Severity::Error,
            format!("AWS Glue rejects a {name} connection without `{MEMBER}`"),
        ),
        (Need::Expected, Family::Saas) => (
            Severity::Warning,
            format!("a {name} connection cannot log in without `{MEMBER}`"),
        ),
        (Need::Expected, Family::Federated) if logs_in_elsewhere(reading, kind) == Some(false) => (
            Severity::Info,
            format!("nothing says how the {name} connection logs in: `{MEMBER}` is missing"),
        ),
        _ => return,
    };
    findings.add(
        Finding::new(
            &MISSING_AUTHENTICATION,
            reading.connection.fields.key,
            message,
        )
        .severity(severity)
        .help(format!(
            "Add `{MEMBER}` with `AuthenticationType` and the ARN of the secret that holds the \
             credentials."
        )),
    );
}

/// Whether a federated connection may log in by something else; `None` where it may not have to
/// log in at all.
fn logs_in_elsewhere(reading: &Reading<'_>, kind: &ConnectionType) -> Option<bool> {
    const KEYS: &[&str] = &[
        "SECRET_ID",
        "USERNAME",
        "PASSWORD",
        "ENCRYPTED_PASSWORD",
        "JDBC_PARAMS",
        "JDBC_CONNECTION_URL",
        "SparkProperties",
        "PythonProperties",
    ];
    const MEMBERS: &[&str] = &["AthenaProperties", "SparkProperties", "PythonProperties"];
    // Databases do; of the others, AWS's samples show some without.
    let is_database = kind.requires.contains(&"DATABASE") && !kind.name.starts_with("CLOUDERA");
    let fields = &reading.connection.fields;
    is_database.then(|| {
        KEYS.iter().any(|key| !reading.property(key).is_absent())
            || (MEMBERS.iter()).any(|member| !fields.presence(member).is_absent())
    })
}

fn without_use(reading: &Reading<'_>, configuration: &Map<'_>, findings: &mut Findings) {
    if let Some(kind) = reading.kind
        && kind.authentication == Need::Unused
    {
        findings.add(
            Finding::new(
                &AUTHENTICATION_WITHOUT_USE,
                configuration.key,
                format!("`{MEMBER}` has no effect on a {} connection", kind.name),
            )
            .help("Remove it."),
        );
    }
}

/// What only one authentication type uses.
const BELONGINGS: &[(&str, &str)] = &[
    ("OAuth2Properties", "OAUTH2"),
    ("BasicAuthenticationCredentials", "BASIC"),
    ("CustomAuthenticationCredentials", "CUSTOM"),
];

fn mismatch(reading: &Reading<'_>, configuration: &Map<'_>, findings: &mut Findings) {
    let Presence::Here(kind) = configuration.presence("AuthenticationType") else {
        return;
    };
    // What is no type at all is said already.
    let Some(name) = kind.value.known().filter(|name| {
        enumerated(MEMBER, "AuthenticationType").is_some_and(|member| member.values.contains(name))
    }) else {
        return;
    };
    for (member, owner) in BELONGINGS {
        let Presence::Here(entry) = configuration.presence(member) else {
            continue;
        };
        if *owner == name {
            continue;
        }
        findings.add(
            Finding::new(
                &OAUTH2_PROPERTIES_MISMATCH,
                entry.key,
                format!(
                    "`{member}` belongs to `{owner}`, which is not this connection's \
                         authentication type"
                ),
            )
            .label(kind.value.place, "the authentication type")
            .help(format!(
                "Remove it, or set `AuthenticationType` to \"{owner}\"."
            )),
        );
    }
    if name == "OAUTH2"
        && reading.is_authored()
        && configuration.presence("OAuth2Properties").is_absent()
    {
        findings.add_at(
            &kind.value,
            Finding::new(
                &OAUTH2_PROPERTIES_MISMATCH,
                kind.value.place,
                "`OAUTH2` needs `OAuth2Properties`, which is missing",
            )
            .help("Add `OAuth2Properties` with `OAuth2GrantType` and what the grant needs."),
        );
    }
}

// ---- enumerations ----------------------------------------------------------------------------

fn enumerated(structure: &str, member: &str) -> Option<&'static Member> {
    spec::structure(structure)?.member(member)
}

fn enumeration(
    reading: &Reading<'_>,
    map: &Map<'_>,
    (structure, name): (&str, &str),
    (rule, what): (&'static Rule, &str),
    findings: &mut Findings,
) {
    let (Some(member), Some(entry)) = (enumerated(structure, name), map.get(name)) else {
        return;
    };
    for value in entry.value.alternatives() {
        let Some(text) = value.known() else { continue };
        if text.trim().is_empty() || is_stand_in(text) || member.values.contains(&text) {
            continue;
        }
        let values = || member.values.iter().copied();
        let quoted = reading.quote_value(value);
        let folded = fold(text);
        let finding = if let Some(meant) = values().find(|value| fold(value) == folded) {
            Finding::new(
                rule,
                value.place,
                format!("{quoted} is not how the {what} is spelled"),
            )
            .help(format!("Write \"{meant}\"."))
            .fix(Fix::replace(value, meant))
        } else {
            let all: Vec<&str> = values().collect();
            Finding::new(rule, value.place, format!("{quoted} is not a known {what}")).help(
                match nearest(text, values()) {
                    Some(meant) => format!("Did you mean `{meant}`?"),
                    None => format!("Use {}.", words::or(&all)),
                },
            )
        };
        findings.add_at(value, finding);
    }
}
