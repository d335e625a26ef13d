//! Patterns as regular expressions of ECMA 262 with the flag `u`, which JSON Schema recommends.
//!
//! Patterns of models are expressions of ECMA 262 (Smithy 2.0, "pattern trait"), in practice often
//! written for Java. Without the flag, ECMA 262 accepts escapes of any character and lone brackets;
//! with it they are errors, and [`rewrite`] spells them in the way that both accept.

use std::fmt::{self, Write as _};
use std::iter::Peekable;
use std::str::Chars;

/// A pattern that JSON Schema has no equivalent of: this part of it.
pub(super) type Unsupported = String;

/// Rewrites a pattern.
pub(super) fn rewrite(pattern: &str) -> Result<String, Unsupported> {
    let mut rewriter = Rewriter {
        rest: pattern.chars().peekable(),
        out: String::with_capacity(pattern.len()),
        is_quantified: false,
    };
    while let Some(next) = rewriter.rest.next() {
        rewriter.atom(next)?;
    }
    Ok(rewriter.out)
}

struct Rewriter<'p> {
    rest: Peekable<Chars<'p>>,
    out: String,
    /// Whether what was written last is a quantifier.
    is_quantified: bool,
}

impl Rewriter<'_> {
    fn atom(&mut self, next: char) -> Result<(), Unsupported> {
        let was_quantified = std::mem::take(&mut self.is_quantified);
        match next {
            '\\' => self.escape(),
            '[' => self.class(),
            '(' => self.group(),
            '*' | '+' if was_quantified => Err("a quantifier after another".into()),
            '*' | '+' => {
                self.out.push(next);
                self.end_quantifier();
                Ok(())
            }
            '?' => {
                self.out.push('?');
                // `?` after a quantifier makes it lazy.
                self.is_quantified = true;
                Ok(())
            }
            '{' => self.braces(was_quantified),
            '}' | ']' => {
                self.out.extend(['\\', next]);
                Ok(())
            }
            _ => {
                self.out.push(next);
                Ok(())
            }
        }
    }

    /// After a quantifier, which `?` may follow.
    fn end_quantifier(&mut self) {
        if self.rest.next_if_eq(&'?').is_some() {
            self.out.push('?');
        }
        self.is_quantified = true;
    }

    /// A quantifier in braces, or a brace.
    fn braces(&mut self, was_quantified: bool) -> Result<(), Unsupported> {
        let text = self
            .rest
            .clone()
            .take_while(|next| *next != '}')
            .collect::<String>();
        let is_closed = self.rest.clone().nth(text.chars().count()) == Some('}');
        let is_number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_quantifier = match text.split_once(',') {
            Some((min, max)) => is_number(min) && (max.is_empty() || is_number(max)),
            None => is_number(&text),
        };
        if !is_closed || !is_quantifier {
            self.out.push_str("\\{");
            return Ok(());
        }
        if was_quantified {
            return Err("a quantifier after another".into());
        }
        self.out.push('{');
        self.out.push_str(&text);
        self.out.push('}');
        for _ in 0..=text.chars().count() {
            self.rest.next();
        }
        self.end_quantifier();
        Ok(())
    }

    /// After `(`.
    fn group(&mut self) -> Result<(), Unsupported> {
        self.out.push('(');
        if self.rest.next_if_eq(&'?').is_none() {
            return Ok(());
        }
        self.out.push('?');
        let mut ahead = self.rest.clone();
        match (ahead.next(), ahead.next()) {
            (Some(next @ (':' | '=' | '!')), _) => {
                self.rest.next();
                self.out.push(next);
                Ok(())
            }
            (Some('<'), _) => Ok(()),
            (Some('P'), Some('<')) => {
                self.rest.next();
                Ok(())
            }
            (Some('>'), _) => Err("the atomic group `(?>`".into()),
            (Some(flag), _) => Err(format!("the flags `(?{flag}`")),
            (None, _) => Err("the group `(?`".into()),
        }
    }

    /// After a backslash outside of a class.
    fn escape(&mut self) -> Result<(), Unsupported> {
        let Some(next) = self.rest.next() else {
            return Err("the backslash at its end".into());
        };
        match next {
            'B' | 'b' | '1'..='9' => self.out.extend(['\\', next]),
            'k' if self.rest.peek() == Some(&'<') => self.out.push_str("\\k"),
            'A' => self.out.push('^'),
            'Z' | 'z' => self.out.push('$'),
            '-' => self.out.push('-'),
            _ => return self.character(next, false).map(|_| ()),
        }
        Ok(())
    }

    /// After `[`.
    fn class(&mut self) -> Result<(), Unsupported> {
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut was_set = false;
        while let Some(next) = self.rest.next() {
            was_set = match next {
                ']' => {
                    self.out.push(']');
                    return Ok(());
                }
                '-' => {
                    // A hyphen beside a set is a character, and not part of a range.
                    let is_last = self.rest.peek() == Some(&']');
                    if !is_last && (was_set || self.is_set_next()) {
                        self.out.push('\\');
                    }
                    self.out.push('-');
                    false
                }
                '[' => {
                    self.out.push_str("\\[");
                    false
                }
                '\\' => match self.rest.next() {
                    None => return Err("the backslash at its end".into()),
                    Some(next @ ('-' | 'b')) => {
                        self.out.extend(['\\', next]);
                        false
                    }
                    Some(next) => self.character(next, true)?,
                },
                _ => {
                    self.out.push(next);
                    false
                }
            };
        }
        Err("the bracket that is not closed".into())
    }

    /// Whether an escape of a set of characters follows.
    fn is_set_next(&self) -> bool {
        let mut ahead = self.rest.clone();
        ahead.next() == Some('\\') && ahead.next().is_some_and(|next| "dDwWsSpP".contains(next))
    }

    /// The escape of a character or of a set of them. Returns whether it is a set.
    fn character(&mut self, next: char, in_class: bool) -> Result<bool, Unsupported> {
        match next {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' => {
                self.out.extend(['\\', next]);
                return Ok(true);
            }
            'p' | 'P' => return self.property(next, in_class).map(|()| true),
            'a' => self.out.push_str("\\x07"),
            'e' => self.out.push_str("\\x1b"),
            'x' | 'u' if self.rest.peek() == Some(&'{') => {
                self.out.push_str("\\u");
                let code = self.rest.by_ref().take_while(|next| *next != '}');
                self.out.extend(code);
                self.out.push('}');
            }
            'x' => self.code(next, 2)?,
            'u' => self.code(next, 4)?,
            '0' => self.octal(),
            'f' | 'n' | 'r' | 't' | 'v' | '^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')'
            | '[' | ']' | '{' | '}' | '|' | '/' => self.out.extend(['\\', next]),
            _ if !next.is_ascii_alphanumeric() => self.out.push(next),
            _ => return Err(format!("the escape `\\{next}`")),
        }
        Ok(false)
    }

    /// `\xhh`, `\uhhhh`
    fn code(&mut self, letter: char, digits: usize) -> Result<(), Unsupported> {
        self.out.extend(['\\', letter]);
        for _ in 0..digits {
            let digit = self.rest.next_if(char::is_ascii_hexdigit);
            let digit = digit.ok_or_else(|| format!("the escape `\\{letter}`"))?;
            self.out.push(digit);
        }
        Ok(())
    }

    fn push(&mut self, text: fmt::Arguments<'_>) {
        let written = self.out.write_fmt(text);
        written.expect("writing to a string does not fail");
    }

    /// `\0`, and Java's `\0` with up to three octal digits.
    fn octal(&mut self) {
        let (mut value, mut digits) = (0, 0);
        while digits < 3
            && value < 32
            && let Some(digit) = self.rest.next_if(|next| next.is_digit(8))
        {
            value = value * 8 + digit.to_digit(8).unwrap_or_default();
            digits += 1;
        }
        self.push(format_args!("\\x{value:02x}"));
    }

    /// `\p{..}` and `\pL`
    fn property(&mut self, letter: char, in_class: bool) -> Result<(), Unsupported> {
        let name = match self.rest.next() {
            Some('{') => {
                let name = self.rest.by_ref().take_while(|next| *next != '}');
                name.collect::<String>()
            }
            Some(name) => name.to_string(),
            None => String::new(),
        };
        let is_negated = letter == 'P';
        if let Some(ranges) = posix(&name) {
            match (in_class, is_negated) {
                (true, false) => self.out.push_str(ranges),
                (true, true) => return Err(format!("the property `\\P{{{name}}}` in a class")),
                (false, false) => self.push(format_args!("[{ranges}]")),
                (false, true) => self.push(format_args!("[^{ranges}]")),
            }
            return Ok(());
        }
        let Some(property) = unicode(&name) else {
            return Err(format!("the property `\\{letter}{{{name}}}`"));
        };
        self.push(format_args!("\\{letter}{{{property}}}"));
        Ok(())
    }
}

