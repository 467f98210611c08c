//! YAML: the only importer of its parser.

use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, options};

use super::builder::Builder;
use super::{Language, ProblemKind, Style, Tree, scalar};
use crate::text::Span;

/// Reads a stream of YAML documents, from byte `start` to the end. A broken one is passed over, with
/// a problem.
pub(super) fn read(text: &str, start: usize) -> Tree<'_> {
    let options = options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
    };
    let mut parser =
        Parser::new_from_str_with_options(text.get(start..).unwrap_or_default(), options);
    let mut reader = Reader {
        text,
        start,
        builder: Builder::new(text, Language::Yaml),
        anchors: BTreeMap::new(),
        too_deep: false,
    };
    loop {
        match parser.next_event() {
            None | Some(Ok((Event::StreamEnd, _))) => break,
            Some(Ok((event, span))) => reader.event(&event, span),
            Some(Err(error)) => {
                let at = error
                    .marker()
                    .byte_offset()
                    .map_or(text.len(), |offset| start + offset)
                    .min(text.len());
                reader.broken(at, describe(error.kind()));
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
                continue;
            }
        }
        if reader.too_deep {
            reader.builder.abandon_document();
            reader.too_deep = false;
            if !matches!(parser.proceed_next_document(), Ok(true)) {
                break;
            }
        }
    }
    reader.builder.finish()
}

struct Reader<'s> {
    text: &'s str,
    /// Where the parser began; its offsets count from there.
    start: usize,
    builder: Builder<'s>,
    /// Nodes by anchor number.
    anchors: BTreeMap<usize, u32>,
    too_deep: bool,
}

impl Reader<'_> {
    fn broken(&mut self, at: usize, message: &str) {
        self.builder.abandon_document();
        let rest = self.text.get(at..).unwrap_or_default();
        let len = rest.chars().next().map_or(0, char::len_utf8);
        self.builder
            .problem(Span::of(at..at + len), ProblemKind::Syntax, message);
    }

    fn event(&mut self, event: &Event<'_>, span: granit_parser::Span) {
        let range = self.shifted(span.byte_range().unwrap_or(0..0));
        match event {
            Event::DocumentStart(..) => {
                self.anchors.clear();
                self.builder.begin_document();
            }
            Event::Scalar(value, style, anchor, _) => {
                let node = self.scalar(range, value, *style);
                self.properties(node, *anchor, span);
            }
            Event::SequenceStart(_, anchor, _) | Event::MappingStart(_, anchor, _) => {
                let is_map = matches!(event, Event::MappingStart(..));
                match self.builder.open(Span::of(range), is_map) {
                    Some(node) => self.properties(node, *anchor, span),
                    None => self.too_deep = true,
                }
            }
            Event::SequenceEnd | Event::MappingEnd => {
                // A block collection ends, for the parser, where the next token begins; for a
                // reader it ends with its last entry. A flow collection ends with its bracket.
                let end = Span::of(range);
                self.builder.close((!end.is_empty()).then_some(end.end));
            }
            Event::Alias(anchor) => {
                let target = self.anchors.get(anchor).copied();
                self.builder.alias(Span::of(range), target);
            }
            Event::UnresolvedAlias(_) => {
                let span = Span::of(range);
                self.builder.alias(span, None);
                self.builder.problem(
                    span,
                    ProblemKind::Syntax,
                    "no anchor of this name stands before the alias",
                );
            }
            _ => {}
        }
    }

    fn properties(&mut self, node: u32, anchor: usize, span: granit_parser::Span) {
        if anchor > 0 {
            self.anchors.insert(anchor, node);
            self.builder.anchor(node);
        }
        if let Some(tag) = span.tag_span().and_then(|tag| tag.byte_range()) {
            self.builder.tag(node, Span::of(self.shifted(tag)));
        }
    }

    /// A range of the parser's, in the text.
    fn shifted(&self, range: Range<usize>) -> Range<usize> {
        self.start + range.start..self.start + range.end
    }

    fn scalar(&mut self, range: Range<usize>, value: &str, style: ScalarStyle) -> u32 {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let (span, breaks) = match style {
            Style::Literal | Style::Folded => {
                let breaks = value.len() - value.trim_end_matches('\n').len();
                (
                    self.block_content(range),
                    u8::try_from(breaks).unwrap_or(u8::MAX),
                )
            }
            _ => (Span::of(range), 0),
        };
        if style == Style::Plain && value == "<<" && self.builder.at_key() {
            self.builder.merges();
        }
        if scalar::inside_quotes(style, span).slice(self.text) == value {
            return self.builder.scalar(span, style, true);
        }
        if scalar::decode(self.text, span, style, breaks).as_str() == value {
            return self.builder.block_scalar(span, style, false, breaks);
        }
        self.builder.decoded_scalar(span, style, value.to_owned())
    }

    /// The span of a block scalar's text: behind the header and the first line's indentation, up
    /// to the last character that is neither blank nor a line break.
    fn block_content(&self, range: Range<usize>) -> Span {
        let raw = self.text.get(range.clone()).unwrap_or_default();
        let header = if raw.starts_with(['|', '>']) {
            raw.find('\n').map_or(raw.len(), |newline| newline + 1)
        } else {
            0
        };
        let body = raw.get(header..).unwrap_or_default();
        let trimmed = body.trim_end();
        let start = trimmed.len() - trimmed.trim_start().len();
        Span::of(range.start + header + start..range.start + header + trimmed.len())
    }
}

