//! `gluelint explain` and `gluelint rules`: what gluelint knows.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::args::{ExplainArguments, ListFormat, RulesArguments};
use super::config::Policies;
use super::terminal::remark;
use super::{CLEAN, Failure, to_json};
use crate::check;
use crate::config::Level;
use crate::coverage;
use crate::report::plain;
use crate::spec::{self, Format, Property, Rule, near};

/// Why the rules of a policy are not known.
const UNUSABLE: &str = "the configuration here cannot be used, `gluelint config show` says why";

/// Prints a rule's page or a property's facts.
pub(super) fn explain(arguments: &ExplainArguments) -> Result<u8, Failure> {
    let name = arguments.name.trim();
    let text = if let Some(rule) = check::rule(name) {
        rule_page(rule)
    } else if let Some(property) = property_of(name) {
        property_page(property)
    } else {
        let policies = Policies::here();
        let found = policies.rules().find(|(rule, _)| rule.name == name);
        let Some((rule, level)) = found else {
            return Err(Failure::Usage(unknown(name, &policies)));
        };
        policy_page(rule, level)
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(CLEAN)
}

/// The property of that name, whatever its case.
fn property_of(name: &str) -> Option<&'static Property> {
    spec::property(name).or_else(|| {
        spec::properties()
            .iter()
            .find(|p| near::fold(p.key) == near::fold(name))
    })
}

fn unknown(name: &str, policies: &Policies) -> String {
    let rules = check::rules().map(|rule| rule.name);
    let own: Vec<&str> = policies.rules().map(|(rule, _)| rule.name).collect();
    let keys = spec::properties().iter().map(|property| property.key);
    let mut message = format!("no rule or property is called {name:?}");
    // Rules of a policy have a slash in their names.
    if policies.is_unusable && name.contains('/') {
        let _ = write!(message, "; {UNUSABLE}");
        return message;
    }
    match near::nearest(name, rules.chain(own).chain(keys)) {
        Some(near) => {
            let _ = write!(message, "; did you mean {near}?");
        }
        None => message.push_str("; `gluelint rules` lists the rules"),
    }
    message
}

/// The page as it is written, with the rule's name and severity under the heading.
fn rule_page(rule: &Rule) -> String {
    let (heading, rest) = rule.page.0.split_once('\n').unwrap_or((rule.page.0, ""));
    format!(
        "{heading}\n\n`{}` · {} · since {}\n{rest}",
        rule.name, rule.severity, rule.since
    )
}

/// The page of a rule of a policy. It is the work of others, and a terminal obeys nobody.
fn policy_page(rule: &Rule, level: Level) -> String {
    let mut text = String::new();
    for (number, line) in rule.page.0.lines().enumerate() {
        let _ = writeln!(text, "{}", plain(line));
        if number == 0 {
            let _ = writeln!(text, "\n`{}` · {}", rule.name, level.name());
        }
    }
    text
}

fn property_page(property: &Property) -> String {
    let mut page = format!("# {}\n\n{}\n\n", property.key, property.about);
    let mut row = |name: &str, value: String| {
        let _ = writeln!(page, "- {name}: {value}");
    };
    row("Kind", kind(property.format).to_owned());
    if !property.values.is_empty() {
        row("Values", property.values.join(", "));
    }
    if let Some((least, most)) = property.range {
        row("Range", format!("{least} to {most}"));
    }
    if let Some(suffix) = property.suffix {
        row("File name ends with", suffix.to_owned());
    }
    if let Some(default) = property.default {
        row("Default", format!("{default:?}"));
    }
    if !property.types.is_empty() {
        row("Connection types", property.types.join(", "));
    }
    if !property.partners.is_empty() {
        row("Together with", property.partners.join(", "));
    }
    if !property.mistaken_for.is_empty() {
        row("Often misspelled", property.mistaken_for.join(", "));
    }
    let traits = [
        (
            property.secret,
            "its value is a credential, which gluelint never prints",
        ),
        (
            property.embeds_secret,
            "its value may hold a credential, which gluelint never prints",
        ),
        (property.output_only, "only the service writes it"),
        (property.reserved, "reserved by AWS for the future"),
        (property.unlisted, "not in AWS's published list of keys"),
    ];
    for (_, text) in traits.iter().filter(|(holds, _)| *holds) {
        row("Note", (*text).to_owned());
    }
    row("Length", "1 to 1024 characters".to_owned());
    let rules = coverage::rules_about(property.key);
    if !rules.is_empty() {
        page.push_str("\n## Rules\n\n");
        for rule in rules {
            let _ = writeln!(page, "- {}: {}", rule.name, rule.page.title());
        }
    }
    page.push_str("\n## Source\n\n");
    for source in property.source {
        let _ = writeln!(page, "{source}");
    }
    page
}

