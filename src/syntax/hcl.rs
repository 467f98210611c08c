//! HCL, the native syntax of Terraform and OpenTofu.
//!
//! A block becomes what Terraform's JSON syntax makes of it: `resource "a" "b" { … }` is the map
//! `b` in the map `a` in the map `resource`. Literal collections become lists and maps; everything
//! else that has to be evaluated becomes an expression over its operands.
//!
//! The grammar is that of <https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md>.

use std::ops::Range;

use super::builder::{Builder, Group, Pending};
use super::{Language, MAX_DEPTH, Operator, ProblemKind, Style, Tree};
use crate::text::Span;

/// Reads a text from byte `start` to the end as a body: the arguments and blocks of a file.
pub(super) fn read(text: &str, start: usize) -> Tree<'_> {
    let mut builder = Builder::new(text, Language::Hcl);
    builder.begin_document();
    let mut reader = Reader::new(text, start..text.len(), &mut builder);
    if reader.file(start..text.len()).is_err() {
        builder.abandon_document();
    }
    builder.finish()
}

/// Reads a string of Terraform's JSON syntax that has a template in it, without its quotes and free
/// of escapes. `false` where that is no template; then nothing was added.
pub(super) fn template_in_json<'s>(
    text: &'s str,
    inside: Range<usize>,
    builder: &mut Builder<'s>,
) -> bool {
    let start = builder.pending();
    let mut reader = Reader::new(text, inside.clone(), builder);
    let whole = Span::of(inside.start - 1..inside.end + 1);
    let is_read = reader.template(End::Text, 0).is_ok();
    if is_read {
        builder.group(start, whole, Group::Expression(Operator::Template));
    } else {
        builder.take_back(start);
    }
    is_read
}

struct Reader<'s, 'b> {
    /// The text up to where reading ends.
    text: &'s str,
    at: usize,
    builder: &'b mut Builder<'s>,
    /// Whether a line break ends an expression: it does not within brackets.
    line_breaks_count: bool,
    depth: usize,
}

/// A file with so many problems is not read on.
const MAX_PROBLEMS: usize = 32;

/// A syntax problem has been noted; there is nothing more to read.
struct Stop;

/// Where a template ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// With a quote.
    Quote,
    /// With the text, or at this offset.
    Text,
    Offset(usize),
}

impl<'s, 'b> Reader<'s, 'b> {
    fn new(text: &'s str, range: Range<usize>, builder: &'b mut Builder<'s>) -> Reader<'s, 'b> {
        Reader {
            text: text.get(..range.end).unwrap_or(text),
            at: range.start,
            builder,
            line_breaks_count: true,
            depth: 0,
        }
    }

    // ---- bodies ------------------------------------------------------------------------------

    fn file(&mut self, range: Range<usize>) -> Result<(), Stop> {
        self.open(Span::of(range.start..range.start))?;
        self.body(false)?;
        self.builder.close(Some(Span::of(0..range.end).end));
        Ok(())
    }

    /// Arguments and blocks, up to the brace that closes the block, or to the end of the file.
    fn body(&mut self, in_block: bool) -> Result<(), Stop> {
        loop {
            self.blank_lines()?;
            match self.peek() {
                Some(b'}') if in_block => return Ok(()),
                None => return Ok(()),
                Some(_) => self.or_broken(Self::argument_or_block, 0, true)?,
            }
            self.blank()?;
            match self.peek() {
                None | Some(b'\n' | b'\r') => {}
                Some(b'}') if in_block => {}
                Some(_) => self.or_broken(Self::line_break, 0, true)?,
            }
        }
    }

    fn line_break(&mut self) -> Result<(), Stop> {
        self.unexpected("a new line should begin before this")
    }

    fn argument_or_block(&mut self) -> Result<(), Stop> {
        let Some(name) = self.identifier() else {
            return self.unexpected("the name of an argument or a block should stand here");
        };
        self.scalar(name, Style::Plain);
        self.blank()?;
        if self.peek() == Some(b'=') && self.peek_at(1) != Some(b'=') {
            self.at += 1;
            self.blank()?;
            return self.value();
        }
        self.block()
    }

