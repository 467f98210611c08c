//! Types that lead into a service of AWS or of somebody else: their names, ports and addresses.

mod options;
mod view_validation;

use url::Url;

use super::connectors::NOT_A_SNOWFLAKE_HOST;
use super::formats::holes::{has_hole, is_stand_in};
use super::formats::host::{ANY_PORT, parse_port};
use super::jdbc::{self, PORT_OF_ANOTHER_ENGINE, are_alike, bare, engine};
use super::{Findings, Reading};
use crate::diag::Finding;
use crate::spec::{self, ConnectionType, Engine, Family, Severity, rules};

rules! {
    /// A name that no workgroup or cluster has.
    MALFORMED_IDENTIFIER = "malformed-identifier", Error, since "0.1.0";
    /// A place in a network, for a type that has no use for it.
    PLACEMENT_WITHOUT_USE = "placement-without-use", Warning, since "0.1.0";
    /// The two forms of a Snowflake connection in one.
    MIXED_SNOWFLAKE_FORMS = "mixed-snowflake-forms", Warning, since "0.1.0";
    /// More than the address of an instance.
    INSTANCE_URL_WITH_PATH = "instance-url-with-path", Warning, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    let Some(kind) = reading.kind else { return };
    match kind.family {
        Family::ViewValidation => view_validation::check(reading, kind, findings),
        Family::Federated => {
            foreign_port(reading, kind, findings);
            options::check(reading, findings);
        }
        Family::Saas if kind.name == "SALESFORCE" => instance_url(reading, findings),
        _ => {}
    }
    if kind.name == "SNOWFLAKE" {
        snowflake(reading, findings);
    }
}

// ---- federated databases ---------------------------------------------------------------------

/// The usual port of another engine.
fn foreign_port(reading: &Reading<'_>, kind: &ConnectionType, findings: &mut Findings) {
    let Some(usual) = kind.port else { return };
    for (value, text) in jdbc::texts(reading, "PORT") {
        let digits = bare(text.as_str());
        let Ok(Some(port)) = parse_port(digits, ANY_PORT) else {
            continue;
        };
        let is_its = |engine: &&Engine| engine.built_in && engine.port == Some(port);
        let Some(other) = spec::engines().iter().find(is_its) else {
            continue;
        };
        let own = engine(&kind.name.to_ascii_lowercase());
        if port == usual || own.is_some_and(|own| are_alike(own, other)) {
            continue;
        }
        findings.add_at(
            value,
            Finding::new(
                &PORT_OF_ANOTHER_ENGINE,
                jdbc::place_of(value, digits),
                format!(
                    "{} is the default port of {}, but the connection is of type {}",
                    reading.quote(text, digits),
                    other.title,
                    kind.name
                ),
            )
            .help(format!(
                "Check the type and the port: such a source usually listens on {usual}."
            )),
        );
    }
}

// ---- Salesforce ------------------------------------------------------------------------------

fn instance_url(reading: &Reading<'_>, findings: &mut Findings) {
    for (value, text) in jdbc::texts(reading, "INSTANCE_URL") {
        let url = bare(text.as_str());
        let Some(behind) = url.find("://").and_then(|at| url.get(at + 3..)) else {
            continue;
        };
        let Some(path) = (behind.find(['/', '?', '#'])).and_then(|at| behind.get(at..)) else {
            continue;
        };
        // What cannot be read at all is said already, and a mere slash is part of no path.
        if has_hole(url) || path == "/" || Url::parse(url).is_err() {
            continue;
        }
        findings.add_at(
            value,
            Finding::new(
                &INSTANCE_URL_WITH_PATH,
                value.place_of(path),
                format!(
                    "{} is more than the address of the instance, which is all that AWS documents here",
                    reading.quote(text, path)
                ),
            )
            .help("End the URL behind the host, such as \"https://example.my.salesforce.com\"."),
        );
    }
}

// ---- Snowflake -------------------------------------------------------------------------------

/// The keys that hold JSON text.
const OPTIONS: [&str; 2] = ["SparkProperties", "PythonProperties"];

/// The endings of Snowflake's hosts.
const SNOWFLAKE_DOMAINS: [&str; 2] = [".snowflakecomputing.com", ".snowflakecomputing.cn"];

fn snowflake(reading: &Reading<'_>, findings: &mut Findings) {
    host(reading, findings);
    let options = OPTIONS
        .iter()
        .find_map(|key| Some((*key, reading.entry(key)?)));
    let Some((key, entry)) = options else { return };
    let fields = &reading.connection.fields;
    if let Some(host) = reading.entry("HOST")
        && reading.is_authored()
        && (fields.presence("ValidateForComputeEnvironments")).is_absent()
    {
        findings.add(
            Finding::new(
                &MIXED_SNOWFLAKE_FORMS,
                host.key,
                format!(
                    "`HOST` is set together with `{key}`, and AWS Glue has been seen to reject \
                     such a connection for its invalid properties"
                ),
            )
            .label(entry.key, "the other form")
            .help(format!(
                "Name the host as `sfUrl` in `{key}`, and remove `HOST` and the other keys."
            )),
        );
    }
}

/// The host under a key of its own.
fn host(reading: &Reading<'_>, findings: &mut Findings) {
    for (value, text) in jdbc::texts(reading, "HOST") {
        let host = bare(text.as_str());
        let folded = host.to_ascii_lowercase();
        let leads_there = SNOWFLAKE_DOMAINS.iter().any(|it| folded.contains(it));
        let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        // What is no host at all, other rules say.
        if leads_there || host.is_empty() || is_stand_in(host) || !host.chars().all(is_host) {
            continue;
        }
        findings.add_at(
            value,
            Finding::new(
                &NOT_A_SNOWFLAKE_HOST,
                jdbc::place_of(value, host),
                format!(
                    "{} is not a Snowflake host, which ends in `snowflakecomputing.com` or `.cn`",
                    reading.quote(text, host)
                ),
            )
            .severity(Severity::Warning)
            .help("Write the account's host, such as \"account.snowflakecomputing.com\"."),
        );
    }
}
