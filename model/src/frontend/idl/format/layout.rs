//! Documents, and how they are broken into lines.

use std::borrow::Cow;

/// A text with places where lines may end.
#[derive(Clone, Debug)]
pub(super) enum Doc<'a> {
    /// Text.
    Text(Cow<'a, str>),
    /// The end of a line.
    Line,
    /// The end of a line, or this text if the group around it fits into the line.
    LineOr(&'static str),
    /// One document after the other.
    Concat(Vec<Doc<'a>>),
    /// Lines that end inside are followed by four more spaces.
    Indent(Box<Doc<'a>>),
    /// Fits into the line as a whole, or each of its places ends a line.
    Group(Box<Doc<'a>>),
}

impl<'a> Doc<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn empty() -> Self {
        Self::Concat(Vec::new())
    }

    pub(super) fn indent(self) -> Self {
        Self::Indent(Box::new(self))
    }

    pub(super) fn group(self) -> Self {
        Self::Group(Box::new(self))
    }

    /// Documents with another between each two.
    pub(super) fn join(docs: Vec<Doc<'a>>, separator: &Doc<'a>) -> Self {
        let mut joined = Vec::with_capacity(docs.len() * 2);
        for (index, doc) in docs.into_iter().enumerate() {
            if index > 0 {
                joined.push(separator.clone());
            }
            joined.push(doc);
        }
        Self::Concat(joined)
    }

    /// The text in lines of this width, where that is possible.
    pub(super) fn render(&self, width: usize) -> String {
        let mut text = String::new();
        let mut column = 0;
        // The end of the last line of documentation, whose spaces stay.
        let mut kept = 0;
        // The rest of the document, the next part last, with its indentation.
        let mut rest: Vec<(usize, bool, &Doc<'a>)> = vec![(0, false, self)];
        while let Some((indent, is_flat, doc)) = rest.pop() {
            match doc {
                Doc::Text(part) => {
                    text.push_str(part);
                    if part.starts_with("///") {
                        kept = text.len();
                    }
                    column = match part.rsplit_once('\n') {
                        Some((_, last)) => last.chars().count(),
                        None => column + part.chars().count(),
                    };
                }
                Doc::LineOr(part) if is_flat => {
                    text.push_str(part);
                    column += part.len();
                }
                Doc::Line | Doc::LineOr(_) => {
                    let end = text.trim_end_matches([' ', '\t']).len();
                    text.truncate(end.max(kept));
                    text.push('\n');
                    text.extend(std::iter::repeat_n(' ', indent));
                    column = indent;
                }
                Doc::Concat(docs) => {
                    rest.extend(docs.iter().rev().map(|doc| (indent, is_flat, doc)));
                }
                Doc::Indent(doc) => rest.push((indent + 4, is_flat, doc)),
                Doc::Group(doc) => {
                    let is_flat = is_flat || fits(doc, &rest, width.saturating_sub(column));
                    rest.push((indent, is_flat, doc));
                }
            }
        }
        text
    }
}

/// Whether a document without line ends, and what follows it, fits into the rest of a line.
fn fits(doc: &Doc<'_>, rest: &[(usize, bool, &Doc<'_>)], mut left: usize) -> bool {
    let mut next = vec![(true, doc)];
    let mut rest = rest.iter().rev();
    loop {
        let (is_flat, doc) = match next.pop() {
            Some(found) => found,
            None => match rest.next() {
                Some((_, is_flat, doc)) => (*is_flat, *doc),
                None => return true,
            },
        };
        let part: &str = match doc {
            Doc::Text(part) => part,
            Doc::LineOr(part) if is_flat => part,
            Doc::Line | Doc::LineOr(_) => return true,
            Doc::Concat(docs) => {
                next.extend(docs.iter().rev().map(|doc| (is_flat, doc)));
                continue;
            }
            Doc::Indent(doc) | Doc::Group(doc) => {
                next.push((is_flat, doc));
                continue;
            }
        };
        let first = part.split('\n').next().unwrap_or_default();
        match left.checked_sub(first.chars().count()) {
            Some(remaining) => left = remaining,
            None => return false,
        }
        if first.len() < part.len() {
            return true;
        }
    }
}
