//! Options in JSON text.

use super::{OPTIONS, SNOWFLAKE_DOMAINS};
use crate::check::connectors::{NOT_A_SNOWFLAKE_HOST, SNOWFLAKE_PROPERTIES_MISSING};
use crate::check::formats::arn::Arn;
use crate::check::formats::holes::{begins_with_hole, has_hole};
use crate::check::jdbc::MALFORMED_JDBC_URL;
use crate::check::shape::{DUPLICATE_KEY, of_one_name};
use crate::check::values::ARN_OF_ANOTHER_SERVICE;
use crate::check::{Findings, Reading};
use crate::diag::Finding;
use crate::form::{Map, Shape, Value, embedded_json};
use crate::spec::Severity;

/// The options in JSON text, of which Snowflake's are the best documented.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    for key in OPTIONS {
        let Some(entry) = reading.entry(key) else {
            continue;
        };
        for value in entry.value.alternatives() {
            let Some(text) = value.text() else { continue };
            let Ok(object) = embedded_json(text, value.place) else {
                continue;
            };
            let Shape::Map(map) = &object.shape else {
                continue;
            };
            repeated(reading, key, value, map, findings);
            secret(reading, key, value, map, findings);
            sql_server_url(reading, key, value, map, findings);
            if reading.is("SNOWFLAKE") {
                snowflake_options(reading, key, value, map, findings);
            }
        }
    }
}

fn repeated(
    reading: &Reading<'_>,
    key: &str,
    outer: &Value<'_>,
    map: &Map<'_>,
    findings: &mut Findings,
) {
    for group in of_one_name(map) {
        let Some((first, others)) = group.split_first().filter(|(it, _)| !it.name.is_empty())
        else {
            continue;
        };
        for entry in others {
            findings.add_at(
                outer,
                Finding::new(
                    &DUPLICATE_KEY,
                    entry.key,
                    format!(
                        "{} is repeated in the JSON of `{key}`, and only one of its values counts",
                        reading.quote_name(entry)
                    ),
                )
                .label(first.key, "the first one")
                .help("Remove one of the two."),
            );
        }
    }
}

/// The URL of SQL Server among the options: a sample that is often copied lacks its slashes.
fn sql_server_url(
    reading: &Reading<'_>,
    key: &str,
    outer: &Value<'_>,
    map: &Map<'_>,
    findings: &mut Findings,
) {
    const BEGIN: &str = "jdbc:sqlserver:";
    let Some(url) = map.get("url") else { return };
    let Some(text) = url.value.text() else { return };
    let Some(rest) = text.as_str().strip_prefix(BEGIN) else {
        return;
    };
    if rest.starts_with("//") || begins_with_hole(rest) || rest.is_empty() {
        return;
    }
    let begin = text.as_str().get(..BEGIN.len()).unwrap_or_default();
    let quoted = reading.quote(text, begin);
    findings.add_at(
        outer,
        Finding::new(
            &MALFORMED_JDBC_URL,
            url.value.place_of(begin),
            format!("{quoted} in the JSON of `{key}` must be followed by `//` and the host"),
        )
        .help("Write \"jdbc:sqlserver://host:1433;databaseName=name\"."),
    );
}

/// The secret that the options name.
fn secret(
    reading: &Reading<'_>,
    key: &str,
    outer: &Value<'_>,
    map: &Map<'_>,
    findings: &mut Findings,
) {
    for entry in (map.entries.iter()).filter(|it| matches!(&*it.name, "secretId" | "secretName")) {
        let Some(text) = entry.value.text() else {
            continue;
        };
        let Ok(Some(arn)) = Arn::parse(text.as_str()) else {
            continue;
        };
        if has_hole(arn.service) || arn.service == "secretsmanager" {
            continue;
        }
        findings.add_at(
            outer,
            Finding::new(
                &ARN_OF_ANOTHER_SERVICE,
                entry.value.place_of(arn.service),
                format!(
                    "{} in the JSON of `{key}` names a secret, but this ARN is of {}",
                    reading.quote_name(entry),
                    reading.quote(text, arn.service)
                ),
            )
            .help("Write the name or the ARN of the secret in AWS Secrets Manager."),
        );
    }
}

/// The options of Spark in JSON text.
fn snowflake_options(
    reading: &Reading<'_>,
    key: &str,
    outer: &Value<'_>,
    map: &Map<'_>,
    findings: &mut Findings,
) {
    // A gap may hold any option.
    let is_open = map.open || outer.text().is_some_and(|text| text.has_gap());
    let option =
        |name: &str| (map.entries.iter()).find(|entry| entry.name.eq_ignore_ascii_case(name));
    if let Some(url) = option("sfUrl") {
        let text = url.value.text().filter(|text| !has_hole(text.as_str()));
        let scheme = text.and_then(|text| {
            let len = text.as_str().find("://")? + 3;
            Some((text, text.as_str().get(..len)?))
        });
        // Another host is the greater mistake, and said already.
        let is_snowflake = |text: &str| SNOWFLAKE_DOMAINS.iter().any(|it| text.contains(it));
        if let Some((text, scheme)) = scheme.filter(|(text, _)| is_snowflake(text.as_str())) {
            findings.add_at(
                outer,
                Finding::new(
                    &NOT_A_SNOWFLAKE_HOST,
                    url.value.place_of(scheme),
                    format!(
                        "{} stands before the host, but the Snowflake connector for Spark takes \
                         the host alone",
                        reading.quote(text, scheme)
                    ),
                )
                .severity(Severity::Warning)
                .help("Write the host without a scheme."),
            );
        }
    } else if reading.is_authored() && !is_open {
        findings.add_at(
            outer,
            Finding::new(
                &SNOWFLAKE_PROPERTIES_MISSING,
                outer.place,
                format!("`{key}` has no `sfUrl`, so nothing says which Snowflake account is meant"),
            )
            .help(
                "Add `sfUrl` with the account's host, such as \"account.snowflakecomputing.com\".",
            ),
        );
    }
}
