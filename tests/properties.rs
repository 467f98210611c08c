//! What holds of every document: the unknown is silent, damage does no harm, and a connection means
//! the same in every notation. The examples of the rule pages serve as documents.

mod linted;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use gluelint::check;
use gluelint::diag::Fix;
use gluelint::form;
use gluelint::lint::{FileReport, Options, Report, lint};
use gluelint::spec::Severity;
use gluelint::syntax::{Language, Literal, NodeKind, NodeRef, Schema, Tree};
use gluelint::text::{Edits, Source, Span};
use proptest::prelude::*;

/// An example of a rule page without its assertions.
struct Example {
    rule: &'static str,
    language: &'static str,
    text: String,
}

fn examples() -> Vec<Example> {
    let mut examples = Vec::new();
    for rule in check::rules() {
        for example in rule.page.examples() {
            let is_assertion =
                |line: &&str| line.trim_start_matches([' ', '#', '\t']).starts_with('^');
            let lines = example.text.split_inclusive('\n');
            examples.push(Example {
                rule: rule.name,
                language: example.language,
                text: lines.filter(|line| !is_assertion(line)).collect(),
            });
        }
    }
    assert!(examples.len() > 200, "every page has examples");
    examples
}

fn run(language: &str, text: &str) -> FileReport {
    let options = Options {
        least: Severity::Info,
        ..Options::default()
    };
    lint(source(language, text), &options)
}

/// The document as it would be read from a file.
fn source(language: &str, text: &str) -> Source {
    Source::decode(format!("example.{language}"), text.as_bytes().to_vec()).unwrap()
}

/// The rules that find something of weight.
fn weighty(report: &FileReport) -> BTreeSet<&'static str> {
    (report.findings.iter())
        .filter(|finding| finding.severity >= Severity::Warning)
        .map(|finding| finding.rule.name)
        .collect()
}

/// The rules that find something, each with the logical path of it.
fn findings(report: &FileReport) -> Vec<(&'static str, String)> {
    let mut found: Vec<_> = (report.findings.iter())
        .map(|finding| (finding.rule.name, finding.path.clone()))
        .collect();
    found.sort();
    found
}

/// A document without its notation.
#[derive(Clone, Debug)]
enum Doc {
    Scalar(Literal, String),
    List(Vec<Doc>),
    /// With duplicates, in the order of the document.
    Map(Vec<(String, Doc)>),
}

impl Doc {
    /// Reads the only document of a text; nothing where it has more or a problem. Tags become the
    /// long notation of CloudFormation.
    fn read(language: &str, text: &str, schema: Schema) -> Option<Doc> {
        let language = if language == "json" {
            Language::Json
        } else {
            Language::Yaml
        };
        let tree = Tree::read(text, language);
        let mut documents = tree.documents();
        let root = documents.next()?;
        if documents.next().is_some() || !tree.problems().is_empty() {
            return None;
        }
        Some(Doc::of(root, schema))
    }

    fn of(node: NodeRef<'_>, schema: Schema) -> Doc {
        let doc = match node.kind() {
            NodeKind::List => Doc::List(node.items().map(|item| Doc::of(item, schema)).collect()),
            NodeKind::Map => Doc::Map(
                (node.entries())
                    .map(|(key, value)| {
                        let key = key.str().unwrap_or_default().into_owned();
                        (key, Doc::of(value, schema))
                    })
                    .collect(),
            ),
            NodeKind::Scalar(_) | NodeKind::Expression(_) | NodeKind::Broken => {
                let text = node.str().unwrap_or_default().into_owned();
                Doc::Scalar(node.literal(schema), text)
            }
        };
        match node.tag().and_then(|tag| tag.strip_prefix('!')) {
            Some(name @ ("Ref" | "Condition")) => Doc::Map(vec![(name.to_owned(), doc)]),
            Some(name) => Doc::Map(vec![(format!("Fn::{name}"), doc)]),
            None => doc,
        }
    }

    fn string(text: &str) -> Doc {
        Doc::Scalar(Literal::String, text.to_owned())
    }

