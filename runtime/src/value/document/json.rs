//! Documents as JSON text.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use serde_json::value::RawValue;

use super::{Document, DocumentMap, DocumentNumber};
use crate::error::{DecodeError, Syntax, char_boundary};

/// How deeply the values of a text may be nested, as `serde_json` has it.
const LEVELS: usize = 127;

/// The message of `serde_json` for lists and maps that are nested too deeply.
const TOO_DEEP: &str = "recursion limit exceeded";

/// An error of `serde_json`.
pub(crate) fn syntax(error: &serde_json::Error) -> Syntax {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    let message = message
        .strip_suffix(&format!(" at line {line} column {column}"))
        .unwrap_or(&message);
    Syntax {
        message: message.to_owned(),
        pointer: String::new(),
        line,
        column,
        offset: None,
        too_deep: message == TOO_DEEP,
    }
}

/// An error at the end of `read`, the part of a text that was read.
pub(crate) fn syntax_after(read: &str, message: String) -> Syntax {
    let start = read.rfind('\n').map_or(0, |index| index + 1);
    Syntax {
        too_deep: message == TOO_DEEP,
        message,
        pointer: String::new(),
        line: 1 + read.matches('\n').count(),
        column: read.len() - start,
        offset: None,
    }
}

/// Compact JSON.
impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => f.write_str(if *value { "true" } else { "false" }),
            Self::Number(number) => fmt::Display::fmt(number, f),
            Self::String(text) => string(text, f),
            Self::List(elements) => {
                f.write_char('[')?;
                for (index, element) in elements.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "," })?;
                    fmt::Display::fmt(element, f)?;
                }
                f.write_char(']')
            }
            Self::Map(map) => {
                f.write_char('{')?;
                for (index, (key, value)) in map.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "," })?;
                    string(key, f)?;
                    f.write_char(':')?;
                    fmt::Display::fmt(value, f)?;
                }
                f.write_char('}')
            }
        }
    }
}

/// A string with the escapes that it needs (RFC 8259 section 7).
fn string(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    let mut start = 0;
    for (index, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0c => "\\f",
            0x00..=0x1f => "",
            _ => continue,
        };
        f.write_str(&text[start..index])?;
        if escape.is_empty() {
            write!(f, "\\u{byte:04x}")?;
        } else {
            f.write_str(escape)?;
        }
        start = index + 1;
    }
    f.write_str(&text[start..])?;
    f.write_char('"')
}

/// Reads JSON text. Values may be nested in 127 lists and maps; of equal keys the last value
/// counts.
impl FromStr for Document {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, DecodeError> {
        let json = match serde_json::from_str::<&RawValue>(text) {
            Ok(raw) => raw.get(),
            Err(error) => return Err(DecodeError::syntax(syntax(&error))),
        };
        read(json, 0, &mut |_| true).map_err(|stop| {
            let Stop { message, length } = stop;
            let length = text.len() - text.trim_ascii_start().len() + length;
            DecodeError::syntax(syntax_after(&text[..length], message))
        })
    }
}

/// Where a text that has the grammar of JSON still cannot be read.
pub(crate) struct Stop {
    pub(crate) message: String,
    /// How much of the text was read.
    pub(crate) length: usize,
}

/// Reads a value that has the grammar of JSON, is not surrounded by space and is nested in so many
/// lists and maps. `allocate` counts the memory of elements and entries; reading ends if it returns
/// false.
pub(crate) fn read(
    json: &str,
    depth: usize,
    allocate: &mut dyn FnMut(usize) -> bool,
) -> Result<Document, Stop> {
    let mut reader = Reader {
        json,
        allocate,
        at: 0,
        levels: LEVELS.saturating_sub(depth),
    };
    reader.value()
}

/// Checks that a value that is nested in so many lists and maps does not nest others too deeply. It
/// has the grammar of JSON.
#[cfg(feature = "alloy")]
pub(crate) fn check_depth(json: &str, depth: usize) -> Result<(), Stop> {
    let (mut depth, mut quoted, mut escaped) = (depth, false, false);
    for (index, byte) in json.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth -= 1,
            _ => {}
        }
        if depth > LEVELS {
            return Err(Stop {
                message: TOO_DEEP.to_owned(),
                length: index + 1,
            });
        }
    }
    Ok(())
}

