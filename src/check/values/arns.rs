//! Regions, ARNs and the names of secrets.

use super::{
    ARN_OF_ANOTHER_SERVICE, MALFORMED_ARN, MALFORMED_SECRET_ID, NOT_A_REGION,
    SECRET_ARN_WITHOUT_SUFFIX, SECRET_NAME_LIKE_ARN, Site, at,
};
use crate::check::formats::arn::{
    Arn, ArnProblem, has_region_shape, is_region, is_zone_id, region_of_zone,
};
use crate::check::{Findings, Reading};
use crate::spec::{self, Rule, Severity};
use crate::syntax::GAP;

pub(super) fn region(
    reading: &Reading<'_>,
    site: &Site<'_>,
    inside: &str,
    findings: &mut Findings,
) {
    if inside.contains(GAP) || is_region(inside) {
        return;
    }
    let quoted = reading.quote(site.text(), inside);
    let called = site.called();
    let finding = |message: String| at(&NOT_A_REGION, site, inside, message);
    let finding = if let Some(region) = region_of_zone(inside) {
        finding(format!(
            "{quoted} is an Availability Zone, but {called} takes a Region"
        ))
        .help(format!(
            "Write {}, the zone's Region.",
            reading.quote(site.text(), region)
        ))
    } else if is_zone_id(inside) {
        finding(format!(
            "{quoted} is the ID of a zone, but {called} takes a Region"
        ))
        .help("Write the name of the Region, such as `eu-west-1`.")
    } else if is_region(&inside.to_ascii_lowercase()) {
        finding(format!(
            "{quoted} has upper-case letters, but Region names are lower case"
        ))
        .help("Write the name in lower case.")
    } else if has_region_shape(inside) {
        finding(format!(
            "{quoted} is not a Region that was known on {}",
            spec::DATE
        ))
        .severity(Severity::Warning)
        .help("Check the spelling; ignore this if the Region is newer.")
    } else {
        finding(format!("{quoted} is not the name of a Region"))
            .help("Write the name of the Region, such as `eu-west-1`.")
    };
    findings.add_at(site.value, finding);
}

/// What the ARN of something must look like.
pub(super) struct Kind {
    service: &'static str,
    /// The beginnings of its resource.
    resources: &'static [&'static str],
    what: &'static str,
    /// Whether it lies in a Region.
    regional: bool,
    help: &'static str,
}

pub(super) const ROLE: Kind = Kind {
    service: "iam",
    resources: &["role/"],
    what: "an IAM role",
    regional: false,
    help: "Write the ARN of the role: `arn:aws:iam::<account>:role/<name>`.",
};

pub(super) const KEY: Kind = Kind {
    service: "kms",
    resources: &["key/", "alias/"],
    what: "an AWS KMS key",
    regional: true,
    help: "Write the ARN of the key: `arn:aws:kms:<region>:<account>:key/<id>`.",
};

pub(super) const SECRET: Kind = Kind {
    service: "secretsmanager",
    resources: &["secret:"],
    what: "an AWS Secrets Manager secret",
    regional: true,
    help: "Write the ARN of the secret: `arn:aws:secretsmanager:<region>:<account>:secret:<name>-<suffix>`.",
};

pub(super) fn arn(
    reading: &Reading<'_>,
    site: &Site<'_>,
    inside: &str,
    kind: &Kind,
    findings: &mut Findings,
) {
    if let Some(arn) = well_formed(reading, site, inside, kind, findings) {
        right_kind(reading, site, &arn, kind, &ARN_OF_ANOTHER_SERVICE, findings);
    }
}

