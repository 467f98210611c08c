//! JDBC: where the database is, how its driver is found, and whether the way there is protected.

mod address;
mod driver;
mod target;
mod tls;
mod url;

use super::formats::holes;
use super::formats::jdbc_url::JdbcUrl;
use super::{Findings, Reading};
use crate::form::{Presence, Value};
use crate::spec::{self, Engine, Family, rules};
use crate::syntax::{GAP, Text};
use crate::text::Place;

pub(super) use address::{faulty_part, loopback};
pub(super) use tls::{is_off as is_tls_off, weakened};

rules! {
    /// A JDBC connection that says nowhere which database it leads to.
    MISSING_JDBC_TARGET = "missing-jdbc-target", Error, since "0.1.0";
    /// HOST, PORT and JDBC_ENGINE stand in for a URL together only.
    INCOMPLETE_HOST_GROUP = "incomplete-host-group", Error, since "0.1.0";
    /// HOST, PORT and JDBC_ENGINE without a URL.
    HOST_WITHOUT_URL = "host-without-url", Info, since "0.1.0";
    /// The same said twice: by URL and by HOST, PORT or JDBC_ENGINE.
    HOST_BESIDE_URL = "host-beside-url", Info, since "0.1.0";
    /// The same said twice, and differently.
    HOST_CONTRADICTS_URL = "host-contradicts-url", Warning, since "0.1.0";
    /// HOST holds what is no host, or more than a host.
    MALFORMED_HOST = "malformed-host", Error, since "0.1.0";
    /// HOST is no fully qualified domain name.
    UNQUALIFIED_HOST = "unqualified-host", Warning, since "0.1.0";
    /// The host is the machine that asks.
    LOOPBACK_HOST = "loopback-host", Warning, since "0.1.0";
    /// A port that is no decimal number.
    NOT_A_PORT = "not-a-port", Error, since "0.1.0";
    /// A port outside its range.
    PORT_OUT_OF_RANGE = "port-out-of-range", Error, since "0.1.0";
    /// A JDBC URL without `jdbc:`.
    MISSING_JDBC_PREFIX = "missing-jdbc-prefix", Error, since "0.1.0";
    /// No driver takes the word after `jdbc:`.
    UNKNOWN_JDBC_SUBPROTOCOL = "unknown-jdbc-subprotocol", Error, since "0.1.0";
    /// The engine's driver cannot read the URL.
    MALFORMED_JDBC_URL = "malformed-jdbc-url", Error, since "0.1.0";
    /// A JDBC URL that names no database.
    JDBC_URL_WITHOUT_DATABASE = "jdbc-url-without-database", Info, since "0.1.0";
    /// A JDBC URL that names no port.
    JDBC_URL_WITHOUT_PORT = "jdbc-url-without-port", Info, since "0.1.0";
    /// The URL of a JDBC connection under the key for other URLs.
    CONNECTION_URL_ON_JDBC = "connection-url-on-jdbc", Error, since "0.1.0";
    /// A driver's JAR without its class, or the reverse.
    INCOMPLETE_DRIVER = "incomplete-driver", Warning, since "0.1.0";
    /// A driver that takes the URLs of another engine.
    DRIVER_OF_ANOTHER_ENGINE = "driver-of-another-engine", Warning, since "0.1.0";
    /// The port on which another engine usually listens.
    PORT_OF_ANOTHER_ENGINE = "port-of-another-engine", Warning, since "0.1.0";
    /// An engine for which AWS Glue brings no driver.
    UNKNOWN_JDBC_ENGINE = "unknown-jdbc-engine", Info, since "0.1.0";
    /// A certificate that nothing uses, because TLS is not enforced.
    CERTIFICATE_WITHOUT_TLS = "certificate-without-tls", Warning, since "0.1.0";
    /// A certificate of Amazon RDS that has expired.
    EXPIRED_CERTIFICATE = "expired-certificate", Info, since "0.1.0";
    /// TLS is left to chance.
    TLS_NOT_ENFORCED = "tls-not-enforced", Info, since "0.1.0";
    /// Options in a URL that weaken TLS.
    TLS_WEAKENED_BY_URL = "tls-weakened-by-url", Warning, since "0.1.0";
    /// A JDBC connection to no database, for the sake of its VPC.
    DUMMY_JDBC_FOR_NETWORK = "dummy-jdbc-for-network", Info, since "0.1.0";
}

/// The keys that say where the database is, where no URL does.
const HOST_GROUP: [&str; 3] = ["HOST", "PORT", "JDBC_ENGINE"];

/// The key of the URL.
const URL: &str = "JDBC_CONNECTION_URL";

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    if (reading.kind).is_some_and(|kind| kind.family == Family::Connector) {
        // What the keys of a connector mean is up to the connector.
        return;
    }
    target::check(reading, findings);
    address::check(reading, findings);
    url::check(reading, findings);
    driver::check(reading, findings);
    tls::check(reading, findings);
}