/// A format in words.
fn kind(format: Format) -> &'static str {
    match format {
        Format::Text => "text",
        Format::SingleLine => "text on one line",
        Format::Boolean => "\"true\" or \"false\", as text",
        Format::Enumeration => "one of its values",
        Format::OpenEnumeration => "usually one of its values",
        Format::Host => "a domain name or an IPv4 address",
        Format::Port => "a port number, as text",
        Format::JdbcUrl => "a JDBC URL",
        Format::ConnectionUrl => "the URL of a data source that is not JDBC",
        Format::WebUrl => "an https URL",
        Format::S3File => "the place of a file in Amazon S3: s3://bucket/key",
        Format::ConnectorUrl => {
            "the place of a connector: a file in Amazon S3 or a container image"
        }
        Format::ClassName => "a qualified Java class name",
        Format::ConnectorClass => "a qualified Java class name or a Spark data source alias",
        Format::SecretId => "the name or the ARN of a secret in AWS Secrets Manager",
        Format::SecretArn => "the ARN of a secret in AWS Secrets Manager",
        Format::KmsKeyArn => "the ARN of a KMS key",
        Format::RoleArn => "the ARN of an IAM role",
        Format::Region => "the name of an AWS Region",
        Format::AvailabilityZone => "the name of an Availability Zone",
        Format::SubnetId => "the id of a subnet",
        Format::SecurityGroupId => "the id of a security group",
        Format::CatalogId => "the 12 digits of an AWS account",
        Format::BrokerList => "host:port pairs with commas between them",
        Format::KerberosPrincipal => "a Kerberos principal: primary/instance@REALM",
        Format::KerberosService => "a Kerberos service name",
        Format::Ciphertext => "ciphertext in Base64",
        Format::JsonObject => "a JSON object, written as text",
        Format::Timestamp => "a point in time",
    }
}

/// A rule in the JSON list.
#[derive(Serialize)]
struct ListedRule {
    name: &'static str,
    /// For a rule of a policy its level there, which may be `off`.
    severity: &'static str,
    /// `null` for a rule of a policy.
    since: Option<&'static str>,
    /// Where a policy declares it; `null` for a rule of gluelint.
    declared: Option<&'static str>,
    title: &'static str,
    summary: &'static str,
}

/// Prints the rules, or what they cover.
pub(super) fn rules(arguments: &RulesArguments) -> Result<u8, Failure> {
    let text = if arguments.coverage {
        coverage::table(arguments.format != ListFormat::Text)
    } else {
        let policies = Policies::here();
        if policies.is_unusable {
            remark!("note: rules of a policy are not listed: {UNUSABLE}");
        }
        let own = check::rules().map(|rule| (rule, Level::At(rule.severity)));
        let of_policy: Vec<(&Rule, Level)> = policies.rules().collect();
        let rules: Vec<(&Rule, Level)> = own.chain(of_policy.iter().copied()).collect();
        match arguments.format {
            ListFormat::Text => rule_lines(&rules),
            ListFormat::Markdown => coverage::rule_table("", &of_policy),
            ListFormat::Json => to_json(&rules.into_iter().map(listed).collect::<Vec<_>>())?,
        }
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(CLEAN)
}

fn listed((rule, level): (&'static Rule, Level)) -> ListedRule {
    ListedRule {
        name: rule.name,
        severity: level.name(),
        since: (!rule.is_of_team()).then_some(rule.since),
        declared: rule.is_of_team().then_some(rule.declared),
        title: rule.page.title(),
        summary: rule.page.summary(),
    }
}

fn rule_lines(rules: &[(&Rule, Level)]) -> String {
    let width = (rules.iter())
        .map(|(rule, _)| rule.name.len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for (rule, level) in rules {
        let _ = writeln!(
            text,
            "{:width$}  {:7}  {}",
            rule.name,
            level.name(),
            plain(rule.page.title())
        );
    }
    text
}