/// Reads an ARN and says what is wrong with its form.
fn well_formed<'a>(
    reading: &Reading<'_>,
    site: &Site<'_>,
    inside: &'a str,
    kind: &Kind,
    findings: &mut Findings,
) -> Option<Arn<'a>> {
    let quoted = |part: &str| reading.quote(site.text(), part);
    let (part, message) = match Arn::parse(inside) {
        Ok(arn) => {
            if let Some(arn) = arn
                && !arn.region.is_empty()
                && !arn.region.contains(GAP)
                && !is_region(arn.region)
            {
                findings.add_at(
                    site.value,
                    at(
                        &MALFORMED_ARN,
                        site,
                        arn.region,
                        format!(
                            "{} in the ARN of {} is not a Region that was known on {}",
                            quoted(arn.region),
                            site.called(),
                            spec::DATE
                        ),
                    )
                    .severity(Severity::Warning)
                    .help("Check the spelling; ignore this if the Region is newer."),
                );
            }
            return arn;
        }
        Err(ArnProblem::NotAnArn) if inside.starts_with("alias/") => (
            inside,
            format!(
                "{} is an alias name, but {} takes an ARN",
                quoted(inside),
                site.called()
            ),
        ),
        Err(ArnProblem::NotAnArn) => (
            inside,
            format!(
                "{} is not an ARN, but {} takes the ARN of {}",
                quoted(inside),
                site.called(),
                kind.what
            ),
        ),
        Err(ArnProblem::TooFewParts) => (
            inside,
            format!(
                "{} is incomplete: an ARN has six parts, separated by colons",
                quoted(inside)
            ),
        ),
        Err(ArnProblem::UnknownPartition(part)) => (
            if part.is_empty() { inside } else { part },
            format!(
                "{} in the ARN of {} is not an AWS partition",
                quoted(part),
                site.called()
            ),
        ),
        Err(ArnProblem::NotARegion(part)) => (
            part,
            format!(
                "{} in the ARN of {} is not a Region",
                quoted(part),
                site.called()
            ),
        ),
        Err(ArnProblem::RegionOfAnotherPartition(part, partition)) => (
            part,
            format!(
                "{} is a Region of the partition `{partition}`, but the ARN names another",
                quoted(part)
            ),
        ),
        Err(ArnProblem::Account(part)) => (
            part,
            format!("{} is not an account ID, which has 12 digits", quoted(part)),
        ),
        Err(ArnProblem::NoResource) => (
            inside,
            format!("{} names no resource after the account", quoted(inside)),
        ),
    };
    findings.add_at(
        site.value,
        at(&MALFORMED_ARN, site, part, message).help(kind.help),
    );
    None
}

/// Whether an ARN is one of the kind that is wanted; says so, as `rule`, where it is not.
fn right_kind(
    reading: &Reading<'_>,
    site: &Site<'_>,
    arn: &Arn<'_>,
    kind: &Kind,
    rule: &'static Rule,
    findings: &mut Findings,
) {
    let quoted = |part: &str| reading.quote(site.text(), part);
    let called = site.called();
    let mut say = |rule, part: &str, message: String| {
        findings.add_at(site.value, at(rule, site, part, message).help(kind.help));
    };
    if arn.service != kind.service && !arn.service.contains(GAP) {
        let part = if arn.service.is_empty() {
            site.text().as_str()
        } else {
            arn.service
        };
        let message = format!(
            "{called} takes the ARN of {}, but this one is of {}",
            kind.what,
            quoted(arn.service)
        );
        return say(rule, part, message);
    }
    let known = arn.resource.split(GAP).next().unwrap_or_default();
    let prefix = kind
        .resources
        .iter()
        .find(|p| arn.resource.starts_with(**p));
    let Some(name) = prefix.and_then(|prefix| arn.resource.strip_prefix(prefix)) else {
        let is_open = known.len() != arn.resource.len();
        if is_open
            && kind
                .resources
                .iter()
                .any(|prefix| prefix.starts_with(known))
        {
            return;
        }
        let len = known.find(['/', ':']).unwrap_or(known.len());
        let part = known
            .get(..len)
            .filter(|part| !part.is_empty())
            .unwrap_or(arn.resource);
        let message = format!(
            "{called} takes the ARN of {}, but this one is of {}",
            kind.what,
            quoted(part)
        );
        return say(rule, part, message);
    };
    let whole = site.text().as_str();
    if name.is_empty() {
        let message = format!(
            "the ARN in {called} ends where the name of {} should follow",
            kind.what
        );
        return say(&MALFORMED_ARN, whole, message);
    }
    if arn.account.is_empty() {
        let message = format!(
            "the ARN in {called} has no account, but that of {} does",
            kind.what
        );
        return say(&MALFORMED_ARN, whole, message);
    }
    if kind.regional == arn.region.is_empty() {
        let (part, message) = if kind.regional {
            (
                whole,
                format!(
                    "the ARN in {called} has no Region, but that of {} does",
                    kind.what
                ),
            )
        } else {
            (
                arn.region,
                format!(
                    "{} is one part too many: the ARN of {} has no Region",
                    quoted(arn.region),
                    kind.what
                ),
            )
        };
        return say(&MALFORMED_ARN, part, message);
    }
    if kind.service == SECRET.service {
        secret_in_arn(reading, site, name, findings);
    }
}