    fn get(&self, key: &str) -> Option<&Doc> {
        match self {
            Doc::Map(entries) => (entries.iter())
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// An API example's connection as the only resource of a template.
    fn in_template(&self) -> Doc {
        let wrapped = ["ConnectionInput", "Connection", "TestConnectionInput"];
        let connection = wrapped.iter().find_map(|key| self.get(key)).unwrap_or(self);
        let map = |entries: Vec<(&str, Doc)>| {
            Doc::Map(
                (entries.into_iter())
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect(),
            )
        };
        let properties = map(vec![
            (
                "CatalogId",
                map(vec![("Ref", Doc::string("AWS::AccountId"))]),
            ),
            ("ConnectionInput", connection.clone()),
        ]);
        let resource = map(vec![
            ("Type", Doc::string("AWS::Glue::Connection")),
            ("Properties", properties),
        ]);
        map(vec![("Resources", map(vec![("Orders", resource)]))])
    }

    fn is_intrinsic(&self) -> bool {
        matches!(self, Doc::Map(entries)
            if entries.iter().any(|(key, _)| key == "Ref" || key.starts_with("Fn::")))
    }

    /// How many scalars stand below it as plain values: what an intrinsic holds does not count.
    fn scalars(&self) -> usize {
        match self {
            _ if self.is_intrinsic() => 0,
            Doc::Scalar(..) => 1,
            Doc::List(items) => items.iter().map(Doc::scalars).sum(),
            Doc::Map(entries) => entries.iter().map(|(_, value)| value.scalars()).sum(),
        }
    }

    /// Puts what is unknown, wholly or in part, in place of the scalar of that number.
    fn obscure(&mut self, number: &mut usize, how: Obscured) {
        if self.is_intrinsic() {
            return;
        }
        match self {
            Doc::Scalar(literal, text) => {
                if *number == 0 {
                    *self = how.apply(*literal, text);
                }
                *number = number.wrapping_sub(1);
            }
            Doc::List(items) => items.iter_mut().for_each(|item| item.obscure(number, how)),
            Doc::Map(entries) => {
                (entries.iter_mut()).for_each(|(_, value)| value.obscure(number, how));
            }
        }
    }

    /// Every `ConnectionInput` below it.
    fn each_connection(&mut self, visit: &mut dyn FnMut(&mut Doc)) {
        if let Doc::Map(entries) = self {
            for (key, value) in entries {
                if key == "ConnectionInput" {
                    visit(value);
                } else {
                    value.each_connection(visit);
                }
            }
        }
    }

    /// The same with the entries of every map the other way round.
    fn reversed(&self) -> Doc {
        match self {
            Doc::Scalar(..) => self.clone(),
            Doc::List(items) => Doc::List(items.iter().map(Doc::reversed).collect()),
            Doc::Map(entries) => Doc::Map(
                (entries.iter().rev())
                    .map(|(key, value)| (key.clone(), value.reversed()))
                    .collect(),
            ),
        }
    }

    fn scalar(literal: Literal, text: &str, quote: char) -> String {
        match literal {
            Literal::String if quote == '\'' && !text.contains(char::is_control) => {
                format!("'{}'", text.replace('\'', "''"))
            }
            Literal::String => serde_json::to_string(text).unwrap(),
            Literal::Null => "null".to_owned(),
            Literal::Boolean => text.to_ascii_lowercase(),
            Literal::Integer | Literal::Float => text.to_owned(),
        }
    }

    /// As JSON, or as YAML in flow style with quotes of that sort.
    fn flow(&self, quote: char, gap: &str) -> String {
        let quoted = |text: &str| Doc::scalar(Literal::String, text, quote);
        let join = |parts: Vec<String>| parts.join(&format!(",{gap}"));
        match self {
            Doc::Scalar(literal, text) => Doc::scalar(*literal, text, quote),
            Doc::List(items) => {
                let items = items.iter().map(|item| item.flow(quote, gap)).collect();
                format!("[{gap}{}]", join(items))
            }
            Doc::Map(entries) => {
                let entries = (entries.iter())
                    .map(|(key, value)| format!("{}: {}", quoted(key), value.flow(quote, gap)))
                    .collect();
                format!("{{{gap}{}}}", join(entries))
            }
        }
    }

    /// As YAML in block style with quotes of that sort.
    fn block(&self, quote: char) -> String {
        let mut out = String::new();
        self.write_block(quote, 0, &mut out);
        out
    }

    fn write_block(&self, quote: char, indent: usize, out: &mut String) {
        let mut below = |lead: String, value: &Doc| {
            let _ = write!(out, "{:indent$}{lead}", "");
            let is_empty = match value {
                Doc::Scalar(..) => true,
                Doc::List(items) => items.is_empty(),
                Doc::Map(entries) => entries.is_empty(),
            };
            if is_empty {
                let _ = writeln!(out, " {}", value.flow(quote, ""));
            } else {
                out.push('\n');
                value.write_block(quote, indent + 2, out);
            }
        };
        match self {
            Doc::Scalar(..) => {}
            Doc::List(items) => items.iter().for_each(|item| below("-".to_owned(), item)),
            Doc::Map(entries) => {
                for (key, value) in entries {
                    let key = Doc::scalar(Literal::String, key, quote);
                    below(format!("{key}:"), value);
                }
            }
        }
    }
}

/// Whether a document is a CloudFormation template.
fn is_template(text: &str) -> bool {
    text.contains("AWS::Glue::Connection")
}

/// The examples with one document that has nothing wrong with its syntax.
fn readable() -> Vec<(Example, Doc)> {
    (examples().into_iter())
        // HCL has expressions, which are no data.
        .filter(|example| example.language != "hcl")
        .filter_map(|example| {
            let schema = if is_template(&example.text) {
                Schema::Yaml11
            } else {
                Schema::Core
            };
            let doc = Doc::read(example.language, &example.text, schema)?;
            Some((example, doc))
        })
        .collect()
}

/// Whether what is found in a document hangs on its notation.
fn hangs_on_notation(report: &FileReport) -> bool {
    (report.findings.iter()).any(|finding| finding.rule.name == "mangled-by-yaml")
}

/// How much of a value is unknown.
#[derive(Clone, Copy)]
enum Obscured {
    Wholly,
    /// Something may stand in front of it.
    Before,
    /// Something may stand in its middle.
    Within,
    /// Something may stand behind it.
    Behind,
}

impl Obscured {
    const ALL: [Obscured; 4] = [
        Obscured::Wholly,
        Obscured::Before,
        Obscured::Within,
        Obscured::Behind,
    ];

    fn apply(self, literal: Literal, text: &str) -> Doc {
        let intrinsic =
            |name: &str, argument: &str| Doc::Map(vec![(name.to_owned(), Doc::string(argument))]);
        if literal != Literal::String {
            return intrinsic("Ref", "Unknown");
        }
        let middle = (text.char_indices().nth(text.chars().count() / 2)).map_or(0, |(at, _)| at);
        let at = match self {
            Obscured::Wholly => return intrinsic("Fn::GetAtt", "Some.Thing"),
            Obscured::Before => 0,
            Obscured::Within => middle,
            Obscured::Behind => text.len(),
        };
        let escaped = |part: &str| part.replace("${", "${!");
        let (before, after) = text.split_at(at);
        let template = format!("{}${{Unknown}}{}", escaped(before), escaped(after));
        intrinsic("Fn::Sub", &template)
    }
}

/// The second rule speaks where the first does not: both are about the same mistake, and the first
/// knows more of it.
const HANDED_OVER: &[(&str, &str)] = &[
    ("blanks-around-value", "malformed-secret-id"),
    // A line break at the end is one inside, where more may follow.
    ("control-character", "malformed-web-url"),
    ("incomplete-placement", "groups-without-subnet"),
    ("properties-not-an-object", "wrong-container"),
    ("quotes-around-value", "malformed-secret-id"),
    ("s3-key-missing", "wrong-file-suffix"),
    ("sasl-without-tls", "kafka-tls-disabled"),
];

#[test]
fn the_unknown_is_silent() {
    let mut failures = BTreeSet::new();
    let mut tried = 0;
    for (example, doc) in readable() {
        let template = if is_template(&example.text) {
            doc
        } else {
            doc.in_template()
        };
        let before = weighty(&run("json", &template.flow('"', "")));
        if before.contains("unfilled-skeleton") || example.text.contains("gluelint") {
            // What is filled in is no skeleton any more, and judged for the first time. What allows a
            // finding has no use once that is silent.
            continue;
        }
        let mut scalars = 0;
        (template.clone()).each_connection(&mut |connection| scalars += connection.scalars());
        for number in 0..scalars {
            // What is unknown may be empty: whatever is proved of the rest holds of the original.
            for how in Obscured::ALL {
                let mut changed = template.clone();
                let mut left = number;
                changed.each_connection(&mut |connection| connection.obscure(&mut left, how));
                let text = changed.flow('"', "");
                tried += 1;
                for rule in weighty(&run("json", &text)).difference(&before) {
                    let is_handed_over = (HANDED_OVER.iter())
                        .any(|(first, second)| second == rule && before.contains(first));
                    if !is_handed_over {
                        failures.insert(format!("{}: {rule} appears in {text}", example.rule));
                    }
                }
            }
        }
    }
    assert!(tried > 1000);
    let failures = Vec::from_iter(failures);
    assert!(
        failures.is_empty(),
        "{}\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn the_order_of_entries_decides_nothing() {
    let mut failures = Vec::new();
    for (example, doc) in readable() {
        let rules = |doc: &Doc| -> BTreeSet<&'static str> {
            let report = run("json", &doc.flow('"', ""));
            report.findings.iter().map(|f| f.rule.name).collect()
        };
        let (before, after) = (rules(&doc), rules(&doc.reversed()));
        // Of two values of one key, the last counts.
        if before != after && !before.contains("duplicate-key") {
            failures.push(format!(
                "{}: {before:?} != {after:?} in\n{}",
                example.rule, example.text
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_connection_means_the_same_in_every_notation() {
    let mut failures = Vec::new();
    for (example, doc) in readable() {
        let original = run(example.language, &example.text);
        // Comments are in no notation but their own.
        if hangs_on_notation(&original) || example.text.contains("gluelint:") {
            continue;
        }
        let block = doc.block('"');
        let notations = [
            ("json", doc.flow('"', "")),
            ("json", doc.flow('"', "\n  ")),
            ("json", format!("\u{FEFF}{}", doc.flow('"', " "))),
            ("yaml", doc.flow('"', " ")),
            ("yaml", doc.flow('\'', " ")),
            ("yaml", doc.block('\'')),
            ("yaml", format!("\u{FEFF}{}", block.replace('\n', "\r\n"))),
            ("yaml", format!("---\n# A comment\n{block}...\n")),
            ("yaml", block),
            (
                example.language,
                format!("\u{FEFF}{}", example.text.replace('\n', "\r\n")),
            ),
        ];
        for (language, text) in notations {
            let (before, after) = (findings(&original), findings(&run(language, &text)));
            if before != after {
                failures.push(format!(
                    "{}: {before:?}\n  != {after:?} in {language}\n{text}",
                    example.rule
                ));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{}\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// Somebody may take a document for what it is not.
#[test]
fn any_form_reads_any_document() {
    for example in examples() {
        for form in form::FORMS {
            let options = Options {
                least: Severity::Info,
                named: true,
                form: Some(form),
                ..Options::default()
            };
            let report = lint(source(example.language, &example.text), &options);
            assert!(
                report.connections > 0 || !report.findings.is_empty(),
                "{} says nothing of {}",
                form.name,
                example.text
            );
        }
    }
}

/// What must hold of the report on any document.
fn assert_sound(language: &str, text: &str) -> FileReport {
    let report = run(language, text);
    let again = run(language, text);
    assert_eq!(format!("{report:?}"), format!("{again:?}"), "of\n{text}");
    if report.findings.is_empty() {
        return report;
    }
    let sound =
        |span: Span| span.start <= span.end && report.document.text.get(span.range()).is_some();
    assert_eq!(
        report.document.text.len() + report.document.offset as usize,
        text.len()
    );
    assert_eq!(
        report.document.text.chars().count(),
        source(language, text).text.chars().count()
    );
    assert!(report.findings.is_sorted(), "of\n{text}");
    for finding in &report.findings {
        assert!(sound(finding.place.span), "{finding:?} of\n{text}");
        for label in &finding.labels {
            assert!(sound(label.place.span), "{finding:?} of\n{text}");
        }
        let words = [
            Some(&finding.message),
            Some(&finding.note),
            finding.help.as_ref(),
        ];
        for words in words.into_iter().flatten() {
            assert!(!words.contains(char::is_control), "{finding:?} of\n{text}");
        }
        for fix in &finding.fixes {
            assert_mends(language, text, &report, fix);
        }
    }
    report
}

/// What must hold of a fix that is made alone.
fn assert_mends(language: &str, text: &str, report: &FileReport, fix: &Fix) {
    let source = source(language, text);
    for edit in &fix.edits {
        let own = source.text.get(edit.span.range());
        let shown = report.document.text.get(edit.span.range());
        assert!(own.is_some() && own == shown, "{fix:?} of\n{text}");
    }
    let mut edits = Edits::default();
    assert!(edits.add(&fix.edits), "{fix:?} of\n{text}");
    let fixed = edits.apply(&source.text);
    assert_ne!(fixed, source.text);
    let after = run(language, &fixed);
    // What was broken before need not be whole.
    if !report.unreadable {
        assert!(!after.unreadable, "{fix:?} of\n{text}\nmakes\n{fixed}");
        assert_eq!(
            after.connections, report.connections,
            "{fix:?} of\n{text}\nmakes\n{fixed}"
        );
    }
}

fn assert_renders(report: FileReport) {
    let mut whole = Report::default();
    whole.add(report);
    assert!(!linted::rendered(&whole).is_empty());
}

#[test]
fn a_document_cut_anywhere_is_read_as_far_as_it_goes() {
    for example in examples().iter().step_by(131) {
        for (end, _) in example.text.char_indices() {
            assert_sound(example.language, &example.text[..end]);
        }
    }
}

/// What is put into documents to damage them.
const DAMAGE: &[&str] = &[
    "\"",
    "'",
    "\n",
    "\r",
    "\t",
    ":",
    ": ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "#",
    "//",
    "&a ",
    "*a",
    "!Ref ",
    "!Sub ",
    "<<: ",
    "${",
    "}",
    "{{resolve:",
    "|\n",
    ">-\n",
    "\\",
    "\\u12",
    "%",
    "@",
    "?",
    "---\n",
    "\u{FEFF}",
    "\u{FFFC}",
    "\u{0}",
    "\u{85}",
    "\u{2028}",
    "\u{E9}",
    "\u{1F600}",
    "\u{200B}",
    "=",
    "password=",
    "://",
    "jdbc:",
    "null",
    "~",
    "0x1",
    "-",
];

fn damage() -> impl Strategy<Value = (prop::sample::Index, u8, prop::sample::Index)> {
    (
        any::<prop::sample::Index>(),
        0u8..5,
        any::<prop::sample::Index>(),
    )
}

/// The text with one place damaged.
fn damaged(text: &str, at: prop::sample::Index, how: u8, with: prop::sample::Index) -> String {
    let boundaries: Vec<usize> = (text.char_indices().map(|(at, _)| at))
        .chain([text.len()])
        .collect();
    let at = *at.get(&boundaries);
    let (before, after) = text.split_at(at);
    match how {
        0 => format!("{before}{}", after.chars().skip(1).collect::<String>()),
        1 => format!("{before}{}{after}", with.get(DAMAGE)),
        2 => format!("{before}{}{after}", with.get(DAMAGE).repeat(300)),
        3 => {
            let line = after.split_inclusive('\n').next().unwrap_or_default();
            format!("{before}{line}{after}")
        }
        _ => {
            let rest = after.split_once('\n').map_or("", |(_, rest)| rest);
            format!("{before}{rest}")
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(7),
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_damage_does_harm(
        example in any::<prop::sample::Index>(),
        edits in prop::collection::vec(damage(), 1..6),
        as_json in prop::bool::weighted(0.3),
    ) {
        let examples = EXAMPLES.get_or_init(examples);
        let example = example.get(examples);
        let mut text = example.text.clone();
        let mut language = example.language;
        if as_json && let Some(doc) = Doc::read(language, &text, Schema::Core) {
            text = doc.flow('"', "\n");
            language = "json";
        }
        for (at, how, with) in edits {
            text = damaged(&text, at, how, with);
        }
        assert_renders(assert_sound(language, &text));
    }
}

static EXAMPLES: std::sync::OnceLock<Vec<Example>> = std::sync::OnceLock::new();
