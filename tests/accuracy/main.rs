//! How much is found, and how much too much: good connections, and the same with one fault each.
//!
//! Connections and faults are made from the facts. Each is written in every form; a good connection
//! has no finding, and a fault is found where it stands, and nowhere else.
//!
//! `cargo test --test accuracy -- --nocapture` shows the tables. With `GLUELINT_ALL=1` every fault is
//! written in every form; `GLUELINT_OUTCOMES=<file>` lists what is missed, what is found besides, and
//! what several rules speak of.

mod faults;
#[path = "../forms_writing/mod.rs"]
mod forms_writing;
mod good;
mod known;
mod mutations;
mod samples;

use std::collections::{BTreeMap, BTreeSet};

use forms_writing::{WRITERS, Writer, canonical, run};
use gluelint::diag::Finding;
use gluelint::lint::FileReport;
use gluelint::spec::{self, Severity};
use good::{Good, abstracted, goods};
use known::Known;
use mutations::{Mutation, Place, at, mutations};
use serde_json::json;

/// Forms in which every fault is written; the others take turns.
const CORE: [&str; 2] = ["cloudformation-yaml", "terraform"];

/// What is found: the rule and the logical path, without what a form adds to it.
type Found = BTreeSet<(&'static str, String)>;

fn found(report: &FileReport, writer: &Writer) -> Found {
    (report.findings.iter())
        .map(|finding| (finding.rule.name, canonical(&finding.path, writer.prefixes)))
        .collect()
}

/// What became of a fault in a form.
struct Outcome<'m> {
    mutation: &'m Mutation,
    form: &'static str,
    /// Whether it was found; whether at its very bytes.
    caught: bool,
    exact: bool,
    /// What else was found, at other places, that the good connection has not.
    noise: Found,
    /// The rules that speak of the place.
    at_place: Vec<&'static str>,
    document: String,
}

fn outcome<'m>(
    mutation: &'m Mutation,
    writer: &Writer,
    document: String,
    twin: &Found,
) -> Outcome<'m> {
    let report = run(writer.file, &document);
    let is_there = |finding: &&Finding| {
        let path = canonical(&finding.path, writer.prefixes);
        is_expected(mutation, writer, &path) && !twin.contains(&(finding.rule.name, path))
    };
    let there: Vec<&Finding> = report.findings.iter().filter(is_there).collect();
    let hits: Vec<&Finding> = (there.iter().copied())
        .filter(|it| mutation.rules.is_empty() || mutation.rules.contains(&it.rule.name))
        .filter(|it| it.severity >= mutation.least)
        .collect();
    let noise = (found(&report, writer).into_iter())
        .filter(|it| !twin.contains(it) && !is_expected(mutation, writer, &it.1))
        .collect();
    Outcome {
        mutation,
        form: writer.name,
        caught: !hits.is_empty(),
        exact: (hits.iter()).any(|it| is_exact(mutation, writer, &document, it)),
        noise,
        at_place: there.iter().map(|it| it.rule.name).collect(),
        document,
    }
}

/// Whether a finding at a path is about the fault.
fn is_expected(mutation: &Mutation, writer: &Writer, path: &str) -> bool {
    // Where nothing stands around a connection, what it lacks is said at its first member.
    let is_around = writer.prefixes == [""] && mutation.place == Place::Around;
    let is_first = || !path.contains(['.', '[']) && mutation.paths.iter().any(String::is_empty);
    mutation.paths.iter().any(|it| it == path) || (is_around && is_first())
}

/// Whether a finding is about the very bytes of the value or the key. Where a value is written, a
/// second document tells, which has another value there.
fn is_exact(mutation: &Mutation, writer: &Writer, document: &str, finding: &Finding) -> bool {
    let span = finding.place.span;
    let slice = span.slice(document);
    let fold = |name: &str| name.to_ascii_lowercase().replace(['_', '-'], "");
    let is_key = || {
        let name = mutation.way.last().map_or("", String::as_str);
        let key = slice.trim_matches('"');
        key == name || fold(key).trim_end_matches('s') == fold(name).trim_end_matches('s')
    };
    let is_in_value = || {
        let mut other = mutation.request.clone();
        *at(&mut other, &mutation.way) = json!("\u{E001}");
        let Some(other) = writer.document(&abstracted(&other)) else {
            return true;
        };
        let (a, b) = (document.as_bytes(), other.as_bytes());
        let before = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        let most = a.len().min(b.len()) - before;
        let behind = (a.iter().rev().zip(b.iter().rev()))
            .take(most)
            .take_while(|(a, b)| a == b)
            .count();
        // Quotes belong to a value.
        (span.start as usize) + 1 >= before && (span.end as usize) <= a.len() - behind + 1
    };
    match mutation.place {
        Place::Around => true,
        Place::Key => is_key(),
        Place::Value => is_in_value(),
        Place::Either => is_key() || is_in_value(),
    }
}

