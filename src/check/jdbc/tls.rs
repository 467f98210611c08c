//! TLS: certificates, whether it is enforced, and options that weaken it.

use super::{
    CERTIFICATE_WITHOUT_TLS, EXPIRED_CERTIFICATE, TLS_NOT_ENFORCED, TLS_WEAKENED_BY_URL, URL,
    certain_url, engine, known_engine, texts,
};
use crate::check::formats::holes;
use crate::check::formats::jdbc_url::JdbcUrl;
use crate::check::formats::url::UrlOption;
use crate::check::names::is_missing;
use crate::check::{Findings, Reading};
use crate::diag::{Finding, Fix};
use crate::form::{Presence, Value};
use crate::spec::Severity;
use crate::syntax::Text;

const ENFORCE: &str = "JDBC_ENFORCE_SSL";
const CERTIFICATE_NAME: &str = "CUSTOM_JDBC_CERT_STRING";

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    if reading.is("JDBC") {
        certificates(reading, findings);
        if findings.wants(Severity::Info) {
            not_enforced(reading, findings);
            expired(reading, findings);
        }
    }
    if reading.is("KAFKA") {
        kafka_certificate(reading, findings);
    }
}

/// Whether it is certain that TLS is not enforced.
pub(in crate::check) fn is_off(reading: &Reading<'_>) -> bool {
    is_missing(reading, ENFORCE) || reading.is_false(ENFORCE)
}

/// Certificates that nothing uses.
fn certificates(reading: &Reading<'_>, findings: &mut Findings) {
    const SKIP: &str = "SKIP_CUSTOM_JDBC_CERT_VALIDATION";
    let used = [
        ("CUSTOM_JDBC_CERT", true),
        (CERTIFICATE_NAME, true),
        (SKIP, reading.is_true(SKIP)),
    ];
    let entries = used.into_iter().filter(|(_, counts)| *counts);
    let entries = entries.filter_map(|(key, _)| Some((key, reading.entry(key)?)));
    if is_off(reading) {
        let mut unused = entries;
        let Some((key, first)) = unused.next() else {
            return;
        };
        let mut finding = Finding::new(
            &CERTIFICATE_WITHOUT_TLS,
            first.key,
            format!("`{key}` has no effect while `JDBC_ENFORCE_SSL` is not \"true\""),
        )
        .help("Set `JDBC_ENFORCE_SSL` to \"true\".");
        for (_, other) in unused {
            finding = finding.label(other.key, "this one, too");
        }
        if let Some(switch) = reading.entry(ENFORCE) {
            finding = finding.label(switch.value.place, "TLS is not enforced");
        }
        findings.add(finding);
        return;
    }
    if let Some(entry) = reading.entry(CERTIFICATE_NAME)
        && let Some((engine, _)) = known_engine(reading)
        && !["oracle", "sqlserver", "jtds", "aws-wrapper"].contains(&engine.subprotocol)
    {
        findings.add(
            Finding::new(
                &CERTIFICATE_WITHOUT_TLS,
                entry.key,
                format!(
                    "`{CERTIFICATE_NAME}` has no effect on {}: only Oracle and SQL Server use it",
                    engine.title
                ),
            )
            .help("Remove the property.")
            .fix(Fix::remove(entry).unsafe_to_apply()),
        );
    }
}

/// Files in which Amazon RDS gave out root certificates that expired in 2020 and 2024, and what they
/// are. The bundle is older than the authorities of today.
const EXPIRED: &[(&str, &str)] = &[
    ("rds-ca-2015-root.pem", "a root certificate"),
    ("rds-ca-2019-root.pem", "a root certificate"),
    (
        "rds-combined-ca-bundle.pem",
        "a bundle of root certificates",
    ),
];

