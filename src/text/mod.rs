//! Floor 0: bytes, spans and lines.

mod lines;
mod source;
mod span;

pub use lines::{ColumnUnit, Lines, Position};
pub use source::{DecodeError, Encoding, Source};
pub use span::{FileId, Place, Span};
