//! Floor 3: what is said.

mod fix;
mod redact;

use std::cmp::Ordering;

use crate::spec::{Rule, Severity};
use crate::text::Place;

pub use fix::{Fix, Safety};
pub use redact::{Secrets, credentials_in, is_secret_name, mask, masked, may_be_secret_name};

/// Something that a rule found. Findings have one order: file, start, severity, rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is here.
    pub severity: Severity,
    /// What is wrong with this value and why, in one sentence without a final stop.
    pub message: String,
    /// What it is about.
    pub place: Place,
    /// A few words beside the underline; empty where the message says it all.
    pub note: String,
    /// Other places that belong to it.
    pub labels: Vec<Label>,
    /// What to do, in a sentence.
    pub help: Option<String>,
    /// What can be done about it, each fix by itself.
    pub fixes: Vec<Fix>,
    /// The logical path of what it is about: `ConnectionInput.ConnectionProperties.PORT`.
    pub path: String,
    /// The connection, as people call it; empty for findings about a document.
    pub connection: String,
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What it has to do with the finding.
    pub text: String,
    /// Whether the text is written there that the finding is about.
    pub is_origin: bool,
}

impl Finding {
    /// A finding of a rule at a place.
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Finding {
        Finding {
            rule,
            severity: rule.severity,
            message: message.into(),
            place,
            note: String::new(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            path: String::new(),
            connection: String::new(),
        }
    }

    /// Whether it says the same of the same place, of whatever connection.
    pub fn says_the_same(&self, other: &Finding) -> bool {
        std::ptr::eq(self.rule, other.rule)
            && (self.place, self.severity) == (other.place, other.severity)
            && (&self.message, &self.help) == (&other.message, &other.help)
            && self.labels == other.labels
    }

    /// The same finding with another weight.
    pub fn severity(mut self, severity: Severity) -> Finding {
        self.severity = severity;
        self
    }

    /// The same finding with advice.
    pub fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(help.into());
        self
    }

    /// The same finding with what can be done about it, if anything can.
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Finding {
        self.fixes.extend(fix.into());
        self
    }

    /// The same finding with a few words beside the underline.
    pub fn note(mut self, note: impl Into<String>) -> Finding {
        self.note = note.into();
        self
    }

    /// The same finding with other places.
    pub fn labels<T: Into<String>>(self, labels: impl IntoIterator<Item = (Place, T)>) -> Finding {
        (labels.into_iter()).fold(self, |finding, (place, text)| finding.label(place, text))
    }

    /// The same finding with another place.
    pub fn label(mut self, place: Place, text: impl Into<String>) -> Finding {
        self.labels.push(Label {
            place,
            text: text.into(),
            is_origin: false,
        });
        self
    }

    /// The same finding with the place where its text is written, which is not its own; `what` that
    /// is.
    pub fn from_here(mut self, place: Place, what: &str) -> Finding {
        self.labels.push(Label {
            place,
            text: format!("from here: {what}"),
            is_origin: true,
        });
        self
    }
}

impl Ord for Finding {
    fn cmp(&self, other: &Finding) -> Ordering {
        (self.place.file, self.place.span.start)
            .cmp(&(other.place.file, other.place.span.start))
            .then(other.severity.cmp(&self.severity))
            .then_with(|| self.rule.name.cmp(other.rule.name))
            .then_with(|| self.place.span.end.cmp(&other.place.span.end))
            .then_with(|| self.message.cmp(&other.message))
    }
}

impl PartialOrd for Finding {
    fn partial_cmp(&self, other: &Finding) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Writes a number of things: `1 error`, `2 errors`.
pub fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}
