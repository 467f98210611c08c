//! The Serverless Framework: CloudFormation under `resources`, with variables of its own.

use std::ops::Range;

use super::cloudformation::{Template, holds_connection};
use super::holes::end_of_expression;
use super::{Connection, Form, Stream, Surroundings};
use crate::syntax::{NodeKind, NodeRef};

pub(super) const FORM: Form = Form {
    name: "serverless",
    title: "services of the Serverless Framework",
    mark: "a resource of type `AWS::Glue::Connection` or `AWS::DataZone::Connection` under `resources`, beside \
           `service` and `provider`",
    recognises,
    connections,
    surroundings,
    is_module: false,
};

fn recognises(document: NodeRef<'_>) -> bool {
    document.get("service").is_some()
        && document.get("provider").is_some()
        && parts(document)
            .iter()
            .any(|(_, part)| holds_connection(*part))
}

fn connections<'t>(document: NodeRef<'t>, _: &Stream<'t>, each: &mut dyn FnMut(Connection<'t>)) {
    Template::new(FORM.name, parts(document), variables).connections(each);
}

fn surroundings<'t>(document: NodeRef<'t>, _: &Stream<'t>) -> Surroundings<'t> {
    Template::new(FORM.name, parts(document), variables).surroundings()
}

/// `resources` is a template, or a list of templates that are merged; each with its path.
fn parts(document: NodeRef<'_>) -> Vec<(String, NodeRef<'_>)> {
    let Some(resources) = document.get("resources") else {
        return Vec::new();
    };
    if resources.kind() == NodeKind::List {
        return (resources.items().enumerate())
            .map(|(index, part)| (format!("resources[{index}]."), part))
            .collect();
    }
    vec![("resources.".to_owned(), resources)]
}

/// The variables in a text: `${self:custom.x}`, `${file(x.yml):y}`. What has no source, such as
/// `${Name}`, or two colons, such as `${AWS::Region}`, is left to CloudFormation.
fn variables(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find("${")) {
        let start = from + start;
        from = start + 2;
        let inside = text.get(from..).unwrap_or_default();
        if !has_source(inside) {
            continue;
        }
        let Some(end) = end_of_expression(text, from, "}") else {
            break;
        };
        found.push(start..end);
        from = end;
    }
    found
}

/// Whether the inside of `${…}` names where its value comes from.
fn has_source(inside: &str) -> bool {
    let rest = inside.trim_start();
    let after =
        rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    after.len() < rest.len()
        && (after.starts_with('(') || (after.starts_with(':') && !after.starts_with("::")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let ranges = variables(text).into_iter();
        ranges.filter_map(|range| text.get(range)).collect()
    }

    #[test]
    fn variables_are_told_from_placeholders_of_cloudformation() {
        for text in [
            "${self:custom.x}",
            "${opt:stage, 'dev'}",
            "${self:custom.${sls:stage}.x}",
            "${file(./a.yml):b}",
            "${cf(eu-west-1):stack.Output}",
            "${strToBool(${opt:x})}",
        ] {
            assert_eq!(found(text), [text], "{text}");
        }
        for text in [
            "${AWS::Region}",
            "${Name}",
            "${!Name}",
            "${}",
            "${self:x",
            "$",
        ] {
            assert!(variables(text).is_empty(), "{text}");
        }
        assert_eq!(found("${A}${env:b}c"), ["${env:b}"]);
    }
}
