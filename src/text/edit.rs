//! Changes of a text, byte by byte.

use super::Span;

/// Other characters in place of those under a span. An empty span is a place to insert at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub replacement: String,
}

impl Edit {
    /// These characters in place of those under `span`.
    pub fn new(span: Span, replacement: impl Into<String>) -> Edit {
        Edit {
            span,
            replacement: replacement.into(),
        }
    }

    /// Nothing in place of what is under `span`.
    pub fn delete(span: Span) -> Edit {
        Edit::new(span, "")
    }

    /// These characters in front of the byte at `offset`.
    pub fn insert(offset: u32, text: impl Into<String>) -> Edit {
        Edit::new(Span::at(offset), text)
    }

    /// Whether the two cannot both be made, or not in a certain order.
    fn clashes(&self, other: &Edit) -> bool {
        let (one, two) = (self.span, other.span);
        one.start == two.start || (one.start < two.end && two.start < one.end)
    }
}

/// Edits of one text that do not get in each other's way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    /// In the order of the text.
    edits: Vec<Edit>,
}

impl Edits {
    /// Adds edits that belong together: all of them, or none where one gets in the way of another.
    /// Says whether they were added.
    pub fn add(&mut self, edits: &[Edit]) -> bool {
        let mut new: Vec<&Edit> = edits.iter().collect();
        new.sort_by_key(|edit| edit.span);
        let mut pairs = new.array_windows::<2>();
        if pairs.any(|[one, other]| one.clashes(other)) || new.iter().any(|it| self.clash(it)) {
            return false;
        }
        for edit in new {
            let index = self.index_of(edit);
            self.edits.insert(index, edit.clone());
        }
        true
    }

    /// Where an edit belongs among the others.
    fn index_of(&self, edit: &Edit) -> usize {
        (self.edits).partition_point(|other| other.span < edit.span)
    }

    /// Whether any edit gets in the way of that one: then one of its neighbours does.
    fn clash(&self, edit: &Edit) -> bool {
        let index = self.index_of(edit);
        let neighbours = [index.checked_sub(1), Some(index)].into_iter().flatten();
        (neighbours.filter_map(|index| self.edits.get(index))).any(|other| edit.clashes(other))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The text with the edits made. One that does not fit the text is left out.
    pub fn apply(&self, text: &str) -> String {
        let mut edited = String::with_capacity(text.len());
        let mut from = 0;
        for edit in &self.edits {
            let range = edit.span.range();
            let (Some(kept), Some(_)) = (text.get(from..range.start), text.get(range.clone()))
            else {
                continue;
            };
            edited.push_str(kept);
            edited.push_str(&edit.replacement);
            from = range.end;
        }
        edited.push_str(text.get(from..).unwrap_or_default());
        edited
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, text: &str) -> Edit {
        Edit::new(Span::new(start, end), text)
    }

    #[test]
    fn the_first_of_two_that_clash_is_made() {
        let mut edits = Edits::default();
        assert!(edits.add(&[edit(4, 6, "X")]));
        assert!(
            !edits.add(&[edit(0, 1, "Y"), edit(5, 8, "Y")]),
            "all or none"
        );
        assert!(!edits.add(&[edit(4, 4, "Y")]), "the order is not certain");
        assert!(edits.add(&[edit(6, 6, "Z"), edit(0, 0, "A")]));
        assert_eq!(edits.apply("0123456789"), "A0123XZ6789");
    }

    #[test]
    fn edits_of_one_fix_must_fit_each_other() {
        let mut edits = Edits::default();
        assert!(!edits.add(&[edit(2, 2, "a"), edit(2, 3, "b")]));
        assert!(edits.is_empty());
        assert_eq!(edits.apply("é"), "é");
        assert!(edits.add(&[edit(1, 2, "x")]));
        assert_eq!(edits.apply("é"), "é", "no character is cut");
    }
}
