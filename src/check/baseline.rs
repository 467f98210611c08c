//! Baselines: what was known to be wrong.

use crate::diag::{Finding, count};
use crate::spec::rules;
use crate::text::Place;

rules! {
    /// A known finding that there is no more.
    STALE_BASELINE_ENTRY = "stale-baseline-entry", Warning, since "0.1.0";
}

/// An entry of a baseline which knows more findings of a rule than the `found` ones.
pub fn stale_baseline_entry(place: Place, rule: &str, found: usize) -> Finding {
    let message = match found {
        0 => format!("`{rule}` is not found here any more"),
        _ => format!("`{rule}` is found here only {} now", count(found, "time")),
    };
    Finding::new(&STALE_BASELINE_ENTRY, place, message)
        .help("Write the baseline anew, so that the same mistake is reported if it is made again.")
}
