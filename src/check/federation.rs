//! Types that lead into a service of AWS or of somebody else: their names, ports and addresses.

use url::Url;

use super::connectors::{NOT_A_SNOWFLAKE_HOST, SNOWFLAKE_PROPERTIES_MISSING};
use super::formats::arn::Arn;
use super::formats::holes::{begins_with_hole, has_hole, is_stand_in};
use super::formats::host::{ANY_PORT, parse_port};
use super::jdbc::{self, MALFORMED_JDBC_URL, PORT_OF_ANOTHER_ENGINE, are_alike, bare, engine};
use super::shape::{DUPLICATE_KEY, of_one_name};
use super::values::ARN_OF_ANOTHER_SERVICE;
use super::{Findings, Reading, Section};
use crate::diag::Finding;
use crate::form::{Map, Shape, Value, embedded_json};
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
        Family::ViewValidation => view_validation(reading, kind, findings),
        Family::Federated => {
            foreign_port(reading, kind, findings);
            options(reading, findings);
        }
        Family::Saas if kind.name == "SALESFORCE" => instance_url(reading, findings),
        _ => {}
    }
    if kind.name == "SNOWFLAKE" {
        snowflake(reading, findings);
    }
}

// ---- view validation -------------------------------------------------------------------------

/// How a sort of thing is named.
struct Naming {
    key: &'static str,
    what: &'static str,
    least: usize,
    most: usize,
    /// Whether a name may have that character.
    may_have: fn(char) -> bool,
    /// Which characters it may have, in words.
    made_of: &'static str,
    /// Whether it begins with a letter, and has no hyphen at its end and no two in a row.
    is_dns_like: bool,
}

const ATHENA_WORKGROUP: Naming = Naming {
    key: "WORKGROUP_NAME",
    what: "an Athena workgroup",
    least: 1,
    most: 128,
    may_have: |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'),
    made_of: "letters, digits, `.`, `_` and `-`",
    is_dns_like: false,
};

const REDSHIFT_WORKGROUP: Naming = Naming {
    key: "WORKGROUP_NAME",
    what: "a workgroup of Redshift Serverless",
    least: 3,
    most: 64,
    may_have: |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
    made_of: "lower-case letters, digits and `-`",
    is_dns_like: false,
};

const REDSHIFT_CLUSTER: Naming = Naming {
    key: "CLUSTER_IDENTIFIER",
    what: "a Redshift cluster",
    least: 1,
    most: 63,
    may_have: |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
    made_of: "lower-case letters, digits and single inner `-`, and begins with a letter",
    is_dns_like: true,
};

fn view_validation(reading: &Reading<'_>, kind: &ConnectionType, findings: &mut Findings) {
    let namings: &[Naming] = match kind.name {
        "VIEW_VALIDATION_ATHENA" => &[ATHENA_WORKGROUP],
        _ => &[REDSHIFT_WORKGROUP, REDSHIFT_CLUSTER],
    };
    for naming in namings {
        for (value, text) in jdbc::texts(reading, naming.key) {
            let name = bare(text.as_str());
            let Some((part, why)) = naming.fault(name) else {
                continue;
            };
            findings.add_at(
                value,
                Finding::new(
                    &MALFORMED_IDENTIFIER,
                    jdbc::place_of(value, part),
                    format!("{} {why}", reading.quote(text, part)),
                )
                .help(format!("Write the name of {} alone.", naming.what)),
            );
        }
    }
    if let Section::Here(placement) = reading.placement
        && reading.is_authored()
        && !placement.entries.is_empty()
    {
        findings.add(
            Finding::new(
                &PLACEMENT_WITHOUT_USE,
                placement.key,
                format!(
                    "`PhysicalConnectionRequirements` has no effect on a {} connection, which asks \
                     a service of AWS to validate views",
                    kind.name
                ),
            )
            .help("Remove it."),
        );
    }
}

impl Naming {
    /// What is wrong with a name: the part of it, and why.
    fn fault<'n>(&self, name: &'n str) -> Option<(&'n str, String)> {
        // Characters that nobody sees are for other rules.
        if name.is_empty() || is_stand_in(name) || has_hole(name) || name.contains(char::is_control)
        {
            return None;
        }
        let (what, made_of) = (self.what, self.made_of);
        if name.starts_with("arn:") {
            return Some((name, format!("is an ARN, but `{}` takes a name", self.key)));
        }
        if self.is_dns_like && name.contains('.') {
            let why = format!("is an address, but `{}` takes a name", self.key);
            return Some((name, why));
        }
        if let Some((at, c)) = name.char_indices().find(|(_, c)| !(self.may_have)(*c)) {
            let part = name.get(at..at + c.len_utf8()).unwrap_or(name);
            let why = format!("is not allowed in the name of {what}, which has {made_of}");
            return Some((part, why));
        }
        let len = name.chars().count();
        if !(self.least..=self.most).contains(&len) {
            let plural = if len == 1 { "" } else { "s" };
            let why = format!(
                "has {len} character{plural}, but the name of {what} has {} to {}",
                self.least, self.most
            );
            return Some((name, why));
        }
        let is_odd = !name.starts_with(|c: char| c.is_ascii_alphabetic())
            || name.ends_with('-')
            || name.contains("--");
        (self.is_dns_like && is_odd).then(|| {
            let why = format!("is not the name of {what}, which has {made_of}");
            (name, why)
        })
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

/// The options in JSON text, of which Snowflake's are the best documented.
fn options(reading: &Reading<'_>, findings: &mut Findings) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_by_what_they_name() {
        for (naming, good) in [
            (&ATHENA_WORKGROUP, "Team_A.etl-1"),
            (&REDSHIFT_WORKGROUP, "orders-1"),
            (&REDSHIFT_CLUSTER, "orders-1"),
            (&REDSHIFT_CLUSTER, "${Cluster}"),
            (&REDSHIFT_CLUSTER, "orders-\u{FFFC}"),
        ] {
            assert_eq!(naming.fault(good), None, "{good}");
        }
        for (naming, bad, part) in [
            (&ATHENA_WORKGROUP, "team a", " "),
            (&ATHENA_WORKGROUP, "arn:aws:athena:x", "arn:aws:athena:x"),
            (&REDSHIFT_WORKGROUP, "Orders", "O"),
            (&REDSHIFT_WORKGROUP, "ab", "ab"),
            (&REDSHIFT_CLUSTER, "1orders", "1orders"),
            (&REDSHIFT_CLUSTER, "a--b", "a--b"),
            (
                &REDSHIFT_CLUSTER,
                "orders.abc.redshift",
                "orders.abc.redshift",
            ),
        ] {
            assert_eq!(naming.fault(bad).map(|(part, _)| part), Some(part), "{bad}");
        }
    }
}
