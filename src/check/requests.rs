//! Requests around a connection, and what only the whole of it tells.

use super::{Findings, Reading};
use crate::diag::{Finding, Fix};
use crate::form::{Map, Shape, Value};
use crate::spec::{Severity, rules};

rules! {
    /// An update that names two names.
    RENAMED_IN_UPDATE = "renamed-in-update", Warning, since "0.1.0";
    /// A test of two connections at once.
    AMBIGUOUS_TEST_TARGET = "ambiguous-test-target", Error, since "0.1.0";
    /// CloudFormation's usual list of tags, where this resource takes a map.
    TAGS_AS_LIST = "tags-as-list", Error, since "0.1.0";
    /// A tag that only AWS may set.
    RESERVED_TAG_KEY = "reserved-tag-key", Error, since "0.1.0";
    /// A catalog id that is no account.
    CATALOG_ID_NOT_AN_ACCOUNT = "catalog-id-not-an-account", Warning, since "0.1.0";
    /// A name that begins or ends with a blank.
    NAME_WITH_BLANKS = "name-with-blanks", Warning, since "0.1.0";
    /// A name with a colon.
    NAME_WITH_COLON = "name-with-colon", Info, since "0.1.0";
    /// Credentials that AWS is told not to try.
    CREDENTIALS_NOT_VALIDATED = "credentials-not-validated", Info, since "0.1.0";
    /// A connection that AWS says has failed.
    FAILED_CONNECTION = "failed-connection", Info, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    if let Some(envelope) = &reading.connection.envelope {
        request(reading, &envelope.fields, findings);
    }
    if !reading.connection.is_described() {
        catalog(reading, &reading.connection.fields, findings);
    }
    name(reading, findings);
    if findings.wants(Severity::Info) {
        advice(reading, findings);
    }
}

fn request(reading: &Reading<'_>, fields: &Map<'_>, findings: &mut Findings) {
    if let (Some(outer), Some(inner)) = (fields.get("Name"), reading.connection.field("Name"))
        && reading.connection.facets.dialect == "api"
        && let (Some(one), Some(other)) = (outer.value.known(), inner.known())
        && one != other
    {
        findings.add(
            Finding::new(
                &RENAMED_IN_UPDATE,
                inner.place,
                format!(
                    "the update is for {} but describes {}, and an update cannot rename a \
                     connection",
                    reading.quote_value(&outer.value),
                    reading.quote_value(inner)
                ),
            )
            .label(outer.value.place, "the connection to update")
            .help("Use the same name in both places; for a new name, create a new connection."),
        );
    }
    if let (Some(name), Some(input)) = (
        fields.get("ConnectionName"),
        fields.get("TestConnectionInput"),
    ) {
        findings.add(
            Finding::new(
                &AMBIGUOUS_TEST_TARGET,
                name.key,
                "the test names a stored connection and also describes one, but it can test only \
                 one of them",
            )
            .label(input.key, "the description")
            .help("Remove either `ConnectionName` or `TestConnectionInput`."),
        );
    }
    catalog(reading, fields, findings);
    if let Some(tags) = fields.get("Tags") {
        for value in tags.value.alternatives() {
            match &value.shape {
                Shape::List(_) => findings.add(
                    Finding::new(
                        &TAGS_AS_LIST,
                        tags.key,
                        "`Tags` is a list here, but AWS Glue takes a map of keys to values",
                    )
                    .help(
                        "Write each tag as one entry without `Key` and `Value`, such as `team: \
                           sales`.",
                    )
                    .fix(Fix::pairs_to_map(tags).unsafe_to_apply()),
                ),
                Shape::Map(map) => reserved_tags(reading, map, findings),
                _ => {}
            }
        }
    }
}

fn catalog(reading: &Reading<'_>, fields: &Map<'_>, findings: &mut Findings) {
    let entry = fields.get("CatalogId").into_iter();
    for value in entry.flat_map(|entry| entry.value.alternatives()) {
        catalog_id(reading, value, findings);
    }
}

