//! The functions of endpoint rules on texts.

use std::borrow::Cow;

use percent_encoding::utf8_percent_encode;

use super::value::{Text, part};
use crate::codec::percent::RESERVED;

/// `isValidHostLabel`: whether a text is a label of a host name (RFC 1123 section 2.1), or several.
pub(super) fn is_valid_host_label(text: &str, several: bool) -> bool {
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let is_outer = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = label.as_bytes();
        label.len() <= 63
            && is_outer(bytes.first())
            && is_outer(bytes.last())
            && label.bytes().all(is_inner)
    };
    if several {
        text.split('.').all(is_label)
    } else {
        is_label(text)
    }
}

/// `aws.isVirtualHostableS3Bucket`: whether the name of a bucket can be a label of a host name, or
/// several.
pub(super) fn is_virtual_hostable_s3_bucket(text: &str, several: bool) -> bool {
    let is_outer = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let is_inner = |byte: u8| {
        byte.is_ascii_lowercase()
            || byte.is_ascii_digit()
            || byte == b'-'
            || (several && byte == b'.')
    };
    let bytes = text.as_bytes();
    (3..=63).contains(&text.len())
        && is_outer(bytes.first())
        && is_outer(bytes.last())
        && text.bytes().all(is_inner)
        && (!several || (!has_adjacent_marks(bytes) && !is_like_an_address(text)))
}

/// Whether a dot is next to another one or to a hyphen, or two hyphens are next to each other.
fn has_adjacent_marks(bytes: &[u8]) -> bool {
    let is_mark = |byte: &u8| matches!(byte, b'.' | b'-');
    bytes.windows(2).any(|pair| pair.iter().all(is_mark))
}

/// Whether a text consists of four numbers with dots between them.
fn is_like_an_address(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    text.split('.').count() == 4 && text.split('.').all(is_number)
}

/// `substring`: the part between two indexes, which count from the end if it is reversed.
pub(super) fn substring<'v>(
    text: &Text<'v>,
    start: i32,
    end: i32,
    reversed: bool,
) -> Option<Text<'v>> {
    let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
    if start >= end || end > text.len() || !text.is_ascii() {
        return None;
    }
    let range = if reversed {
        text.len() - end..text.len() - start
    } else {
        start..end
    };
    Some(part(text, range))
}

/// `split`: the parts between a delimiter, at most as many as the limit unless that is 0.
pub(super) fn split<'v>(text: &Text<'v>, delimiter: &str, limit: i32) -> Vec<Text<'v>> {
    let limit = match usize::try_from(limit) {
        Ok(0) | Err(_) => usize::MAX,
        Ok(limit) => limit,
    };
    if delimiter.is_empty() {
        return vec![text.clone()];
    }
    let mut parts = Vec::new();
    let mut start = 0;
    for found in text.splitn(limit, delimiter) {
        parts.push(part(text, start..start + found.len()));
        start += found.len() + delimiter.len();
    }
    parts
}

/// `uriEncode`.
pub(super) fn uri_encode<'v>(text: &Text<'v>) -> Text<'v> {
    let encoded: Cow<'_, str> = utf8_percent_encode(text, RESERVED).into();
    match encoded {
        Cow::Borrowed(same) if same.len() == text.len() => text.clone(),
        encoded => Cow::Owned(encoded.into_owned()),
    }
}
