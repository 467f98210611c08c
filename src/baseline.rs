//! Floor 5: what is known to be wrong, so that only what is new is reported.
//!
//! ```json
//! {
//!   "version": 1,
//!   "entries": [
//!     {"file":"glue/orders.yaml","path":"ConnectionProperties.PORT","rule":"port-out-of-range","count":1}
//!   ]
//! }
//! ```
//!
//! A finding is known by its file, its logical path and its rule, and by how many of the same there are;
//! never by a line, so that it stays known when lines move, and never by a message or a value. Files are
//! named as seen from the folder of the baseline. What could not be read is never known.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::check;
use crate::diag::Finding;
use crate::lint::{Document, FileReport, Report};
use crate::syntax::{Language, NodeKind, NodeRef, Style, Tree};
use crate::text::{ColumnUnit, FileId, Lines, Place, Position, Source, Span};

/// The version of the layout.
const VERSION: &str = "1";

/// How the file of a finding is named in a baseline.
pub type Naming<'n> = &'n dyn Fn(&str) -> String;

/// What a finding is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Key {
    file: String,
    path: String,
    rule: String,
}

impl Key {
    fn of(file: &str, finding: &Finding) -> Key {
        Key {
            file: file.to_owned(),
            path: finding.path.clone(),
            rule: finding.rule.name.to_owned(),
        }
    }
}

/// An entry as it is written.
#[derive(Serialize)]
struct Written<'k> {
    #[serde(flatten)]
    key: &'k Key,
    count: usize,
}

/// Known findings.
#[derive(Clone, Debug)]
pub struct Baseline {
    document: Arc<Document>,
    entries: BTreeMap<Key, Known>,
}

/// How often something is known, and where that is written.
#[derive(Clone, Copy, Debug)]
struct Known {
    count: usize,
    span: Span,
}

/// Where a baseline is not one, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// In code points.
    pub position: Position,
    /// In a few words.
    pub why: String,
}

/// Writes a baseline in which all findings of a report are known, and says how many they are.
///
/// # Errors
///
/// Never, as far as anybody knows: it is JSON of texts and numbers.
pub fn write(report: &Report, naming: Naming<'_>) -> serde_json::Result<(String, usize)> {
    let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
    for file in &report.files {
        let name = naming(file.name());
        for finding in file.findings.iter().filter(|it| may_be_known(it)) {
            *counts.entry(Key::of(&name, finding)).or_default() += 1;
        }
    }
    let mut lines = Vec::with_capacity(counts.len());
    for (key, count) in &counts {
        let entry = Written { key, count: *count };
        lines.push(format!("    {}", serde_json::to_string(&entry)?));
    }
    // One line each: so version control shows what came and went.
    let entries = match lines.as_slice() {
        [] => String::from("[]"),
        lines => format!("[\n{}\n  ]", lines.join(",\n")),
    };
    let text = format!("{{\n  \"version\": {VERSION},\n  \"entries\": {entries}\n}}\n");
    Ok((text, counts.values().sum()))
}

