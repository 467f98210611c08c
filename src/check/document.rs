//! The document itself: what its language does not allow, and skeletons that nobody filled in.

use super::{Findings, Reading};
use crate::diag::{Finding, Fix};
use crate::form::{Form, Map, Shape, Value};
use crate::spec::{self, Severity, rules};
use crate::syntax::{Language, Problem, ProblemKind};
use crate::text::{FileId, Place, Span};

rules! {
    /// A file could not be read as text.
    UNREADABLE_FILE = "unreadable-file", Error, since "0.1.0";
    /// A file that was named, and has nothing to judge.
    NO_CONNECTION_FOUND = "no-connection-found", Info, since "0.1.0";
    /// The document breaks the grammar of its language.
    INVALID_SYNTAX = "invalid-syntax", Error, since "0.1.0";
    /// A configuration of gluelint that cannot be used.
    INVALID_CONFIGURATION = "invalid-configuration", Error, since "0.1.0";
    /// A template that is no document before it is rendered.
    UNRENDERED_TEMPLATE = "unrendered-template", Warning, since "0.1.0";
    /// JSON with comments.
    COMMENT_IN_JSON = "comment-in-json", Error, since "0.1.0";
    /// JSON with a comma behind the last entry.
    TRAILING_COMMA_IN_JSON = "trailing-comma-in-json", Error, since "0.1.0";
    /// The AWS CLI's skeleton, as it was generated.
    UNFILLED_SKELETON = "unfilled-skeleton", Warning, since "0.1.0";
    /// A connection that repeats itself beyond what is read.
    TOO_MUCH_TO_FOLLOW = "too-much-to-follow", Warning, since "0.1.0";
}

/// A language, as people call it.
fn name(language: Language) -> &'static str {
    match language {
        Language::Json | Language::TerraformJson => "JSON",
        Language::Yaml => "YAML",
        Language::Hcl => "HCL",
    }
}

/// What the language of a document does not allow.
pub fn syntax(problem: &Problem, language: Language) -> Finding {
    let place = Place {
        file: FileId::default(),
        span: problem.span,
    };
    let readers = match language {
        Language::Json => "the AWS CLI and CloudFormation reject",
        Language::TerraformJson | Language::Hcl => "Terraform rejects",
        Language::Yaml => "the tool that reads it rejects",
    };
    match problem.kind {
        ProblemKind::Comment => Finding::new(
            &COMMENT_IN_JSON,
            place,
            format!("JSON does not allow comments: {readers} the document"),
        )
        .help("Remove the comment, or save the document as YAML."),
        ProblemKind::TrailingComma => Finding::new(
            &TRAILING_COMMA_IN_JSON,
            place,
            format!("JSON does not allow a trailing comma: {readers} the document"),
        )
        .help("Remove the comma.")
        .fix(Fix::delete(problem.span, "the comma")),
        ProblemKind::Syntax => Finding::new(
            &INVALID_SYNTAX,
            place,
            format!(
                "the document is not valid {}: {}",
                name(language),
                problem.message
            ),
        )
        .help(match language {
            Language::Hcl => "Fix the syntax and run again: what belongs to it was not checked.",
            _ => "Fix the syntax and run again: the rest of the document was not checked.",
        }),
    }
}

/// A template in place of a document; `marker` is what tells, and `span` where it stands.
pub fn unrendered(marker: &str, span: Span, language: Language) -> Finding {
    let place = Place {
        file: FileId::default(),
        span,
    };
    Finding::new(
        &UNRENDERED_TEMPLATE,
        place,
        format!(
            "the file is a template, as `{marker}` tells, and not valid {} before it is rendered",
            name(language)
        ),
    )
    .help("Check what the template renders instead: not all of this file was checked.")
}

/// What makes a template of a document that breaks off at `problem`: a marker that no document of
/// the language has there, and where it stands. `whole` is where the document lies in `text`.
pub fn template_marker(
    text: &str,
    whole: Span,
    problem: Span,
    language: Language,
) -> Option<(&str, Span)> {
    let start = whole.start as usize;
    let at = problem.start as usize;
    let found = |marker: &'static str, at: usize| {
        let is_reference = (text.get(at + marker.len()..))
            .is_some_and(|inside| inside.trim_start().starts_with("resolve:"));
        (!is_reference).then(|| (marker, Span::of(at..at + marker.len())))
    };
    // Ansible's expressions stand in quotes, and one without them is a slip.
    let may_be_slip = |marker: &str| language == Language::Yaml && marker == "{{";
    // Terraform's own templates have them in place of a value; elsewhere they may stand in a text.
    let is_json = matches!(language, Language::Json | Language::TerraformJson);
    let others: &[&str] = if is_json { &["${"] } else { &[] };
    // A brace may be taken for the beginning of an object.
    let here = [at, at.wrapping_sub(1)].into_iter().find_map(|at| {
        let rest = text.get(at..).filter(|_| at >= start)?;
        let mut markers = TEMPLATE_MARKERS.iter().chain(others);
        let marker = markers.find(|marker| rest.starts_with(**marker) && !may_be_slip(marker))?;
        found(marker, at)
    });
    if here.is_some() || language != Language::Yaml {
        return here;
    }
    let end = text
        .get(at..)?
        .find('\n')
        .map_or(text.len(), |len| at + len);
    let mut line_end = end;
    // The line behind a statement may be the first that cannot stand there.
    let lines = text.get(start..end)?.rsplit('\n');
    (lines.map(|line| {
        let begin = line_end - line.len();
        line_end = begin.saturating_sub(1);
        (begin, line)
    }))
    .filter(|(_, line)| !line.trim().is_empty())
    .take(2)
    .find_map(|(begin, line)| {
        TEMPLATE_MARKERS.iter().find_map(|marker| {
            let at = line.find(marker)?;
            let before = line.get(..at)?.trim_start();
            let inside = line.get(at + marker.len()..)?;
            let is_go = *marker == "{{" && is_go_template(inside);
            (before.is_empty() || is_go).then(|| found(marker, begin + at))?
        })
    })
}

