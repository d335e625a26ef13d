//! The tokens of JMESPath.

use crate::frontend::json::read;
use crate::jmespath::{Comparator, SyntaxError};
use crate::node::{Node, Value};

/// The greatest number of tokens, which bounds the depth of an expression.
const MAX_TOKENS: usize = 500;

/// A token, with the index of its first byte.
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) at: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    Name(Box<str>),
    /// A name in quotes, which cannot be that of a function.
    Quoted(Box<str>),
    Number(i64),
    Literal(Node<'static>),
    Compare(Comparator),
    Dot,
    Star,
    /// `[]`.
    Flatten,
    /// `[?`.
    Filter,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    LeftParen,
    RightParen,
    Comma,
    Colon,
    Pipe,
    Or,
    And,
    Not,
    Current,
    Reference,
    End,
}

impl TokenKind {
    /// The token in words, for messages.
    pub(super) fn phrase(&self) -> String {
        let text = match self {
            Self::Name(name) => return format!("`{name}`"),
            Self::Quoted(name) => return format!("`\"{name}\"`"),
            Self::Number(number) => return format!("`{number}`"),
            Self::Literal(_) => return "a literal".to_owned(),
            Self::End => return "the end".to_owned(),
            Self::Compare(comparator) => comparator.text(),
            Self::Dot => ".",
            Self::Star => "*",
            Self::Flatten => "[]",
            Self::Filter => "[?",
            Self::LeftBracket => "[",
            Self::RightBracket => "]",
            Self::LeftBrace => "{",
            Self::RightBrace => "}",
            Self::LeftParen => "(",
            Self::RightParen => ")",
            Self::Comma => ",",
            Self::Colon => ":",
            Self::Pipe => "|",
            Self::Or => "||",
            Self::And => "&&",
            Self::Not => "!",
            Self::Current => "@",
            Self::Reference => "&",
        };
        format!("`{text}`")
    }
}

/// Splits a text into tokens. The last one is [`TokenKind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, SyntaxError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.spaces();
        let at = lexer.at;
        let kind = lexer.token()?;
        let is_end = kind == TokenKind::End;
        tokens.push(Token { kind, at });
        if is_end {
            return Ok(tokens);
        }
        if tokens.len() > MAX_TOKENS {
            let message = format!("the expression has more than {MAX_TOKENS} tokens");
            return Err(SyntaxError { message, at });
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Takes characters while `is_part`.
    fn take_while(&mut self, is_part: fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn token(&mut self) -> Result<TokenKind, SyntaxError> {
        let Some(first) = self.rest().chars().next() else {
            return Ok(TokenKind::End);
        };
        match first {
            'a'..='z' | 'A'..='Z' | '_' => {
                let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
                Ok(TokenKind::Name(name.into()))
            }
            '-' | '0'..='9' => self.number(),
            '"' => self.quoted(),
            '\'' => self.raw_string(),
            '`' => self.literal(),
            _ => self.punctuation(first),
        }
    }

    fn punctuation(&mut self, first: char) -> Result<TokenKind, SyntaxError> {
        use Comparator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        // A text before those that it begins with.
        let all = [
            ("[]", TokenKind::Flatten),
            ("[?", TokenKind::Filter),
            ("||", TokenKind::Or),
            ("&&", TokenKind::And),
            ("==", TokenKind::Compare(Equal)),
            ("!=", TokenKind::Compare(NotEqual)),
            ("<=", TokenKind::Compare(LessOrEqual)),
            (">=", TokenKind::Compare(GreaterOrEqual)),
            ("<", TokenKind::Compare(Less)),
            (">", TokenKind::Compare(Greater)),
            (".", TokenKind::Dot),
            ("*", TokenKind::Star),
            ("[", TokenKind::LeftBracket),
            ("]", TokenKind::RightBracket),
            ("{", TokenKind::LeftBrace),
            ("}", TokenKind::RightBrace),
            ("(", TokenKind::LeftParen),
            (")", TokenKind::RightParen),
            (",", TokenKind::Comma),
            (":", TokenKind::Colon),
            ("|", TokenKind::Pipe),
            ("!", TokenKind::Not),
            ("@", TokenKind::Current),
            ("&", TokenKind::Reference),
        ];
        let at = self.at;
        let found = all.into_iter().find(|(text, _)| self.eat(text));
        found.map(|(_, kind)| kind).ok_or_else(|| SyntaxError {
            message: format!("unexpected `{}`", first.escape_debug()),
            at,
        })
    }

    fn number(&mut self) -> Result<TokenKind, SyntaxError> {
        let at = self.at;
        self.eat("-");
        self.take_while(|c| c.is_ascii_digit());
        let text = &self.text[at..self.at];
        text.parse()
            .map(TokenKind::Number)
            .map_err(|_| SyntaxError {
                message: format!("`{text}` is not an integer of 64 bits"),
                at,
            })
    }

    /// The text up to an unescaped `quote`, which is consumed.
    fn until(&mut self, quote: char) -> Result<&'t str, SyntaxError> {
        let at = self.at;
        self.at += quote.len_utf8();
        let rest = self.rest();
        let mut escaped = false;
        for (index, c) in rest.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                _ if c == quote => {
                    self.at += index + c.len_utf8();
                    return Ok(&rest[..index]);
                }
                _ => {}
            }
        }
        let message = format!("the closing `{}` is missing", quote.escape_debug());
        Err(SyntaxError { message, at })
    }

    fn quoted(&mut self) -> Result<TokenKind, SyntaxError> {
        let at = self.at;
        self.until('"')?;
        let text = &self.text[at..self.at];
        match read(text).map(|node| node.value) {
            Ok(Value::String(name)) => Ok(TokenKind::Quoted(name.into())),
            _ => Err(SyntaxError {
                message: format!("{text} is not a JSON string"),
                at,
            }),
        }
    }

    fn raw_string(&mut self) -> Result<TokenKind, SyntaxError> {
        let text = self.until('\'')?.replace("\\'", "'");
        Ok(TokenKind::Literal(Node::new(Value::String(text.into()))))
    }

    fn literal(&mut self) -> Result<TokenKind, SyntaxError> {
        let at = self.at;
        let text = self.until('`')?.replace("\\`", "`");
        match read(text.trim()) {
            Ok(node) => Ok(TokenKind::Literal(node.to_static())),
            Err(_) => Err(SyntaxError {
                message: format!("`{text}` is not JSON"),
                at,
            }),
        }
    }
}
