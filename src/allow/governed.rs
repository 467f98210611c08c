//! What of a document is governed by which suppressions, for many questions.

use crate::text::Span;

/// Spans that may lie in each other, each with what it stands for.
#[derive(Debug)]
pub(super) struct Governed<T> {
    /// By start, and the longest first.
    spans: Vec<(Span, T)>,
    /// For each, the nearest one before it that ends where it begins or later: all that lie around a
    /// place are found on the way from one to the next.
    around: Vec<Option<usize>>,
}

impl<T> Governed<T> {
    pub(super) fn new(mut spans: Vec<(Span, T)>) -> Governed<T> {
        spans.sort_by_key(|(span, _)| (span.start, u32::MAX - span.end));
        let mut around = Vec::with_capacity(spans.len());
        let mut open: Vec<(usize, Span)> = Vec::new();
        for (index, (span, _)) in spans.iter().enumerate() {
            while open.pop_if(|(_, it)| it.end < span.start).is_some() {}
            around.push(open.last().map(|(index, _)| *index));
            open.push((index, *span));
        }
        Governed { spans, around }
    }

    /// What the spans stand for that begin at `offset` or before it and end there or behind it.
    pub(super) fn at(&self, offset: u32) -> impl Iterator<Item = &T> {
        let behind = (self.spans).partition_point(|(span, _)| span.start <= offset);
        let outwards = |index: &usize| self.around.get(*index).copied().flatten();
        std::iter::successors(behind.checked_sub(1), outwards)
            .filter_map(|index| self.spans.get(index))
            .filter(move |(span, _)| span.end >= offset)
            .map(|(_, it)| it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spans_around_an_offset_are_found() {
        let all = [(0, 40), (2, 9), (3, 5), (6, 9), (9, 12), (10, 30), (11, 12)];
        let spans = all.map(|(start, end)| (Span::new(start, end), (start, end)));
        let governed = Governed::new(spans.to_vec());
        for offset in 0..50 {
            let mut found: Vec<(u32, u32)> = governed.at(offset).copied().collect();
            found.sort_unstable();
            let is_around = |it: &(u32, u32)| it.0 <= offset && offset <= it.1;
            let expected: Vec<(u32, u32)> = all.into_iter().filter(is_around).collect();
            assert_eq!(found, expected, "{offset}");
        }
    }
}
