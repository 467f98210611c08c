//! What should be a suppression and is none.

use super::directive::Fault;
use super::here;
use crate::check::suppressions::{self, HOW_IN_COMMENTS, HOW_IN_METADATA, HOW_UNTIL};
use crate::diag::{Finding, Secrets};
use crate::syntax::Text;
use crate::text::Span;

/// Why something is no suppression, though it should be one.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A comment is malformed.
    Directive(Fault),
    /// `gluelint` in `Metadata` holds something else than `allow`.
    NotAllow,
    /// The name of a rule should stand there.
    NotARule,
    /// A text should stand there.
    NotAText,
    /// A day should stand there.
    NotADay,
    /// A member that a suppression does not have.
    UnknownMember,
}

impl Trouble {
    /// The finding about it, where it is written in a text.
    pub(super) fn finding(&self, span: Span, text: &str, secrets: &Secrets) -> Finding {
        let written = Text::verbatim(span.slice(text), span.start);
        let quoted = secrets.quote(&written, written.as_str());
        let is_word = written.as_str().bytes().all(|it| it.is_ascii_alphabetic());
        let message = match self {
            Trouble::Directive(Fault::Word) if is_word => {
                &format!("{quoted} is nothing that can be asked of gluelint here")
            }
            Trouble::Directive(Fault::Word) => {
                "nothing that can be asked of gluelint stands behind `gluelint:`"
            }
            Trouble::Directive(Fault::Colon) => "the colon behind `gluelint` is missing",
            Trouble::Directive(Fault::Parenthesis) => {
                &format!("behind {quoted}, the rules should stand in parentheses")
            }
            Trouble::Directive(Fault::Unclosed) => "the parenthesis is not closed",
            Trouble::Directive(Fault::Empty) => "no rule is named between the parentheses",
            Trouble::Directive(Fault::Until) | Trouble::NotADay => "`until` does not name a day",
            Trouble::NotAllow => "`gluelint` in `Metadata` holds `allow` and nothing else",
            Trouble::NotARule => "the name of a rule should stand here",
            Trouble::NotAText => "a text should stand here",
            Trouble::UnknownMember => "a suppression has no such member",
        };
        suppressions::malformed(here(span), message, self.help())
    }

    /// How it is written.
    fn help(&self) -> &'static str {
        match self {
            Trouble::Directive(Fault::Until) | Trouble::NotADay => HOW_UNTIL,
            Trouble::Directive(_) => HOW_IN_COMMENTS,
            Trouble::NotAllow | Trouble::NotARule | Trouble::NotAText | Trouble::UnknownMember => {
                HOW_IN_METADATA
            }
        }
    }
}