/// A certificate that signs none of those in use now.
fn expired(reading: &Reading<'_>, findings: &mut Findings) {
    for (value, text) in texts(reading, "CUSTOM_JDBC_CERT") {
        let file = text.as_str().rsplit('/').next().unwrap_or_default();
        let Some((_, what)) = EXPIRED.iter().find(|(name, _)| *name == file) else {
            continue;
        };
        findings.add_at(
            value,
            Finding::new(
                &EXPIRED_CERTIFICATE,
                value.place_of(file),
                format!(
                    "{} is {what} of Amazon RDS that has expired",
                    reading.quote(text, file)
                ),
            )
            .help("Use `global-bundle.pem`, which Amazon RDS gives out for all Regions."),
        );
    }
}

/// A certificate for brokers that are spoken to without TLS.
fn kafka_certificate(reading: &Reading<'_>, findings: &mut Findings) {
    const SWITCH: &str = "KAFKA_SSL_ENABLED";
    if let (Some(entry), Some(switch)) = (reading.entry("KAFKA_CUSTOM_CERT"), reading.entry(SWITCH))
        && reading.is_false(SWITCH)
        && entry.value.known() != Some("")
    {
        let skip = reading.entry("KAFKA_SKIP_CUSTOM_CERT_VALIDATION");
        let skip = skip.map(|skip| (skip.key, "nor has this"));
        findings.add(
            Finding::new(
                &CERTIFICATE_WITHOUT_TLS,
                entry.key,
                "`KAFKA_CUSTOM_CERT` has no effect while `KAFKA_SSL_ENABLED` is \"false\"",
            )
            .label(switch.value.place, "TLS is disabled")
            .labels(skip)
            .help("Set `KAFKA_SSL_ENABLED` to \"true\"."),
        );
    }
}

/// TLS that is left to chance.
fn not_enforced(reading: &Reading<'_>, findings: &mut Findings) {
    match reading.property(URL) {
        Presence::Absent => {}
        Presence::Maybe => return,
        Presence::Here(_) => match certain_url(reading) {
            // The other drivers have ways of their own.
            Some((_, _, url))
                if engine(url.subprotocol).is_some_and(|engine| engine.built_in)
                    && url.complete
                    && !demands_tls(&url) => {}
            _ => return,
        },
    }
    let finding = match reading.property(ENFORCE) {
        Presence::Absent if is_missing(reading, ENFORCE) => Finding::new(
            &TLS_NOT_ENFORCED,
            reading.properties_key(),
            "`JDBC_ENFORCE_SSL` is not set, so the connection may not use TLS",
        )
        .help("Add `JDBC_ENFORCE_SSL: \"true\"`.")
        .fix(
            (reading.entry(URL))
                .and_then(|url| Fix::add_behind(url, ENFORCE, "true"))
                .map(Fix::unsafe_to_apply),
        ),
        Presence::Here(entry) if reading.is_false(ENFORCE) => Finding::new(
            &TLS_NOT_ENFORCED,
            entry.value.place,
            "`JDBC_ENFORCE_SSL` is \"false\", so the connection may not use TLS",
        )
        .help("Set it to \"true\".")
        .fix(Fix::replace(&entry.value, "true").map(Fix::unsafe_to_apply)),
        _ => return,
    };
    findings.add(finding);
}

/// Whether a URL itself demands TLS, or may.
fn demands_tls(url: &JdbcUrl<'_>) -> bool {
    const DEMANDS: &[(&str, &[&str])] = &[
        ("encrypt", &["true", "yes", "mandatory", "strict"]),
        ("requireSSL", &["true"]),
        ("ssl", &["true"]),
        (
            "sslMode",
            &[
                "require",
                "required",
                "verify-ca",
                "verify-full",
                "verify_ca",
                "verify_identity",
            ],
        ),
        ("useSSL", &["true"]),
    ];
    url.transport == "tcps"
        || url.options.iter().any(|option| {
            let is = |value: &&str| value.eq_ignore_ascii_case(option.value);
            DEMANDS.iter().any(|(name, values)| {
                option.name.eq_ignore_ascii_case(name)
                    && (holes::has_hole(option.value) || values.iter().any(is))
            })
        })
}

