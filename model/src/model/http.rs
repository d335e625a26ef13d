//! Where an operation is found: route and host.

/// `smithy.api#http`.
#[derive(Clone, Debug)]
pub struct Http {
    /// The method, as written.
    pub method: Box<str>,
    /// The URI pattern.
    pub uri: UriPattern,
    /// Status of a success.
    pub code: u16,
}

/// A parsed URI pattern; print it to get the text back, but for a slash at its end, which means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UriPattern {
    /// The path's segments, without the slashes. `/` has none.
    pub segments: Vec<Segment>,
    /// Query literals: name and value; the value is empty for `?name` alone.
    pub query: Vec<(Box<str>, Box<str>)>,
}

/// One segment of a URI pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// As written.
    Literal(Box<str>),
    /// `{member}`: the index of the input's member.
    Label(usize, Box<str>),
    /// `{member+}`: the index of the input's member; matches one or more segments.
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

/// `smithy.api#endpoint`: literals and labels of the host prefix, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPrefix {
    /// Its parts.
    pub parts: Vec<HostPart>,
}

/// A part of a host prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostPart {
    /// As written.
    Literal(Box<str>),
    /// `{member}`: the index of the input's member.
    Label(usize),
}
