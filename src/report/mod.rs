//! Floor 5: a report becomes bytes. A renderer is one file and one row of [`RENDERERS`].
//!
//! Renderers know no file, environment or clock, and the same report always gives the same bytes.
//! They write in small pieces: hand them a buffered writer.

mod checkstyle;
mod concise;
mod excerpt;
mod fingerprint;
mod full;
mod github;
mod gitlab;
mod html;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod markup;
mod places;
mod rdjson;
mod sarif;
mod statistics;
mod summary;

use std::borrow::Cow;
use std::io;

use crate::diag::Finding;
use crate::lint::Report;
use crate::spec::{Rule, Severity};

pub use json::{SCHEMA, SCHEMA_VERSION};
pub use markdown::step_summary;
pub use statistics::statistics;
pub use summary::summary;

/// A way to write a report.
#[derive(Debug)]
pub struct Renderer {
    /// Its name, as `--format` and `--output` take it.
    pub name: &'static str,
    /// What it writes, in a few words that begin with a capital letter.
    pub title: &'static str,
    /// Whether it writes lines for people, behind which a summary may stand; what the others write is
    /// for programs, and complete.
    pub is_text: bool,
    /// Writes a report.
    pub render: fn(&Report, &Style, &mut dyn io::Write) -> io::Result<()>,
}

/// Every renderer; the first is the one for people at a terminal.
pub const RENDERERS: &[Renderer] = &[
    full::RENDERER,
    concise::RENDERER,
    json::RENDERER,
    jsonl::RENDERER,
    sarif::RENDERER,
    github::RENDERER,
    gitlab::RENDERER,
    rdjson::RENDERER,
    checkstyle::RENDERER,
    junit::RENDERER,
    markdown::RENDERER,
    html::RENDERER,
];

/// The renderer of that name.
pub fn renderer(name: &str) -> Option<&'static Renderer> {
    RENDERERS.iter().find(|renderer| renderer.name == name)
}

/// What the reader's terminal can do. Renderers for machines ask for none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour, with ANSI escape sequences.
    pub color: bool,
    /// Whether rule names are links to their pages.
    pub links: bool,
    /// How many columns there are.
    pub width: usize,
    /// Whether frames may be drawn with characters beyond ASCII.
    pub unicode: bool,
}

impl Default for Style {
    /// Plain text, 80 columns wide.
    fn default() -> Style {
        Style {
            color: false,
            links: false,
            width: 80,
            unicode: true,
        }
    }
}

/// Where the project lives.
const HOME: &str = "https://github.com/gluelint/gluelint";

/// Where people read a rule's page.
pub fn page_url(rule: &Rule) -> String {
    if rule.is_of_team() {
        return format!("{HOME}#a-policy");
    }
    format!("{HOME}/blob/main/rules/{}.md", rule.name)
}

/// What is wrong, and what to do, where there is room for one text.
fn said_with_help(finding: &Finding) -> Cow<'_, str> {
    match &finding.help {
        Some(help) => Cow::Owned(format!("{} {help}", sentence(&finding.message))),
        None => Cow::Borrowed(&finding.message),
    }
}

/// A text with its full stop. Ours have none, those of a team's policy may have one.
fn sentence(text: &str) -> Cow<'_, str> {
    if text.ends_with(['.', '!', '?']) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("{text}."))
    }
}

/// A rule's name as a terminal shows it: with a link to its page, if wanted.
fn rule_name(rule: &Rule, style: &Style) -> Cow<'static, str> {
    if style.links {
        let url = page_url(rule);
        let name = rule.name;
        Cow::Owned(format!("\x1b]8;;{url}\x1b\\{name}\x1b]8;;\x1b\\"))
    } else {
        Cow::Borrowed(rule.name)
    }
}

/// A text in the colour of a severity, if colours are wanted.
fn paint(text: &str, severity: Severity, style: &Style) -> String {
    // Red, yellow and cyan.
    let color = match severity {
        Severity::Error => 31,
        Severity::Warning => 33,
        Severity::Info => 36,
    };
    if style.color {
        format!("\x1b[{color}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}

/// One line of text for a terminal: what would move the cursor or hide, as an escape.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(hides) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if hides(character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// Whether a terminal obeys the character, or shows nothing for it: controls, directions of
/// writing, and what has no width.
fn hides(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{AD}'
                | '\u{61C}'
                | '\u{180E}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        assert_eq!(plain("a\x1b[2Jb\n"), "a\\u{1b}[2Jb\\n");
        assert_eq!(plain("über \u{202E}x"), "über \\u{202e}x");
        assert!(matches!(plain("naïve 😀"), Cow::Borrowed(_)));
    }

    #[test]
    fn renderers_have_unique_names() {
        for (index, one) in RENDERERS.iter().enumerate() {
            assert!(RENDERERS.iter().skip(index + 1).all(|o| o.name != one.name));
        }
        assert!(renderer("sarif").is_some() && renderer("xml").is_none());
    }
}
