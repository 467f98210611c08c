//! Floor 4: a document in, a report out; or files that belong together, and a report on each. It
//! cannot fail.

mod redact;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::allow::{Allowed, Date, Permission, Suppressions, Terms};
use crate::check::{self, Together};
use crate::config::{self, Levels, Mark, Setting};
use crate::diag::{Finding, Secrets, mask};
use crate::form::{self, Connection, Form, Stream};
use crate::spec::{Overlay, Severity};
use crate::syntax::{Language, NodeRef, ProblemKind, Tree};
use crate::text::{FileId, Lines, Part, Place, Source, Span, Unit};

pub use redact::{Redacted, redact};

/// What the caller decides.
#[derive(Clone, Copy, Debug)]
pub struct Options<'s> {
    /// Findings that weigh less are left out.
    pub least: Severity,
    /// A finding that weighs as much makes the document fail; `None` where none does.
    pub fail_on: Option<Severity>,
    /// Whether the document was asked for by its name, so that it is worth a word if it holds no
    /// connection.
    pub named: bool,
    /// The form that every document is taken for; `None` where each is recognised for itself.
    pub form: Option<&'static Form>,
    /// The levels that rules were given.
    pub levels: &'s Levels,
    /// What the team adds to the facts.
    pub overlay: &'s Overlay,
    /// The day on which suppressions are judged; without it, none has run out.
    pub today: Option<Date>,
    /// Whether each suppression must have a reason.
    pub needs_reason: bool,
    /// What is allowed elsewhere than in the documents.
    pub permissions: &'s [Setting<Permission>],
}

impl Options<'_> {
    /// Whether a file with these bytes can be passed over without reading it.
    pub fn pass_over(&self, bytes: &[u8]) -> bool {
        self.form.is_none() && !form::may_hold_connection(bytes)
    }

    /// Gives a finding its weight; false for one that is not to be reported.
    fn weigh(&self, finding: &mut Finding) -> bool {
        self.levels.weigh(finding) && finding.severity >= self.least
    }
}

impl Options<'static> {
    /// What holds where nobody decides anything.
    pub const DEFAULT: Options<'static> = Options {
        least: Severity::Warning,
        fail_on: Some(Severity::Error),
        named: false,
        form: None,
        levels: Levels::NONE,
        overlay: Overlay::NONE,
        today: None,
        needs_reason: false,
        permissions: &[],
    };
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options::DEFAULT
    }
}

/// A document as reports show it: every secret is masked, and the original is dropped.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its name.
    pub name: String,
    /// Its text, secrets masked; empty where there is nothing to show.
    pub text: String,
    /// Where it is masked: in order, apart from each other.
    pub masked: Vec<Span>,
    /// Where its lines begin.
    pub lines: Lines,
    /// How many bytes of the file stand before the text: the length of its byte order mark, for
    /// UTF-8.
    pub offset: u32,
}

/// What was found in one document.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// The document.
    pub document: Arc<Document>,
    /// The other documents in which labels lie, by the number that the labels' places have.
    pub others: BTreeMap<FileId, Arc<Document>>,
    /// How many connections it holds.
    pub connections: usize,
    /// The name of the first form in which it holds them.
    pub form: Option<&'static str>,
    /// Whether it was asked for. Of other documents is said only what has to do with those.
    pub asked: bool,
    /// Whether a part of it could not be read, and so was not judged. Of a template, nobody expects
    /// that.
    pub unreadable: bool,
    /// Whether all was looked for that may be found in it: false where a part of what belongs to it
    /// could not be read or followed.
    pub whole: bool,
    /// What configurations allow of what was found in it and in what belongs to it.
    pub used: BTreeSet<Mark>,
    /// How much a finding weighs that makes it fail; `None` where none does.
    pub fail_on: Option<Severity>,
    /// What was found, in order. A span counts bytes of the document that its place lies in.
    pub findings: Vec<Finding>,
    /// What was found too, and is allowed by a suppression, in order.
    pub allowed: Vec<Allowed>,
}

