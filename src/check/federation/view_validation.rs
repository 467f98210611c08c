//! Validation of views: how workgroups and clusters are named.

use super::{MALFORMED_IDENTIFIER, PLACEMENT_WITHOUT_USE};
use crate::check::formats::holes::{has_hole, is_stand_in};
use crate::check::jdbc::{self, bare};
use crate::check::{Findings, Reading, Section};
use crate::diag::Finding;
use crate::spec::ConnectionType;

/// How a sort of thing is named.
struct Naming {
    key: &'static str,
    what: &'static str,
    least: usize,
    most: usize,
    /// Whether a name may have that character.
    may_have: fn(char) -> bool,
    /// Which characters it may have, in words.
    made_of: &'static str,
    /// Whether it begins with a letter, and has no hyphen at its end and no two in a row.
    is_dns_like: bool,
}

const ATHENA_WORKGROUP: Naming = Naming {
    key: "WORKGROUP_NAME",
    what: "an Athena workgroup",
    least: 1,
    most: 128,
    may_have: |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'),
    made_of: "letters, digits, `.`, `_` and `-`",
    is_dns_like: false,
};

const REDSHIFT_WORKGROUP: Naming = Naming {
    key: "WORKGROUP_NAME",
    what: "a workgroup of Redshift Serverless",
    least: 3,
    most: 64,
    may_have: |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
    made_of: "lower-case letters, digits and `-`",
    is_dns_like: false,
};

const REDSHIFT_CLUSTER: Naming = Naming {
    key: "CLUSTER_IDENTIFIER",
    what: "a Redshift cluster",
    least: 1,
    most: 63,
    may_have: |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
    made_of: "lower-case letters, digits and single inner `-`, and begins with a letter",
    is_dns_like: true,
};

/// Judges the names, and the place that is of no use.
pub(super) fn check(reading: &Reading<'_>, kind: &ConnectionType, findings: &mut Findings) {
    let namings: &[Naming] = match kind.name {
        "VIEW_VALIDATION_ATHENA" => &[ATHENA_WORKGROUP],
        _ => &[REDSHIFT_WORKGROUP, REDSHIFT_CLUSTER],
    };
    for naming in namings {
        for (value, text) in jdbc::texts(reading, naming.key) {
            let name = bare(text.as_str());
            let Some((part, why)) = naming.fault(name) else {
                continue;
            };
            findings.add_at(
                value,
                Finding::new(
                    &MALFORMED_IDENTIFIER,
                    jdbc::place_of(value, part),
                    format!("{} {why}", reading.quote(text, part)),
                )
                .help(format!("Write the name of {} alone.", naming.what)),
            );
        }
    }
    if let Section::Here(placement) = reading.placement
        && reading.is_authored()
        && !placement.entries.is_empty()
    {
        findings.add(
            Finding::new(
                &PLACEMENT_WITHOUT_USE,
                placement.key,
                format!(
                    "`PhysicalConnectionRequirements` has no effect on a {} connection, which asks \
                     a service of AWS to validate views",
                    kind.name
                ),
            )
            .help("Remove it."),
        );
    }
}

impl Naming {
    /// What is wrong with a name: the part of it, and why.
    fn fault<'n>(&self, name: &'n str) -> Option<(&'n str, String)> {
        // Characters that nobody sees are for other rules.
        if name.is_empty() || is_stand_in(name) || has_hole(name) || name.contains(char::is_control)
        {
            return None;
        }
        let (what, made_of) = (self.what, self.made_of);
        if name.starts_with("arn:") {
            return Some((name, format!("is an ARN, but `{}` takes a name", self.key)));
        }
        if self.is_dns_like && name.contains('.') {
            let why = format!("is an address, but `{}` takes a name", self.key);
            return Some((name, why));
        }
        if let Some((at, c)) = name.char_indices().find(|(_, c)| !(self.may_have)(*c)) {
            let part = name.get(at..at + c.len_utf8()).unwrap_or(name);
            let why = format!("is not allowed in the name of {what}, which has {made_of}");
            return Some((part, why));
        }
        let len = name.chars().count();
        if !(self.least..=self.most).contains(&len) {
            let plural = if len == 1 { "" } else { "s" };
            let why = format!(
                "has {len} character{plural}, but the name of {what} has {} to {}",
                self.least, self.most
            );
            return Some((name, why));
        }
        let is_odd = !name.starts_with(|c: char| c.is_ascii_alphabetic())
            || name.ends_with('-')
            || name.contains("--");
        (self.is_dns_like && is_odd).then(|| {
            let why = format!("is not the name of {what}, which has {made_of}");
            (name, why)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_by_what_they_name() {
        for (naming, good) in [
            (&ATHENA_WORKGROUP, "Team_A.etl-1"),
            (&REDSHIFT_WORKGROUP, "orders-1"),
            (&REDSHIFT_CLUSTER, "orders-1"),
            (&REDSHIFT_CLUSTER, "${Cluster}"),
            (&REDSHIFT_CLUSTER, "orders-\u{FFFC}"),
        ] {
            assert_eq!(naming.fault(good), None, "{good}");
        }
        for (naming, bad, part) in [
            (&ATHENA_WORKGROUP, "team a", " "),
            (&ATHENA_WORKGROUP, "arn:aws:athena:x", "arn:aws:athena:x"),
            (&REDSHIFT_WORKGROUP, "Orders", "O"),
            (&REDSHIFT_WORKGROUP, "ab", "ab"),
            (&REDSHIFT_CLUSTER, "1orders", "1orders"),
            (&REDSHIFT_CLUSTER, "a--b", "a--b"),
            (
                &REDSHIFT_CLUSTER,
                "orders.abc.redshift",
                "orders.abc.redshift",
            ),
        ] {
            assert_eq!(naming.fault(bad).map(|(part, _)| part), Some(part), "{bad}");
        }
    }
}
