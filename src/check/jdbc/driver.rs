//! Drivers and the names of engines.

use super::{
    DRIVER_OF_ANOTHER_ENGINE, INCOMPLETE_DRIVER, UNKNOWN_JDBC_ENGINE, URL, known_engine,
    meant_engine, place_of, texts,
};
use crate::check::formats::holes;
use crate::check::names::is_missing;
use crate::check::{Findings, Reading};
use crate::diag::Finding;
use crate::spec::near;
use crate::spec::{self, Engine, Severity};
use crate::text::Place;

const JAR: &str = "JDBC_DRIVER_JAR_URI";
const CLASS: &str = "JDBC_DRIVER_CLASS_NAME";

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    if !reading.is("JDBC") {
        return;
    }
    incomplete(reading, findings);
    foreign(reading, findings);
    if findings.wants(Severity::Info) {
        unknown_engine(reading, findings);
    }
}

/// Half a driver.
fn incomplete(reading: &Reading<'_>, findings: &mut Findings) {
    for (here, missing, why) in [
        (
            JAR,
            CLASS,
            "AWS Glue cannot tell which class in the JAR to load",
        ),
        (
            CLASS,
            JAR,
            "AWS Glue cannot tell which JAR contains the class",
        ),
    ] {
        if let Some(entry) = reading.entry(here)
            && is_missing(reading, missing)
            && (here == JAR || needs_jar(reading))
        {
            findings.add(
                Finding::new(
                    &INCOMPLETE_DRIVER,
                    entry.key,
                    format!("`{here}` is set without `{missing}`: {why}"),
                )
                .help(format!("Add `{missing}`, or remove `{here}`.")),
            );
        }
    }
}

/// Whether the driver's class is known, and none that AWS Glue brings along.
fn needs_jar(reading: &Reading<'_>) -> bool {
    (reading.text(CLASS)).is_some_and(|(_, text)| {
        let class = text.as_str().trim();
        let mut built_in = spec::engines().iter().filter(|engine| engine.built_in);
        !holes::has_hole(class) && !built_in.any(|engine| engine.classes.contains(&class))
    })
}

/// Pairs of a driver's engine and a URL's engine that work although they differ.
const TAKEN: &[(&str, &str)] = &[("mariadb", "mysql"), ("redshift", "postgresql")];

/// A driver that does not take the URL.
fn foreign(reading: &Reading<'_>, findings: &mut Findings) {
    let Some((value, text)) = reading.text(CLASS) else {
        return;
    };
    let Some((own, told_by)) = known_engine(reading) else {
        return;
    };
    let has_url = reading.entry(URL).is_some();
    let class = text.as_str().trim();
    let is_owner = |engine: &&Engine| engine.classes.contains(&class);
    let mut owners = spec::engines().iter().filter(is_owner);
    let Some(first) = owners.clone().next() else {
        return;
    };
    let takes = |owner: &Engine| {
        owner.subprotocol == own.subprotocol
            || TAKEN.contains(&(owner.subprotocol, own.subprotocol))
    };
    if owners.any(takes) {
        return;
    }
    let mut finding = Finding::new(
        &DRIVER_OF_ANOTHER_ENGINE,
        place_of(value, class),
        format!(
            "{} is a driver for {}, but the {} is for {}",
            reading.quote(text, class),
            first.title,
            if has_url { "URL" } else { "connection" },
            own.title
        ),
    )
    .label(told_by, "the engine");
    if let Some(class) = own.classes.last() {
        finding = finding.help(format!(
            "Use the driver for {}, such as `{class}`, or correct the {}.",
            own.title,
            if has_url { "URL" } else { "engine" },
        ));
    }
    findings.add_at(value, finding);
}

/// The sub-protocol that the driver takes for which a word is a slip, and where the driver is named.
pub(super) fn meant_word(reading: &Reading<'_>, word: &str) -> Option<(&'static str, Place)> {
    let (value, text) = reading.text(CLASS)?;
    let class = text.as_str().trim();
    let owners = (spec::engines().iter()).filter(|engine| engine.classes.contains(&class));
    let name = near::nearest(word, owners.map(|engine| engine.subprotocol))?;
    Some((name, place_of(value, class)))
}

/// An engine that AWS Glue may not know.
fn unknown_engine(reading: &Reading<'_>, findings: &mut Findings) {
    let Some(fact) = spec::property("JDBC_ENGINE") else {
        return;
    };
    for (value, text) in texts(reading, "JDBC_ENGINE") {
        let name = text.as_str().trim();
        if holes::has_hole(name) || fact.values.contains(&name) {
            continue;
        }
        let help =
            match meant_engine(name).filter(|engine| fact.values.contains(&engine.subprotocol)) {
                Some(engine) => format!("Write `{}`.", engine.subprotocol),
                None => format!(
                    "AWS Glue has built-in drivers for {}.",
                    fact.values.join(", ")
                ),
            };
        findings.add_at(
            value,
            Finding::new(
                &UNKNOWN_JDBC_ENGINE,
                place_of(value, name),
                format!(
                    "AWS Glue has no built-in driver for {}",
                    reading.quote(text, name)
                ),
            )
            .help(help),
        );
    }
}
