//! Floor 0: bytes, spans, lines, and what is read as one.

mod lines;
mod source;
mod span;
mod unit;

pub use lines::{ColumnUnit, Lines, Position};
pub use source::{DecodeError, Encoding, Source};
pub use span::{FileId, Place, Span};
pub use unit::{Part, Unit};
