//! What can be done about a finding, as edits of its document.

use super::Secrets;
use crate::form::{Entry, Value};
use crate::syntax::{Change, Tree};
use crate::text::{Edit, Edits, Span};

/// What a fix promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// The document means the same afterwards, or what it certainly should have meant.
    Safe,
    /// It may mean something else: somebody should look at it.
    Unsafe,
}

impl Safety {
    /// `safe` or `unsafe`.
    pub fn name(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        }
    }
}

/// A change that mends what a finding is about. A rule says what to change; how that is written
/// depends on the document, and a fix that cannot be written there for certain goes away, and so does
/// one that would reach into a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it promises.
    pub safety: Safety,
    /// What it does, in an imperative sentence without a final stop.
    pub title: String,
    /// How it is written in the finding's document: apart from each other, all of them or none.
    pub edits: Vec<Edit>,
    changes: Vec<Change>,
}

impl Fix {
    fn new(title: impl Into<String>, change: Change) -> Fix {
        Fix {
            safety: Safety::Safe,
            title: title.into(),
            edits: Vec::new(),
            changes: vec![change],
        }
    }

    /// A safe fix whose edits are known.
    pub fn written(title: impl Into<String>, edits: Vec<Edit>) -> Fix {
        Fix {
            safety: Safety::Safe,
            title: title.into(),
            edits,
            changes: Vec::new(),
        }
    }

    /// Writes another text in place of a value whose text is known.
    pub fn replace(value: &Value<'_>, to: &str) -> Option<Fix> {
        let change = Change::Text {
            span: value.place.span,
            from: value.known()?.to_owned(),
            to: to.to_owned(),
        };
        Some(Fix::new(format!("Write \"{to}\""), change))
    }

    /// Writes another text in place of `part`, which is a slice of a value's text.
    pub fn replace_part(value: &Value<'_>, part: &str, to: &str) -> Fix {
        Fix::new(format!("Write `{to}`"), Fix::part(value, part, to))
    }

    /// Takes a part out of a value's text; `what` it is, says the title.
    pub fn remove_part(value: &Value<'_>, part: &str, what: &str) -> Fix {
        Fix::new(format!("Remove {what}"), Fix::part(value, part, ""))
    }

    /// Writes a text behind `part`, which is a slice of a value's text and is not empty.
    pub fn append_to_part(value: &Value<'_>, part: &str, text: &str) -> Fix {
        let to = format!("{part}{text}");
        Fix::new(format!("Add `{text}`"), Fix::part(value, part, &to))
    }

    /// Takes out what the language of the document does not allow, and is no part of its tree.
    pub fn delete(span: Span, what: &str) -> Fix {
        Fix {
            safety: Safety::Safe,
            title: format!("Remove {what}"),
            edits: vec![Edit::delete(span)],
            changes: Vec::new(),
        }
    }

    fn part(value: &Value<'_>, part: &str, to: &str) -> Change {
        Change::Text {
            span: value.place_of(part).span,
            from: part.to_owned(),
            to: to.to_owned(),
        }
    }

    /// Puts a number or a truth value in quotes.
    pub fn quote(value: &Value<'_>) -> Fix {
        let span = value.place.span;
        Fix::new("Put it in quotes", Change::Quotes { span })
    }

    /// Gives an entry another name: the one by which the document should call it.
    pub fn rename(entry: &Entry<'_>, name: &str) -> Fix {
        let change = Change::Key {
            key: entry.key.span,
            name: name.to_owned(),
        };
        Fix::new(format!("Rename it to `{name}`"), change)
    }

    /// Takes an entry out.
    pub fn remove(entry: &Entry<'_>) -> Fix {
        let span = entry.key.span;
        Fix::new("Remove the entry", Change::Removal { span })
    }

    /// Takes an item out of a list.
    pub fn remove_item(item: &Value<'_>) -> Fix {
        let span = item.place.span;
        Fix::new("Remove the item", Change::Removal { span })
    }

    /// Adds an entry behind another one of the same map, whose text is known.
    pub fn add_behind(entry: &Entry<'_>, name: &str, text: &str) -> Option<Fix> {
        let change = Change::Entry {
            behind: entry.key.span,
            value: entry.value.place.span,
            holds: entry.value.known()?.to_owned(),
            name: name.to_owned(),
            text: text.to_owned(),
        };
        Some(Fix::new(format!("Add `{name}`"), change))
    }

    /// Makes a list of a value.
    pub fn wrap(value: &Value<'_>) -> Fix {
        let span = value.place.span;
        Fix::new("Write it as a list", Change::Wrap { span })
    }

    /// Puts the only item of a list in the place of the list.
    pub fn unwrap(entry: &Entry<'_>) -> Fix {
        let key = entry.key.span;
        Fix::new("Write the item alone", Change::Unwrap { key })
    }

    /// Takes another attribute of what an expression refers to.
    pub fn attribute(value: &Value<'_>, from: &str, to: &str) -> Fix {
        let change = Change::Attribute {
            span: value.place.span,
            from: from.to_owned(),
            to: to.to_owned(),
        };
        Fix::new(format!("Refer to `{to}`"), change)
    }

    /// Adds an entry in front of another one of the same map, which refers to what CloudFormation
    /// knows by that name.
    pub fn add_reference(before: &Entry<'_>, name: &str, to: &str) -> Fix {
        let change = Change::Reference {
            before: before.key.span,
            name: name.to_owned(),
            to: to.to_owned(),
        };
        Fix::new(format!("Add `{name}`"), change)
    }

    /// Makes a map of a list of pairs.
    pub fn pairs_to_map(entry: &Entry<'_>) -> Fix {
        let key = entry.key.span;
        Fix::new("Write the pairs as a map", Change::Pairs { key })
    }

    /// The same fix, which does that too.
    pub fn and(mut self, other: Fix) -> Fix {
        self.safety = self.safety.max(other.safety);
        self.changes.extend(other.changes);
        self
    }

    /// The same fix, which says so of itself.
    pub fn titled(mut self, title: impl Into<String>) -> Fix {
        self.title = title.into();
        self
    }

    /// The same fix, of which somebody should look at what it does.
    pub fn unsafe_to_apply(mut self) -> Fix {
        self.safety = Safety::Unsafe;
        self
    }

    /// The same fix, which promises less unless that is so.
    pub fn safe_if(self, is_safe: bool) -> Fix {
        if is_safe {
            self
        } else {
            self.unsafe_to_apply()
        }
    }

    /// Whether it holds a text in which there is a secret.
    pub fn holds_any(&self, secrets: &Secrets) -> bool {
        (self.changes.iter().filter_map(Change::held)).any(|span| secrets.touch(span))
    }

    /// Writes the changes as edits of a document; `None` where that cannot be done for certain. What
    /// is not the connection's own, or is repeated by an alias, may mean something elsewhere too, and so
    /// the fix promises less.
    pub fn write(&mut self, tree: &Tree<'_>, is_own: &dyn Fn(Span) -> bool) -> Option<()> {
        let mut together = Edits::default();
        for change in std::mem::take(&mut self.changes) {
            let edits = tree.edits(&change)?;
            if tree.is_repeated(change.span()) || !is_own(change.span()) {
                self.safety = Safety::Unsafe;
            }
            together.add(&edits).then_some(())?;
            self.edits.extend(edits);
        }
        Some(())
    }
}