/// Whether a fault is written in a form, where not all are: by lot, which every run draws alike.
fn is_chosen(mutation: &Mutation, form: &str) -> bool {
    if CORE.contains(&form) || std::env::var_os("GLUELINT_ALL").is_some() {
        return true;
    }
    let words = [mutation.family, &mutation.fault, &mutation.paths[0], form];
    let lot = (words.iter().flat_map(|word| word.bytes()))
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    (lot >> 32) % 16 == 0
}

/// What is to be written: faults, each with its forms.
fn plan(mutations: &[Mutation]) -> Vec<(&Mutation, Vec<&'static Writer>)> {
    let mut firsts: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut plan = Vec::new();
    for mutation in mutations {
        // The first of its sort that a form can write is no matter of luck.
        let mut is_first = |form: &'static Writer| {
            let is_new = !firsts.contains(&(mutation.family, form.name))
                && form.document(&abstracted(&mutation.request)).is_some();
            is_new && firsts.insert((mutation.family, form.name))
        };
        let forms =
            (WRITERS.iter()).filter(|form| is_chosen(mutation, form.name) || is_first(form));
        plan.push((mutation, forms.collect()));
    }
    plan
}

/// Writes and judges some of what is planned.
fn outcomes<'m>(
    goods: &[Good],
    plan: &mut dyn Iterator<Item = &(&'m Mutation, Vec<&'static Writer>)>,
) -> Vec<Outcome<'m>> {
    let mut outcomes = Vec::new();
    let mut twins: BTreeMap<(usize, &str), Found> = BTreeMap::new();
    for (mutation, forms) in plan {
        for form in forms {
            let Some(document) = form.document(&abstracted(&mutation.request)) else {
                continue;
            };
            let twin = twins.entry((mutation.good, form.name)).or_insert_with(|| {
                let good = form.document(&abstracted(&goods[mutation.good].request));
                good.map_or_else(Found::new, |text| found(&run(form.file, &text), form))
            });
            outcomes.push(outcome(mutation, form, document, twin));
        }
    }
    outcomes
}

/// Runs work on every core: a share of it for each.
fn in_parallel<T: Send>(work: impl Fn(usize, usize) -> Vec<T> + Sync) -> Vec<T> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers)
            .map(|worker| {
                scope.spawn({
                    let work = &work;
                    move || work(worker, workers)
                })
            })
            .collect();
        (threads.into_iter())
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    })
}

// ---- what is known ----------------------------------------------------------------------------

/// A table of what is known, and which of its rows were needed.
struct Ledger {
    title: &'static str,
    rows: &'static [Known],
    /// The rows that something was asked about, and those that were needed.
    asked: BTreeSet<usize>,
    used: BTreeSet<usize>,
    /// What no row speaks of, by its sort.
    unknown: BTreeMap<String, (usize, String)>,
}

impl Ledger {
    fn new(title: &'static str, rows: &'static [Known]) -> Ledger {
        Ledger {
            title,
            rows,
            asked: BTreeSet::new(),
            used: BTreeSet::new(),
            unknown: BTreeMap::new(),
        }
    }

    /// Looks at an outcome, whatever came of it.
    fn ask(&mut self, (family, form, fault): (&str, &str, &str)) {
        let rows = self.rows.iter().enumerate();
        let asked = rows.filter(|(_, row)| row.is_about(family, form, fault));
        self.asked.extend(asked.map(|(index, _)| index));
    }

    /// The row that explains it, if one does; it is remembered either way.
    fn explain(
        &mut self,
        (family, form, fault): (&str, &str, &str),
        rule: &str,
        example: &dyn Fn() -> String,
    ) -> Option<&'static Known> {
        let is_it = |row: &Known| {
            row.is_about(family, form, fault) && (rule.is_empty() || row.rules.contains(&rule))
        };
        if let Some(row) = self.rows.iter().position(is_it) {
            self.used.insert(row);
            return self.rows.get(row);
        }
        let sort = format!("{family}, {form}, {rule}");
        let (count, _) = self.unknown.entry(sort).or_insert_with(|| (0, example()));
        *count += 1;
        None
    }

    /// What is to be said of it.
    fn complaints(&self) -> Vec<String> {
        let stale = (self.rows.iter().enumerate())
            .filter(|(row, _)| self.asked.contains(row) && !self.used.contains(row))
            .map(|(_, row)| format!("{}: nothing shows any more that {}", self.title, row.why));
        let unknown = (self.unknown.iter()).map(|(sort, (count, example))| {
            format!("{}: {sort}: {count}, such as {example}", self.title)
        });
        stale.chain(unknown).collect()
    }
}

