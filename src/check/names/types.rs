//! The type of a connection.

use super::{
    CONNECTION_TYPE_IN_WRONG_CASE, CONNECTION_TYPE_LEFT_OUT, REGISTERED, UNKNOWN_CONNECTION_TYPE,
    UNSUPPORTED_CONNECTION_TYPE, holds_marker,
};
use crate::check::reading::LeftOut;
use crate::check::{Findings, Reading, words};
use crate::diag::{Finding, Fix};
use crate::form::Value;
use crate::spec::near;
use crate::spec::{self, Family};
use crate::syntax::Literal;

/// Judges the type that is written, and that which is not.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    let filter = (reading.connection.field("Filter")).and_then(Value::as_map);
    let filtered = filter.and_then(|filter| filter.get("ConnectionType"));
    let own = reading.connection.field("ConnectionType");
    for value in
        (own.into_iter().chain(filtered.map(|entry| &entry.value))).flat_map(Value::alternatives)
    {
        connection_type(reading, value, findings);
    }
    if let Some(left_out) = reading.left_out() {
        findings.add(type_left_out(reading, &left_out));
    }
}

fn type_left_out(reading: &Reading<'_>, left_out: &LeftOut<'_>) -> Finding {
    let implied = &left_out.implied;
    let what = match left_out.teller {
        Some(entry) => format!("{} belongs to other types", reading.quote_name(entry)),
        None => "it has nothing but a place in a network".to_owned(),
    };
    let quoted: Vec<String> = (left_out.types.iter())
        .map(|name| format!("\"{name}\""))
        .collect();
    Finding::new(
        &CONNECTION_TYPE_LEFT_OUT,
        left_out.place,
        format!("no type is written, so this is a {implied} connection, but {what}"),
    )
    .help(match quoted.as_slice() {
        few @ [_] | few @ [_, _] | few @ [_, _, _] => {
            format!("Set `ConnectionType` to {}.", words::enumerated(few, "or"))
        }
        _ => "Set `ConnectionType`.".to_owned(),
    })
}

fn connection_type(reading: &Reading<'_>, value: &Value<'_>, findings: &mut Findings) {
    let is_text = (value.as_scalar()).is_some_and(|scalar| scalar.literal == Literal::String);
    let Some(name) = value.known().filter(|name| is_text && !name.is_empty()) else {
        return;
    };
    if reading.overlay.types.contains(name) {
        return;
    }
    if let Some(kind) = spec::connection_type(name) {
        if kind.family == Family::Rejected {
            findings.add_at(
                value,
                Finding::new(
                    &UNSUPPORTED_CONNECTION_TYPE,
                    value.place,
                    format!("AWS lists the type `{name}`, but AWS Glue does not support it"),
                )
                .help(
                    "Choose another type; AWS Transfer Family can put files from SFTP into Amazon \
                     S3, where AWS Glue reads them.",
                ),
            );
        }
        return;
    }
    let mut kinds = spec::connection_types().iter();
    if let Some(kind) = kinds.find(|kind| kind.name.eq_ignore_ascii_case(name)) {
        findings.add_at(
            value,
            Finding::new(
                &CONNECTION_TYPE_IN_WRONG_CASE,
                value.place,
                format!(
                    "{} is not how AWS Glue spells the type, and case matters",
                    reading.quote_value(value)
                ),
            )
            .help(format!("Write `{}`.", kind.name))
            .fix(Fix::replace(value, kind.name)),
        );
        return;
    }
    // So are blanks around it for another rule.
    if spec::connection_type(name.trim_matches([' ', '\t'])).is_some() {
        return;
    }
    // What AWS answers with exists, though the list may not have it yet.
    if !reading.is_authored() || name.starts_with(REGISTERED) || holds_marker(name) {
        return;
    }
    let help = match near::nearest(name, spec::connection_types().iter().map(|kind| kind.name)) {
        Some(near) => format!("Write `{near}` if that is meant."),
        None => format!(
            "Choose a type from AWS's list, or `{REGISTERED}`… for one that your account \
             registers itself."
        ),
    };
    findings.add_at(
        value,
        Finding::new(
            &UNKNOWN_CONNECTION_TYPE,
            value.place,
            format!(
                "{} is not one of the connection types that AWS listed on {}",
                reading.quote_value(value),
                spec::DATE
            ),
        )
        .help(help),
    );
}
