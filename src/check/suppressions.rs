//! Suppressions: what is wrong with those that somebody wrote. `allow` finds them, and what they
//! allow.

use crate::diag::Finding;
use crate::spec::{Rule, rules};
use crate::text::Place;

rules! {
    /// What should be a suppression, and is none.
    MALFORMED_SUPPRESSION = "malformed-suppression", Warning, since "0.1.0";
    /// A suppression of a rule that there is not.
    UNKNOWN_RULE = "unknown-rule", Warning, since "0.1.0";
    /// A suppression of what is not found there.
    UNUSED_SUPPRESSION = "unused-suppression", Warning, since "0.1.0";
    /// A suppression whose last day is over.
    EXPIRED_SUPPRESSION = "expired-suppression", Warning, since "0.1.0";
    /// A suppression without a reason, where one is demanded.
    SUPPRESSION_WITHOUT_REASON = "suppression-without-reason", Warning, since "0.1.0";
}

/// How a suppression is written in a comment.
pub const HOW_IN_COMMENTS: &str = "Write `gluelint: allow(rule)`, or `gluelint: allow-file(rule)` for \
     the whole file, and a reason behind it.";

/// How a suppression is written in the metadata of a template.
pub const HOW_IN_METADATA: &str = "Write `gluelint: {allow: [rule]}`, or \
     `{allow: [{rule: …, reason: …, until: …, path: …}]}`.";

/// How its last day is written.
pub const HOW_UNTIL: &str = "Write the last day on which it holds as `until=2027-01-31`.";

/// Something that should be a suppression.
pub fn malformed(place: Place, message: &str, help: &str) -> Finding {
    let message = format!("{message}: this allows nothing");
    Finding::new(&MALFORMED_SUPPRESSION, place, message).help(help)
}

/// A rule that there is not; `quoted` is what stands there, if it may be shown.
pub fn unknown_rule(place: Place, quoted: Option<&str>, nearest: Option<&str>) -> Finding {
    let quoted = quoted.unwrap_or("of this name");
    let message = format!("there is no rule {quoted}: this allows nothing");
    Finding::new(&UNKNOWN_RULE, place, message).help(match nearest {
        Some(nearest) => format!("Did you mean `{nearest}`?"),
        None => "Name a rule as the report does; `gluelint rules` lists them.".to_owned(),
    })
}

/// A suppression of everything.
pub fn not_all(place: Place) -> Finding {
    let message = "a suppression names its rules: nothing allows all of them";
    Finding::new(&UNKNOWN_RULE, place, message)
        .help("Name each rule that is to be allowed; `exclude` in gluelint.yaml leaves out a file.")
}

/// A suppression of a rule that finds nothing in what is governed.
pub fn unused(place: Place, rule: &Rule, governed: Option<Place>, is_comment: bool) -> Finding {
    let Some(governed) = governed else {
        let message = format!(
            "nothing stands below this comment or before it, so that `{}` is allowed nowhere",
            rule.name
        );
        return Finding::new(&UNUSED_SUPPRESSION, place, message)
            .help("Write it above an entry, an item or a block, or at the end of a line.");
    };
    let message = format!("`{}` finds nothing in what this governs", rule.name);
    let finding = Finding::new(&UNUSED_SUPPRESSION, place, message)
        .help("Remove it; if the finding is still there, move it to where that is.");
    // The metadata of a resource governs the resource.
    if is_comment {
        finding.label(governed, "what it governs begins here")
    } else {
        finding
    }
}

/// What a configuration allows, though the rule finds nothing in any of the files that it is for.
pub fn unused_in_configuration(place: Place, rule: &str) -> Finding {
    let message = format!("`{rule}` finds nothing in the files in which this allows it");
    Finding::new(&UNUSED_SUPPRESSION, place, message).help(
        "Remove it; if it is for a file that is not always there, name that file in `paths` of \
         `overrides`.",
    )
}

/// A suppression of a rule whose findings are always reported.
pub fn never_allowed(place: Place, rule: &Rule) -> Finding {
    let message = format!(
        "`{}` cannot be allowed: it tells of what was not checked, or of suppressions",
        rule.name
    );
    Finding::new(&UNUSED_SUPPRESSION, place, message).help("Remove it, and mend what is found.")
}

/// A suppression whose last day is over.
pub fn expired(place: Place, until: &str) -> Finding {
    let message = format!("this held until {until}, and allows nothing any more");
    Finding::new(&EXPIRED_SUPPRESSION, place, message)
        .help("Mend what it allowed and remove it, or give it another day and a reason.")
}

/// A suppression that does not say why.
pub fn without_reason(place: Place) -> Finding {
    let message = "this suppression does not say why, and the configuration demands a reason";
    Finding::new(&SUPPRESSION_WITHOUT_REASON, place, message)
        .help("Write behind it why the finding is right to be there.")
}

/// Whether a rule is about suppressions.
pub(super) fn owns(rule: &str) -> bool {
    RULES.iter().any(|own| own.name == rule)
}
