//! Floor 4: one document in, one report out. It cannot fail.

use crate::check;
use crate::diag::{Finding, Secrets, mask};
use crate::form::{self, Form, Stream};
use crate::spec::Severity;
use crate::syntax::{Language, ProblemKind, Tree};
use crate::text::{Lines, Source};

/// What the caller decides.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Findings that weigh less are left out.
    pub least: Severity,
    /// Whether the document was asked for by its name, so that it is worth a word if it holds no
    /// connection.
    pub named: bool,
    /// The form that every document is taken for; `None` where each is recognised for itself.
    pub form: Option<&'static Form>,
}

impl Options {
    /// Whether a file with these bytes can be passed over without reading it.
    pub fn pass_over(&self, bytes: &[u8]) -> bool {
        self.form.is_none() && !form::may_hold_connection(bytes)
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            least: Severity::Warning,
            named: false,
            form: None,
        }
    }
}

/// What was found in one document. It holds the document's text with every secret masked, and has
/// dropped the original.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// The document's name.
    pub name: String,
    /// Its text, secrets masked; empty where there is no finding to show.
    pub text: String,
    /// Where its lines begin.
    pub lines: Lines,
    /// How many bytes of the file stand before the text: the length of its byte order mark, for
    /// UTF-8.
    pub offset: u32,
    /// How many connections it holds.
    pub connections: usize,
    /// The names of the forms in which it holds them.
    pub form: Option<&'static str>,
    /// Whether a part of it could not be read, and so was not judged.
    pub unreadable: bool,
    /// What was found, in order.
    pub findings: Vec<Finding>,
}

/// Everything that one run found: the documents that have something to tell, by name.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The documents with findings.
    pub files: Vec<FileReport>,
    /// How many documents were looked at.
    pub looked_at: usize,
    /// How many of them hold a connection.
    pub with_connections: usize,
    /// How many connections were judged.
    pub connections: usize,
    /// How many documents could not be read, or not in full.
    pub unreadable: usize,
}

impl Report {
    /// Adds what was found in one document.
    pub fn add(&mut self, file: FileReport) {
        self.looked_at += 1;
        self.with_connections += usize::from(file.connections > 0);
        self.connections += file.connections;
        self.unreadable += usize::from(file.unreadable);
        if !file.findings.is_empty() {
            self.files.push(file);
        }
    }

    /// Adds what another run found.
    pub fn merge(&mut self, other: Report) {
        self.looked_at += other.looked_at;
        self.with_connections += other.with_connections;
        self.connections += other.connections;
        self.unreadable += other.unreadable;
        self.files.extend(other.files);
    }

    /// Puts the documents in the order of their names.
    pub fn sort(&mut self) {
        self.files.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// Every finding with its document, in order.
    pub fn findings(&self) -> impl Iterator<Item = (&FileReport, &Finding)> {
        self.files
            .iter()
            .flat_map(|file| file.findings.iter().map(move |finding| (file, finding)))
    }

    /// How many findings have that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings()
            .filter(|(_, finding)| finding.severity == severity)
            .count()
    }
}

/// Lints a document that is there as bytes.
pub fn lint_bytes(name: &str, bytes: Vec<u8>, options: &Options) -> FileReport {
    if options.pass_over(&bytes) {
        return FileReport::without_connection(name, options);
    }
    match Source::decode(name, bytes) {
        Ok(source) => lint(source, options),
        Err(error) => FileReport::unreadable(name, &error.to_string()),
    }
}

/// Lints a document.
pub fn lint(source: Source, options: &Options) -> FileReport {
    let language = Language::of(&source.name, &source.text);
    let tree = Tree::read(&source.text, language);
    let stream = Stream::of(&tree);
    let mut findings: Vec<Finding> = Vec::new();
    let mut secrets = Secrets::default();
    let mut connections = 0;
    let mut forms: Option<&'static Form> = None;
    for document in tree.documents() {
        let Some(form) = options.form.or_else(|| form::form_of(document)) else {
            continue;
        };
        (form.connections)(document, &stream, &mut |connection| {
            connections += 1;
            forms = forms.or(Some(form));
            let own = Secrets::of(&connection);
            let found = check::judge(&connection, &own, options.least);
            // Without a finding nothing of the document is shown.
            findings.extend(found);
            secrets.push(own);
        });
    }
    let unreadable = tree
        .problems()
        .iter()
        .any(|p| p.kind == ProblemKind::Syntax);
    if connections > 0 || unreadable {
        findings.extend((tree.problems().iter()).map(|problem| check::syntax(problem, language)));
    }
    findings.retain(|finding| finding.severity >= options.least);
    findings.sort();
    findings.dedup();
    if connections == 0 && !unreadable {
        return FileReport::without_connection(&source.name, options);
    }
    let mut report = FileReport::silent(&source.name);
    report.offset = source.byte_order_mark();
    report.connections = connections;
    report.form = forms.map(|form| form.name);
    report.unreadable = unreadable;
    report.findings = findings;
    if !report.findings.is_empty() {
        secrets.push(Secrets::at(stream.hidden()));
        secrets.push(Secrets::betrayed_by_words(&source.text, unreadable));
        report.text = mask(&source.text, &secrets.settled()).into_owned();
        report.lines = Lines::new(&report.text);
    }
    report
}

impl FileReport {
    /// The report on a document with nothing to tell.
    pub fn silent(name: &str) -> FileReport {
        FileReport {
            name: name.to_owned(),
            text: String::new(),
            lines: Lines::new(""),
            offset: 0,
            connections: 0,
            form: None,
            unreadable: false,
            findings: Vec::new(),
        }
    }

    /// The report on a document that holds no connection.
    pub fn without_connection(name: &str, options: &Options) -> FileReport {
        let mut report = FileReport::silent(name);
        let finding = check::no_connection(options.form);
        if options.named && finding.severity >= options.least {
            report.findings.push(finding);
        }
        report
    }

    /// The report on a document that could not be read at all.
    pub fn unreadable(name: &str, why: &str) -> FileReport {
        FileReport {
            unreadable: true,
            findings: vec![check::unreadable(why)],
            ..FileReport::silent(name)
        }
    }
}
