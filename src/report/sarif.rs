//! SARIF 2.1.0, for GitHub's code scanning and whatever else reads it.
//!
//! There is exactly one run, also where nothing was found. Columns count UTF-16 units from 1, the
//! end of a region lies behind its last character, file names are relative to the repository. A
//! finding's fingerprint does not depend on its line. Fixes are proposals, each with its `safety`
//! among its properties. What the uploader computes itself, such as `primaryLocationLineHash`, is left
//! to it.

use std::borrow::Cow;
use std::io;

use serde::Serialize;

use super::fingerprint::Fingerprints;
use super::places::Places;
use super::{HOME, Renderer, Style, page_url, said_with_help};
use crate::allow::Allowed;
use crate::check;
use crate::diag::{Finding, Fix};
use crate::lint::{FileReport, Report};
use crate::spec::{Page, Rule, Severity};
use crate::text::{ColumnUnit, Edit, Place, Position};

/// For code scanning.
pub(super) const RENDERER: Renderer = Renderer {
    name: "sarif",
    title: "SARIF 2.1.0, for code scanning",
    is_text: false,
    render,
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What stands for the repository's root in file names.
const ROOT: &str = "%SRCROOT%";

#[derive(Serialize)]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Tool,
    invocations: [Invocation<'r>; 1],
    original_uri_base_ids: BaseIds,
    column_kind: &'static str,
    results: Vec<ResultItem<'r>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<ReportingDescriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportingDescriptor {
    id: &'static str,
    name: String,
    short_description: Message<'static>,
    full_description: Message<'static>,
    help: Help,
    help_uri: String,
    default_configuration: Configuration,
    properties: RuleProperties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: &'static str,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct RuleProperties {
    tags: [&'static str; 2],
    /// Where a team's policy declares it.
    #[serde(skip_serializing_if = "str::is_empty")]
    declared: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'r> {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification<'r>>,
}

#[derive(Serialize)]
struct Notification<'r> {
    level: &'static str,
    message: Message<'r>,
    locations: [Location<'r>; 1],
}

#[derive(Serialize)]
struct BaseIds {
    #[serde(rename = "%SRCROOT%")]
    root: BaseId,
}

#[derive(Serialize)]
struct BaseId {
    description: Message<'static>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultItem<'r> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message<'r>,
    locations: [Location<'r>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Mend<'r>>,
    partial_fingerprints: PartialFingerprints,
    /// Once one result of a run says whether it is suppressed, all do.
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Vec<Suppression<'r>>>,
}

#[derive(Serialize)]
struct Suppression<'r> {
    kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    justification: &'r str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Mend<'r> {
    description: Message<'r>,
    artifact_changes: [ArtifactChange<'r>; 1],
    properties: MendProperties,
}

#[derive(Serialize)]
struct MendProperties {
    safety: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'r> {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'r> {
    deleted_region: Region,
    inserted_content: Message<'r>,
}

#[derive(Serialize)]
struct PartialFingerprints {
    #[serde(rename = "gluelint/v1")]
    v1: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'r> {
    fully_qualified_name: &'r str,
    kind: &'static str,
}

#[derive(Serialize)]
struct Message<'r> {
    text: Cow<'r, str>,
}

impl<'r> Message<'r> {
    fn new(text: impl Into<Cow<'r, str>>) -> Message<'r> {
        Message { text: text.into() }
    }
}

fn render(report: &Report, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let rules = rules(report);
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: env!("CARGO_PKG_NAME"),
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: HOME,
                    rules: rules.iter().map(|rule| descriptor(rule)).collect(),
                },
            },
            invocations: [Invocation {
                // The run came to its end, or there were no report.
                execution_successful: true,
                tool_execution_notifications: (report.files.iter())
                    .filter(|file| file.unreadable)
                    .map(notification)
                    .collect(),
            }],
            original_uri_base_ids: BaseIds {
                root: BaseId {
                    description: Message::new("The root of the repository."),
                },
            },
            column_kind: "utf16CodeUnits",
            results: (report.files.iter().chain(&report.all_allowed))
                .flat_map(|file| results(file, &rules, report.allowed() > 0))
                .collect(),
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

/// The rules that gluelint has, and those of policies that found something, by name.
fn rules(report: &Report) -> Vec<&'static Rule> {
    let files = report.files.iter().chain(&report.all_allowed);
    let found = files.flat_map(|file| {
        let allowed = file.allowed.iter().map(|allowed| &allowed.finding);
        file.findings.iter().chain(allowed)
    });
    let of_teams = found
        .map(|finding| finding.rule)
        .filter(|it| it.is_of_team());
    let mut rules: Vec<&'static Rule> = check::rules().chain(of_teams).collect();
    // Two configurations may use one name; for readers it is one rule.
    rules.sort_by_key(|rule| (rule.name, rule.declared));
    rules.dedup();
    rules
}

fn descriptor(rule: &'static Rule) -> ReportingDescriptor {
    ReportingDescriptor {
        id: rule.name,
        name: pascal_case(rule.name),
        short_description: Message::new(rule.page.title()),
        full_description: Message::new(rule.page.summary()),
        help: Help {
            text: prose(rule.page),
            markdown: rule.page.0,
        },
        help_uri: page_url(rule),
        default_configuration: Configuration {
            level: level(rule.severity),
        },
        properties: RuleProperties {
            tags: ["aws", "glue"],
            declared: rule.declared,
        },
    }
}

/// `port-out-of-range` as `PortOutOfRange`, `acme/x` as `AcmeX`.
fn pascal_case(name: &str) -> String {
    let mut pascal = String::with_capacity(name.len());
    for word in name.split(['-', '/']) {
        let mut characters = word.chars();
        pascal.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        pascal.push_str(characters.as_str());
    }
    pascal
}

/// What a page says, for readers without Markdown: without its headings and examples.
fn prose(page: Page) -> String {
    let mut text = page.summary().to_owned();
    for section in ["Why", "Instead"] {
        let mut in_fence = false;
        let mut paragraph = String::new();
        // The blank line at the end closes the last paragraph.
        for line in page.section(section).lines().chain([""]) {
            let is_fence = line.starts_with("```");
            if !in_fence && !is_fence && !line.trim().is_empty() {
                paragraph.push_str(if paragraph.is_empty() { "" } else { "\n" });
                paragraph.push_str(line);
            } else if !paragraph.is_empty() {
                text.push_str("\n\n");
                text.push_str(&paragraph);
                paragraph.clear();
            }
            in_fence ^= is_fence;
        }
    }
    text
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn notification(file: &FileReport) -> Notification<'_> {
    Notification {
        level: "error",
        message: Message::new(
            "The file could not be read in full; what is missing was not checked.",
        ),
        locations: [Location {
            id: None,
            physical_location: PhysicalLocation {
                artifact_location: artifact(file.name()),
                region: None,
            },
            logical_locations: Vec::new(),
            message: None,
        }],
    }
}

fn results<'r>(
    file: &'r FileReport,
    rules: &'r [&'static Rule],
    any_allowed: bool,
) -> impl Iterator<Item = ResultItem<'r>> {
    let places = Places::new(file, ColumnUnit::Utf16);
    let own = artifact(file.name());
    let mut fingerprints = Fingerprints::new(file.name());
    let findings = file.findings.iter().map(|finding| (finding, None));
    let allowed = (file.allowed.iter()).map(|it| (&it.finding, Some(it)));
    findings.chain(allowed).map(move |(finding, allowed)| {
        let suppression = allowed.map(|allowed: &Allowed| Suppression {
            kind: if allowed.in_source {
                "inSource"
            } else {
                "external"
            },
            justification: &allowed.reason,
        });
        let physical = |place: Place| PhysicalLocation {
            artifact_location: match file.others.get(&place.file) {
                Some(other) => artifact(&other.name),
                None => own.clone(),
            },
            region: Some(Region::of(places.range_in_lines(place))),
        };
        ResultItem {
            rule_id: finding.rule.name,
            rule_index: (rules.binary_search_by_key(&finding.rule.name, |rule| rule.name)).ok(),
            level: level(finding.severity),
            // Braces stay as they are: consumers replace `{0}` only where a message has arguments, and
            // show doubled braces doubled.
            message: Message::new(said_with_help(finding)),
            locations: [Location {
                id: None,
                physical_location: physical(finding.place),
                logical_locations: (!finding.path.is_empty())
                    .then_some(LogicalLocation {
                        fully_qualified_name: &finding.path,
                        kind: "resource",
                    })
                    .into_iter()
                    .collect(),
                message: (!finding.note.is_empty()).then(|| Message::new(&finding.note)),
            }],
            related_locations: (finding.labels.iter().enumerate())
                .map(|(index, label)| Location {
                    id: Some(index + 1),
                    physical_location: physical(label.place),
                    logical_locations: Vec::new(),
                    message: Some(Message::new(&label.text)),
                })
                .collect(),
            fixes: (finding.fixes.iter())
                .map(|fix| mend(fix, finding, &own, &places))
                .collect(),
            partial_fingerprints: PartialFingerprints {
                v1: fingerprints.next(finding),
            },
            suppressions: any_allowed.then(|| suppression.into_iter().collect()),
        }
    })
}