/// Every text that a key of `ConnectionProperties` may have, by whatever condition, except empty
/// ones and a connector's templates.
pub(super) fn texts<'c>(
    reading: &Reading<'c>,
    key: &str,
) -> impl Iterator<Item = (&'c Value<'c>, &'c Text<'c>)> {
    let entry = reading.properties.map().and_then(|map| map.get(key));
    let values = entry.map(|entry| entry.value.alternatives());
    (values.into_iter().flatten())
        .filter_map(|value| Some((value, value.text()?)))
        .filter(|(_, text)| is_judged(text.as_str()))
}

/// Whether a text is neither empty, which another rule says, nor a connector's template.
fn is_judged(text: &str) -> bool {
    !text.trim().is_empty() && !text.trim_start().starts_with("[[")
}

/// The text without what other rules say stands around it: blanks, quotes, characters that cannot
/// be seen.
pub(super) fn bare(text: &str) -> &str {
    let is_around =
        |c: char| c != GAP && !c.is_ascii() || c.is_whitespace() || matches!(c, '"' | '\'' | '`');
    text.trim_matches(is_around)
}

/// Where a part of a value is written; the quotes belong to the whole of it.
pub(super) fn place_of(value: &Value<'_>, part: &str) -> Place {
    let is_whole = value
        .text()
        .is_some_and(|text| text.as_str().len() == part.len());
    if is_whole {
        value.place
    } else {
        value.place_of(part)
    }
}

/// The URL, if it is certain; it may have holes.
fn certain_url<'c>(reading: &Reading<'c>) -> Option<(&'c Value<'c>, &'c Text<'c>, JdbcUrl<'c>)> {
    let (value, text) = reading.text(URL)?;
    let url = JdbcUrl::parse(text.as_str()).filter(|_| is_judged(text.as_str()))?;
    Some((value, text, url))
}

/// Whether the URL may be under the key for other URLs, which has a rule of its own.
fn may_have_misplaced_url(reading: &Reading<'_>) -> bool {
    match reading.property("CONNECTION_URL") {
        Presence::Absent => false,
        Presence::Maybe => true,
        Presence::Here(entry) => entry.value.alternatives().any(|value| {
            let text = value.text().map(Text::as_str);
            text.is_none_or(|text| holes::begins_with_hole(text) || is_url(text))
        }),
    }
}

/// Whether a text is a URL, whatever it leads to.
fn is_url(text: &str) -> bool {
    is_jdbc(text) || holes::known_start(text).contains("://")
}

/// Whether a text begins as a JDBC URL does.
fn is_jdbc(text: &str) -> bool {
    JdbcUrl::parse(text).is_some()
}

/// The engine of that sub-protocol.
pub(super) fn engine(subprotocol: &str) -> Option<&'static Engine> {
    (spec::engines().iter()).find(|engine| engine.subprotocol == subprotocol)
}

/// The engine of a connection, by its URL or, where there is none, by JDBC_ENGINE; and where that
/// says it.
fn known_engine(reading: &Reading<'_>) -> Option<(&'static Engine, Place)> {
    if let Some((value, _, url)) = certain_url(reading) {
        return Some((engine(url.subprotocol)?, value.place_of(url.subprotocol)));
    }
    let value = &(reading
        .entry("JDBC_ENGINE")
        .filter(|_| reading.property(URL).is_absent()))?
    .value;
    Some((meant_engine(value.known()?)?, value.place))
}

/// The usual ports of what is not spoken to by JDBC, where hardly anything else listens.
const OTHER_PORTS: &[(&str, u32)] = &[("Apache Kafka", 9092), ("MongoDB", 27017)];

/// Whose usual port that is: not that of the engine itself, nor one of its relatives.
fn owner_of_port(own: &Engine, port: u32) -> Option<&'static str> {
    let usual = own.port?;
    let is_other =
        |other: &&Engine| other.built_in && other.port == Some(port) && !are_alike(own, other);
    let engine = spec::engines()
        .iter()
        .find(is_other)
        .map(|other| other.title);
    let is_usual = |(_, other): &&(_, u32)| *other == port && usual != port;
    engine.or_else(|| OTHER_PORTS.iter().find(is_usual).map(|(title, _)| *title))
}

/// The engine that a name probably means: by its sub-protocol in any case, or by a known slip.
fn meant_engine(name: &str) -> Option<&'static Engine> {
    let is = |other: &&str| other.eq_ignore_ascii_case(name);
    let exact = |engine: &&Engine| is(&engine.subprotocol);
    let slip = |engine: &&Engine| engine.mistaken_for.iter().any(is);
    let engines = spec::engines();
    (engines.iter().find(exact)).or_else(|| engines.iter().find(slip))
}

/// Engines whose names are used for one another: they speak the same protocol, or are the same.
const ALIKE: &[&[&str]] = &[
    &["mysql", "mariadb"],
    &["postgresql", "redshift"],
    &["sqlserver", "jtds"],
    &["awsathena", "athena"],
    &["db2", "as400"],
    &["clickhouse", "ch"],
];

/// Whether a connection can mean either engine by the other's name.
pub(super) fn are_alike(one: &Engine, other: &Engine) -> bool {
    let names = [one.subprotocol, other.subprotocol];
    one.subprotocol == other.subprotocol
        // It stands in front of any of them.
        || names.contains(&"aws-wrapper")
        || ALIKE.iter().any(|group| names.iter().all(|name| group.contains(name)))
}
