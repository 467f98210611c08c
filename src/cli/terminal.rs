//! What the terminal can show.

use std::env;
use std::ffi::OsStr;
use std::io::{IsTerminal, Write};

use super::args::Color;
use crate::report::Style;

/// Lines are folded at this width where there is no terminal to ask.
const DEFAULT_WIDTH: usize = 100;

/// Writes a line to standard error. Where that takes none, there is nobody to tell.
macro_rules! remark {
    ($($said:tt)*) => {
        $crate::cli::terminal::say(&format!("{}\n", format_args!($($said)*)))
    };
}
pub(super) use remark;

/// Writes to standard error. Where that takes nothing, there is nobody to tell.
pub(super) fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// The style for output to `stream`.
pub(super) fn style(color: Color, stream: &impl IsTerminal) -> Style {
    let is_terminal = stream.is_terminal();
    let value = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let is = |name: &str, wanted: &str| value(name).is_some_and(|it| it == OsStr::new(wanted));
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        // An explicit wish comes first: https://no-color.org, https://force-color.org,
        // https://bixense.com/clicolors.
        Color::Auto if value("NO_COLOR").is_some() => false,
        Color::Auto if value("FORCE_COLOR").is_some() => !is("FORCE_COLOR", "0"),
        Color::Auto if value("CLICOLOR_FORCE").is_some() && !is("CLICOLOR_FORCE", "0") => true,
        Color::Auto => is_terminal && !is("CLICOLOR", "0") && !is("TERM", "dumb"),
    };
    let columns = env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let width = columns
        .or_else(|| {
            let size = is_terminal.then(terminal_size::terminal_size).flatten()?;
            Some(usize::from(size.0.0))
        })
        .unwrap_or(DEFAULT_WIDTH);
    Style {
        color,
        links: is_terminal && color && supports_hyperlinks::supports_hyperlinks(),
        width: width.max(40),
        unicode: speaks_unicode(),
    }
}

/// The style for text that goes to a file.
pub(super) fn plain_style() -> Style {
    Style {
        width: DEFAULT_WIDTH,
        ..Style::default()
    }
}

/// Whether the locale says UTF-8; where it says nothing, it is taken for granted.
fn speaks_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.is_empty());
    match locale {
        Some(locale) => {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8")
                || locale.contains("utf8")
                || !matches!(locale.as_str(), "c" | "posix")
        }
        None => true,
    }
}
