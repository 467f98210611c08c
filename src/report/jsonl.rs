//! One finding per line, each the same object as in the output `json`. Where nothing was found,
//! nothing is written.

use std::io;

use super::{Renderer, Style, json};
use crate::lint::Report;

/// For programs that read line by line, such as `jq` and log collectors.
pub(super) const RENDERER: Renderer = Renderer {
    name: "jsonl",
    title: "One JSON object per finding and line, as in `json`",
    is_text: false,
    render,
};

fn render(report: &Report, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    for item in report.files.iter().flat_map(json::items) {
        serde_json::to_writer(&mut *out, &item)?;
        writeln!(out)?;
    }
    Ok(())
}
