//! One configuration file: first every value is compared with the table of keys, then it is read.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use regex::Regex;

use super::keys::{DEMANDS, KEYS, Key, Kind, LEVELS};
use super::page::{Demanded, page};
use super::pattern::{self, Patterns};
use super::{File, Level, Origin, Setting};
use crate::allow::{Date, Permission};
use crate::check::{self, words};
use crate::diag::{Finding, Secrets};
use crate::form::{self, FORMS, Form};
use crate::spec::near;
use crate::spec::{self, AllowedHost, Demand, Policy, Rule, Severity};
use crate::syntax::{Language, Literal, NodeKind, NodeRef, ProblemKind, Schema, Tree};
use crate::text::{Lines, Place, Span};

/// What one file says.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) file: File,
    /// What is wrong with it.
    pub(super) findings: Vec<Finding>,
    pub(super) said: Said,
}

/// The settings of a file, as far as they can be read.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) extends: Vec<Setting<String>>,
    pub(super) severity: Option<Setting<Severity>>,
    pub(super) fail_on: Option<Setting<Option<Severity>>>,
    /// Whether suppressions need a reason.
    pub(super) reasons: Option<Setting<bool>>,
    pub(super) include: Option<Patterns>,
    pub(super) exclude: Option<Patterns>,
    pub(super) general: Scope,
    pub(super) types: Vec<Setting<String>>,
    pub(super) properties: Vec<Setting<String>>,
    pub(super) overrides: Vec<Override>,
    pub(super) policies: Vec<PolicyEntry>,
}

/// What may be set for all files, and for some.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) form: Option<Setting<&'static Form>>,
    pub(super) rules: Vec<(Setting<String>, Level)>,
    /// What is allowed, each with the place of its rule.
    pub(super) allow: Vec<Setting<Permission>>,
}

/// Settings for some files.
#[derive(Debug)]
pub(super) struct Override {
    pub(super) paths: Patterns,
    pub(super) scope: Scope,
}

/// A policy, with what is asked about it elsewhere than in the judgement of connections.
#[derive(Debug)]
pub struct PolicyEntry {
    /// The policy.
    pub policy: Arc<Policy>,
    /// Its level, where its name is written.
    pub level: Setting<Level>,
    /// The connections to try it on.
    pub examples: Vec<Example>,
    /// The names of properties and members in it.
    pub(super) names: Vec<Setting<String>>,
    /// The names of connection types in it.
    pub(super) types: Vec<Setting<String>>,
}

/// A connection to try a policy on.
#[derive(Clone, Debug)]
pub struct Example {
    /// Whether the policy accepts it.
    pub is_good: bool,
    /// The document.
    pub text: Setting<String>,
}

impl Layer {
    /// Reads a file.
    pub(super) fn read(file: File) -> Layer {
        let text = file.source.text.as_str();
        let tree = Tree::read(text, Language::Yaml);
        let mut reader = Reader {
            file: &file,
            lines: Lines::new(text),
            name: Arc::from(file.source.name.as_str()),
            secrets: Secrets::betrayed_by_words(text, false),
            findings: Vec::new(),
        };
        let said = reader.read(&tree);
        let findings = reader.findings;
        Layer {
            said,
            findings,
            file,
        }
    }

    /// Adds what is wrong at a place.
    pub(super) fn complain(&mut self, span: Span, path: &str, message: String, help: String) {
        let mut finding = check::configuration(at(span), message).help(help);
        path.clone_into(&mut finding.path);
        self.findings.push(finding);
    }
}

fn at(span: Span) -> Place {
    Place {
        span,
        ..Place::default()
    }
}

/// What may be meant by a name of nothing: the nearest name, or the only one that goes on from
/// there.
pub(super) fn instead<'c>(
    name: &str,
    known: impl Iterator<Item = &'c str> + Clone,
) -> Option<String> {
    let mut longer = known.clone().filter(|known| known.starts_with(name));
    let only = longer
        .next()
        .filter(|_| name.len() > 2 && longer.next().is_none());
    let meant = near::nearest(name, known).or(only)?;
    Some(format!("Write `{meant}` if that is meant."))
}