    /// What follows the type of a block: its labels and its body.
    fn block(&mut self) -> Result<(), Stop> {
        let mut labels = 0;
        loop {
            self.blank()?;
            let start = self.at;
            match self.peek() {
                Some(b'{') => break,
                Some(b'"') => {
                    self.open(Span::of(start..start))?;
                    self.label()?;
                }
                _ => {
                    let Some(label) = self.identifier() else {
                        return self.unexpected("`=` or a block in braces should stand here");
                    };
                    self.open(Span::of(start..start))?;
                    self.scalar(label, Style::Plain);
                }
            }
            labels += 1;
        }
        let brace = Span::of(self.at..self.at + 1);
        self.open(Span::at(brace.start))?;
        self.at += 1;
        self.deeper(|reader| reader.body(true))?;
        if self.peek() == Some(b'}') {
            self.at += 1;
        } else {
            // What it holds can be read all the same.
            let message = "the block that begins here is not closed";
            (self.builder).problem(brace, ProblemKind::Syntax, message);
        }
        let end = Span::of(0..self.at).end;
        for _ in 0..=labels {
            self.builder.close(Some(end));
        }
        Ok(())
    }

    /// A label in quotes, which is no template.
    fn label(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let rest = self.text.get(start + 1..).unwrap_or_default();
        match rest.find(['"', '\n', '\\']) {
            Some(len) if rest.as_bytes().get(len) == Some(&b'"') => {
                self.at = start + len + 2;
                self.scalar(start..self.at, Style::Hcl);
                Ok(())
            }
            _ => self.unexpected("the label is not closed"),
        }
    }

    // ---- expressions -------------------------------------------------------------------------

    /// The value of an argument. A broken one is passed over.
    fn value(&mut self) -> Result<(), Stop> {
        self.or_broken(Self::expression, 1, true)
    }