fn catalog_id(reading: &Reading<'_>, value: &Value<'_>, findings: &mut Findings) {
    // Blanks around it are for another rule.
    let Some(text) = value.known().map(str::trim) else {
        return;
    };
    // A catalog within an account is written behind the account's number.
    let account = text.split([':', '/']).next().unwrap_or_default();
    let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    // YAML may have taken a leading zero, which has its own rule; an empty text too.
    if is_account || text.is_empty() || text.contains("${") || text.contains("{{") {
        return;
    }
    // A number or an ARN was meant to be an account; what other texts mean, only their author knows.
    let is_certain = text.starts_with("arn:")
        || text
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b' '));
    let severity = if is_certain {
        Severity::Warning
    } else {
        Severity::Info
    };
    findings.add_at(
        value,
        Finding::new(
            &CATALOG_ID_NOT_AN_ACCOUNT,
            value.place,
            format!(
                "{} is not an AWS account ID, which identifies a Data Catalog and has 12 digits",
                reading.quote_value(value)
            ),
        )
        .help(if reading.facets().dialect == "cloudformation" {
            "Write `!Ref AWS::AccountId`."
        } else {
            "Write the 12-digit account ID in quotes, or remove `CatalogId`."
        })
        .severity(severity),
    );
}

fn reserved_tags(reading: &Reading<'_>, map: &Map<'_>, findings: &mut Findings) {
    for entry in &map.entries {
        if entry
            .name
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
        {
            findings.add(
                Finding::new(
                    &RESERVED_TAG_KEY,
                    entry.key,
                    format!(
                        "the tag key {} begins with `aws:`, which is reserved for AWS",
                        reading.quote_name(entry)
                    ),
                )
                .help("Choose a key without that prefix."),
            );
        }
    }
}

fn name(reading: &Reading<'_>, findings: &mut Findings) {
    let Some(field) = reading.connection.field("Name") else {
        return;
    };
    for value in field.alternatives() {
        let Some(text) = value.text() else { continue };
        let all = text.as_str();
        // Line breaks are not taken at all, and have a rule of their own.
        let is_blank = |c: char| c == '\t' || (c.is_whitespace() && !c.is_control());
        let behind = all.trim_start_matches(is_blank);
        let before = all.trim_end_matches(is_blank);
        // Nothing but blanks has a rule of its own.
        let (blanks, what) = if behind.is_empty() {
            continue;
        } else if before.len() < all.len() {
            (all.get(before.len()..), "ends with whitespace")
        } else if behind.len() < all.len() {
            (
                all.get(..all.len() - behind.len()),
                "begins with whitespace",
            )
        } else {
            continue;
        };
        findings.add_at(
            value,
            Finding::new(
                &NAME_WITH_BLANKS,
                value.place_of(blanks.unwrap_or(all)),
                format!(
                    "the name {what}, which everything that refers to the connection must \
                         repeat"
                ),
            )
            .help("Remove the whitespace."),
        );
    }
}

fn advice(reading: &Reading<'_>, findings: &mut Findings) {
    if let Some(value) = reading.connection.field("Name")
        && let Some(text) = value.known()
        && let Some(colon) = text.find(':')
        && reading.is_authored()
        && reading.connection.is_described()
    {
        findings.add_at(
            value,
            Finding::new(
                &NAME_WITH_COLON,
                value.place_of(text.get(colon..=colon).unwrap_or(text)),
                "the name contains a colon, which separates catalog and name in Terraform's \
                 import IDs",
            )
            .help("Use a hyphen if the connection may ever be imported into Terraform."),
        );
    }
    if let Some(value) = reading.connection.field("ValidateCredentials")
        && value.known() == Some("false")
        && reading.is_authored()
    {
        findings.add_at(
            value,
            Finding::new(
                &CREDENTIALS_NOT_VALIDATED,
                value.place,
                "AWS Glue is told not to validate the credentials, so wrong ones only show when a \
                 job fails",
            )
            .help("Remove it: by default, AWS Glue validates the credentials."),
        );
    }
    if let Some(value) = reading.connection.field("Status")
        && value.known() == Some("FAILED")
        && !reading.is_authored()
    {
        let finding = Finding::new(
            &FAILED_CONNECTION,
            value.place,
            "AWS Glue could not create the connection",
        )
        .help("Read `StatusReason`, fix the cause, and update the connection.");
        findings.add(match reading.connection.fields.get("StatusReason") {
            Some(reason) => finding.label(reason.key, "the reason"),
            None => finding,
        });
    }
}
