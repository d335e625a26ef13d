//! The route and host of an operation.

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

/// A parsed URI pattern. `Display` prints it as written, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UriPattern {
    /// The segments of the path, without slashes; empty for `/`.
    pub segments: Vec<Segment>,
    /// The names and values of query literals; the value of `?name` is empty.
    pub query: Vec<(Box<str>, Box<str>)>,
}

/// One segment of a URI pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// As written.
    Literal(Box<str>),
    /// `{member}`, with the index of the input's member.
    Label(usize, Box<str>),
    /// `{member+}`, with the index of the input's member; matches one or more segments.
    Greedy(usize, Box<str>),
}

impl std::fmt::Display for UriPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.segments.is_empty() {
            f.write_str("/")?;
        }
        for segment in &self.segments {
            match segment {
                Segment::Literal(text) => write!(f, "/{text}")?,
                Segment::Label(_, name) => write!(f, "/{{{name}}}")?,
                Segment::Greedy(_, name) => write!(f, "/{{{name}+}}")?,
            }
        }
        for (index, (name, value)) in self.query.iter().enumerate() {
            let lead = if index == 0 { '?' } else { '&' };
            write!(f, "{lead}{name}")?;
            if !value.is_empty() {
                write!(f, "={value}")?;
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