    /// Reads something, or passes over it where it is broken, up to the end of its line or to the
    /// brace that closes what it stands in: the rest can be read all the same. So many broken nodes
    /// stand in its place. What is broken over several lines is often not closed: within an object,
    /// it is the object that is broken then.
    fn or_broken(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<(), Stop>,
        nodes: usize,
        spans_lines: bool,
    ) -> Result<(), Stop> {
        let (pending, start) = (self.builder.pending(), self.at);
        let (depth, counted) = (self.depth, self.line_breaks_count);
        if read(self).is_ok() {
            return Ok(());
        }
        let read = self.text.get(start..self.at).unwrap_or_default();
        let is_over = self.at >= self.text.len() || self.builder.problems() >= MAX_PROBLEMS;
        if is_over || (!spans_lines && read.contains('\n')) {
            return Err(Stop);
        }
        self.depth = depth;
        self.line_breaks_count = counted;
        let mut braces = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' | b'\r' => break,
                b'{' => braces += 1,
                b'}' if braces == 0 => break,
                b'}' => braces -= 1,
                _ => {}
            }
            self.at += 1;
        }
        // A brace that closes nothing.
        self.at += usize::from(nodes == 0 && self.at == start);
        let span = Span::of(start..self.at);
        self.builder.broken(pending, span, nodes);
        Ok(())
    }

    fn expression(&mut self) -> Result<(), Stop> {
        self.deeper(Self::conditional)
    }

    fn conditional(&mut self) -> Result<(), Stop> {
        let (pending, start) = (self.builder.pending(), self.at);
        self.operation()?;
        let end = self.at;
        self.blank()?;
        if self.peek() != Some(b'?') {
            self.at = end;
            return Ok(());
        }
        self.at += 1;
        self.blank_lines()?;
        self.expression()?;
        self.blank_lines()?;
        self.expect(
            b':',
            "the colon of `condition ? one : other` is missing before this",
        )?;
        self.blank_lines()?;
        self.expression()?;
        self.group(pending, start, Group::Expression(Operator::Conditional));
        Ok(())
    }

    /// Terms with operators between and before them. They stay in one row, for nothing that is
    /// computed is ever known.
    fn operation(&mut self) -> Result<(), Stop> {
        let (pending, start) = (self.builder.pending(), self.at);
        let mut is_computed = false;
        loop {
            while let Some(b'!' | b'-') = self.peek() {
                let is_number = self.peek() == Some(b'-')
                    && self.peek_at(1).is_some_and(|byte| byte.is_ascii_digit());
                if is_number {
                    break;
                }
                is_computed = true;
                self.at += 1;
                self.blank()?;
            }
            self.term()?;
            let end = self.at;
            self.blank()?;
            let Some(len) = self.operator_len() else {
                self.at = end;
                break;
            };
            is_computed = true;
            self.at += len;
            self.blank_lines()?;
        }
        if is_computed {
            self.group(pending, start, Group::Expression(Operator::Operation));
        }
        Ok(())
    }

    /// The length of the operator that begins here.
    fn operator_len(&self) -> Option<usize> {
        match (self.peek()?, self.peek_at(1)) {
            (b'|', Some(b'|')) | (b'&', Some(b'&')) | (b'=' | b'!' | b'<' | b'>', Some(b'=')) => {
                Some(2)
            }
            (b'%', Some(b'{')) => None,
            (b'<' | b'>' | b'+' | b'-' | b'*' | b'/' | b'%', _) => Some(1),
            _ => None,
        }
    }

    fn term(&mut self) -> Result<(), Stop> {
        let (pending, start) = (self.builder.pending(), self.at);
        let mut is_traversal = false;
        match self.peek() {
            Some(b'"') => self.string()?,
            Some(b'<') if self.peek_at(1) == Some(b'<') => return self.heredoc(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'[') => self.tuple()?,
            Some(b'{') => self.object()?,
            Some(b'(') => {
                self.at += 1;
                self.within_brackets(|reader| {
                    reader.blank()?;
                    reader.expression()?;
                    reader.blank()?;
                    reader.expect(b')', "a closing parenthesis is missing before this")
                })?;
            }
            _ => match self.identifier() {
                Some(name) => is_traversal = self.named(name)?,
                None => return self.unexpected("a value should stand here"),
            },
        }
        while self.step()? {
            is_traversal = true;
        }
        if is_traversal {
            self.group(pending, start, Group::Expression(Operator::Traversal));
        }
        Ok(())
    }

    /// What begins with a name: a word, a call, or else the root of a traversal.
    fn named(&mut self, name: Range<usize>) -> Result<bool, Stop> {
        let (pending, start) = (self.builder.pending(), name.start);
        // A function of a provider has colons in its name.
        while self.rest().starts_with("::") {
            self.at += 2;
            if self.identifier().is_none() {
                return self.unexpected("the name of a function should stand here");
            }
        }
        let end = self.at;
        self.scalar(start..end, Style::Plain);
        // Blanks may stand between the name of a function and its arguments.
        self.blank()?;
        if self.peek() != Some(b'(') {
            self.at = end;
            let word = self.text.get(start..end).unwrap_or_default();
            return Ok(!matches!(word, "true" | "false" | "null"));
        }
        self.at += 1;
        self.within_brackets(|reader| {
            loop {
                reader.blank()?;
                if reader.peek() == Some(b')') {
                    break;
                }
                reader.expression()?;
                reader.blank()?;
                if reader.rest().starts_with("...") {
                    reader.at += 3;
                    reader.blank()?;
                }
                match reader.peek() {
                    Some(b',') => reader.at += 1,
                    Some(b')') => break,
                    _ => return reader.unexpected("a comma or `)` is missing before this"),
                }
            }
            reader.at += 1;
            Ok(())
        })?;
        self.group(pending, start, Group::Expression(Operator::Call));
        Ok(false)
    }

    /// `.name`, `.0`, `.*`, `[…]` behind a term; `false` where there is none.
    fn step(&mut self) -> Result<bool, Stop> {
        let end = self.at;
        self.blank()?;
        match self.peek() {
            Some(b'.') if !self.rest().starts_with("...") => {
                self.at += 1;
                self.blank()?;
                let start = self.at;
                if let Some(name) = self.identifier() {
                    self.scalar(name, Style::Plain);
                } else if self.peek() == Some(b'*') {
                    self.at += 1;
                    self.scalar(start..self.at, Style::Plain);
                } else {
                    self.skip(|byte| byte.is_ascii_digit());
                    if self.at == start {
                        return self.unexpected("a name should stand behind the dot");
                    }
                    self.scalar(start..self.at, Style::Plain);
                }
                Ok(true)
            }
            Some(b'[') => {
                self.at += 1;
                self.within_brackets(|reader| {
                    reader.blank()?;
                    if reader.peek() == Some(b'*') {
                        reader.at += 1;
                        reader.scalar(reader.at - 1..reader.at, Style::Plain);
                    } else {
                        reader.expression()?;
                    }
                    reader.blank()?;
                    reader.expect(b']', "`]` is missing before this")
                })?;
                Ok(true)
            }
            _ => {
                self.at = end;
                Ok(false)
            }
        }
    }

    fn number(&mut self) {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        self.skip(|byte| byte.is_ascii_digit());
        if self.peek() == Some(b'.') && self.peek_at(1).is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
            self.skip(|byte| byte.is_ascii_digit());
        }
        if let Some(b'e' | b'E') = self.peek() {
            let sign = usize::from(matches!(self.peek_at(1), Some(b'+' | b'-')));
            if self.peek_at(1 + sign).is_some_and(|b| b.is_ascii_digit()) {
                self.at += 1 + sign;
                self.skip(|byte| byte.is_ascii_digit());
            }
        }
        self.scalar(start..self.at, Style::Plain);
    }

    fn tuple(&mut self) -> Result<(), Stop> {
        let (pending, start) = (self.builder.pending(), self.at);
        self.at += 1;
        let group = self.within_brackets(|reader| {
            reader.blank()?;
            if reader.is_for() {
                reader.for_expression()?;
                reader.expect(b']', "`]` is missing before this")?;
                return Ok(Group::Expression(Operator::For));
            }
            loop {
                reader.blank()?;
                if reader.peek() == Some(b']') {
                    break;
                }
                reader.expression()?;
                reader.blank()?;
                match reader.peek() {
                    Some(b',') => reader.at += 1,
                    Some(b']') => break,
                    Some(_) => return reader.unexpected("a comma is missing before this"),
                    None => return reader.unexpected("the list is not closed: `]` is missing"),
                }
            }
            reader.at += 1;
            Ok(Group::List)
        })?;
        self.group(pending, start, group);
        Ok(())
    }

    fn object(&mut self) -> Result<(), Stop> {
        let (pending, start) = (self.builder.pending(), self.at);
        self.at += 1;
        self.blank_lines()?;
        if self.is_for() {
            self.within_brackets(|reader| {
                reader.for_expression()?;
                reader.expect(b'}', "`}` is missing before this")
            })?;
            self.group(pending, start, Group::Expression(Operator::For));
            return Ok(());
        }
        let counted = std::mem::replace(&mut self.line_breaks_count, true);
        loop {
            self.blank_lines()?;
            match self.peek() {
                Some(b'}') => break,
                None => return self.unexpected("the object is not closed: `}` is missing"),
                Some(_) => self.or_broken(Self::object_entry, 2, false)?,
            }
            self.blank()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}' | b'\n' | b'\r') => {}
                None => return self.unexpected("the object is not closed: `}` is missing"),
                Some(_) => {
                    return self.unexpected("a comma or a new line is missing before this");
                }
            }
        }
        self.line_breaks_count = counted;
        self.at += 1;
        self.group(pending, start, Group::Map);
        Ok(())
    }

    fn object_entry(&mut self) -> Result<(), Stop> {
        let start = self.at;
        // A bare name is a key of that name, unless it is the beginning of an expression.
        if let Some(name) = self.identifier() {
            let end = self.at;
            self.blank()?;
            if matches!(self.peek(), Some(b'=' | b':')) {
                self.at = end;
                self.scalar(name, Style::Plain);
            } else {
                self.at = start;
                self.expression()?;
            }
        } else {
            self.expression()?;
        }
        self.blank()?;
        match self.peek() {
            Some(b'=' | b':') => self.at += 1,
            _ => return self.unexpected("`=` is missing behind the key"),
        }
        self.blank_lines()?;
        self.or_broken(Self::expression, 1, false)
    }

    /// Whether a `for` expression begins here.
    fn is_for(&self) -> bool {
        (self.rest().strip_prefix("for")).is_some_and(|rest| rest.starts_with([' ', '\t', '\n']))
            && !(self.rest().get(3..).unwrap_or_default().trim_start()).starts_with(['=', ':'])
    }

    /// `for a, b in c : d => e if f`, up to the bracket.
    fn for_expression(&mut self) -> Result<(), Stop> {
        self.at += "for".len();
        self.iterated()?;
        self.expect(
            b':',
            "the colon of the `for` expression is missing before this",
        )?;
        self.blank()?;
        self.expression()?;
        self.blank()?;
        if self.rest().starts_with("=>") {
            self.at += 2;
            self.blank()?;
            self.expression()?;
            self.blank()?;
        }
        if self.rest().starts_with("...") {
            self.at += 3;
            self.blank()?;
        }
        if self.word("if") {
            self.blank()?;
            self.expression()?;
            self.blank()?;
        }
        Ok(())
    }

    /// `a, b in c` of a `for`.
    fn iterated(&mut self) -> Result<(), Stop> {
        self.blank()?;
        loop {
            if self.identifier().is_none() {
                return self.unexpected("the name of the iterator should stand here");
            }
            self.blank()?;
            if self.peek() != Some(b',') {
                break;
            }
            self.at += 1;
            self.blank()?;
        }
        if !self.word("in") {
            return self.unexpected("`in` is missing before this");
        }
        self.blank()?;
        self.expression()?;
        self.blank()
    }

    // ---- templates ---------------------------------------------------------------------------

    fn string(&mut self) -> Result<(), Stop> {
        let (pending, start) = (self.builder.pending(), self.at);
        let text = self.text;
        let rest = text.as_bytes().get(start + 1..).unwrap_or_default();
        // Most strings are plain.
        let len = memchr::memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
        let is_plain = rest.get(len) == Some(&b'"');
        let plain = text.get(start + 1..start + 1 + len).unwrap_or_default();
        if is_plain && !plain.contains("${") && !plain.contains("%{") {
            self.at = start + len + 2;
            self.scalar(start..self.at, Style::Hcl);
            return Ok(());
        }
        self.at += 1;
        let is_text = self.template(End::Quote, 0)?;
        self.at += 1;
        if is_text {
            self.builder.take_back(pending);
            let span = Span::of(start..self.at);
            self.builder.scalar(span, Style::Hcl, false);
        } else {
            self.group(pending, start, Group::Expression(Operator::Template));
        }
        Ok(())
    }

    /// `<<EOT`, or `<<-EOT` whose lines lose the indentation that they share.
    fn heredoc(&mut self) -> Result<(), Stop> {
        let (pending, start) = (self.builder.pending(), self.at);
        self.at += 2;
        let is_flush = self.peek() == Some(b'-');
        self.at += usize::from(is_flush);
        let Some(name) = self.identifier() else {
            return self.unexpected("the word that ends the text should stand here");
        };
        let text = self.text;
        let name = text.get(name).unwrap_or_default();
        if !self.rest().starts_with(['\n', '\r']) {
            return self.unexpected("the text begins on a line of its own");
        }
        let rest = self.rest();
        let body = self.at + rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        let mut indent = usize::MAX;
        let mut end = body;
        for line in text.get(body..).unwrap_or_default().split_inclusive('\n') {
            let content = line.trim();
            if content == name {
                self.at = body;
                self.template(End::Offset(end), if is_flush { indent } else { 0 })?;
                self.at = end + line.len() - line.trim_start().len() + name.len();
                let blanks = (text.get(body..end).unwrap_or_default().bytes())
                    .take_while(|byte| matches!(byte, b' ' | b'\t'));
                let from = body
                    + if is_flush {
                        blanks.count().min(indent)
                    } else {
                        0
                    };
                let template = Group::Expression(Operator::Template);
                self.builder.group(pending, Span::of(from..end), template);
                return Ok(());
            }
            if !content.is_empty() {
                indent = indent.min(line.len() - line.trim_start().len());
            }
            end += line.len();
        }
        self.at = start;
        self.unexpected("the text behind `<<` is not ended by a line with its word")
    }

    /// The pieces of a template: literal ones and what stands in `${…}` and `%{…}`. Whether there
    /// is nothing but literal ones. `indent` bytes at the beginning of each line are left out.
    fn template(&mut self, end: End, indent: usize) -> Result<bool, Stop> {
        let style = if end == End::Quote {
            Style::HclPart
        } else {
            Style::HeredocPart
        };
        let mut is_text = true;
        let mut from = self.behind_indent(indent);
        self.at = from;
        loop {
            let is_over = match end {
                End::Quote => self.peek() == Some(b'"'),
                End::Text => self.at >= self.text.len(),
                End::Offset(offset) => self.at >= offset,
            };
            if is_over {
                self.piece(from..self.at, style);
                return Ok(is_text);
            }
            let rest = self.rest();
            match self.peek() {
                None => return self.unexpected("the text in quotes is not closed"),
                Some(b'\n') if end == End::Quote => {
                    return self.unexpected("the text in quotes is not closed on its line");
                }
                Some(b'\n') if indent > 0 => {
                    self.at += 1;
                    self.piece(from..self.at, style);
                    from = self.behind_indent(indent);
                    self.at = from;
                }
                Some(b'\\') if end == End::Quote => self.at += 2,
                Some(b'$' | b'%') if rest.starts_with("$${") || rest.starts_with("%%{") => {
                    self.at += 3;
                }
                Some(b'$' | b'%') if rest.as_bytes().get(1) == Some(&b'{') => {
                    is_text = false;
                    let literal = self.text.get(from..self.at).unwrap_or_default();
                    // `~` takes the blanks away on its side.
                    let is_trimmed = rest.as_bytes().get(2) == Some(&b'~');
                    let len = if is_trimmed {
                        literal.trim_end().len()
                    } else {
                        literal.len()
                    };
                    self.piece(from..from + len, style);
                    self.within_brackets(Self::sequence)?;
                    from = self.at;
                    if self
                        .text
                        .get(..from)
                        .is_some_and(|read| read.ends_with("~}"))
                    {
                        let rest = self.rest();
                        from += rest.len() - rest.trim_start().len();
                        self.at = from;
                    }
                }
                Some(_) => self.at += 1,
            }
        }
    }

    /// The offset behind the indentation of the line that begins here.
    fn behind_indent(&self, indent: usize) -> usize {
        let blanks = (self.rest().bytes().take(indent)).take_while(|b| matches!(b, b' ' | b'\t'));
        self.at + blanks.count()
    }

    fn piece(&mut self, range: Range<usize>, style: Style) {
        if !range.is_empty() {
            self.scalar(range, style);
        }
    }

    /// `${…}` or `%{…}`.
    fn sequence(&mut self) -> Result<(), Stop> {
        let (pending, start) = (self.builder.pending(), self.at);
        let is_directive = self.peek() == Some(b'%');
        self.at += 2;
        self.at += usize::from(self.peek() == Some(b'~'));
        self.blank()?;
        if !is_directive {
            self.expression()?;
        } else if self.word("for") {
            self.iterated()?;
        } else if self.word("if") {
            self.blank()?;
            self.expression()?;
        } else if self.identifier().is_none() {
            return self.unexpected("the name of a directive should stand here");
        }
        self.blank()?;
        self.at += usize::from(self.peek() == Some(b'~'));
        self.expect(b'}', "`}` is missing before this")?;
        self.group(
            pending,
            start,
            Group::Expression(if is_directive {
                Operator::Directive
            } else {
                Operator::Interpolation
            }),
        );
        Ok(())
    }

    // ---- characters --------------------------------------------------------------------------

    fn rest(&self) -> &'s str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.peek_at(0)
    }

    fn peek_at(&self, offset: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + offset).copied()
    }

    fn skip(&mut self, is_part: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&is_part) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8, otherwise: &str) -> Result<(), Stop> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            self.unexpected(otherwise)
        }
    }

    /// A letter, then letters, digits, `_` and `-`.
    fn identifier(&mut self) -> Option<Range<usize>> {
        let rest = self.rest();
        let is_start = |c: char| c.is_alphabetic() || c == '_';
        if !rest.starts_with(is_start) {
            return None;
        }
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let len = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let start = self.at;
        self.at += len;
        Some(start..self.at)
    }

    /// Takes that very word.
    fn word(&mut self, word: &str) -> bool {
        let start = self.at;
        let is_it = (self.identifier()).is_some_and(|range| self.text.get(range) == Some(word));
        if !is_it {
            self.at = start;
        }
        is_it
    }

    /// Skips blanks and comments, and line breaks where they do not count.
    fn blank(&mut self) -> Result<(), Stop> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\n' | b'\r') if !self.line_breaks_count => self.at += 1,
                Some(b'#') => self.skip_line(),
                Some(b'/') if self.peek_at(1) == Some(b'/') => self.skip_line(),
                Some(b'/') if self.peek_at(1) == Some(b'*') => match self.rest().find("*/") {
                    Some(len) => self.at += len + 2,
                    None => return self.unexpected("the comment is not closed"),
                },
                _ => return Ok(()),
            }
        }
    }

    /// Skips blanks, comments and line breaks.
    fn blank_lines(&mut self) -> Result<(), Stop> {
        let counted = std::mem::replace(&mut self.line_breaks_count, false);
        let outcome = self.blank();
        self.line_breaks_count = counted;
        outcome
    }

    fn skip_line(&mut self) {
        let rest = self.rest();
        self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
    }

    // ---- the tree ----------------------------------------------------------------------------

    fn open(&mut self, span: Span) -> Result<(), Stop> {
        self.builder.open(span, true).map(|_| ()).ok_or(Stop)
    }

    fn scalar(&mut self, range: Range<usize>, style: Style) {
        let raw = self.text.get(range.clone()).unwrap_or_default();
        let verbatim = match style {
            Style::Plain => true,
            Style::HeredocPart => !raw.contains("$${") && !raw.contains("%%{"),
            _ => !raw.contains('\\') && !raw.contains("$${") && !raw.contains("%%{"),
        };
        self.builder.scalar(Span::of(range), style, verbatim);
    }

    /// Makes one node of all that was added since `pending`: from `start` up to here.
    fn group(&mut self, pending: Pending, start: usize, group: Group) {
        self.builder.group(pending, Span::of(start..self.at), group);
    }

    /// Reads something between brackets, where line breaks do not count.
    fn within_brackets<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        let counted = std::mem::replace(&mut self.line_breaks_count, false);
        let outcome = read(self);
        self.line_breaks_count = counted;
        outcome
    }

    /// Reads something nested, if it is not nested too deeply.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Stop>) -> Result<T, Stop> {
        if self.depth >= MAX_DEPTH {
            return self.unexpected(&format!(
                "more than {MAX_DEPTH} levels of nesting are not read"
            ));
        }
        self.depth += 1;
        let outcome = read(self);
        self.depth -= 1;
        outcome
    }

    fn unexpected<T>(&mut self, message: &str) -> Result<T, Stop> {
        let len = self.rest().chars().next().map_or(0, char::len_utf8);
        let span = Span::of(self.at..self.at + len);
        (self.builder).problem(span, ProblemKind::Syntax, message);
        Err(Stop)
    }
}