/// Whether one can live with it: not with what was not judged, and the other is a remark on the run.
fn may_be_known(finding: &Finding) -> bool {
    !matches!(
        finding.rule.name,
        "unreadable-file" | "invalid-syntax" | "no-connection-found"
    )
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// [`Malformed`] says what is wrong with it, and where.
    pub fn read(source: &Source) -> Result<Baseline, Malformed> {
        let text = &source.text;
        let lines = Lines::new(text);
        let malformed = |(span, why): Fault| Malformed {
            position: lines.position(text, span.start, ColumnUnit::CodePoint),
            why,
        };
        let tree = Tree::read(text, Language::Json);
        let entries = entries(&tree).map_err(malformed)?;
        Ok(Baseline {
            document: Arc::new(Document {
                name: source.name.clone(),
                lines: lines.clone(),
                text: text.clone(),
                masked: Vec::new(),
                offset: source.byte_order_mark(),
            }),
            entries,
        })
    }

    /// Takes known findings out of a report, and adds which of them there are no more: of files that
    /// were asked for, unless `is_off` says of a file's name and a rule that nothing was looked for; and
    /// of files that are `gone`.
    pub fn apply(
        &self,
        report: &mut Report,
        naming: Naming<'_>,
        gone: &dyn Fn(&str) -> bool,
        is_off: &mut dyn FnMut(&str, &str) -> bool,
    ) {
        let mut left: BTreeMap<Key, usize> = BTreeMap::new();
        left.extend(
            self.entries
                .iter()
                .map(|(key, known)| (key.clone(), known.count)),
        );
        for file in &mut report.files {
            let name = naming(file.name());
            let before = file.findings.len();
            file.findings.retain(|finding| {
                let known = left.get_mut(&Key::of(&name, finding));
                match known.filter(|left| **left > 0 && may_be_known(finding)) {
                    Some(left) => {
                        *left -= 1;
                        false
                    }
                    None => true,
                }
            });
            report.known += before - file.findings.len();
        }
        report.files.retain(|file| !file.findings.is_empty());
        left.retain(|_, left| *left > 0);
        if left.is_empty() {
            return;
        }
        let checked: BTreeMap<String, &str> = (report.checked.iter())
            .map(|name| (naming(name), name.as_str()))
            .collect();
        let mut stale = FileReport {
            document: Arc::clone(&self.document),
            ..FileReport::silent("")
        };
        for (key, left) in &left {
            let may_be_found = match checked.get(&key.file) {
                Some(name) => !is_off(name, &key.rule),
                None => gone(&key.file),
            };
            if !may_be_found {
                continue;
            }
            let Some(known) = self.entries.get(key) else {
                continue;
            };
            let place = Place {
                file: FileId::default(),
                span: known.span,
            };
            let found = known.count - left;
            (stale.findings).push(check::stale_baseline_entry(place, &key.rule, found));
        }
        if !stale.findings.is_empty() {
            stale.findings.sort();
            report.files.push(stale);
            report.sort();
        }
    }
}

/// What is wrong with a span.
type Fault = (Span, String);

fn entries(tree: &Tree<'_>) -> Result<BTreeMap<Key, Known>, Fault> {
    if let Some(problem) = tree.problems().first() {
        return Err((problem.span, "this is not valid JSON".to_owned()));
    }
    let fault = |node: NodeRef<'_>, why: &str| Err((node.span(), why.to_owned()));
    let Some(root) = tree.documents().next() else {
        return Err((Span::default(), "it is empty".to_owned()));
    };
    let [version, list] = members(root, ["version", "entries"])?;
    if version.source() != VERSION {
        return fault(version, "only version 1 is known to this gluelint");
    }
    if list.kind() != NodeKind::List {
        return fault(list, "`entries` is a list");
    }
    let mut entries = BTreeMap::new();
    for entry in list.items() {
        let [file, path, rule, count] = members(entry, ["file", "path", "rule", "count"])?;
        let text = |node: NodeRef<'_>| match node.str() {
            Some(text) if node.kind() == NodeKind::Scalar(Style::Json) => Ok(text.into_owned()),
            _ => Err((node.span(), "this is not a text".to_owned())),
        };
        let key = Key {
            file: text(file)?,
            path: text(path)?,
            rule: text(rule)?,
        };
        let Some(count) = count.source().parse().ok().filter(|count| *count > 0) else {
            return fault(count, "`count` is a number, at least 1");
        };
        let span = entry.span();
        if entries.insert(key, Known { count, span }).is_some() {
            return fault(entry, "there is another entry for the same");
        }
    }
    Ok(entries)
}

/// The values of a map that has these members and no others.
fn members<'t, const N: usize>(
    map: NodeRef<'t>,
    names: [&str; N],
) -> Result<[NodeRef<'t>; N], Fault> {
    if map.kind() != NodeKind::Map {
        return Err((map.span(), "this is not an object".to_owned()));
    }
    let is_other = |key: NodeRef<'_>| !names.iter().any(|name| key.is(name));
    if let Some((key, _)) = map.entries().find(|(key, _)| is_other(*key)) {
        return Err((
            key.span(),
            format!("{} is no member of a baseline", key.source()),
        ));
    }
    let mut values = [map; N];
    for (value, name) in values.iter_mut().zip(names) {
        let missing = || (map.span(), format!("`{name}` is missing"));
        *value = map.get(name).ok_or_else(missing)?;
    }
    Ok(values)
}
