//! The tokens of a file. They cover every byte, so that a formatter can keep comments and spaces.

use std::ops::Range;

/// A token. It ends where the next one starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    /// The offset of its first byte.
    pub(crate) start: u32,
}

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Spaces and tabs.
    Space,
    /// One line break.
    Newline,
    Comma,
    /// `// ..`, with its line break.
    Comment,
    /// `/// ..`, with its line break.
    DocComment,
    At,
    Dollar,
    Dot,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen,
    Pound,
    Equal,
    Colon,
    /// `:=`.
    Walrus,
    /// A string in quotes, with any escapes.
    String,
    /// A string in three quotes, likewise.
    TextBlock,
    Number,
    Identifier,
    /// A string whose last quote is missing.
    OpenString,
    /// A text block whose last quotes are missing.
    OpenTextBlock,
    /// A number that lacks digits.
    BrokenNumber,
    /// Underscores without a letter or digit after them.
    BrokenIdentifier,
    /// One slash.
    Slash,
    /// A character that no token starts with.
    Unknown,
    /// The end of the file.
    End,
}

impl TokenKind {
    /// Whether it is whitespace: a space, line break, comma or comment.
    pub(crate) fn is_whitespace(self) -> bool {
        matches!(
            self,
            Self::Space | Self::Newline | Self::Comma | Self::Comment
        )
    }

    /// Whether it ends with a line break.
    pub(crate) fn ends_line(self) -> bool {
        matches!(self, Self::Newline | Self::Comment | Self::DocComment)
    }

    /// What a message calls it; `None` if the text of the token says more.
    pub(super) fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Space => "a space",
            Self::Newline => "a line break",
            Self::Comment => "a comment",
            Self::DocComment => "a documentation comment",
            Self::TextBlock | Self::OpenTextBlock => "a text block",
            Self::OpenString => "a string",
            Self::End => "the end of the file",
            _ => return None,
        })
    }
}

/// The tokens of a text of less than 4 GiB; the last one is [`TokenKind::End`].
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        bytes: text.as_bytes(),
        at: 0,
    };
    // Files have about one token for four bytes.
    let mut tokens = Vec::with_capacity(text.len() / 4 + 1);
    while lexer.at < text.len() {
        let start = offset(lexer.at);
        let kind = lexer.next(text);
        tokens.push(Token { kind, start });
    }
    tokens.push(Token {
        kind: TokenKind::End,
        start: offset(text.len()),
    });
    tokens
}

fn offset(byte: usize) -> u32 {
    u32::try_from(byte).expect("longer files are rejected before")
}