/// Everything that one run found: the documents that have something to tell, by name.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The documents with findings.
    pub files: Vec<FileReport>,
    /// The documents in which everything that was found is allowed.
    pub all_allowed: Vec<FileReport>,
    /// How many documents were looked at.
    pub looked_at: usize,
    /// How many of them hold a connection.
    pub with_connections: usize,
    /// The same by form.
    pub forms: BTreeMap<&'static str, usize>,
    /// How many connections were judged.
    pub connections: usize,
    /// How many documents could not be read, or not in full.
    pub unreadable: usize,
    /// How many configurations could not be used. Where there is one, nothing else was judged.
    pub unusable: usize,
    /// How many findings are left out because a baseline knows them.
    pub known: usize,
    /// The names of the documents that were asked for.
    pub checked: Vec<String>,
    /// The names of those of them that hold a connection.
    pub holding: BTreeSet<String>,
    /// The names of the documents of which not all is known.
    pub partial: BTreeSet<String>,
    /// What configurations allow of what was found.
    pub used: BTreeSet<Mark>,
}

impl Report {
    /// Adds what was found in one document.
    pub fn add(&mut self, file: FileReport) {
        self.looked_at += 1;
        self.with_connections += usize::from(file.connections > 0);
        if let Some(form) = file.form {
            *self.forms.entry(form).or_default() += 1;
        }
        self.connections += file.connections;
        self.unreadable += usize::from(file.unreadable);
        if file.asked {
            self.checked.push(file.name().to_owned());
        }
        if file.connections > 0 {
            self.holding.insert(file.name().to_owned());
        }
        if !file.whole {
            self.partial.insert(file.name().to_owned());
        }
        self.used.extend(file.used.iter().cloned());
        if !file.findings.is_empty() {
            self.files.push(file);
        } else if !file.allowed.is_empty() {
            self.all_allowed.push(file);
        }
    }

    /// Adds what another run found.
    pub fn merge(&mut self, other: Report) {
        self.looked_at += other.looked_at;
        self.with_connections += other.with_connections;
        for (form, files) in other.forms {
            *self.forms.entry(form).or_default() += files;
        }
        self.connections += other.connections;
        self.unreadable += other.unreadable;
        self.unusable += other.unusable;
        self.known += other.known;
        self.checked.extend(other.checked);
        self.holding.extend(other.holding);
        self.partial.extend(other.partial);
        self.used.extend(other.used);
        self.files.extend(other.files);
        self.all_allowed.extend(other.all_allowed);
    }

    /// Adds to what was found in a document that may be among the others.
    pub fn supplement(&mut self, file: FileReport) {
        match (self.files.iter_mut()).find(|known| known.name() == file.name()) {
            Some(known) => {
                known.findings.extend(file.findings);
                known.findings.sort();
            }
            None if self.checked.iter().any(|known| known == file.name()) => self.files.push(file),
            None => self.add(file),
        }
    }

    /// Leaves out the advice that documents hold no connection: where several were named, most of them
    /// may be there for other reasons. Where it was given a weight, it stays.
    pub fn pass_over_empty(&mut self) {
        for file in &mut self.files {
            (file.findings)
                .retain(|it| it.severity > Severity::Info || !check::is_about_no_connection(it));
        }
        self.files.retain(|file| !file.findings.is_empty());
    }

    /// Puts the documents in the order of their names.
    pub fn sort(&mut self) {
        for files in [&mut self.files, &mut self.all_allowed] {
            files.sort_by(|a, b| a.name().cmp(b.name()));
        }
    }

    /// Every finding with its document, in order.
    pub fn findings(&self) -> impl Iterator<Item = (&FileReport, &Finding)> {
        self.files
            .iter()
            .flat_map(|file| file.findings.iter().map(move |finding| (file, finding)))
    }

