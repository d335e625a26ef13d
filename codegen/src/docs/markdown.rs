//! Pieces of a paragraph -> Markdown that says these pieces and nothing else.

use std::fmt::Write as _;

use super::html;
use super::inline::{Mark, Piece};

/// Whether lines may end where words do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Flow {
    /// At this many columns.
    Wrap(usize),
    OneLine,
    /// One line between the bars of a table.
    Cell,
}

/// The Markdown of a paragraph, a heading's text or a cell.
pub(super) fn write(pieces: &[Piece], flow: Flow) -> String {
    let mut out = Out {
        text: String::new(),
        flow,
        column: 0,
        chunk: String::new(),
        in_link: false,
    };
    for piece in pieces {
        match piece {
            Piece::Word(word) => out.word(word),
            Piece::Space { .. } => out.end_chunk(),
            Piece::LineBreak => out.line_break(),
            Piece::Code(code) => out.code(code),
            Piece::Address(address) => out.address(address),
            Piece::Open(mark) => match mark.delimiter() {
                Some(delimiter) => out.chunk.push_str(delimiter),
                None => out.open_link(mark),
            },
            Piece::Close(mark) => match mark.delimiter() {
                Some(delimiter) => out.chunk.push_str(delimiter),
                None => out.close_link(mark),
            },
        }
    }
    out.end_chunk();
    out.text
}

/// Markdown in the making: whole lines and the chunk, which no line ends in, that comes next.
struct Out {
    text: String,
    flow: Flow,
    column: usize,
    chunk: String,
    in_link: bool,
}

impl Out {
    fn end_chunk(&mut self) {
        if self.chunk.is_empty() {
            return;
        }
        let width = self.chunk.chars().count();
        let escape = block_marker(&self.chunk);
        if self.column > 0 {
            // A lone `1.` or `-` had better not begin a line.
            let tolerance = if escape.is_some() { 8 } else { 0 };
            match self.flow {
                Flow::Wrap(limit) if self.column + 1 + width > limit + tolerance => {
                    self.text.push('\n');
                    self.column = 0;
                }
                _ => {
                    self.text.push(' ');
                    self.column += 1;
                }
            }
        }
        if self.column == 0
            && let Some(at) = escape
        {
            self.chunk.insert(at, '\\');
        }
        self.text.push_str(&self.chunk);
        self.column += width;
        self.chunk.clear();
    }

    fn line_break(&mut self) {
        self.end_chunk();
        if let Flow::Wrap(_) = self.flow {
            self.text.push_str("\\\n");
            self.column = 0;
        }
    }

    /// Text, of which addresses become links and everything that could be markup is escaped.
    fn word(&mut self, word: &str) {
        let mut rest = word;
        while !self.in_link
            && let Some(at) = rest.find("http")
        {
            let (before, from) = rest.split_at(at);
            let length = address_length(from);
            if length == 0 {
                let (before, after) = rest.split_at(at + "http".len());
                self.escaped(before);
                rest = after;
                continue;
            }
            self.escaped(before);
            self.address(&from[..length]);
            rest = &from[length..];
        }
        self.escaped(rest);
    }

    fn address(&mut self, address: &str) {
        if self.in_link {
            self.escaped(address);
        } else {
            let _ = write!(self.chunk, "<{address}>");
        }
    }

    fn escaped(&mut self, text: &str) {
        let mut before = ' ';
        // Whether the underscores here are inside of a word.
        let mut is_inner = false;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let after = chars.peek().map(|&(_, c)| c);
            if c == '_' && before != '_' {
                let next = text[at..].trim_start_matches('_').chars().next();
                is_inner = before.is_alphanumeric() && next.is_some_and(char::is_alphanumeric);
            }
            let escape = match c {
                '\\' | '`' | '*' | '[' | '~' => true,
                ']' | '^' => self.in_link,
                '|' => self.flow == Flow::Cell,
                // Inside of `snake_case` it is nothing but itself.
                '_' => !is_inner,
                '<' => !after.is_some_and(|c| c.is_ascii_digit() || c == '='),
                // rustdoc turns two into a dash.
                '-' => after == Some('-'),
                '&' => html::entity_length(&text[at..]).is_some(),
                _ => false,
            };
            if escape {
                self.chunk.push('\\');
            }
            self.chunk.push(c);
            before = c;
        }
    }

    fn code(&mut self, code: &str) {
        if self.in_link && code.contains("]:") {
            // `[..]:` at the start of a paragraph would define a link, code or not.
            return self.escaped(code);
        }
        let longest = longest_run(code);
        let fence = "`".repeat(longest + 1);
        let pad = if code.starts_with('`') || code.ends_with('`') {
            " "
        } else {
            ""
        };
        self.chunk.push_str(&fence);
        self.chunk.push_str(pad);
        let breakable = code.len() > LONGEST_UNBROKEN_CODE && longest == 0;
        for (index, word) in code.split(' ').enumerate() {
            if index > 0 {
                // A line may begin with the rest of it only if that cannot be taken for the start
                // of another block.
                if breakable
                    && word.starts_with(|c: char| {
                        c.is_ascii_alphabetic() || matches!(c, '"' | '\'' | '{' | '}' | '$')
                    })
                {
                    self.end_chunk();
                } else {
                    self.chunk.push(' ');
                }
            }
            if self.flow == Flow::Cell {
                self.chunk.push_str(&word.replace('|', "\\|"));
            } else {
                self.chunk.push_str(word);
            }
        }
        self.chunk.push_str(pad);
        self.chunk.push_str(&fence);
    }

    fn open_link(&mut self, mark: &Mark) {
        if let Mark::Link(_) = mark {
            // `![` would be an image.
            if self.chunk.ends_with('!') {
                self.chunk.pop();
                self.chunk.push_str("\\!");
            }
            self.chunk.push('[');
            self.in_link = true;
        }
    }

    fn close_link(&mut self, mark: &Mark) {
        if let Mark::Link(address) = mark {
            self.chunk.push_str("](");
            let mut rest = address.as_str();
            while let Some(at) = rest.find('&') {
                self.chunk.push_str(&rest[..at]);
                if html::entity_length(&rest[at..]).is_some() {
                    self.chunk.push('\\');
                }
                self.chunk.push('&');
                rest = &rest[at + 1..];
            }
            self.chunk.push_str(rest);
            self.chunk.push(')');
            self.in_link = false;
        }
    }
}

/// Longer code may go on in the next line.
const LONGEST_UNBROKEN_CODE: usize = 60;

/// The most backticks in a row.
pub(super) fn longest_run(code: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for byte in code.bytes() {
        run = if byte == b'`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// The length of the address that `text` begins with, without the punctuation of the sentence
/// around it.
fn address_length(text: &str) -> usize {
    let Some(rest) = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
    else {
        return 0;
    };
    let is_outside = |c: char| !c.is_ascii_graphic() || "<>\"'()[]{}\\^`|".contains(c);
    let end = rest.find(is_outside).unwrap_or(rest.len());
    let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '~']);
    if address.is_empty() {
        0
    } else {
        text.len() - rest.len() + address.len()
    }
}

/// Where to escape what would be a block of its own, or make one of the lines around it, at the
/// start of a line.
fn block_marker(chunk: &str) -> Option<usize> {
    let bytes = chunk.as_bytes();
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    match bytes {
        [b'#' | b'>' | b'|', ..] | [b'+' | b'-'] | [b':', b'-', ..] => Some(0),
        bytes if bytes.iter().all(|b| *b == b'=') => Some(0),
        bytes if digits > 0 && matches!(bytes[digits..], [b'.' | b')']) => Some(digits),
        _ => None,
    }
}