// ---- the tables -------------------------------------------------------------------------------

/// What is counted.
#[derive(Default)]
struct Row {
    /// Faults that were written, that were found, at the very bytes, and known to be missed.
    written: usize,
    caught: usize,
    exact: usize,
    known: usize,
    /// Documents in which something else was found, and in which no row explains it.
    noisy: usize,
    unexplained: usize,
}

impl Row {
    fn share(part: usize, whole: usize) -> String {
        format!("{:.1} %", 100.0 * part as f64 / whole.max(1) as f64)
    }

    fn line(&self, name: &str) -> String {
        format!(
            "{name:28} {:>7} {:>7} {:>8} {:>8} {:>7} {:>7} {:>7} {:>7}",
            self.written,
            self.caught,
            Row::share(self.caught, self.written),
            Row::share(self.exact, self.caught),
            self.written - self.caught,
            self.known,
            self.noisy,
            self.noisy - self.unexplained,
        )
    }
}

fn table(title: &str, rows: &BTreeMap<&str, Row>) -> String {
    let mut out = format!(
        "{title:28} {:>7} {:>7} {:>8} {:>8} {:>7} {:>7} {:>7} {:>7}\n",
        "faults", "found", "recall", "exact", "missed", "known", "noise", "known"
    );
    for (name, row) in rows {
        out += &(row.line(name) + "\n");
    }
    let mut all = Row::default();
    for row in rows.values() {
        all.written += row.written;
        all.caught += row.caught;
        all.exact += row.exact;
        all.known += row.known;
        all.noisy += row.noisy;
        all.unexplained += row.unexplained;
    }
    out + &all.line("all") + "\n"
}