/// The name of a secret at the end of an ARN.
fn secret_in_arn(reading: &Reading<'_>, site: &Site<'_>, name: &str, findings: &mut Findings) {
    if let Some(part) = name
        .find(|c| !is_secret_character(c))
        .and_then(|at| name.get(at..))
    {
        let message = format!(
            "{} is not allowed in the ARN of a secret, which {} takes",
            reading.quote(site.text(), part),
            site.called()
        );
        let finding = at(&MALFORMED_ARN, site, part, message).help(SECRET.help);
        return findings.add_at(site.value, finding);
    }
    if ends_like_arn(name) != Some(false) {
        return;
    }
    // What needs the whole ARN takes an ARN cut at the last hyphen for another secret.
    let severity = if site.name == Some("SecretArn") {
        Severity::Warning
    } else {
        Severity::Info
    };
    findings.add_at(
        site.value,
        at(
            &SECRET_ARN_WITHOUT_SUFFIX,
            site,
            name,
            format!(
                "the ARN in {} lacks the hyphen and six characters that end the ARN of a secret",
                site.called()
            ),
        )
        .severity(severity)
        .help("Copy the whole ARN from AWS Secrets Manager."),
    );
}

/// Whether a name ends with a hyphen and six letters or digits; `None` where that is not known.
fn ends_like_arn(name: &str) -> Option<bool> {
    let Some(start) = name.len().checked_sub(7) else {
        return (!name.contains(GAP)).then_some(false);
    };
    // An end within a character, as a gap is, is not known.
    let end = name.get(start..)?;
    if end.contains(GAP) {
        return None;
    }
    let suffix = end.strip_prefix('-');
    Some(suffix.is_some_and(|suffix| suffix.bytes().all(|b| b.is_ascii_alphanumeric())))
}

fn is_secret_character(c: char) -> bool {
    // Secrets that a service manages have a `!` in their names.
    c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '+' | '=' | '.' | '@' | '-' | '!' | GAP)
}

pub(super) fn secret_id(
    reading: &Reading<'_>,
    site: &Site<'_>,
    inside: &str,
    findings: &mut Findings,
) {
    if inside.starts_with("arn:") {
        if let Some(arn) = well_formed(reading, site, inside, &SECRET, findings) {
            right_kind(reading, site, &arn, &SECRET, &MALFORMED_SECRET_ID, findings);
        }
        return;
    }
    let called = site.called();
    let illegal = inside.find(|c| !is_secret_character(c)).and_then(|at| {
        let len = inside.get(at..)?.chars().next()?.len_utf8();
        inside.get(at..at + len)
    });
    // A gap may be the beginning of an ARN, which has colons.
    let may_be_arn = inside.starts_with(GAP);
    if let Some(part) = illegal.filter(|part| !(may_be_arn && *part == ":")) {
        findings.add_at(
            site.value,
            at(
                &MALFORMED_SECRET_ID,
                site,
                part,
                format!(
                    "{} is not allowed in the name of a secret, which {called} takes",
                    reading.quote(site.text(), part)
                ),
            )
            .help("Write the name or the ARN of the secret."),
        );
        return;
    }
    if !may_be_arn && inside.chars().count() > 512 {
        findings.add_at(
            site.value,
            at(
                &MALFORMED_SECRET_ID,
                site,
                inside,
                format!(
                    "{called} is longer than 512 characters, the limit for the name of a \
                         secret"
                ),
            )
            .help("Write the name or the ARN of the secret."),
        );
        return;
    }
    if !may_be_arn && ends_like_arn(inside) == Some(true) {
        let suffix = inside
            .get(inside.len().saturating_sub(7)..)
            .unwrap_or(inside);
        findings.add_at(
            site.value,
            at(
                &SECRET_NAME_LIKE_ARN,
                site,
                suffix,
                format!("{called} ends with a hyphen and six characters, like the ARN of a secret"),
            )
            .severity(Severity::Info)
            .help(
                "If this was copied from an ARN, remove the suffix; if it is the name, consider \
                   another.",
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_arns_are_told() {
        assert_eq!(ends_like_arn("orders-a1B2c3"), Some(true));
        assert_eq!(ends_like_arn("orders/etl"), Some(false));
        assert_eq!(ends_like_arn("etl"), Some(false));
        assert_eq!(ends_like_arn("orders-\u{FFFC}"), None);
        assert_eq!(ends_like_arn("orders\u{FFFC}2c3"), None);
        assert_eq!(ends_like_arn("\u{FFFC}/orders-etl"), Some(false));
    }
}