    /// How many findings are allowed.
    pub fn allowed(&self) -> usize {
        let files = self.files.iter().chain(&self.all_allowed);
        files.map(|file| file.allowed.len()).sum()
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
    if options.pass_over(&bytes) && !config::is_configuration(name) {
        return FileReport::without_connection(name, options);
    }
    match Source::decode(name, bytes) {
        Ok(source) => lint(source, options),
        Err(error) => FileReport::unreadable(name, &error.to_string()),
    }
}

/// Lints a document.
pub fn lint(source: Source, options: &Options) -> FileReport {
    (lint_unit(&Unit::of(source), options).pop()).unwrap_or_else(|| FileReport::silent(""))
}

/// Lints the files of a unit. There is a report on each that was asked for, and on any other in
/// which something was found that has to do with them: what their connections take from it, what
/// its connections take from them, or that it could not be read.
pub fn lint_unit(unit: &Unit, options: &Options) -> Vec<FileReport> {
    if let [part] = unit.parts()
        && options.form.is_none()
        && config::is_configuration(&part.name)
    {
        let source = Source::new(part.name.as_str(), unit.text_of(part));
        let configuration = config::Alone::read(&source);
        let mut findings = configuration.findings;
        if findings.is_empty() {
            findings = idle(configuration.permissions, options);
        }
        return vec![FileReport::on_configuration(&source, findings)];
    }
    let trees = read(unit);
    let mut shares: Vec<Share> = (unit.parts().iter().zip(&trees))
        .map(|(part, tree)| Share::of(part, tree))
        .collect();
    let stream = stream(unit, &trees, &shares);
    let mut suppressions = Suppressions::of(unit, &trees, options.overlay);
    // One may allow what is not shown, and is not unused then.
    let least = if suppressions.is_empty() && options.permissions.is_empty() {
        options.levels.judged_from(options.least)
    } else {
        Severity::Info
    };
    let mut findings: Vec<Finding> = Vec::new();
    let mut secrets = Secrets::default();
    let is_asked = |place: Place| {
        let file = unit.locate(place.span).file.0 as usize;
        unit.parts().get(file).is_some_and(|part| part.asked)
    };
    // Of a connection in another file, what has to do with those that were asked for.
    let is_about_asked = |finding: &Finding| {
        is_asked(finding.place) || finding.labels.iter().any(|label| is_asked(label.place))
    };
    for (form, documents) in scopes(&stream, options.form) {
        let Some(first) = documents.first() else {
            continue;
        };
        let surroundings = (form.surroundings)(*first, &stream);
        let mut together = Together::new(&surroundings, least);
        for document in documents {
            (form.connections)(document, &stream, &mut |mut connection| {
                connection.know_structures();
                let asked = is_asked(connection.anchor);
                let home = share_at(&mut shares, unit.locate(connection.anchor.span));
                if let Some(share) = home.filter(|_| asked) {
                    share.connections += 1;
                    share.form = share.form.or(Some(form.name));
                }
                let own = Secrets::of(&connection);
                let found = check::judge(&connection, &surroundings, &own, options.overlay, least);
                for mut finding in found.into_iter().filter(|it| asked || is_about_asked(it)) {
                    write_fixes(&mut finding, Some(&connection), unit, &trees);
                    findings.push(finding);
                }
                together.add(&connection, &own);
                secrets.push(own);
            });
        }
        let found = together.finish().into_iter().filter(is_about_asked);
        findings.extend(found.map(|mut finding| {
            write_fixes(&mut finding, None, unit, &trees);
            finding
        }));
    }
    let any = shares.iter().any(|share| share.connections > 0);
    for ((part, tree), share) in unit.parts().iter().zip(&trees).zip(&mut shares) {
        // Where connections are, what could not be read may belong to them. A file that nothing
        // says to be a document is none.
        let is_told = options.named || options.form.is_some() || has_ending(&part.name);
        share.unreadable &= any || (part.asked && is_told);
        if let Some((marker, span)) = template(unit, part, tree).filter(|_| share.unreadable) {
            share.is_template = true;
            if part.asked {
                findings.push(check::unrendered(marker, span, tree.language()));
            }
        } else if any || share.unreadable {
            // Of a file that nobody asked for, that it is broken is enough.
            let few = if part.asked { usize::MAX } else { 1 };
            let problems = tree.problems().iter().take(few);
            findings.extend(problems.map(|problem| check::syntax(problem, tree.language())));
        }
        if let (Some(why), true) = (&part.unreadable, share.unreadable) {
            let mut finding = check::unreadable(why);
            finding.place.span = part.span;
            findings.push(finding);
        }
    }
    findings.sort();
    // A resource may be read several times, for each of its instances: what is wrong in all of
    // them is said once.
    findings.dedup_by(|later, one| later.says_the_same(one));
    secrets.push(Secrets::at(stream.hidden()));
    let secrets = secrets.settled();
    // Where something was not checked, nothing is known to be unused.
    let all_found =
        !shares.iter().any(|share| share.unreadable) && !findings.iter().any(check::is_cut_short);
    // Each that would do is used, as among suppressions.
    let used: BTreeSet<Mark> = (options.permissions.iter())
        .filter(|it| {
            findings
                .iter()
                .any(|finding| it.value.covers(finding, options.today))
        })
        .map(Setting::mark)
        .collect();
    let mut allowed = Vec::new();
    if !suppressions.is_empty() {
        let terms = Terms {
            today: options.today,
            needs_reason: options.needs_reason,
            is_off: &|rule| options.levels.is_off(rule),
        };
        allowed = suppressions.take(&mut findings, terms);
        let is_read = |span: Span| {
            let file = unit.locate(span).file.0 as usize;
            let is_asked = unit.parts().get(file).is_some_and(|part| part.asked);
            any && is_asked && shares.get(file).is_some_and(|share| !share.unreadable)
        };
        let text = unit.text();
        findings.extend(suppressions.findings(terms, text, &secrets, &is_read, all_found));
    }
    allowed.extend(permitted(&mut findings, options));
    findings.retain_mut(|finding| options.weigh(finding));
    allowed.retain_mut(|allowed| options.weigh(&mut allowed.finding));
    findings.sort();
    for mut finding in findings {
        settle(&mut finding, unit);
        if let Some(share) = share_at(&mut shares, finding.place) {
            share.findings.push(finding);
        }
    }
    for mut allowed in allowed {
        settle(&mut allowed.finding, unit);
        allowed.reason_place = unit.locate(allowed.reason_place.span);
        if let Some(share) = share_at(&mut shares, allowed.finding.place) {
            share.allowed.push(allowed);
        }
    }
    let hidden = hidden(unit, &shares, &secrets);
    for allowed in shares.iter_mut().flat_map(|share| &mut share.allowed) {
        // What says why is shown like the rest of the text.
        let place = allowed.reason_place;
        let is_shown = !allowed.in_source
            || (hidden.get(&place.file)).is_some_and(|secrets| !secrets.touch(place.span));
        if !is_shown {
            allowed.reason.clear();
        }
    }
    for ((share, part), file) in (shares.iter_mut().zip(unit.parts())).zip((0..).map(FileId)) {
        let Some(secrets) = hidden.get(&file) else {
            continue;
        };
        for finding in &mut share.findings {
            // Files that nobody asked for are left alone. What a fix does is shown, what it takes
            // away too.
            (finding.fixes)
                .retain(|fix| part.asked && !fix.edits.iter().any(|edit| secrets.touch(edit.span)));
        }
    }
    let shown = shown(unit, &hidden);
    let mut reports = Vec::new();
    for ((part, share), file) in unit.parts().iter().zip(shares).zip((0..).map(FileId)) {
        let is_silent = share.findings.is_empty() && share.allowed.is_empty();
        if is_silent && !any && part.asked {
            reports.push(FileReport::without_connection(&part.name, options));
        } else if part.asked || !is_silent {
            reports.push(share.report(part, file, &shown, options));
        }
    }
    for report in &mut reports {
        report.whole = all_found;
        report.used.clone_from(&used);
    }
    reports
}

/// What is wrong in any case with what a configuration allows: it has run out, or nothing can allow it.
fn idle(permissions: Vec<Setting<Permission>>, options: &Options) -> Vec<Finding> {
    let findings = permissions.into_iter().filter_map(|it| {
        let place = Place {
            file: FileId::default(),
            span: it.span,
        };
        let over = (it.value.until).filter(|until| until.is_over(options.today));
        let never = check::rule(&it.value.rule).filter(|it| check::cannot_be_allowed(it.name));
        let mut finding = match (never, over) {
            (Some(rule), _) => check::suppressions::never_allowed(place, rule),
            (None, Some(until)) => check::suppressions::expired(place, &until.to_string()),
            (None, None) => return None,
        };
        options.weigh(&mut finding).then_some(finding)
    });
    findings.collect()
}

/// Takes what is allowed elsewhere than in the documents out of `findings`.
fn permitted(findings: &mut Vec<Finding>, options: &Options) -> Vec<Allowed> {
    if options.permissions.is_empty() {
        return Vec::new();
    }
    let permission = |finding: &mut Finding| {
        let permissions = options.permissions.iter();
        permissions
            .map(|it| &it.value)
            .find(|it| it.covers(finding, options.today))
    };
    let mut allowed = Vec::new();
    findings.retain_mut(|finding| {
        let found = permission(finding).map(|it| it.allow(finding));
        let is_allowed = found.is_some();
        allowed.extend(found);
        !is_allowed
    });
    allowed
}

/// Counts the places of a finding from the beginnings of the files that they lie in.
fn settle(finding: &mut Finding, unit: &Unit) {
    finding.place = unit.locate(finding.place.span);
    for label in &mut finding.labels {
        label.place = unit.locate(label.place.span);
    }
    for edit in finding.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
        edit.span = unit.locate(edit.span).span;
    }
}