struct Lexer<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Lexer<'_> {
    /// The byte at a distance; 0 after the end, which no token contains.
    fn peek(&self, distance: usize) -> u8 {
        self.bytes.get(self.at + distance).copied().unwrap_or(0)
    }

    fn skip(&mut self, is_part: impl Fn(u8) -> bool) -> Range<usize> {
        let start = self.at;
        let rest = &self.bytes[start..];
        let length = rest.iter().position(|byte| !is_part(*byte));
        self.at += length.unwrap_or(rest.len());
        start..self.at
    }

    /// Reads one token.
    fn next(&mut self, text: &str) -> TokenKind {
        let single = |kind| (kind, 1);
        let (kind, length) = match self.peek(0) {
            b' ' | b'\t' => {
                self.skip(|byte| matches!(byte, b' ' | b'\t'));
                return TokenKind::Space;
            }
            b'\r' if self.peek(1) == b'\n' => (TokenKind::Newline, 2),
            b'\r' | b'\n' => single(TokenKind::Newline),
            b',' => single(TokenKind::Comma),
            b'@' => single(TokenKind::At),
            b'$' => single(TokenKind::Dollar),
            b'.' => single(TokenKind::Dot),
            b'{' => single(TokenKind::OpenBrace),
            b'}' => single(TokenKind::CloseBrace),
            b'[' => single(TokenKind::OpenBracket),
            b']' => single(TokenKind::CloseBracket),
            b'(' => single(TokenKind::OpenParen),
            b')' => single(TokenKind::CloseParen),
            b'#' => single(TokenKind::Pound),
            b'=' => single(TokenKind::Equal),
            b':' if self.peek(1) == b'=' => (TokenKind::Walrus, 2),
            b':' => single(TokenKind::Colon),
            b'/' if self.peek(1) == b'/' => return self.comment(),
            b'/' => single(TokenKind::Slash),
            b'"' => return self.string(),
            b'-' | b'0'..=b'9' => return self.number(),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => return self.identifier(),
            _ => {
                let character = text[self.at..].chars().next();
                (TokenKind::Unknown, character.map_or(1, char::len_utf8))
            }
        };
        self.at += length;
        kind
    }

    fn comment(&mut self) -> TokenKind {
        let is_doc = self.peek(2) == b'/';
        self.skip(|byte| !matches!(byte, b'\n' | b'\r'));
        if self.peek(0) == b'\r' {
            self.at += 1;
        }
        if self.peek(0) == b'\n' {
            self.at += 1;
        }
        if is_doc {
            TokenKind::DocComment
        } else {
            TokenKind::Comment
        }
    }

    fn string(&mut self) -> TokenKind {
        let is_block = self.peek(1) == b'"' && self.peek(2) == b'"';
        self.at += if is_block { 3 } else { 1 };
        loop {
            self.skip(|byte| !matches!(byte, b'"' | b'\\'));
            match self.peek(0) {
                // A backslash takes the next byte with it. The bytes after the first one of a
                // longer character are neither quotes nor backslashes.
                b'\\' => self.at = (self.at + 2).min(self.bytes.len()),
                b'"' if !is_block => {
                    self.at += 1;
                    return TokenKind::String;
                }
                b'"' if self.peek(1) == b'"' && self.peek(2) == b'"' => {
                    self.at += 3;
                    return TokenKind::TextBlock;
                }
                b'"' => self.at += 1,
                _ if is_block => return TokenKind::OpenTextBlock,
                _ => return TokenKind::OpenString,
            }
        }
    }

    fn number(&mut self) -> TokenKind {
        let is_digit = |byte: u8| byte.is_ascii_digit();
        if self.peek(0) == b'-' {
            self.at += 1;
        }
        if self.skip(is_digit).is_empty() {
            return TokenKind::BrokenNumber;
        }
        if self.peek(0) == b'.' {
            self.at += 1;
            if self.skip(is_digit).is_empty() {
                return TokenKind::BrokenNumber;
            }
        }
        if matches!(self.peek(0), b'e' | b'E') {
            self.at += 1;
            if matches!(self.peek(0), b'+' | b'-') {
                self.at += 1;
            }
            if self.skip(is_digit).is_empty() {
                return TokenKind::BrokenNumber;
            }
        }
        TokenKind::Number
    }

    fn identifier(&mut self) -> TokenKind {
        self.skip(|byte| byte == b'_');
        let rest = self.skip(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        if rest.is_empty() {
            return TokenKind::BrokenIdentifier;
        }
        TokenKind::Identifier
    }
}

#[cfg(test)]
mod tests {
    use super::TokenKind::{self, *};
    use super::*;

    /// Compares the kinds of the tokens of a text.
    #[track_caller]
    fn check(text: &str, expected: &[TokenKind]) {
        let mut found: Vec<_> = tokens(text).iter().map(|token| token.kind).collect();
        assert_eq!(found.pop(), Some(End));
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn tokens_are_split() {
        check(
            "$a: \"b\"\r\n",
            &[Dollar, Identifier, Colon, Space, String, Newline],
        );
        check("x:=y", &[Identifier, Walrus, Identifier]);
        check(
            "a.b#C$d",
            &[
                Identifier, Dot, Identifier, Pound, Identifier, Dollar, Identifier,
            ],
        );
        check("// a\n/// b", &[Comment, DocComment]);
        check("-1.5e+3,2", &[Number, Comma, Number]);
        check(
            "\"\" \"\"\"\n\"a\"\"\\\"\"\"\"",
            &[String, Space, TextBlock],
        );
        check("\"\\\\\"a", &[String, Identifier]);
        check("__a1 é", &[Identifier, Space, Unknown]);
    }

    #[test]
    fn broken_tokens_end_somewhere() {
        check("\"a\\", &[OpenString]);
        check("\"\"\"a\"\"", &[OpenTextBlock]);
        check("-", &[BrokenNumber]);
        check("1. 1e+", &[BrokenNumber, Space, BrokenNumber]);
        check("__ /", &[BrokenIdentifier, Space, Slash]);
        check("\"\\é", &[OpenString]);
    }
}