/// The place of a value among the settings, for people: `overrides[0].rules`.
type Path = String;

fn below(path: &str, name: &str) -> Path {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

struct Reader<'f> {
    file: &'f File,
    lines: Lines,
    name: Arc<str>,
    secrets: Secrets,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn read(&mut self, tree: &Tree<'_>) -> Said {
        for problem in tree.problems() {
            self.findings.push(check::syntax(problem, tree.language()));
        }
        let is_broken = (tree.problems().iter()).any(|it| it.kind == ProblemKind::Syntax);
        let mut documents = tree.documents();
        let Some(root) = documents.next().filter(|_| !is_broken) else {
            return Said::default();
        };
        if let Some(second) = documents.next() {
            self.complain(
                second.span(),
                "",
                "a configuration is one document, and here a second one begins".to_owned(),
                "Remove it.".to_owned(),
            );
        }
        if !is_null(root) {
            self.compare_map(root, KEYS, "");
        }
        self.said(root)
    }

    // ---- comparing with the table ------------------------------------------------------------

    fn complain(&mut self, span: Span, path: &str, message: String, help: String) {
        let mut finding = check::configuration(at(span), message).help(help);
        path.clone_into(&mut finding.path);
        self.findings.push(finding);
    }

    /// The text of a scalar for a message.
    fn quote(&self, node: NodeRef<'_>) -> String {
        node.text()
            .map_or_else(String::new, |text| self.secrets.quote(&text, text.as_str()))
    }

    fn compare(&mut self, node: NodeRef<'_>, kind: &'static Kind, path: &str) {
        match kind {
            Kind::Map(keys) => self.compare_map(node, keys, path),
            Kind::List(keys) => self.compare_list(node, keys, path),
            Kind::Levels => self.compare_levels(node, path),
            Kind::Several(item) if node.kind() == NodeKind::List => {
                for (index, node) in node.items().enumerate() {
                    self.compare(node, item, &format!("{path}[{index}]"));
                }
            }
            Kind::Several(item) => self.compare(node, item, path),
            Kind::Example if node.kind() == NodeKind::Map => {}
            _ => match node.str() {
                Some(text) => self.compare_text(node, &text, kind, path),
                None => self.wrong_shape(node, wanted(kind), path),
            },
        }
    }

    fn wrong_shape(&mut self, node: NodeRef<'_>, wanted: &str, path: &str) {
        let found = match node.kind() {
            NodeKind::Scalar(_) if is_null(node) => "nothing",
            NodeKind::Scalar(_) => "a text",
            NodeKind::List => "a list",
            _ => "a map",
        };
        // Of what spans many lines, the first tells enough.
        let span = first_line(node);
        let last = path.rsplit('.').next().unwrap_or(path);
        let what = if path.is_empty() {
            "a configuration".to_owned()
        } else {
            format!("`{last}`")
        };
        self.complain(
            span,
            path,
            format!("{what} is {wanted}, but here is {found}"),
            "Write it as the documentation of the configuration shows.".to_owned(),
        );
    }

    fn compare_map(&mut self, node: NodeRef<'_>, keys: &'static [Key], path: &str) {
        if node.kind() != NodeKind::Map {
            return self.wrong_shape(node, "a map of settings", path);
        }
        let mut seen: BTreeMap<&'static str, Span> = BTreeMap::new();
        for (name, value) in node.entries() {
            let written = name.str().unwrap_or_default();
            let Some(key) = keys.iter().find(|key| key.name == written) else {
                let known = || keys.iter().map(|key| key.name);
                let help = instead(&written, known()).unwrap_or_else(|| {
                    let known: Vec<&str> = known().collect();
                    format!("The settings here are {}.", words::and(&known))
                });
                let quoted = self.quote(name);
                let message = format!("{quoted} is not a setting that there is here");
                self.complain(name.span(), &below(path, &written), message, help);
                continue;
            };
            let path = below(path, key.name);
            if let Some(first) = seen.insert(key.name, name.span()) {
                self.duplicate(name, first, &path);
            }
            // What is commented out below a key leaves nothing behind it.
            if !is_null(value) {
                self.compare(value, &key.kind, &path);
            } else if key.required {
                self.wrong_shape(value, wanted(&key.kind), &path);
            }
        }
        for key in keys.iter().filter(|key| key.required) {
            if !seen.contains_key(key.name) {
                self.complain(
                    first_line(node),
                    path,
                    format!("`{}` is missing here", key.name),
                    format!("Add `{}`. {}", key.name, key.about),
                );
            }
        }
        self.compare_policy(node, &seen, path);
    }

    fn duplicate(&mut self, name: NodeRef<'_>, first: Span, path: &str) {
        let quoted = self.quote(name);
        self.complain(
            name.span(),
            path,
            format!("{quoted} is set twice, and only one of them can hold"),
            "Put both together, or remove one.".to_owned(),
        );
        if let Some(finding) = self.findings.pop() {
            self.findings
                .push(finding.label(at(first), "the first time"));
        }
    }

    /// What the table cannot say of a policy: which keys belong together.
    fn compare_policy(
        &mut self,
        node: NodeRef<'_>,
        seen: &BTreeMap<&'static str, Span>,
        path: &str,
    ) {
        if !path.starts_with("policy[") || path.contains('.') {
            return;
        }
        let has = |name: &str| node.get(name).is_some_and(|value| !is_null(value));
        if !DEMANDS.iter().any(|name| has(name)) && !has("values") && !has("pattern") {
            self.complain(
                first_line(node),
                path,
                "this policy asks for nothing".to_owned(),
                format!("Add one of {}.", words::or(DEMANDS)),
            );
        }
        let is_valued = has("values") || has("pattern");
        if let Some(span) = seen.get("property").filter(|_| !is_valued) {
            self.complain(
                *span,
                &below(path, "property"),
                "`property` without `values` or `pattern` asks for nothing".to_owned(),
                "Add `values` or `pattern`; to ask only that it is there, use `require`."
                    .to_owned(),
            );
        }
        for name in ["values", "pattern"] {
            if let Some(span) = seen.get(name).filter(|_| !has("property")) {
                self.complain(
                    *span,
                    &below(path, name),
                    format!("`{name}` needs a `property` whose value it is about"),
                    "Add `property`.".to_owned(),
                );
            }
        }
    }

    fn compare_list(&mut self, node: NodeRef<'_>, keys: &'static [Key], path: &str) {
        if node.kind() != NodeKind::List {
            return self.wrong_shape(node, "a list", path);
        }
        let mut names: BTreeMap<String, Span> = BTreeMap::new();
        for (index, item) in node.items().enumerate() {
            let path = format!("{path}[{index}]");
            self.compare_map(item, keys, &path);
            // Only policies have names.
            let Some(name) = item.get("name") else {
                continue;
            };
            let text = name.str().unwrap_or_default().into_owned();
            if let Some(first) = names.insert(text, name.span()) {
                self.duplicate(name, first, &below(&path, "name"));
            }
        }
    }

    fn compare_levels(&mut self, node: NodeRef<'_>, path: &str) {
        if node.kind() != NodeKind::Map {
            return self.wrong_shape(node, "a map from rules to levels", path);
        }
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for (name, level) in node.entries() {
            let written = name.str().unwrap_or_default().into_owned();
            let path = below(path, &written);
            if check::is_always_said(&written) {
                let message =
                    format!("`{written}` has no level: what it is about could not be checked");
                let help = "To leave a file out, add it to `exclude`.".to_owned();
                self.complain(name.span(), &path, message, help);
            }
            match level.str() {
                Some(text) => self.compare_text(level, &text, &Kind::Word(LEVELS), &path),
                None => self.wrong_shape(level, wanted(&Kind::Word(LEVELS)), &path),
            }
            if let Some(first) = seen.insert(written, name.span()) {
                self.duplicate(name, first, &path);
            }
        }
    }

    fn compare_text(&mut self, node: NodeRef<'_>, text: &str, kind: &'static Kind, path: &str) {
        if text.is_empty() || is_null(node) {
            return self.wrong_shape(node, wanted(kind), path);
        }
        let quoted = self.quote(node);
        let problem = match kind {
            Kind::Word(words) if !words.contains(&text) => Some((
                format!("{quoted} is not {}", wanted(kind)),
                instead(text, words.iter().copied())
                    .unwrap_or_else(|| format!("Write {}.", words::or(words))),
            )),
            Kind::Form if form::form(text).is_none() => Some((
                format!("no form is called {quoted}"),
                instead(text, FORMS.iter().map(|form| form.name))
                    .unwrap_or_else(|| "`gluelint forms` lists the forms.".to_owned()),
            )),
            Kind::PolicyName if !is_policy_name(text) => Some((
                format!("{quoted} is not the name of a policy, which is a team and what is wrong"),
                "Write it in small letters, such as `acme/password-in-properties`.".to_owned(),
            )),
            Kind::Pattern => pattern::globs(text).err().map(|why| {
                (
                    format!("{quoted} is not a pattern of paths: {why}"),
                    "Write patterns as in `.gitignore`, relative to this file.".to_owned(),
                )
            }),
            Kind::Regex => Regex::new(text).err().map(|error| {
                (
                    format!("{quoted} is not a regular expression: {}", reason(&error)),
                    "Put it in single quotes, and a backslash before each special character that \
                     stands for itself."
                        .to_owned(),
                )
            }),
            Kind::Host if AllowedHost::parse(text).is_none() => Some((
                format!("{quoted} is not a host, and not a pattern of hosts"),
                "Write `db.example.org`, `*.example.org` or `10.0.0.0/8`.".to_owned(),
            )),
            Kind::Day if Date::parse(text).is_none() => Some((
                format!("{quoted} is not a day"),
                "Write it as `2027-01-31`.".to_owned(),
            )),
            Kind::Port if ports(text).is_none() => Some((
                format!("{quoted} is not a port, and not a range of ports"),
                "Write `5432` or `9092-9098`.".to_owned(),
            )),
            _ => None,
        };
        if let Some((message, help)) = problem {
            self.complain(node.span(), path, message, help);
        }
    }

    // ---- reading what is right ---------------------------------------------------------------

    fn setting<T>(&self, span: Span, value: T) -> Setting<T> {
        let line = self.lines.index_of(span.start) + 1;
        Setting {
            value,
            span,
            origin: Origin {
                file: Arc::clone(&self.name),
                line: u32::try_from(line).unwrap_or(u32::MAX),
            },
        }
    }

    /// The text under a key.
    fn text(&self, node: NodeRef<'_>, key: &str) -> Option<Setting<String>> {
        let value = node.get(key).filter(|value| !is_null(*value))?;
        Some(self.setting(value.span(), value.str()?.into_owned()))
    }

    /// The texts under a key, of which there may be one without a list.
    fn texts(&self, node: NodeRef<'_>, key: &str) -> Vec<Setting<String>> {
        (several(node, key).into_iter())
            .filter_map(|item| Some(self.setting(item.span(), item.str()?.into_owned())))
            .collect()
    }

    fn patterns(&self, node: NodeRef<'_>, key: &str) -> Option<Patterns> {
        let written = self.texts(node, key);
        (!written.is_empty()).then(|| Patterns::new(&self.file.folder, written))
    }

    fn said(&self, root: NodeRef<'_>) -> Said {
        let severity = |setting: Setting<String>| {
            let severity = Severity::from_name(&setting.value)?;
            Some(setting.map(|_| severity))
        };
        let items = |key: &str| root.get(key).into_iter().flat_map(NodeRef::items);
        Said {
            extends: self.texts(root, "extends"),
            severity: self.text(root, "severity").and_then(severity),
            // Among its words is one that is no severity: `never`.
            fail_on: (self.text(root, "fail-on"))
                .map(|setting| setting.map(|word| Severity::from_name(&word))),
            reasons: (self.text(root, "reasons"))
                .map(|setting| setting.map(|word| word == "required")),
            include: self.patterns(root, "include"),
            exclude: self.patterns(root, "exclude"),
            general: self.scope(root),
            types: self.texts(root, "types"),
            properties: self.texts(root, "properties"),
            overrides: items("overrides")
                .filter_map(|item| {
                    Some(Override {
                        paths: self.patterns(item, "paths")?,
                        scope: self.scope(item),
                    })
                })
                .collect(),
            policies: items("policy")
                .filter_map(|item| self.policy(item))
                .collect(),
        }
    }

    fn scope(&self, node: NodeRef<'_>) -> Scope {
        let rules = node.get("rules").into_iter().flat_map(NodeRef::entries);
        Scope {
            form: self.text(node, "form").and_then(|setting| {
                let form = form::form(&setting.value)?;
                Some(setting.map(|_| form))
            }),
            rules: rules
                .filter_map(|(name, level)| {
                    let level = Level::from_name(&level.str()?)?;
                    Some((self.setting(name.span(), name.str()?.into_owned()), level))
                })
                .collect(),
            allow: (node.get("allow").into_iter().flat_map(NodeRef::items))
                .flat_map(|item| self.permissions(item))
                .collect(),
        }
    }

    /// What an item of `allow` allows, rule by rule.
    fn permissions(&self, node: NodeRef<'_>) -> Vec<Setting<Permission>> {
        let text = |key: &str| self.text(node, key).map(|setting| setting.value);
        let permission = |rule: String| Permission {
            rule,
            connection: text("connection"),
            path: text("path"),
            until: text("until").and_then(|day| Date::parse(&day)),
            reason: text("reason").unwrap_or_default(),
        };
        let rules = self.texts(node, "rule").into_iter();
        rules.map(|rule| rule.map(permission)).collect()
    }

    fn policy(&self, node: NodeRef<'_>) -> Option<PolicyEntry> {
        let values = |key: &str| -> Vec<String> {
            let texts = self.texts(node, key).into_iter();
            texts.map(|setting| setting.value).collect()
        };
        let value = |key: &str| self.text(node, key).map(|setting| setting.value);
        let name = self.text(node, "name")?;
        let message = one_line(&value("message")?);
        let help = value("help").map(|help| one_line(&help));
        let level = (value("level").as_deref())
            .and_then(Level::from_name)
            .unwrap_or(Level::At(Severity::Error));
        let severity = match level {
            Level::Off => Severity::Error,
            Level::At(severity) => severity,
        };
        let page = page(&message, help.as_deref(), &name.origin, &demanded(node));
        let declared = name.origin.to_string();
        let demand = value("property").map(|name| Demand {
            name,
            values: values("values"),
            pattern: value("pattern").and_then(|text| Regex::new(&text).ok()),
        });
        let mut names = self.texts(node, "require");
        names.extend(self.texts(node, "forbid"));
        names.extend(self.text(node, "property"));
        let examples = node.get("examples");
        let examples = [("good", true), ("bad", false)]
            .into_iter()
            .flat_map(|(key, is_good)| {
                let nodes = examples
                    .into_iter()
                    .flat_map(move |node| several(node, key));
                nodes.filter_map(move |node| {
                    let text = self.setting(node.span(), example(node, &self.lines)?);
                    Some(Example { is_good, text })
                })
            })
            .collect();
        Some(PolicyEntry {
            policy: Arc::new(Policy {
                rule: Rule::of_team(&name.value, severity, &declared, page),
                message,
                help,
                types: values("types"),
                require: values("require"),
                forbid: values("forbid"),
                value: demand,
                hosts: (values("hosts").iter())
                    .filter_map(|host| AllowedHost::parse(host))
                    .collect(),
                ports: values("ports").iter().filter_map(|it| ports(it)).collect(),
                subnets: values("subnets"),
                secret_prefixes: values("secret-prefixes"),
            }),
            level: name.map(|_| level),
            examples,
            names,
            types: self.texts(node, "types"),
        })
    }
}