/// The trees of the files of a unit.
fn read(unit: &Unit) -> Vec<Tree<'_>> {
    let tree = |part: &Part| {
        let language = Language::of(&part.name, unit.text_of(part));
        Tree::read_part(unit.text(), part.span, language)
    };
    unit.parts().iter().map(tree).collect()
}

/// The documents to take connections from, each with its form; those of a module together. `form` is
/// that of all, if it is known.
fn scopes<'t>(
    stream: &Stream<'t>,
    form: Option<&'static Form>,
) -> Vec<(&'static Form, Vec<NodeRef<'t>>)> {
    let mut scopes: Vec<(&'static Form, Vec<NodeRef<'t>>)> = Vec::new();
    let mut module = None;
    for file in stream.files() {
        for document in file.tree.documents() {
            let Some(form) = form.or_else(|| form::form_of(document)) else {
                continue;
            };
            let known = module.filter(|_| form.is_module);
            if let Some((_, documents)) = known.and_then(|index: usize| scopes.get_mut(index)) {
                documents.push(document);
                continue;
            }
            if form.is_module {
                module = Some(scopes.len());
            }
            scopes.push((form, vec![document]));
        }
    }
    scopes
}

/// Whether a name has an ending, which tells what the file holds.
fn has_ending(name: &str) -> bool {
    name.rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'))
}

