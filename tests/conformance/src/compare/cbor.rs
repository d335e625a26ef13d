//! Documents in CBOR as text that is the same for equal values.

use std::fmt::Write as _;

use ciborium::Value;

/// A document in diagnostic notation (RFC 8949 section 8) with a line per value and sorted keys, or
/// why it is not one.
pub(super) fn shown(bytes: &[u8]) -> String {
    let mut rest = bytes;
    match ciborium::from_reader(&mut rest) {
        Ok(value) if rest.is_empty() => {
            let mut text = String::new();
            write(&value, 0, &mut text);
            text
        }
        Ok(_) => format!("(a document and {} more bytes)", rest.len()),
        Err(error) => format!("(not a document: {error}, {bytes:x?})"),
    }
}

/// Writes a value in a line of its own, or in several if it has values in it.
fn write(value: &Value, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    match value {
        Value::Array(elements) => {
            out.push_str("[\n");
            for element in elements {
                write!(out, "{indent}    ").expect(WRITTEN);
                write(element, depth + 1, out);
                out.push_str(",\n");
            }
            write!(out, "{indent}]").expect(WRITTEN);
        }
        Value::Map(entries) => {
            let mut entries = entries
                .iter()
                .map(|(key, value)| {
                    let mut entry = format!("{key:?}: ");
                    write(value, depth + 1, &mut entry);
                    entry
                })
                .collect::<Vec<_>>();
            entries.sort_unstable();
            out.push_str("{\n");
            for entry in entries {
                writeln!(out, "{indent}    {entry},").expect(WRITTEN);
            }
            write!(out, "{indent}}}").expect(WRITTEN);
        }
        Value::Tag(1, seconds) => match (&**seconds, seconds.as_integer()) {
            // Seconds are the same as an integer and as a float.
            (Value::Float(seconds), _) => write!(out, "1({seconds})").expect(WRITTEN),
            (_, Some(seconds)) => write!(out, "1({})", i128::from(seconds)).expect(WRITTEN),
            (other, None) => write!(out, "1({other:?})").expect(WRITTEN),
        },
        other => write!(out, "{other:?}").expect(WRITTEN),
    }
}

const WRITTEN: &str = "writing to a string does not fail";