/// Each outcome that is worth a look, on a line of its own.
fn listing(goods: &[Good], outcomes: &[Outcome<'_>]) -> String {
    let mut out = String::new();
    for outcome in outcomes {
        let it = outcome.mutation;
        let mut add = |what: &str, more: &str| {
            let good = &goods[it.good].name;
            let (form, fault, at) = (outcome.form, &it.fault, it.paths.join(" or "));
            out += &format!(
                "{what}\t{}\t{form}\t{at}\t{fault}\t{good}\t{more}\n",
                it.family
            );
        };
        if !outcome.caught {
            add("missed", "");
        }
        for (rule, path) in &outcome.noise {
            add("noise", &format!("{rule} {path}"));
        }
        if outcome.at_place.len() > 1 {
            add("several", &outcome.at_place.join(" "));
        }
    }
    out
}

#[test]
fn faults_are_found_where_they_are_and_nothing_else_is() {
    let goods = goods();
    let mutations = mutations(&goods);
    let plan = plan(&mutations);
    let outcomes = in_parallel(|worker, workers| {
        let is_mine = |it: &&(&Mutation, _)| it.0.good % workers == worker;
        outcomes(&goods, &mut plan.iter().filter(is_mine))
    });
    let mut misses = Ledger::new("not found", known::MISSES);
    let mut noise = Ledger::new("found besides", known::NOISE);
    let mut families: BTreeMap<&str, Row> = BTreeMap::new();
    let mut forms: BTreeMap<&str, Row> = BTreeMap::new();
    let mut harmless = 0;
    for outcome in &outcomes {
        let Mutation {
            family,
            fault,
            paths,
            ..
        } = outcome.mutation;
        let where_and_what = format!("{fault} at {}", paths[0]);
        let told = || {
            let good = &goods[outcome.mutation.good].name;
            format!("{where_and_what}, in {good}:\n{}", outcome.document)
        };
        let it = (*family, outcome.form, where_and_what.as_str());
        misses.ask(it);
        noise.ask(it);
        let known = match outcome.caught {
            true => None,
            false => misses.explain(it, "", &told),
        };
        let mut is_explained = true;
        for (rule, path) in &outcome.noise {
            let told = || format!("{rule} at {path:?}: {}", told());
            is_explained &= noise.explain(it, rule, &told).is_some();
        }
        if known.is_some_and(|row| row.harmless) {
            harmless += 1;
            continue;
        }
        for row in [
            families.entry(family).or_default(),
            forms.entry(outcome.form).or_default(),
        ] {
            row.written += 1;
            row.caught += usize::from(outcome.caught);
            row.exact += usize::from(outcome.exact);
            row.known += usize::from(known.is_some());
            row.noisy += usize::from(!outcome.noise.is_empty());
            row.unexplained += usize::from(!is_explained);
        }
    }
    println!(
        "\n{} faults of {} good connections, each in several forms; {harmless} times it is none in \
         that form. Known is what a row of tests/accuracy/known.rs explains.\n",
        mutations.len(),
        goods.len()
    );
    println!(
        "{}\n{}",
        table("constraint", &families),
        table("form", &forms)
    );
    if let Some(path) = std::env::var_os("GLUELINT_OUTCOMES") {
        std::fs::write(path, listing(&goods, &outcomes)).unwrap();
    }
    let inexact = (outcomes.iter())
        .filter(|it| it.caught && !it.exact)
        .map(|it| {
            format!(
                "not at its place: {} in {}:\n{}",
                it.mutation.fault, it.form, it.document
            )
        });
    let complaints: Vec<String> = misses
        .complaints()
        .into_iter()
        .chain(noise.complaints())
        .chain(inexact)
        .collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn places_are_told_from_one_another() {
    let goods = goods();
    let mutations = mutations(&goods);
    let exact = [Place::Value, Place::Key].map(|place| {
        let writer = (WRITERS.iter())
            .find(|it| it.name == "cloudformation-yaml")
            .unwrap();
        let mutation = mutations.iter().find(|it| it.place == place).unwrap();
        let document = writer.document(&abstracted(&mutation.request)).unwrap();
        let report = run(writer.file, &document);
        let is_it = |it: &&Finding| {
            mutation
                .paths
                .contains(&canonical(&it.path, writer.prefixes))
        };
        let finding = report.findings.iter().find(is_it).unwrap();
        let mut strayed = finding.clone();
        strayed.place.span = gluelint::text::Span::of(0..8);
        [finding, &strayed].map(|it| is_exact(mutation, writer, &document, it))
    });
    assert_eq!(exact, [[true, false]; 2]);
}

#[test]
fn nothing_is_found_in_good_connections() {
    let goods = goods();
    let mut alarms = Ledger::new("found in a good connection", known::ALARMS);
    let found = in_parallel(|worker, workers| {
        let mut found = Vec::new();
        for good in goods.iter().skip(worker).step_by(workers) {
            let connection = abstracted(&good.request);
            for writer in WRITERS {
                let Some(text) = writer.document(&connection) else {
                    continue;
                };
                let report = run(writer.file, &text);
                assert_eq!(
                    report.connections, 1,
                    "not recognised in {}:\n{text}",
                    writer.name
                );
                found.extend(
                    report
                        .findings
                        .into_iter()
                        .map(|finding| (writer.name, finding, text.clone())),
                );
            }
        }
        found
    });
    for (form, finding, text) in &found {
        assert!(
            finding.severity < Severity::Warning,
            "{} in\n{text}",
            finding.message
        );
        alarms.ask(("", form, ""));
        alarms.explain(("", form, ""), finding.rule.name, &|| {
            format!("{}:\n{text}", finding.message)
        });
    }
    let complaints = alarms.complaints();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// Every fact is in a good connection, so that a new one is broken too.
#[test]
fn every_fact_is_in_a_good_connection() {
    let goods = goods();
    let missing = |structure: &str, name: &str| {
        let is_in = |good: &Good| mutations::holds(&good.request, structure, name);
        (!goods.iter().any(is_in)).then(|| format!("no good connection has {name} of {structure}"))
    };
    let properties = (spec::properties().iter())
        .filter(|fact| !fact.output_only && !fact.reserved)
        .filter_map(|fact| missing("ConnectionProperties", fact.key));
    let members = [
        "CreateConnectionRequest",
        "Connection",
        "PhysicalConnectionRequirements",
        "AuthenticationConfiguration",
        "OAuth2Properties",
        "OAuth2ClientApplication",
        "OAuth2Credentials",
        "AuthorizationCodeProperties",
        "BasicAuthenticationCredentials",
    ]
    .into_iter()
    .flat_map(|name| {
        spec::structure(name)
            .unwrap()
            .members
            .iter()
            .map(move |it| (name, it))
    })
    .filter(|(_, member)| member.direction != spec::Direction::Output)
    .filter_map(|(structure, member)| missing(structure, member.name));
    let complaints: Vec<String> = properties.chain(members).collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}