/// What an option does to TLS.
#[derive(Clone, Copy)]
enum Effect {
    /// There is none.
    Off,
    /// There is none where the server does not ask for it.
    Optional,
    /// The server's certificate is not looked at.
    Unverified,
    /// The certificate may be for another host.
    AnyHost,
}

/// Options of JDBC drivers and of MongoDB's that weaken TLS, in whatever case they are written. Of
/// a class only the last part of its name is compared.
const WEAKENING: &[(&str, &[&str], Effect)] = &[
    ("allowSelfSignedCerts", &["1", "true"], Effect::Unverified),
    ("caIssuedCertNamesMismatch", &["1", "true"], Effect::AnyHost),
    ("disableSslHostnameVerification", &["true"], Effect::AnyHost),
    ("encrypt", &["false", "no"], Effect::Off),
    ("encrypt", &["optional"], Effect::Optional),
    (
        "oracle.net.ssl_server_dn_match",
        &["false", "no", "off"],
        Effect::AnyHost,
    ),
    ("secure", &["false"], Effect::Off),
    ("ssl", &["0", "false", "off"], Effect::Off),
    (
        "ssl_server_dn_match",
        &["false", "no", "off"],
        Effect::AnyHost,
    ),
    ("sslConnection", &["false"], Effect::Off),
    ("sslFactory", &["NonValidatingFactory"], Effect::Unverified),
    ("sslInvalidHostNameAllowed", &["true"], Effect::AnyHost),
    ("sslMode", &["disable", "disabled"], Effect::Off),
    (
        "sslMode",
        &["allow", "prefer", "preferred"],
        Effect::Optional,
    ),
    ("sslMode", &["none", "trust"], Effect::Unverified),
    ("tls", &["false"], Effect::Off),
    ("tlsAllowInvalidCertificates", &["true"], Effect::Unverified),
    ("tlsAllowInvalidHostnames", &["true"], Effect::AnyHost),
    ("tlsInsecure", &["true"], Effect::Unverified),
    ("tlsMode", &["disable"], Effect::Off),
    ("tlsMode", &["allow", "prefer"], Effect::Optional),
    ("trustServerCertificate", &["true"], Effect::Unverified),
    ("useSSL", &["false"], Effect::Off),
    ("validateCertificate", &["false"], Effect::Unverified),
    ("verifyServerCertificate", &["false"], Effect::Unverified),
];

/// Options of a URL that weaken TLS. Where the connection demands TLS, that is shown beside it: the
/// two say opposite things.
pub(in crate::check) fn weakened(
    reading: &Reading<'_>,
    value: &Value<'_>,
    text: &Text<'_>,
    options: &[UrlOption<'_>],
    findings: &mut Findings,
) {
    let enforced = (reading.entry(ENFORCE)).filter(|_| reading.is_true(ENFORCE));
    for option in options {
        let last = option.value.rsplit('.').next().unwrap_or_default();
        let effect = WEAKENING.iter().find_map(|(name, values, effect)| {
            let is_it = option.name.eq_ignore_ascii_case(name)
                && values.iter().any(|value| value.eq_ignore_ascii_case(last));
            is_it.then_some(*effect)
        });
        let what = match effect {
            Some(Effect::Off) => "turns TLS off: passwords and data travel in plain text",
            Some(Effect::Optional) => {
                "falls back to plain text where the server does not require \
                                       TLS"
            }
            Some(Effect::Unverified) => {
                "accepts any certificate, so anyone can impersonate the \
                                         database"
            }
            Some(Effect::AnyHost) => {
                "accepts a certificate for any host, so another server can impersonate the \
                 database"
            }
            None => continue,
        };
        let mut finding = Finding::new(
            &TLS_WEAKENED_BY_URL,
            value.place_of(option.text),
            format!("{} {what}", reading.quote(text, option.text)),
        )
        .help("Remove the option, or set it to require TLS with a valid certificate.");
        if let Some(enforced) = enforced {
            finding = finding.label(enforced.value.place, "but this demands TLS");
        }
        findings.add_at(value, finding);
    }
}
