//! A document and what is shown of it, side by side.

use super::{Wanted, fix_once};
use crate::diag::masked;
use crate::lint::FileReport;

/// A text, and the same text with its secrets masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    text: String,
    shown: String,
}

impl Masked {
    /// The text, and what a report shows of it; `None` where the report is about another text.
    pub fn new(text: String, shown: &str) -> Option<Masked> {
        let is_copy = text.len() == shown.len()
            && (text.chars().zip(shown.chars()))
                .all(|(own, seen)| seen == own || seen == masked(own));
        is_copy.then(|| Masked {
            text,
            shown: shown.to_owned(),
        })
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is shown of it.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Hides what a report on this text hides, too: what was known to be a secret stays one.
    #[must_use]
    pub fn hide(self, shown: &str) -> Masked {
        let characters = self.text.chars().zip(self.shown.chars()).zip(shown.chars());
        let shown = characters
            .map(|((own, one), other)| if one == own { other } else { one })
            .collect();
        Masked { shown, ..self }
    }

    /// What the wanted fixes of its report make of it, and how many they are: see [`fix_once`].
    pub fn fix_once(&self, report: &FileReport, wanted: Wanted<'_>) -> (Masked, usize) {
        let (text, count) = fix_once(&self.text, report, wanted);
        // No fix reaches into a secret, so they are the same edits.
        let (shown, _) = fix_once(&self.shown, report, wanted);
        (Masked { text, shown }, count)
    }

    /// The same with other characters in front, which are shown.
    #[must_use]
    pub fn behind(&self, front: &str) -> Masked {
        Masked {
            text: format!("{front}{}", self.text),
            shown: format!("{front}{}", self.shown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_a_copy_with_masks() {
        let masked = |text: &str, shown: &str| Masked::new(text.to_owned(), shown);
        assert_eq!(masked("a: bc", "a: bd"), None);
        assert_eq!(masked("a: b", "a: **"), None);
        let both = masked("a: bé cd", "a: bé **").unwrap().hide("a: *· cd");
        assert_eq!(both.shown(), "a: *· **");
    }
}