/// What tells that a file which cannot be read is a template, if it does.
fn template<'u>(unit: &'u Unit, part: &Part, tree: &Tree<'_>) -> Option<(&'u str, Span)> {
    let mut problems = tree.problems().iter();
    let first = problems.find(|problem| problem.kind == ProblemKind::Syntax)?;
    check::template_marker(unit.text(), part.span, first.span, tree.language())
}

/// The files of a unit, as forms see them.
fn stream<'t>(unit: &'t Unit, trees: &'t [Tree<'t>], shares: &[Share]) -> Stream<'t> {
    let files = unit.parts().iter().zip(trees).zip(shares);
    let file = |((part, tree), share): ((&'t Part, &'t Tree<'t>), &Share)| form::File {
        name: &part.name,
        tree,
        span: part.span,
        whole: !share.unreadable,
    };
    Stream::new(files.map(file).collect())
}

/// What falls to one file of a unit.
struct Share {
    connections: usize,
    form: Option<&'static str>,
    unreadable: bool,
    /// Whether that is so because it is still a template.
    is_template: bool,
    findings: Vec<Finding>,
    allowed: Vec<Allowed>,
}

impl Share {
    /// What was found, allowed or not.
    fn all(&self) -> impl Iterator<Item = &Finding> {
        (self.findings.iter()).chain(self.allowed.iter().map(|allowed| &allowed.finding))
    }