/// The classes of POSIX, which Java has in ASCII.
fn posix(name: &str) -> Option<&'static str> {
    Some(match name {
        "Alnum" => "0-9A-Za-z",
        "Alpha" => "A-Za-z",
        "Blank" => " \\t",
        "Cntrl" => "\\x00-\\x1f\\x7f",
        "Digit" => "0-9",
        "Graph" => "!-~",
        "Lower" => "a-z",
        "Print" => " -~",
        "Punct" => "!-\\/:-@\\[-`{-~",
        "Space" => " \\t\\n\\v\\f\\r",
        "Upper" => "A-Z",
        "XDigit" => "0-9A-Fa-f",
        _ => return None,
    })
}

/// A property of Unicode by its name in ECMA 262. Java adds `Is` to names of properties and
/// scripts.
fn unicode(name: &str) -> Option<String> {
    const PROPERTIES: [&str; 8] = [
        "ASCII",
        "Alphabetic",
        "Any",
        "Assigned",
        "Ideographic",
        "Lowercase",
        "Uppercase",
        "White_Space",
    ];
    let is_category = |name: &str| {
        let mut letters = name.chars();
        let first = letters
            .next()
            .is_some_and(|letter| "LMNPSZC".contains(letter));
        let second = letters
            .next()
            .is_none_or(|letter| letter.is_ascii_lowercase());
        first && second && letters.next().is_none()
    };
    if name.contains('=') || PROPERTIES.contains(&name) || is_category(name) {
        return Some(name.to_owned());
    }
    let name = name.strip_prefix("Is")?;
    if PROPERTIES.contains(&name) || is_category(name) {
        return Some(name.to_owned());
    }
    let is_name = |name: &str| {
        name.chars()
            .all(|next| next.is_ascii_alphabetic() || next == '_')
    };
    (is_name(name) && name.len() > 2).then(|| format!("Script={name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_spelled_as_the_flag_u_wants_them() {
        for (pattern, expected) in [
            ("^[a-z]+$", "^[a-z]+$"),
            (r"\-\_\ \:\/\.", r"-_ :\/\."),
            (r"[\w-.]", r"[\w\-.]"),
            (r"[.-\d]", r"[.\-\d]"),
            (r"[\w-]", r"[\w-]"),
            (r"[^[\]]", r"[^\[\]]"),
            ("a{2}b{2,}c{2,3}?", "a{2}b{2,}c{2,3}?"),
            ("{a}]", r"\{a\}\]"),
            (r"\p{Alpha}[\p{Digit}_]\P{Upper}", "[A-Za-z][0-9_][^A-Z]"),
            (
                r"\p{L}\pN\p{IsLatin}\p{IsAlphabetic}",
                r"\p{L}\p{N}\p{Script=Latin}\p{Alphabetic}",
            ),
            (r"\A(?:a|(?<n>b)|(?P<m>c))\z", "^(?:a|(?<n>b)|(?<m>c))$"),
            (r"(?=a)(?!b)(?<!c)d*?", r"(?=a)(?!b)(?<!c)d*?"),
            (r"\037\x41\u0041\x{1F600}", r"\x1f\x41\u0041\u{1F600}"),
            ("é\\é", "éé"),
        ] {
            assert_eq!(rewrite(pattern).as_deref(), Ok(expected), "{pattern}");
        }
    }

    #[test]
    fn what_ecma_262_does_not_have_is_named() {
        for (pattern, expected) in [
            ("(?i)a", "the flags `(?i`"),
            ("(?>a)", "the atomic group `(?>`"),
            ("a*+", "a quantifier after another"),
            ("a{3}{0,5}", "a quantifier after another"),
            (r"\h", r"the escape `\h`"),
            (r"\p{InGreek}", r"the property `\p{InGreek}`"),
            (r"[\P{Alpha}]", r"the property `\P{Alpha}` in a class"),
            (r"\u00", r"the escape `\u`"),
            ("[a", "the bracket that is not closed"),
            ("\\", "the backslash at its end"),
        ] {
            assert_eq!(rewrite(pattern), Err(expected.to_owned()), "{pattern}");
        }
    }
}