/// A text that is folded over several lines, in one.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// What a policy asks for, list by list.
fn demanded(policy: NodeRef<'_>) -> Vec<Demanded> {
    let list = |key: &str| -> Vec<String> {
        let nodes = several(policy, key).into_iter();
        nodes
            .filter_map(|it| Some(it.str()?.into_owned()))
            .collect()
    };
    let mut demanded: Vec<Demanded> = [
        ("Connection types", "types"),
        ("Required", "require"),
        ("Forbidden", "forbid"),
        ("Allowed hosts", "hosts"),
        ("Allowed ports", "ports"),
        ("Allowed subnets", "subnets"),
        ("Names of secrets begin with", "secret-prefixes"),
    ]
    .into_iter()
    .map(|(about, key)| (about.to_owned(), list(key)))
    .collect();
    for property in list("property") {
        // What is allowed for a password is one.
        if spec::property(&property).is_none_or(|fact| !fact.secret) {
            demanded.push((format!("Allowed values of `{property}`"), list("values")));
            demanded.push((format!("`{property}` matches"), list("pattern")));
        }
    }
    demanded
}

/// The values under a key, of which there may be one without a list.
fn several<'t>(node: NodeRef<'t>, key: &str) -> Vec<NodeRef<'t>> {
    match node.get(key).filter(|value| !is_null(*value)) {
        Some(list) if list.kind() == NodeKind::List => list.items().collect(),
        one => one.into_iter().collect(),
    }
}

