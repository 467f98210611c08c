//! What the rules cover: each clause of the documentation with its rules and its examples.
//!
//! The clauses are those of the GetConnection page, by the names that the facts give them. A rule
//! covers a clause if its page cites it or an example of the page shows a finding there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::check;
use crate::config::Level;
use crate::lint::{Options, lint};
use crate::spec::{self, Rule, Severity};
use crate::syntax::{Language, NodeRef, Tree};
use crate::text::Source;

/// A clause of the documentation.
#[derive(Clone, Debug, Default)]
pub struct Clause {
    /// Its name.
    pub name: String,
    /// What the facts call it, and so a path ends with; for a restriction, what it restricts.
    pub key: String,
    /// The names of the rules that judge it.
    pub rules: BTreeSet<&'static str>,
    /// How many bad examples show a finding about it.
    pub failing: usize,
    /// How many good examples hold it.
    pub passing: usize,
}

/// Restrictions that the page states of a value, with the rule that judges each.
const RESTRICTIONS: &[(&str, &str, &str)] = &[
    (
        "PORT lies between 1024 and 65535",
        "PORT",
        "port-out-of-range",
    ),
    (
        "HOST is a domain name or an IPv4 address",
        "HOST",
        "malformed-host",
    ),
    (
        "USER_NAME is written USERNAME",
        "USERNAME",
        "misspelled-property",
    ),
    (
        "JDBC_ENFORCE_SSL is true or false",
        "JDBC_ENFORCE_SSL",
        "not-a-boolean",
    ),
    (
        "SKIP_CUSTOM_JDBC_CERT_VALIDATION is true or false",
        "SKIP_CUSTOM_JDBC_CERT_VALIDATION",
        "not-a-boolean",
    ),
    (
        "KAFKA_SSL_ENABLED is true or false",
        "KAFKA_SSL_ENABLED",
        "not-a-boolean",
    ),
    (
        "KAFKA_SKIP_CUSTOM_CERT_VALIDATION is true or false",
        "KAFKA_SKIP_CUSTOM_CERT_VALIDATION",
        "not-a-boolean",
    ),
    (
        "JDBC_DRIVER_JAR_URI is in Amazon S3",
        "JDBC_DRIVER_JAR_URI",
        "not-an-s3-location",
    ),
    (
        "CUSTOM_JDBC_CERT is in Amazon S3",
        "CUSTOM_JDBC_CERT",
        "not-an-s3-location",
    ),
    (
        "KAFKA_CUSTOM_CERT is in Amazon S3",
        "KAFKA_CUSTOM_CERT",
        "not-an-s3-location",
    ),
    (
        "KAFKA_CUSTOM_CERT is a .pem file",
        "KAFKA_CUSTOM_CERT",
        "wrong-file-suffix",
    ),
    (
        "KAFKA_CLIENT_KEYSTORE is in Amazon S3",
        "KAFKA_CLIENT_KEYSTORE",
        "not-an-s3-location",
    ),
    (
        "KAFKA_SASL_GSSAPI_KEYTAB is in Amazon S3",
        "KAFKA_SASL_GSSAPI_KEYTAB",
        "not-an-s3-location",
    ),
    (
        "KAFKA_SASL_GSSAPI_KRB5_CONF is in Amazon S3",
        "KAFKA_SASL_GSSAPI_KRB5_CONF",
        "not-an-s3-location",
    ),
    (
        "KAFKA_BOOTSTRAP_SERVERS is host:port pairs",
        "KAFKA_BOOTSTRAP_SERVERS",
        "malformed-broker-list",
    ),
    (
        "KAFKA_SASL_MECHANISM is one of four",
        "KAFKA_SASL_MECHANISM",
        "unknown-sasl-mechanism",
    ),
    (
        "KAFKA_SASL_SCRAM_SECRETS_ARN is an ARN",
        "KAFKA_SASL_SCRAM_SECRETS_ARN",
        "malformed-arn",
    ),
    (
        "SFTP is not supported",
        "ConnectionType",
        "unsupported-connection-type",
    ),
    ("Status is one of three", "Status", "unknown-output-value"),
    (
        "AuthenticationType is one of the documented ones",
        "AuthenticationType",
        "unknown-authentication-type",
    ),
    (
        "OAuth2GrantType is one of the documented ones",
        "OAuth2GrantType",
        "unknown-grant-type",
    ),
];

