//! A document as text.

use std::fmt;

/// The encoding a document was stored in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    Utf8,
    /// UTF-8 behind a byte order mark.
    Utf8Bom,
    /// UTF-16, little-endian, behind a byte order mark.
    Utf16Le,
    /// UTF-16, big-endian, behind a byte order mark.
    Utf16Be,
}

/// A named document, decoded.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name that reports give it, with `/` between folders.
    pub name: String,
    /// Its text, without a byte order mark.
    pub text: String,
    /// How it was stored.
    pub encoding: Encoding,
}

/// Why bytes are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The byte at this 0-based offset belongs to no UTF-8 sequence.
    Utf8(usize),
    /// The code unit at this 0-based byte offset is half a surrogate pair, or half a unit.
    Utf16(usize),
    /// The document has this many bytes; 4 GiB and more are not read.
    TooLarge(usize),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Utf8(offset) => {
                write!(f, "the byte at offset {offset} is not UTF-8")
            }
            DecodeError::Utf16(offset) => {
                write!(f, "the code unit at byte offset {offset} is not UTF-16")
            }
            DecodeError::TooLarge(size) => write!(f, "{size} bytes are more than 4 GiB"),
        }
    }
}

impl Source {
    /// How many bytes of the file stand before the text, where offsets into the text are offsets
    /// into the file: the length of a UTF-8 byte order mark.
    pub fn byte_order_mark(&self) -> u32 {
        match self.encoding {
            Encoding::Utf8Bom => 3,
            Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => 0,
        }
    }

    /// A document that already is text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Source {
        Source {
            name: name.into(),
            text: text.into(),
            encoding: Encoding::Utf8,
        }
    }

    /// Decodes a document: UTF-8 with or without a byte order mark, or UTF-16 with one.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] says which byte is not text.
    pub fn decode(name: impl Into<String>, bytes: Vec<u8>) -> Result<Source, DecodeError> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(DecodeError::TooLarge(bytes.len()));
        }
        let (text, encoding) = match bytes.as_slice() {
            [0xEF, 0xBB, 0xBF, rest @ ..] => (
                utf8(rest.to_vec()).map_err(|offset| DecodeError::Utf8(offset + 3))?,
                Encoding::Utf8Bom,
            ),
            [0xFF, 0xFE, rest @ ..] => (utf16(rest, u16::from_le_bytes)?, Encoding::Utf16Le),
            [0xFE, 0xFF, rest @ ..] => (utf16(rest, u16::from_be_bytes)?, Encoding::Utf16Be),
            _ => (utf8(bytes).map_err(DecodeError::Utf8)?, Encoding::Utf8),
        };
        Ok(Source {
            name: name.into(),
            text,
            encoding,
        })
    }

    /// The bytes of a document, in the encoding in which it was stored: what
    /// [`decode`](Source::decode) takes.
    pub fn encode(&self) -> Vec<u8> {
        let units = || "\u{FEFF}".encode_utf16().chain(self.text.encode_utf16());
        match self.encoding {
            Encoding::Utf8 => self.text.clone().into_bytes(),
            Encoding::Utf8Bom => format!("\u{FEFF}{}", self.text).into_bytes(),
            Encoding::Utf16Le => units().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => units().flat_map(u16::to_be_bytes).collect(),
        }
    }
}

fn utf8(bytes: Vec<u8>) -> Result<String, usize> {
    String::from_utf8(bytes).map_err(|error| error.utf8_error().valid_up_to())
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, DecodeError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut offset = 2;
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let character = character.map_err(|_| DecodeError::Utf16(offset))?;
        offset += 2 * character.len_utf16();
        text.push(character);
    }
    if rest.is_empty() {
        Ok(text)
    } else {
        Err(DecodeError::Utf16(offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_are_read_and_left_out() {
        let utf16 = |text: &str| -> Vec<u8> {
            "\u{FEFF}"
                .chars()
                .chain(text.chars())
                .flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec())
                .flat_map(u16::to_le_bytes)
                .collect()
        };
        let source = Source::decode("a", utf16("é\u{1F600}")).unwrap();
        assert_eq!(source.text, "é\u{1F600}");
        assert_eq!(source.encoding, Encoding::Utf16Le);
        let source = Source::decode("a", b"\xEF\xBB\xBFx".to_vec()).unwrap();
        assert_eq!(
            (source.text.as_str(), source.encoding),
            ("x", Encoding::Utf8Bom)
        );
    }

    #[test]
    fn a_document_is_encoded_as_it_was_stored() {
        for encoding in [
            Encoding::Utf8,
            Encoding::Utf8Bom,
            Encoding::Utf16Le,
            Encoding::Utf16Be,
        ] {
            let source = Source {
                encoding,
                ..Source::new("a", "é\r\n\u{1F600}")
            };
            let decoded = Source::decode("a", source.encode()).unwrap();
            assert_eq!((decoded.text, decoded.encoding), (source.text, encoding));
        }
    }

    #[test]
    fn a_byte_that_is_no_text_is_placed() {
        assert_eq!(
            Source::decode("a", b"ab\xFF".to_vec()).unwrap_err(),
            DecodeError::Utf8(2)
        );
        assert_eq!(
            Source::decode("a", b"\xFF\xFEa\0\x00\xD8b\0".to_vec()).unwrap_err(),
            DecodeError::Utf16(4)
        );
    }
}
