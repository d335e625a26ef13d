//! The route and host of an operation.

use std::fmt::{self, Display};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What is encoded in a segment of a path: all but `pchar` (RFC 3986, section 3.3).
const NOT_IN_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// What is encoded in a value of a query, where `+` may be read as a space.
const NOT_IN_VALUE: &AsciiSet = &NOT_IN_SEGMENT.add(b'&').add(b'+').remove(b'/').remove(b'?');

/// What is encoded in a name of a query.
const NOT_IN_NAME: &AsciiSet = &NOT_IN_VALUE.add(b'=');

/// `smithy.api#http`.
#[derive(Clone, Debug)]
pub struct Http {
    /// The method, as written.
    pub method: Box<str>,
    /// The URI pattern.
    pub uri: UriPattern,
    /// The status of a success.
    pub code: u16,
}

/// A parsed URI pattern. `Display` prints it with characters encoded where a URI needs it, and
/// without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UriPattern {
    /// The segments of the path, without slashes; empty for `/`.
    pub segments: Vec<Segment>,
    /// The names and values of query literals, decoded; the value of `?name` is empty.
    pub query: Vec<(Box<str>, Box<str>)>,
}

/// One segment of a URI pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// A text, decoded.
    Literal(Box<str>),
    /// `{member}`, with the index of the input's member.
    Label(usize, Box<str>),
    /// `{member+}`, with the index of the input's member; matches one or more segments.
    Greedy(usize, Box<str>),
}

impl Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) => utf8_percent_encode(text, NOT_IN_SEGMENT).fmt(f),
            Self::Label(_, name) => write!(f, "{{{name}}}"),
            Self::Greedy(_, name) => write!(f, "{{{name}+}}"),
        }
    }
}

impl Display for UriPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.segments.is_empty() {
            f.write_str("/")?;
        }
        for segment in &self.segments {
            write!(f, "/{segment}")?;
        }
        for (index, (name, value)) in self.query.iter().enumerate() {
            let lead = if index == 0 { '?' } else { '&' };
            write!(f, "{lead}{}", utf8_percent_encode(name, NOT_IN_NAME))?;
            if !value.is_empty() {
                write!(f, "={}", utf8_percent_encode(value, NOT_IN_VALUE))?;
            }
        }
        Ok(())
    }
}

/// The host prefix of `smithy.api#endpoint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPrefix {
    /// The literals and labels.
    pub parts: Vec<HostPart>,
}

/// A part of a host prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostPart {
    /// As written.
    Literal(Box<str>),
    /// `{member}`, with the index of the input's member.
    Label(usize),
}