/// An example, run.
struct Run {
    rule: &'static Rule,
    bad: bool,
    /// The last names of the paths of its findings, with the rule of each.
    found: Vec<(String, &'static str)>,
    /// Every key in it.
    keys: BTreeSet<String>,
}

fn runs() -> Vec<Run> {
    let options = Options {
        least: Severity::Info,
        ..Options::default()
    };
    let mut runs = Vec::new();
    for rule in check::rules() {
        for example in rule.page.examples() {
            let document = without_assertions(example.text);
            let language = Language::of(&format!("x.{}", example.language), &document);
            let mut keys = BTreeSet::new();
            let tree = Tree::read(&document, language);
            for root in tree.documents() {
                collect_keys(root, &mut keys);
            }
            let report = lint(
                Source::new(format!("x.{}", example.language), document.clone()),
                &options,
            );
            let found = report.findings.iter().flat_map(|finding| {
                let last = finding.path.rsplit('.').next().unwrap_or_default();
                let last = last.split('[').next().unwrap_or_default();
                // A misspelled key is a finding about the key that was meant.
                let meant = (finding.help.iter())
                    .flat_map(|help| help.split('`').skip(1).step_by(2))
                    .filter(|word| spec::property(word).is_some())
                    .map(str::to_owned)
                    .collect::<Vec<_>>();
                let mut names = vec![last.to_owned()];
                if spec::property(last).is_none() {
                    names.extend(meant);
                }
                names.into_iter().map(|name| (name, finding.rule.name))
            });
            runs.push(Run {
                rule,
                bad: example.role == "bad",
                found: found.collect(),
                keys,
            });
        }
    }
    runs
}

/// An example without its lines of carets.
fn without_assertions(text: &str) -> String {
    text.split_inclusive('\n')
        .filter(|line| !line.trim_start_matches([' ', '\t', '#']).starts_with('^'))
        .collect()
}

fn collect_keys(node: NodeRef<'_>, keys: &mut BTreeSet<String>) {
    for (key, value) in node.entries() {
        keys.extend(key.str().map(std::borrow::Cow::into_owned));
        collect_keys(value, keys);
    }
    for item in node.items() {
        collect_keys(item, keys);
    }
}

/// Every documented clause with what covers it: keys, then fields, then restrictions.
pub fn clauses() -> Vec<Clause> {
    let runs = runs();
    let mut cited: BTreeMap<&str, BTreeSet<&'static str>> = BTreeMap::new();
    for rule in check::rules() {
        for line in rule.page.section("Source").lines() {
            if line.starts_with("GetConnection") {
                let clause = line.rsplit(',').next().unwrap_or_default().trim();
                cited.entry(clause).or_default().insert(rule.name);
            }
        }
    }
    let cover = |name: &str, key: &str| {
        let mut clause = Clause {
            name: name.to_owned(),
            key: key.to_owned(),
            rules: cited.get(name).cloned().unwrap_or_default(),
            ..Clause::default()
        };
        for run in &runs {
            let about = || run.found.iter().filter(|(found, _)| found == key);
            if run.bad && about().next().is_some() {
                clause.failing += 1;
                clause.rules.extend(about().map(|(_, rule)| *rule));
            }
            clause.passing += usize::from(!run.bad && run.keys.contains(key));
        }
        clause
    };
    let mut clauses = Vec::new();
    for property in spec::properties() {
        if let Some(clause) = property.clause {
            clauses.push(cover(clause, property.key));
        }
    }
    let mut seen = BTreeSet::new();
    for member in spec::structures()
        .iter()
        .flat_map(|structure| structure.members)
    {
        if let Some(clause) = member.clause
            && seen.insert(clause)
        {
            clauses.push(cover(clause, member.name));
        }
    }
    for (name, key, rule) in RESTRICTIONS {
        let by_rule = |run: &&Run| {
            run.bad
                && run
                    .found
                    .iter()
                    .any(|(found, by)| found == key && by == rule)
        };
        clauses.push(Clause {
            name: (*name).to_owned(),
            key: (*key).to_owned(),
            rules: check::rule(rule).iter().map(|rule| rule.name).collect(),
            failing: runs.iter().filter(by_rule).count(),
            passing: runs
                .iter()
                .filter(|run| !run.bad && run.keys.contains(*key))
                .count(),
        });
    }
    clauses
}

/// The rules that judge a key of `ConnectionProperties`: those whose pages cite it or show it.
pub fn rules_about(key: &str) -> Vec<&'static Rule> {
    let mut found: BTreeSet<&'static str> = BTreeSet::new();
    for run in runs() {
        if run.bad
            && run
                .found
                .iter()
                .any(|(name, by)| name == key && *by == run.rule.name)
        {
            found.insert(run.rule.name);
        }
    }
    found.into_iter().filter_map(check::rule).collect()
}

/// The table of clauses, for the terminal or as Markdown.
pub fn table(markdown: bool) -> String {
    let clauses = clauses();
    let mut text = String::new();
    if markdown {
        text.push_str(
            "| Clause | Rules | Failing examples | Passing examples |\n|---|---|--:|--:|\n",
        );
        for clause in &clauses {
            let rules: Vec<&str> = clause.rules.iter().copied().collect();
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                clause.name,
                rules.join(", "),
                clause.failing,
                clause.passing
            );
        }
        return text;
    }
    let width = clauses
        .iter()
        .map(|clause| clause.name.len())
        .max()
        .unwrap_or(0);
    let _ = writeln!(
        text,
        "{:width$}  {:>5}  {:>7}  {:>7}",
        "clause", "rules", "failing", "passing"
    );
    for clause in &clauses {
        let _ = writeln!(
            text,
            "{:width$}  {:>5}  {:>7}  {:>7}",
            clause.name,
            clause.rules.len(),
            clause.failing,
            clause.passing
        );
    }
    let covered = clauses
        .iter()
        .filter(|c| !c.rules.is_empty() && c.failing > 0 && c.passing > 0)
        .count();
    let _ = writeln!(text, "\n{covered} of {} clauses are covered", clauses.len());
    text
}

/// The rules as a Markdown table, and behind them those of a policy with their levels. `base` is the
/// address of the folder of the rules' pages; without one, names are not linked.
pub fn rule_table(base: &str, of_policy: &[(&Rule, Level)]) -> String {
    let mut text = String::from("| Rule | Severity | What it finds |\n|---|---|---|\n");
    for rule in check::rules() {
        let name = if base.is_empty() {
            format!("`{}`", rule.name)
        } else {
            format!("[`{0}`]({base}{0}.md)", rule.name)
        };
        let _ = writeln!(text, "| {name} | {} | {} |", rule.severity, cell(rule));
    }
    for (rule, level) in of_policy {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} |",
            rule.name,
            level.name(),
            cell(rule)
        );
    }
    text
}

/// The title of a rule, in a table.
fn cell(rule: &Rule) -> String {
    rule.page.title().replace('|', "\\|")
}
