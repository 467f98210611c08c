//! Floor 3: judgement. A family is one file with the rules it owns and one function.
//!
//! A check reports only what the known part proves; what is unknown is silent.

mod authentication;
mod baseline;
mod connectors;
mod document;
mod federation;
pub mod formats;
mod jdbc;
mod kafka;
mod login;
mod members;
mod mongodb;
mod names;
mod neighbours;
mod network;
mod policy;
mod presence;
mod reading;
mod references;
mod requests;
mod scalars;
mod secrets;
mod shape;
pub mod suppressions;
mod together;
mod values;
pub(crate) mod words;

use crate::diag::{Finding, Secrets};
use crate::form::{Connection, Direction, Surroundings, Value};
use crate::spec::{Overlay, Rule, Severity};

pub use baseline::stale_baseline_entry;
pub use document::{
    configuration, is_about_no_connection, is_always_said, is_cut_short, no_connection, syntax,
    template_marker, unreadable, unrendered,
};
pub use policy::names as policy_names;
pub use reading::{Findings, Reading, Section};
pub use together::Together;

/// A family of rules.
struct Family {
    /// The rules it owns.
    rules: &'static [&'static Rule],
    /// Judges one reading of a connection.
    check: fn(&Reading<'_>, &mut Findings),
}

/// Every family, in the order of the rule list.
const FAMILIES: &[Family] = &[
    Family {
        rules: document::RULES,
        check: document::check,
    },
    Family {
        rules: shape::RULES,
        check: shape::check,
    },
    Family {
        rules: scalars::RULES,
        check: scalars::check,
    },
    Family {
        rules: requests::RULES,
        check: requests::check,
    },
    Family {
        rules: names::RULES,
        check: names::check,
    },
    Family {
        rules: presence::RULES,
        check: presence::check,
    },
    Family {
        rules: values::RULES,
        check: values::check,
    },
    Family {
        rules: secrets::RULES,
        check: secrets::check,
    },
    Family {
        rules: jdbc::RULES,
        check: jdbc::check,
    },
    Family {
        rules: mongodb::RULES,
        check: mongodb::check,
    },
    Family {
        rules: kafka::RULES,
        check: kafka::check,
    },
    Family {
        rules: connectors::RULES,
        check: connectors::check,
    },
    Family {
        rules: network::RULES,
        check: network::check,
    },
    Family {
        rules: authentication::RULES,
        check: authentication::check,
    },
    Family {
        rules: login::RULES,
        check: login::check,
    },
    Family {
        rules: federation::RULES,
        check: federation::check,
    },
    Family {
        rules: references::RULES,
        check: references::check,
    },
    Family {
        rules: neighbours::RULES,
        check: neighbours::check,
    },
];

/// Every rule, family by family.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    FAMILIES
        .iter()
        .map(|family| family.rules)
        .chain([together::RULES, baseline::RULES, suppressions::RULES])
        .flatten()
        .copied()
}

/// Whether a rule's findings cannot be allowed: they tell of what was not checked, or of what should
/// allow others.
pub fn cannot_be_allowed(rule: &str) -> bool {
    document::is_about_reading(rule) || suppressions::owns(rule)
}

/// The rule of that name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.name == name)
}

/// Judges a connection among its surroundings, by what a team adds to the facts too. What weighs
/// less than `least` is left out.
pub fn judge(
    connection: &Connection<'_>,
    surroundings: &Surroundings<'_>,
    secrets: &Secrets,
    overlay: &Overlay,
    least: Severity,
) -> Vec<Finding> {
    let mut findings = Findings::new(least);
    for reading in Reading::all(connection, surroundings, secrets, overlay) {
        if document::is_skeleton(&reading) {
            document::check(&reading, &mut findings);
            continue;
        }
        for family in FAMILIES {
            (family.check)(&reading, &mut findings);
        }
        policy::check(&reading, &mut findings);
    }
    let mut findings = findings.finish();
    values::drop_what_follows(&mut findings);
    let is_mended_there = is_written_by_hand(connection);
    for finding in &mut findings {
        name(finding, connection, secrets);
        (finding.fixes).retain(|fix| is_mended_there && !fix.holds_any(secrets));
    }
    findings
}

/// Whether people write the document, so that it is the one to mend.
fn is_written_by_hand(connection: &Connection<'_>) -> bool {
    let facets = connection.facets;
    facets.direction == Direction::Authored && !facets.resolved && connection.alias.is_none()
}

/// Lets a finding say which connection it is about, and where in it.
fn name(finding: &mut Finding, connection: &Connection<'_>, secrets: &Secrets) {
    // A finding about a spelling has both already.
    if connection.facets.spelling.is_some() && finding.rule != &shape::MEMBER_IN_FOREIGN_CASING {
        respell(finding, connection);
    }
    finding.path = connection.path_of(finding.place, &|place| secrets.touch(place.span));
    title(connection, secrets).clone_into(&mut finding.connection);
}

/// What people call a connection, unless that is a secret.
pub fn title<'c>(connection: &'c Connection<'_>, secrets: &Secrets) -> &'c str {
    match connection.field("Name") {
        Some(name) if secrets.touch(name.place.span) => &connection.path,
        _ => connection.title(),
    }
}

/// Lets a finding speak of members as the document does.
fn respell(finding: &mut Finding, connection: &Connection<'_>) {
    let properties = connection.field("ConnectionProperties");
    let is_key = |word: &str| {
        (properties.into_iter().flat_map(Value::alternatives))
            .filter_map(Value::as_map)
            .any(|map| map.get(word).is_some())
    };
    let respelled = |words: &str| connection.facets.respelled(words, &is_key);
    finding.message = respelled(&finding.message);
    finding.help = finding.help.take().map(|help| respelled(&help));
    for label in &mut finding.labels {
        label.text = respelled(&label.text);
    }
}