/// Reads text whose grammar was checked before.
struct Reader<'t> {
    json: &'t str,
    allocate: &'t mut dyn FnMut(usize) -> bool,
    at: usize,
    /// How many more lists and maps may be opened.
    levels: usize,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Document, Stop> {
        match self.next() {
            Some(b'"') => self.string().map(Document::String),
            Some(b'[') => self.nested(Self::list).map(Document::List),
            Some(b'{') => self.nested(Self::map).map(Document::Map),
            Some(b'n') => Ok(self.literal("null", Document::Null)),
            Some(b't') => Ok(self.literal("true", Document::Bool(true))),
            Some(b'f') => Ok(self.literal("false", Document::Bool(false))),
            _ => Ok(Document::Number(self.number())),
        }
    }

    fn literal(&mut self, text: &str, value: Document) -> Document {
        self.at += text.len();
        value
    }

    fn number(&mut self) -> DocumentNumber {
        let rest = &self.json[self.at..];
        let is_part = |byte: u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let end = rest.bytes().position(|byte| !is_part(byte));
        let text = &rest[..end.unwrap_or(rest.len())];
        self.at += text.len();
        DocumentNumber::of_json(text)
    }

    fn string(&mut self) -> Result<String, Stop> {
        let start = self.at;
        let bytes = self.json.as_bytes();
        let mut end = start + 1;
        let mut escaped = false;
        while bytes[end] != b'"' {
            let escape = bytes[end] == b'\\';
            escaped |= escape;
            end += 1 + usize::from(escape);
        }
        self.at = end + 1;
        if !escaped {
            return Ok(self.json[start + 1..end].to_owned());
        }
        serde_json::from_str(&self.json[start..=end]).map_err(|error| {
            let Syntax {
                message, column, ..
            } = syntax(&error);
            Stop {
                message,
                // The column may be inside a character.
                length: char_boundary(self.json, start + column),
            }
        })
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Stop>) -> Result<T, Stop> {
        self.at += 1;
        let Some(levels) = self.levels.checked_sub(1) else {
            return Err(Stop {
                message: TOO_DEEP.to_owned(),
                length: self.at,
            });
        };
        self.levels = levels;
        let value = read(self)?;
        self.at += 1;
        self.levels += 1;
        Ok(value)
    }

    fn list(&mut self) -> Result<Vec<Document>, Stop> {
        let mut elements = Vec::new();
        while self.next() != Some(b']') {
            self.grow(&elements)?;
            elements.push(self.value()?);
            self.comma();
        }
        Ok(elements)
    }

    fn map(&mut self) -> Result<DocumentMap, Stop> {
        let mut entries = Vec::<(String, Document)>::new();
        while self.next() != Some(b'}') {
            self.grow(&entries)?;
            let key = self.string()?;
            self.next();
            // The colon.
            self.at += 1;
            entries.push((key, self.value()?));
            self.comma();
        }
        Ok(entries.into_iter().collect())
    }

    /// Counts the memory of another element.
    fn grow<T>(&mut self, elements: &Vec<T>) -> Result<(), Stop> {
        /// A full vector doubles its capacity.
        const LEAST: usize = 4;
        let full = elements.len() == elements.capacity();
        if full && !(self.allocate)(elements.capacity().max(LEAST) * size_of::<T>()) {
            return Err(Stop {
                message: "too much memory".to_owned(),
                length: self.at,
            });
        }
        Ok(())
    }

    fn comma(&mut self) {
        if self.next() == Some(b',') {
            self.at += 1;
        }
    }

    /// The next byte that is not space.
    fn next(&mut self) -> Option<u8> {
        let bytes = self.json.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
            "[\u{0}-\u{20}\"\\\\/]*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 30, 4, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..4).prop_map(Value::from),
                vec((".*", inner), 0..4)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn text_is_that_of_serde_json(value in document()) {
            // Its maps are sorted.
            let text = value.to_string();
            let document = Document::from(value.clone());
            prop_assert_eq!(document.to_string(), &*text);
            let read: Document = text.parse().expect("JSON");
            prop_assert_eq!(read.to_string(), &*text);
            prop_assert_eq!(&read, &document);
            let pretty = format!(" {value:#}\n");
            prop_assert_eq!(pretty.parse::<Document>().expect("JSON").to_string(), &*text);
            prop_assert_eq!(Value::from(document), value);
        }

        #[test]
        fn what_is_not_json_is_rejected_as_by_serde_json(
            text in r#"([\[\]{},:0-9eE.+\-" \\ubdtrufalsn]|true|null|"a"){0,12}"#,
        ) {
            let expected = serde_json::from_str::<Value>(&text);
            let huge = expected.as_ref().is_err_and(|error| {
                error.to_string().starts_with("number out of range")
            });
            prop_assert_eq!(text.parse::<Document>().is_ok(), expected.is_ok() || huge);
        }
    }

    #[test]
    fn what_serde_json_cannot_hold_is_kept() {
        for text in [
            r#"{"b":1.50,"a":1E+400,"c":-0}"#,
            "[123456789012345678901234567890]",
        ] {
            let document: Document = text.parse().expect("JSON");
            assert_eq!(document.to_string(), text);
        }
        let repeated: Document = r#"{"a":1,"b":2,"a":3}"#.parse().expect("JSON");
        assert_eq!(repeated.to_string(), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn errors_are_located_as_by_serde_json() {
        let deep = format!("\n [{}{}]", "[".repeat(127), "]".repeat(127));
        for text in [
            "",
            "\n[1,\n 2",
            "[1] x",
            "{\"a\":\n \"\\ud800\"}",
            "[\"\\ud800\\u0041\"]",
            &deep,
        ] {
            let error = text.parse::<Document>().expect_err("it is wrong");
            let expected = serde_json::from_str::<Value>(text).expect_err("it is wrong");
            assert_eq!(error.to_string(), expected.to_string());
        }
        let error = deep.parse::<Document>().expect_err("it is too deep");
        assert!(error.as_syntax().is_some_and(|syntax| syntax.too_deep));
        let deep = format!("{}{}", "[".repeat(127), "]".repeat(127));
        assert!(deep.parse::<Document>().is_ok());
    }
}
