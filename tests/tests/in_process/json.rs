//! A JSON reader (RFC 8259) that keeps duplicate keys, digits and nesting. It shares no code with
//! the server's.

#![allow(dead_code, reason = "each suite uses a part of it")]

use std::fmt::Write as _;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// Digits as they are written.
    Number(String),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Why a text is not JSON, or may not be for some readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotJson {
    /// It breaks the grammar.
    Grammar,
    /// An escape of a lone surrogate: allowed by the grammar, but not in UTF-8.
    Surrogate,
}

impl Json {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::String(text.into())
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and literals are small"
    )]
    pub(crate) fn number(number: impl ToString) -> Self {
        Self::Number(number.to_string())
    }

    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, NotJson> {
        let text = std::str::from_utf8(bytes).map_err(|_| NotJson::Grammar)?;
        let mut parser = Parser { rest: text };
        let value = parser.value()?;
        parser.space();
        if parser.rest.is_empty() {
            Ok(value)
        } else {
            Err(NotJson::Grammar)
        }
    }

    /// The number of lists and objects around its innermost value.
    pub(crate) fn depth(&self) -> usize {
        match self {
            // Values are deep: iterators would need too much of the stack.
            Self::Array(elements) => {
                let mut deepest = 0;
                for element in elements {
                    deepest = element.depth().max(deepest);
                }
                1 + deepest
            }
            Self::Object(entries) => {
                let mut deepest = 0;
                for (_, value) in entries {
                    deepest = value.depth().max(deepest);
                }
                1 + deepest
            }
            _ => 0,
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(entries) => entries
                .iter()
                .find(|(other, _)| other == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// Sets the value of a key in place, or appends it.
    pub(crate) fn set(&mut self, name: &str, value: Self) {
        let Self::Object(entries) = self else { return };
        match entries.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => *old = value,
            None => entries.push((name.to_owned(), value)),
        }
    }

    pub(crate) fn remove(&mut self, name: &str) {
        if let Self::Object(entries) = self {
            entries.retain(|(other, _)| other != name);
        }
    }

    /// The name of a value's type in messages.
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::String(text) => quote(text, out),
            Self::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    element.write(out);
                }
                out.push(']');
            }
            Self::Object(entries) => {
                out.push('{');
                for (index, (name, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    quote(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

impl std::fmt::Display for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = String::new();
        self.write(&mut out);
        f.write_str(&out)
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\0'..='\u{1f}' => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

struct Parser<'t> {
    rest: &'t str,
}

impl Parser<'_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn take(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self) -> Result<Json, NotJson> {
        self.space();
        for (word, value) in [
            ("null", Json::Null),
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
        ] {
            if self.take(word) {
                return Ok(value);
            }
        }
        match self.rest.as_bytes().first() {
            Some(b'"') => self.string().map(Json::String),
            Some(b'[') => self.array(),
            Some(b'{') => self.object(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(NotJson::Grammar),
        }
    }

    fn array(&mut self) -> Result<Json, NotJson> {
        self.take("[");
        let mut elements = Vec::new();
        self.space();
        if self.take("]") {
            return Ok(Json::Array(elements));
        }
        loop {
            elements.push(self.value()?);
            self.space();
            if self.take("]") {
                return Ok(Json::Array(elements));
            }
            if !self.take(",") {
                return Err(NotJson::Grammar);
            }
        }
    }

    fn object(&mut self) -> Result<Json, NotJson> {
        self.take("{");
        let mut entries = Vec::new();
        self.space();
        if self.take("}") {
            return Ok(Json::Object(entries));
        }
        loop {
            self.space();
            let name = self.string()?;
            self.space();
            if !self.take(":") {
                return Err(NotJson::Grammar);
            }
            entries.push((name, self.value()?));
            self.space();
            if self.take("}") {
                return Ok(Json::Object(entries));
            }
            if !self.take(",") {
                return Err(NotJson::Grammar);
            }
        }
    }

    fn digits(&mut self) -> usize {
        let count = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        self.rest = &self.rest[count..];
        count
    }

    fn number(&mut self) -> Result<Json, NotJson> {
        let start = self.rest;
        self.take("-");
        let zero = self.rest.starts_with('0');
        let digits = self.digits();
        if digits == 0 || (zero && digits > 1) {
            return Err(NotJson::Grammar);
        }
        if self.take(".") && self.digits() == 0 {
            return Err(NotJson::Grammar);
        }
        if self.take("e") || self.take("E") {
            let _sign = self.take("+") || self.take("-");
            if self.digits() == 0 {
                return Err(NotJson::Grammar);
            }
        }
        Ok(Json::Number(
            start[..start.len() - self.rest.len()].to_owned(),
        ))
    }

    fn string(&mut self) -> Result<String, NotJson> {
        if !self.take("\"") {
            return Err(NotJson::Grammar);
        }
        let mut text = String::new();
        loop {
            let c = self.char()?;
            match c {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                '\0'..='\u{1f}' => return Err(NotJson::Grammar),
                c => text.push(c),
            }
        }
    }

    fn char(&mut self) -> Result<char, NotJson> {
        let c = self.rest.chars().next().ok_or(NotJson::Grammar)?;
        self.rest = &self.rest[c.len_utf8()..];
        Ok(c)
    }

    fn escape(&mut self) -> Result<char, NotJson> {
        Ok(match self.char()? {
            c @ ('"' | '\\' | '/') => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let first = self.unit()?;
                if let Some(c) = char::from_u32(first) {
                    return Ok(c);
                }
                if first >= 0xdc00 || !self.take("\\u") {
                    return Err(NotJson::Surrogate);
                }
                let second = self.unit()?;
                if !(0xdc00..0xe000).contains(&second) {
                    return Err(NotJson::Surrogate);
                }
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                char::from_u32(code).ok_or(NotJson::Surrogate)?
            }
            _ => return Err(NotJson::Grammar),
        })
    }

    fn unit(&mut self) -> Result<u32, NotJson> {
        let digits = self.rest.get(..4).ok_or(NotJson::Grammar)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotJson::Grammar);
        }
        self.rest = &self.rest[4..];
        u32::from_str_radix(digits, 16).map_err(|_| NotJson::Grammar)
    }
}
