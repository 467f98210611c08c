//! Connectors, view validation, and types whose properties are JSON text.

use super::{Findings, Reading, Section, names};
use crate::diag::{Finding, Fix};
use crate::form::{Presence, Shape, Value, embedded_json};
use crate::spec::near;
use crate::spec::{self, Family, Format, Severity, rules};
use crate::syntax::{GAP, Literal, Text};

rules! {
    /// An interface that connectors do not have.
    UNKNOWN_CONNECTOR_TYPE = "unknown-connector-type", Warning, since "0.1.0";
    /// The place of a connector that is neither in Amazon S3 nor on the web.
    MALFORMED_CONNECTOR_URL = "malformed-connector-url", Warning, since "0.1.0";
    /// A connector for databases that is told neither which nor how to log in.
    INCOMPLETE_JDBC_CONNECTOR = "incomplete-jdbc-connector", Info, since "0.1.0";
    /// A Snowflake connection in neither of its two forms.
    SNOWFLAKE_PROPERTIES_MISSING = "snowflake-properties-missing", Warning, since "0.1.0";
    /// A Snowflake URL that leads elsewhere.
    NOT_A_SNOWFLAKE_HOST = "not-a-snowflake-host", Error, since "0.1.0";
    /// JSON text that is no JSON object.
    NOT_A_JSON_OBJECT = "not-a-json-object", Error, since "0.1.0";
    /// A validation of views without the place where it runs, or with two.
    INCOMPLETE_VIEW_VALIDATION = "incomplete-view-validation", Warning, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    let family = reading.kind.map(|kind| kind.family);
    if family == Some(Family::Connector) {
        connector_type(reading, findings);
        connector_url(reading, findings);
        if reading.is("MARKETPLACE") && reading.is_authored() {
            jdbc_connector(reading, findings);
        }
    } else {
        json_texts(reading, findings);
    }
    if reading.is("SNOWFLAKE") {
        snowflake(reading, findings);
    }
    if reading.is("VIEW_VALIDATION_REDSHIFT") {
        view_validation(reading, findings);
    }
}

/// Each value that a key may have.
fn values<'c>(reading: &Reading<'c>, key: &str) -> Vec<&'c Value<'c>> {
    reading
        .entry(key)
        .map_or_else(Vec::new, |entry| entry.value.alternatives().collect())
}

fn connector_type(reading: &Reading<'_>, findings: &mut Findings) {
    const KEY: &str = "CONNECTOR_TYPE";
    let known = spec::property(KEY).map_or(&[][..], |fact| fact.values);
    for value in values(reading, KEY) {
        let Some(text) = value.known().filter(|text| !text.trim().is_empty()) else {
            continue;
        };
        if known
            .iter()
            .any(|name| name.eq_ignore_ascii_case(text.trim()))
        {
            continue;
        }
        let help = match near::nearest(text, known.iter().copied()) {
            Some(near) => format!("Write `{near}` if that is meant."),
            None => "Write the interface that the connector implements: `Jdbc`, `Spark` or \
                     `Athena`."
                .to_owned(),
        };
        findings.add_at(
            value,
            Finding::new(
                &UNKNOWN_CONNECTOR_TYPE,
                value.place,
                format!(
                    "{} is not a connector interface: connectors implement Jdbc, Spark or Athena",
                    reading.quote_value(value)
                ),
            )
            .help(help),
        );
    }
}

fn connector_url(reading: &Reading<'_>, findings: &mut Findings) {
    for value in values(reading, "CONNECTOR_URL") {
        let Some(text) = value.text() else {
            continue;
        };
        let url = text.as_str();
        match scheme(url) {
            Scheme::S3 | Scheme::Unknown => {}
            Scheme::Https(rest) => {
                if reading.is("MARKETPLACE") && !is_image(rest) {
                    findings.add_at(
                        value,
                        Finding::new(
                            &MALFORMED_CONNECTOR_URL,
                            value.place,
                            format!(
                                "{} is not an image in Amazon ECR, where AWS Marketplace \
                                 connectors are usually stored",
                                reading.quote(text, url)
                            ),
                        )
                        .severity(Severity::Info)
                        .help("Copy the address from the connector's page in AWS Glue Studio."),
                    );
                }
            }
            Scheme::Other => findings.add_at(
                value,
                Finding::new(
                    &MALFORMED_CONNECTOR_URL,
                    value.place,
                    format!(
                        "{} begins with neither `s3://` nor `https://`",
                        reading.quote(text, url)
                    ),
                )
                .help(
                    "Write where the connector is stored: a JAR such as \
                     \"s3://bucket/connector.jar\", or an image in Amazon ECR.",
                )
                .fix(hadoop_scheme(url).map(|part| Fix::replace_part(value, part, "s3"))),
            ),
        }
    }
}

