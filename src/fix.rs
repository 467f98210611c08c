//! Floor 5: a report's fixes become the text of a file.

mod diff;
mod masked;

use crate::diag::{Finding, Fix};
use crate::lint::{FileReport, Options, lint};
use crate::text::{Edits, Source};

pub use diff::Diff;
pub use masked::Masked;

/// After so many rounds, what is left is left. One fix can make room for another, but not for many.
pub const MAX_ROUNDS: usize = 16;

/// What fixes are wanted: asked of each with its finding.
pub type Wanted<'w> = &'w dyn Fn(&Finding, &Fix) -> bool;

/// A document after its fixes.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// Its text.
    pub source: Source,
    /// What is left to say about it, of which all places are those in the new text.
    pub report: FileReport,
    /// How many findings were mended.
    pub count: usize,
}

/// The text of a document with the wanted fixes of its report, and how many they are. Of two that get
/// in each other's way, the first is made, and the other may be made in another round.
///
/// `text` is the text that was linted, of which the report has but a masked copy.
pub fn fix_once(text: &str, report: &FileReport, wanted: Wanted<'_>) -> (String, usize) {
    let mut edits = Edits::default();
    let mut count = 0;
    for finding in &report.findings {
        let mut fixes = finding.fixes.iter().filter(|fix| wanted(finding, fix));
        // One of several is enough.
        count += usize::from(fixes.any(|fix| edits.add(&fix.edits)));
    }
    (edits.apply(text), count)
}

/// Lints a document and makes the wanted fixes, until there are none left.
pub fn fix(mut source: Source, options: &Options, wanted: Wanted<'_>) -> Fixed {
    let mut total = 0;
    let mut report = lint(source.clone(), options);
    for _ in 0..MAX_ROUNDS {
        let (text, count) = fix_once(&source.text, &report, wanted);
        if count == 0 {
            break;
        }
        source.text = text;
        total += count;
        report = lint(source.clone(), options);
    }
    Fixed {
        source,
        report,
        count: total,
    }
}