    fn of(part: &Part, tree: &Tree<'_>) -> Share {
        let mut problems = tree.problems().iter();
        Share {
            connections: 0,
            form: None,
            unreadable: part.unreadable.is_some()
                || problems.any(|problem| problem.kind == ProblemKind::Syntax),
            is_template: false,
            findings: Vec::new(),
            allowed: Vec::new(),
        }
    }

    fn report(self, part: &Part, file: FileId, shown: &Shown, options: &Options) -> FileReport {
        let labels = self.all().flat_map(|finding| &finding.labels);
        let others = labels
            .map(|label| label.place.file)
            .filter(|other| *other != file)
            .filter_map(|other| Some((other, Arc::clone(shown.get(&other)?))))
            .collect();
        FileReport {
            document: (shown.get(&file))
                .map_or_else(|| Arc::new(Document::unseen(&part.name)), Arc::clone),
            others,
            connections: self.connections,
            form: self.form,
            asked: part.asked,
            unreadable: self.unreadable && !self.is_template,
            whole: true,
            used: BTreeSet::new(),
            fail_on: options.fail_on,
            findings: self.findings,
            allowed: self.allowed,
        }
    }
}

fn share_at(shares: &mut [Share], place: Place) -> Option<&mut Share> {
    shares.get_mut(place.file.0 as usize)
}