/// What AWS's text asks of a connector from AWS Marketplace that implements JDBC. The service has
/// been seen to create it without.
fn jdbc_connector(reading: &Reading<'_>, findings: &mut Findings) {
    let is_jdbc =
        (reading.known("CONNECTOR_TYPE")).is_some_and(|it| it.eq_ignore_ascii_case("jdbc"));
    let lacks = |key: &&str| names::is_missing(reading, key);
    let urls = ["CONNECTION_URL", "JDBC_CONNECTION_URL"];
    let logins = ["SECRET_ID", "USERNAME", "PASSWORD", "ENCRYPTED_PASSWORD"];
    let no_url = urls.iter().all(&lacks);
    let no_login = logins.iter().all(lacks) && matches!(reading.authentication, Section::Missing);
    let what = match (no_url, no_login) {
        _ if !is_jdbc => return,
        (true, true) => "`CONNECTION_URL`, and a secret or a user name and password",
        (true, false) => "`CONNECTION_URL`",
        // The URL may hold them.
        (false, _) => return,
    };
    findings.add(
        Finding::new(
            &INCOMPLETE_JDBC_CONNECTOR,
            reading.properties_key(),
            format!("AWS asks for {what} in a MARKETPLACE connection whose connector is Jdbc"),
        )
        .help("Add them, unless the job passes them to the connector itself."),
    );
}

/// The scheme of a connector's URL.
enum Scheme<'u> {
    S3,
    /// With what stands behind it.
    Https(&'u str),
    Other,
    /// A part that is not known decides.
    Unknown,
}

fn scheme(url: &str) -> Scheme<'_> {
    if url.trim().is_empty() || ["${", "{{", "<"].iter().any(|open| url.starts_with(open)) {
        // Empty, or not filled in yet, which other rules say.
        return Scheme::Unknown;
    }
    if strip_scheme(url, "s3://").is_some() {
        return Scheme::S3;
    }
    if let Some(rest) = strip_scheme(url, "https://") {
        return Scheme::Https(rest);
    }
    match url.split_once(GAP) {
        Some((before, _)) if ["s3://", "https://"].iter().any(|s| s.starts_with(before)) => {
            Scheme::Unknown
        }
        _ => Scheme::Other,
    }
}

/// One of Hadoop's names for what is stored in Amazon S3.
fn hadoop_scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once("://")?;
    ["s3a", "s3n"].contains(&scheme).then_some(scheme)
}