/// The document that an example is: its text, or what is written out there.
fn example(node: NodeRef<'_>, lines: &Lines) -> Option<String> {
    if node.kind() != NodeKind::Map {
        return node.str().map(|text| text.into_owned());
    }
    // A block keeps its indentation, but for the first line of it.
    let start = node.span().start;
    let indentation = start.saturating_sub(lines.start_of(lines.index_of(start)));
    Some(" ".repeat(indentation as usize) + node.source())
}

/// Whether nothing is written there.
fn is_null(node: NodeRef<'_>) -> bool {
    matches!(node.kind(), NodeKind::Scalar(_)) && node.literal(Schema::Core) == Literal::Null
}

/// Where a node begins, up to the end of the line.
fn first_line(node: NodeRef<'_>) -> Span {
    let span = node.span();
    let first = node.source().lines().next().unwrap_or_default();
    let first = first.split(" #").next().unwrap_or_default().trim_end();
    Span::new(span.start, span.start + Span::of(0..first.len()).end)
}

/// What a value has to be, for a message.
fn wanted(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text => "a text",
        Kind::PolicyName => "the name of a policy",
        Kind::Word(words) if words.contains(&"off") => "a level",
        Kind::Word(words) if words.contains(&"never") => "a severity or `never`",
        Kind::Word(words) if words.contains(&"required") => "`optional` or `required`",
        Kind::Word(_) => "a severity",
        Kind::Form => "the name of a form",
        Kind::Pattern => "a pattern of paths",
        Kind::Regex => "a regular expression",
        Kind::Type => "the name of a connection type",
        Kind::Property => "the name of a property or member",
        Kind::Host => "a host or a pattern of hosts",
        Kind::Port => "a port or a range of ports",
        Kind::Day => "a day",
        Kind::Example => "a document or a connection",
        Kind::Several(item) => wanted(item),
        Kind::List(_) => "a list",
        Kind::Map(_) => "a map of settings",
        Kind::Levels => "a map from rules to levels",
    }
}

fn is_policy_name(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && (word.bytes())
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    text.contains('/') && text.split('/').all(is_word)
}

/// `5432` or `9092-9098`.
fn ports(text: &str) -> Option<RangeInclusive<u32>> {
    let (least, most) = text.split_once('-').unwrap_or((text, text));
    let port = |text: &str| (text.trim().parse::<u16>().ok()).filter(|port| *port > 0);
    let range = u32::from(port(least)?)..=u32::from(port(most)?);
    (!range.is_empty()).then_some(range)
}

/// Why a text is no regular expression, in a few words.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").trim().to_owned()
}
