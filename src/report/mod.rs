//! stub
use crate::lint::Report;
use crate::text::ColumnUnit;
use std::io;
/// s
pub struct Renderer {
    /// n
    pub name: &'static str,
    /// t
    pub title: &'static str,
    /// r
    pub render: fn(&Report, &Style, &mut dyn io::Write) -> io::Result<()>,
}
/// s
pub struct Style {
    /// c
    pub color: bool,
    /// c
    pub links: bool,
    /// c
    pub width: usize,
    /// c
    pub unicode: bool,
}
/// r
pub const RENDERERS: &[Renderer] = &[
    Renderer {
        name: "full",
        title: "",
        render,
    },
    Renderer {
        name: "concise",
        title: "",
        render,
    },
];
fn render(r: &Report, _: &Style, o: &mut dyn io::Write) -> io::Result<()> {
    for (f, x) in r.findings() {
        let p = f
            .lines
            .position(&f.text, x.place.span.start, ColumnUnit::CodePoint);
        writeln!(
            o,
            "{}:{}:{}: {} {}: {} [{}]",
            f.name,
            p.line,
            p.column,
            x.severity,
            x.rule.name,
            x.message,
            x.place.span.slice(&f.text)
        )?;
    }
    writeln!(
        o,
        "{} looked, {} with, {} connections, {} unreadable",
        r.looked_at, r.with_connections, r.connections, r.unreadable
    )
}