fn strip_scheme<'u>(url: &'u str, scheme: &str) -> Option<&'u str> {
    let (head, rest) = url.split_at_checked(scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// Whether what stands behind `https://` may be an image in Amazon ECR:
/// `<account>.dkr.ecr.<region>.<domain>/<repository>`.
fn is_image(rest: &str) -> bool {
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.contains(GAP) {
        return true;
    }
    let Some((account, domain)) = host.split_once(".dkr.ecr") else {
        return false;
    };
    account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && domain.contains('.')
        && !path.is_empty()
}

/// The keys that hold JSON text.
fn json_texts(reading: &Reading<'_>, findings: &mut Findings) {
    for entry in reading.properties.entries() {
        let is_json =
            spec::property(&entry.name).is_some_and(|fact| fact.format == Format::JsonObject);
        if !is_json {
            continue;
        }
        for value in entry.value.alternatives() {
            json_text(reading, &entry.name, value, findings);
        }
    }
}

fn json_text(reading: &Reading<'_>, key: &str, value: &Value<'_>, findings: &mut Findings) {
    let Some(text) = value.text().filter(|text| !text.as_str().trim().is_empty()) else {
        return;
    };
    let finding = |place, message| {
        Finding::new(&NOT_A_JSON_OBJECT, place, message).help(
            "Write one JSON object whose values are all strings: '{\"secretId\": \"orders/etl\"}'.",
        )
    };
    let object = match embedded_json(text, value.place) {
        Ok(object) => object,
        // A part that is not known may mend it.
        Err(_) if text.has_gap() => return,
        Err((place, problem)) => {
            let message = format!("the text of `{key}` is not valid JSON: {problem}");
            findings.add_at(value, finding(place, message));
            return;
        }
    };
    let Some(map) = object.as_map() else {
        if object.text().is_some_and(Text::has_gap) {
            return;
        }
        let is_twice = (object.text()).is_some_and(|inner| inner.as_str().trim().starts_with('{'));
        let message = if is_twice {
            format!("the JSON of `{key}` is encoded twice: it is a string that contains an object")
        } else {
            format!("the JSON of `{key}` is not an object")
        };
        findings.add_at(value, finding(value.place, message));
        return;
    };
    for entry in &map.entries {
        let what = match &entry.value.shape {
            Shape::Scalar(scalar) => match scalar.literal {
                Literal::String => continue,
                Literal::Null => "null",
                Literal::Boolean => "a boolean",
                Literal::Integer | Literal::Float => "a number",
            },
            Shape::List(_) => "a list",
            Shape::Map(_) => "an object",
            Shape::OneOf(_) | Shape::Absent | Shape::Unknown => continue,
        };
        let message = format!(
            "{} is {what} in the JSON of `{key}`, where AWS documents only strings",
            reading.quote_name(entry)
        );
        findings.add_at(
            value,
            finding(entry.value.place, message).severity(Severity::Warning),
        );
    }
    if reading.is("SNOWFLAKE")
        && let Some(url) = map.get("sfUrl")
    {
        snowflake_url(reading, value, &url.value, findings);
    }
}

/// The URL in the JSON text of a Snowflake connection, which is `outer`.
fn snowflake_url(
    reading: &Reading<'_>,
    outer: &Value<'_>,
    url: &Value<'_>,
    findings: &mut Findings,
) {
    let Some(text) = url.text().filter(|text| !text.as_str().is_empty()) else {
        return;
    };
    let folded = text.as_str().to_ascii_lowercase();
    let leads_to_snowflake = [".snowflakecomputing.com", ".snowflakecomputing.cn"]
        .iter()
        .any(|domain| folded.find(domain).is_some_and(|at| at > 0));
    if leads_to_snowflake || text.has_gap() || folded.contains("${") || folded.starts_with('<') {
        return;
    }
    findings.add_at(
        outer,
        Finding::new(
            &NOT_A_SNOWFLAKE_HOST,
            url.place,
            format!(
                "{} is not a Snowflake host, which ends in `snowflakecomputing.com` or `.cn`",
                reading.quote(text, text.as_str())
            ),
        )
        .help("Write the account's host, such as \"account.snowflakecomputing.com\"."),
    );
}

/// A Snowflake connection holds JSON text, or keys such as HOST.
fn snowflake(reading: &Reading<'_>, findings: &mut Findings) {
    let fields = &reading.connection.fields;
    let has_json = ["SparkProperties", "PythonProperties"]
        .iter()
        .any(|name| !reading.property(name).is_absent() || !fields.presence(name).is_absent());
    if !reading.is_authored() || has_json {
        return;
    }
    match reading.property("HOST") {
        Presence::Maybe => {}
        Presence::Absent => findings.add(
            Finding::new(
                &SNOWFLAKE_PROPERTIES_MISSING,
                reading.properties_key(),
                "a SNOWFLAKE connection needs `SparkProperties` or `HOST`, and has neither",
            )
            .help(
                "Add `SparkProperties` with a JSON object that has `sfUrl`, `secretId` and the \
                 other Spark options.",
            ),
        ),
        Presence::Here(entry) => {
            if fields
                .presence("ValidateForComputeEnvironments")
                .is_absent()
            {
                findings.add(
                    Finding::new(
                        &SNOWFLAKE_PROPERTIES_MISSING,
                        entry.key,
                        "AWS Glue has been seen to reject `HOST` without \
                         `ValidateForComputeEnvironments`, although AWS documents it",
                    )
                    .severity(Severity::Info)
                    .help(
                        "Add `ValidateForComputeEnvironments: [SPARK]`, or use `SparkProperties`.",
                    ),
                );
            }
        }
    }
}

/// Views are validated by a cluster or by a workgroup.
fn view_validation(reading: &Reading<'_>, findings: &mut Findings) {
    let cluster = reading.property("CLUSTER_IDENTIFIER");
    let workgroup = reading.property("WORKGROUP_NAME");
    match (cluster, workgroup) {
        (Presence::Absent, Presence::Absent) if reading.is_authored() => findings.add(
            Finding::new(
                &INCOMPLETE_VIEW_VALIDATION,
                reading.properties_key(),
                "neither `CLUSTER_IDENTIFIER` nor `WORKGROUP_NAME` says where Amazon Redshift \
                 validates the views",
            )
            .help(
                "Add `CLUSTER_IDENTIFIER` for a cluster, or `WORKGROUP_NAME` for Redshift \
                 Serverless.",
            ),
        ),
        (Presence::Here(cluster), Presence::Here(workgroup)) => findings.add(
            Finding::new(
                &INCOMPLETE_VIEW_VALIDATION,
                workgroup.key,
                "`WORKGROUP_NAME` is set together with `CLUSTER_IDENTIFIER`, but views are \
                 validated in only one of them",
            )
            .label(cluster.key, "the other one")
            .help("Keep the one in which views are to be validated, and remove the other."),
        ),
        _ => {}
    }
}