/// A fix: every one of its edits lies in the finding's own document.
fn mend<'r>(
    fix: &'r Fix,
    finding: &Finding,
    own: &ArtifactLocation,
    places: &Places<'_>,
) -> Mend<'r> {
    let replacement = |edit: &'r Edit| Replacement {
        deleted_region: Region::of(places.range(Place {
            span: edit.span,
            ..finding.place
        })),
        inserted_content: Message::new(edit.replacement.as_str()),
    };
    Mend {
        description: Message::new(format!("{}.", fix.title)),
        artifact_changes: [ArtifactChange {
            artifact_location: own.clone(),
            replacements: fix.edits.iter().map(replacement).collect(),
        }],
        properties: MendProperties {
            safety: fix.safety.name(),
        },
    }
}

impl Region {
    fn of((start, end): (Position, Position)) -> Region {
        Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

/// A document's name as a URI: relative to the repository, unless it is an absolute path.
fn artifact(name: &str) -> ArtifactLocation {
    let drive = match name.as_bytes() {
        [letter, b':', b'/', ..] if letter.is_ascii_alphabetic() => name.split_at_checked(2),
        _ => None,
    };
    let (scheme, path, uri_base_id) = match drive {
        Some((drive, path)) => (format!("file:///{drive}"), path, None),
        None if name.starts_with('/') => ("file://".to_owned(), name, None),
        None => (
            String::new(),
            name.strip_prefix("./").unwrap_or(name),
            Some(ROOT),
        ),
    };
    ArtifactLocation {
        uri: scheme + &percent_encoded(path),
        uri_base_id,
    }
}

/// A path with everything encoded that may mean something else in a URI.
fn percent_encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                encoded.push(char::from(byte));
            }
            other => encoded += &format!("%{other:02X}"),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_have_names_in_pascal_case() {
        assert_eq!(pascal_case("port-out-of-range"), "PortOutOfRange");
        assert_eq!(pascal_case("s3-key-missing"), "S3KeyMissing");
        assert_eq!(pascal_case("acme/no-password"), "AcmeNoPassword");
    }

    #[test]
    fn names_become_uris() {
        let uri = |name| {
            let artifact = artifact(name);
            (artifact.uri, artifact.uri_base_id.is_some())
        };
        assert_eq!(uri("a b/c#1?.yaml"), ("a%20b/c%231%3F.yaml".into(), true));
        assert_eq!(uri("./é:x.json"), ("%C3%A9%3Ax.json".into(), true));
        assert_eq!(
            uri("/tmp/100%.json"),
            ("file:///tmp/100%25.json".into(), false)
        );
        assert_eq!(uri("C:/x/y.json"), ("file:///C:/x/y.json".into(), false));
    }

    #[test]
    fn prose_has_no_headings_and_no_examples() {
        let page = Page(
            "# Title\n\nSummary\nof two lines.\n\n## Why\n\nBecause.\n\n```yaml bad\nA: b\n\n## x\n```\n\n\
             More.\n\n## Instead\n\nDo this.\n\n## Source\n\nY\n",
        );
        assert_eq!(
            prose(page),
            "Summary\nof two lines.\n\nBecause.\n\nMore.\n\nDo this."
        );
    }
}