/// What the parser stumbled over, in words that hold nothing of the document.
fn describe(kind: &ErrorKind) -> &'static str {
    use ErrorKind as E;
    match kind {
        E::UnexpectedEofFlowSequence | E::ExpectedFlowSequenceSeparator => {
            "the list in brackets goes on here without a comma or `]`"
        }
        E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping
        | E::ExpectedFlowMappingSeparator => {
            "the map in braces goes on here without a comma or `}`"
        }
        E::UnclosedFlowCollection { .. } => "a bracket or brace that is opened here is not closed",
        E::MismatchedFlowCollectionEnd { .. } | E::MisplacedFlowCollectionEnd => {
            "this bracket or brace closes none that is open"
        }
        E::UnexpectedEofBlockSequence | E::ExpectedBlockSequenceEntry => {
            "another entry of the list, `- ...`, should stand here"
        }
        E::UnexpectedEofBlockMapping | E::ExpectedBlockMappingKey => {
            "another key of the map should stand here: is the indentation right?"
        }
        E::UnexpectedEof => "the document ends too early",
        E::ExpectedDocumentStart | E::InvalidDocumentEnd => {
            "the document should have ended before this"
        }
        E::SimpleKeyExpected | E::InvalidSimpleKey => "a colon is missing behind the key",
        E::MappingValueNotAllowed | E::MappingKeyNotAllowed | E::InvalidColonPlacement => {
            "no `key: value` can stand here: does a text with a colon lack its quotes?"
        }
        E::BlockSequenceEntryNotAllowed | E::BlockEntryInFlowCollection => {
            "no entry of a list can stand here"
        }
        E::InvalidIndentation
        | E::InvalidFlowScalarIndent
        | E::InvalidQuotedScalarIndent
        | E::InvalidBlockScalarIndent => "the indentation of this line is wrong",
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabInIndentation
        | E::TabInPlainScalar
        | E::TabAtBlockScalarStart => "YAML takes no tab here: indent with spaces",
        E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => {
            "the text in quotes is not closed"
        }
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => {
            "nothing can follow the closing quote on this line"
        }
        E::UnknownQuotedScalarEscape
        | E::InvalidQuotedScalarHexEscape
        | E::InvalidUnicodeEscape
        | E::InvalidLowSurrogateHexEscape
        | E::InvalidLowSurrogate
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate => {
            "no escape sequence begins so; single quotes take text as it is"
        }
        E::UnexpectedCharacter { .. } | E::PlainScalarStartsWithDashFlowIndicator => {
            "a text cannot begin with this character unless it is in quotes"
        }
        E::UndeclaredTagHandle
        | E::ExpectedTagBang
        | E::InvalidTagTerminator
        | E::MissingTagUri
        | E::UnclosedVerbatimTag => "the tag that begins with `!` is none that YAML knows",
        E::InvalidBlockScalarHeader | E::ZeroBlockScalarIndent => {
            "what follows `|` or `>` is not its header"
        }
        E::RecursionLimitExceeded => "the nesting is too deep",
        _ => "the YAML parser cannot go on from here",
    }
}