/// Writes the fixes of a finding, about a connection if it is about one, as edits of the file that it lies in, and drops
/// those that cannot be written there for certain.
fn write_fixes(
    finding: &mut Finding,
    connection: Option<&Connection<'_>>,
    unit: &Unit,
    trees: &[Tree<'_>],
) {
    let tree_at = |place: Place| trees.get(unit.locate(place.span).file.0 as usize);
    let file = unit.locate(finding.place.span).file.0 as usize;
    let (Some(part), Some(tree)) = (unit.parts().get(file), trees.get(file)) else {
        return finding.fixes.clear();
    };
    let value_of = |key: Place| tree_at(key)?.value_of(key.span);
    let is_own = |span: Span| {
        let place = Place {
            span,
            ..Place::default()
        };
        connection.is_none_or(|connection| connection.is_own(place, &value_of))
    };
    finding.fixes.retain_mut(|fix| {
        fix.write(tree, &is_own).is_some()
            && (fix.edits.iter()).all(|edit| part.span.contains(edit.span))
    });
}

/// The secrets of the files that findings and their labels lie in.
fn hidden(unit: &Unit, shares: &[Share], secrets: &Secrets) -> BTreeMap<FileId, Secrets> {
    let files: BTreeSet<FileId> = (shares.iter())
        .flat_map(Share::all)
        .flat_map(|finding| {
            let labels = finding.labels.iter().map(|label| label.place);
            labels.chain([finding.place])
        })
        .map(|place| place.file)
        .collect();
    let secrets_of = |file: FileId| {
        let part = unit.parts().get(file.0 as usize)?;
        Some(hidden_in(unit, part, shares.get(file.0 as usize)?, secrets))
    };
    (files.into_iter())
        .filter_map(|file| Some((file, secrets_of(file)?)))
        .collect()
}

/// The secrets of a file: those of the unit's that lie in it, and those that its words betray.
fn hidden_in(unit: &Unit, part: &Part, share: &Share, secrets: &Secrets) -> Secrets {
    let mut hidden = secrets.within(part.span);
    let text = unit.text_of(part);
    hidden.push(Secrets::betrayed_by_words(text, share.unreadable));
    hidden.settled()
}

/// The documents that findings and their labels lie in.
type Shown = BTreeMap<FileId, Arc<Document>>;

fn shown(unit: &Unit, hidden: &BTreeMap<FileId, Secrets>) -> Shown {
    let document = |file: FileId, secrets: &Secrets| {
        let part = unit.parts().get(file.0 as usize)?;
        let text = mask(unit.text_of(part), secrets).into_owned();
        Some(Document {
            name: part.name.clone(),
            lines: Lines::new(&text),
            text,
            masked: secrets.spans().to_vec(),
            offset: part.byte_order_mark,
        })
    };
    (hidden.iter())
        .filter_map(|(file, secrets)| Some((*file, Arc::new(document(*file, secrets)?))))
        .collect()
}

impl Document {
    /// The text under a span, unless something in it is masked.
    pub fn in_clear(&self, span: Span) -> Option<&str> {
        let next = self
            .masked
            .partition_point(|masked| masked.end <= span.start);
        let is_clear = (self.masked.get(next)).is_none_or(|masked| span.end <= masked.start);
        self.text.get(span.range()).filter(|_| is_clear)
    }

    /// A document of which nothing is shown.
    fn unseen(name: &str) -> Document {
        Document {
            name: name.to_owned(),
            text: String::new(),
            masked: Vec::new(),
            lines: Lines::new(""),
            offset: 0,
        }
    }
}

impl FileReport {
    /// The document's name.
    pub fn name(&self) -> &str {
        &self.document.name
    }

    /// The document in which a place of a finding lies.
    pub fn document_at(&self, place: Place) -> &Document {
        self.others.get(&place.file).unwrap_or(&self.document)
    }

    /// The report on a document with nothing to tell.
    pub fn silent(name: &str) -> FileReport {
        FileReport {
            document: Arc::new(Document::unseen(name)),
            others: BTreeMap::new(),
            connections: 0,
            form: None,
            asked: true,
            unreadable: false,
            whole: true,
            used: BTreeSet::new(),
            fail_on: Options::DEFAULT.fail_on,
            findings: Vec::new(),
            allowed: Vec::new(),
        }
    }

    /// Whether a finding makes it fail.
    pub fn fails(&self) -> bool {
        let weighs = |finding: &Finding| (self.fail_on).is_some_and(|it| finding.severity >= it);
        self.findings.iter().any(weighs)
    }

    /// The report on a configuration, with what was found in it.
    pub fn on_configuration(source: &Source, findings: Vec<Finding>) -> FileReport {
        let secrets = Secrets::betrayed_by_words(&source.text, false);
        let text = mask(&source.text, &secrets).into_owned();
        let document = Document {
            name: source.name.clone(),
            lines: Lines::new(&text),
            text,
            masked: secrets.spans().to_vec(),
            offset: source.byte_order_mark(),
        };
        FileReport {
            document: Arc::new(document),
            findings,
            ..FileReport::silent("")
        }
    }

    /// The report on a document that holds no connection.
    pub fn without_connection(name: &str, options: &Options) -> FileReport {
        let mut report = FileReport {
            fail_on: options.fail_on,
            ..FileReport::silent(name)
        };
        let mut finding = check::no_connection(options.form);
        if options.named && options.weigh(&mut finding) {
            report.findings.push(finding);
        }
        report
    }

    /// The report on a document that could not be read at all.
    pub fn unreadable(name: &str, why: &str) -> FileReport {
        FileReport {
            unreadable: true,
            whole: false,
            findings: vec![check::unreadable(why)],
            ..FileReport::silent(name)
        }
    }
}