/// Whether an expression is one of Go's templates, as Helm's are, which stand without quotes: a
/// field, a variable, or a function in front of what it is given. Ansible has none of these.
fn is_go_template(inside: &str) -> bool {
    let inside = inside.trim_start_matches('-').trim_start();
    let behind = inside.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let given = behind.trim_start_matches(' ');
    let is_call = behind.len() < inside.len() && given.len() < behind.len();
    inside.starts_with(['.', '$']) || (is_call && given.starts_with(['.', '$', '"', '`']))
}

/// How the statements and expressions of templates begin.
const TEMPLATE_MARKERS: &[&str] = &["{{", "{%", "<%", "%{"];

/// A document that was asked for by its name and holds no connection; `form` is the one that it was
/// said to be of.
pub fn no_connection(form: Option<&Form>) -> Finding {
    let Some(form) = form else {
        return Finding::new(
            &NO_CONNECTION_FOUND,
            Place::default(),
            "the file contains no Glue connection that gluelint recognizes",
        )
        .help("If it should contain one, check how the connection is wrapped and spelled.");
    };
    Finding::new(
        &NO_CONNECTION_FOUND,
        Place::default(),
        format!(
            "the file contains no Glue connection in the form {}, which is asked for",
            form.name
        ),
    )
    .severity(Severity::Warning)
    .help(format!("Look for {}, or ask for another form.", form.mark))
}

/// A document that could not be read at all.
pub fn unreadable(why: &str) -> Finding {
    Finding::new(
        &UNREADABLE_FILE,
        Place::default(),
        format!("the file could not be read: {why}"),
    )
    .help("Check that the file exists and is readable text in UTF-8 or UTF-16.")
}

/// A configuration that cannot be used.
pub fn configuration(place: Place, message: String) -> Finding {
    Finding::new(&INVALID_CONFIGURATION, place, message)
}

/// Whether a rule's findings cannot be silenced: they say that something was not checked at all.
pub fn is_always_said(rule: &str) -> bool {
    let mut always = [&UNREADABLE_FILE, &INVALID_SYNTAX, &INVALID_CONFIGURATION].into_iter();
    always.any(|known| known.name == rule)
}

/// Whether a rule's findings cannot be allowed in a document: they are about its reading, or there is
/// nothing in it to write a suppression for.
pub(super) fn is_about_reading(rule: &str) -> bool {
    let others = [&NO_CONNECTION_FOUND, &UNRENDERED_TEMPLATE];
    is_always_said(rule) || others.iter().any(|known| known.name == rule)
}

/// Whether a finding tells that a document holds no connection.
pub fn is_about_no_connection(finding: &Finding) -> bool {
    finding.rule == &NO_CONNECTION_FOUND
}

/// Whether a finding tells that a connection was not checked to its end.
pub fn is_cut_short(finding: &Finding) -> bool {
    finding.rule == &TOO_MUCH_TO_FOLLOW
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    if reading.is_curtailed {
        findings.add(
            Finding::new(
                &TOO_MUCH_TO_FOLLOW,
                reading.connection.anchor,
                "not all of this connection was checked: values that use each other make too much of it",
            )
            .help("Write the values of the connection out, or let them refer to fewer others."),
        );
    }
    if is_skeleton(reading) {
        findings.add(
            Finding::new(
                &UNFILLED_SKELETON,
                reading.connection.anchor,
                "this is an AWS CLI skeleton whose values are all still empty",
            )
            .help("Fill in the members that the connection needs, and delete the others."),
        );
    }
}

/// Whether the connection is what `--generate-cli-skeleton` prints: every text in it is empty.
pub(super) fn is_skeleton(reading: &Reading<'_>) -> bool {
    let mut texts = 0;
    reading.is_authored() && all_empty(&reading.connection.fields, &mut texts) && texts >= 3
}

fn all_empty(map: &Map<'_>, texts: &mut usize) -> bool {
    map.entries
        .iter()
        .all(|entry| is_empty(&entry.name, &entry.value, texts))
}

fn is_empty(name: &str, value: &Value<'_>, texts: &mut usize) -> bool {
    match &value.shape {
        Shape::Scalar(scalar) => match scalar.text.as_str() {
            "" => {
                *texts += 1;
                true
            }
            "0" | "true" | "null" => true,
            text => is_enumerated(name, text),
        },
        Shape::Map(map) => all_empty(map, texts),
        Shape::List(items) => items.iter().all(|item| is_empty(name, item, texts)),
        Shape::OneOf(_) | Shape::Absent | Shape::Unknown => false,
    }
}

/// Whether a member of that name is an enumeration with that value: the skeleton holds one of
/// them, taken at random.
fn is_enumerated(name: &str, text: &str) -> bool {
    name == "ConnectionType"
        || spec::structures()
            .iter()
            .filter_map(|structure| structure.member(name))
            .any(|member| member.values.contains(&text))
}
