//! Simple values in texts: in XML, and in paths, queries and headers.

use super::decode::{Mode, fits, precision};
use crate::error::DecodeError;
use crate::schema::Member;
use crate::value::float;
use crate::value::number::JsonNumber;

/// The error of a text that is not a value of its member.
#[cold]
pub(crate) fn mismatch(expected: &'static str, member: &Member, text: &str) -> DecodeError {
    const MOST: usize = 40;
    if member.is_secret() {
        return DecodeError::mismatch(expected, "another text");
    }
    let shown = text.chars().take(MOST).collect::<String>();
    let more = if shown.len() < text.len() { ".." } else { "" };
    DecodeError::mismatch(expected, format!("`{shown}{more}`"))
}

/// The boolean of a text.
pub(crate) fn boolean(member: &Member, text: &str) -> Result<bool, DecodeError> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(mismatch("true or false", member, text)),
    }
}

/// The integer of a text, within the bounds of the member's kind.
pub(crate) fn integer(member: &Member, text: &str) -> Result<i64, DecodeError> {
    let (least, most, expected) = member.target.kind.bounds();
    // `parse` accepts a plus sign, which is not valid in a number.
    let value = text.parse().ok().filter(|_| !text.starts_with('+'));
    value
        .filter(|value| (least..=most).contains(value))
        .ok_or_else(|| mismatch(expected, member, text))
}

/// The float or double of a text.
pub(crate) fn double(member: &Member, text: &str, mode: Mode) -> Result<f64, DecodeError> {
    if let Some(value) = float::from_name(text) {
        return Ok(value);
    }
    // `parse` accepts words and incomplete numbers; numbers have the syntax of JSON, to which
    // services may add zeros.
    let is_number = match mode {
        Mode::Strict => JsonNumber::parse(text).is_some(),
        Mode::Lenient => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            digits.starts_with(|c: char| c.is_ascii_digit()) && !text.ends_with('.')
        }
    };
    let value = if is_number { text.parse().ok() } else { None };
    let value = value.ok_or_else(|| mismatch("a number", member, text))?;
    if mode == Mode::Strict {
        fits(member, value, || text.to_owned())?;
        // Only the names of infinities are infinite.
        if value.is_infinite() {
            return Err(DecodeError::mismatch(precision(member), member.shown(text)));
        }
    }
    Ok(value)
}
