//! Floor 0: bytes, spans, lines, edits, and what is read as one.

mod edit;
mod lines;
mod source;
mod span;
mod unit;

pub use edit::{Edit, Edits};
pub use lines::{ColumnUnit, Lines, Position};
pub use source::{DecodeError, Encoding, Source};
pub use span::{FileId, Place, Span};
pub use unit::{Part, Unit};
