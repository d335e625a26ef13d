//! Translates the regular expressions of models to those of the `regex` crate.
//!
//! The trait `pattern` has an ECMA 262 regular expression (Smithy 2.0, "pattern trait"), in
//! practice one that Java compiles too. [`translate`] rewrites it in the syntax of `regex`, which
//! matches in linear time.
//!
//! | in models | becomes |
//! |---|---|
//! | `\d` `\w` `\s` `.` `\b` | their meaning in ECMA 262: ASCII digits, ASCII words, no line separators |
//! | `\uD800\uDC00-\uDBFF\uDFFF` | the code points of the pairs; no UTF-8 text has a lone surrogate |
//! | `[^[]`, `[a&&b]`, `{x}`, `]` | the same characters, escaped |
//! | `\/`, `\-`, `\ `, `\"`, `\<` | the character itself |
//! | `\p{Print}`, `\p{Alnum}`, `\p{IsLatin}` | Java's: POSIX classes in ASCII; `Is` is dropped |
//! | `(?<name>..)` | `(..)` |
//! | `\037`, and in a class `\12` | the character with this octal number |
//! | `x{3}{0,5}` | `(?:x{3}){0,5}` |
//! | look-around, back-references, possessive quantifiers, atomic groups | an error |
//!
//! Strings are sequences of code points, as with the flag `u` of ECMA 262 and in Java. One
//! difference remains: `\B` counts letters outside ASCII as parts of words.
//!
//! Where engines disagree, a pattern is enforced only if that rejects nothing that one of them
//! accepts. Java reads `x{3}{0,5}` as `x{3}`, others as up to five times three: the translation
//! accepts both. `x{2}{3}` is `x{2}` in Java and six times `x` elsewhere, so it is an error here.

use std::fmt::{self, Write};
use std::iter::Peekable;
use std::str::Chars;

/// Why a pattern is not enforced or not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// It has a part that a linear-time engine cannot support, or that is unknown: this one.
    Unsupported(String),
    /// It would take more than 10 MB when compiled.
    TooLarge,
    /// It is not a regular expression, for this reason.
    Malformed(String),
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported(what) => write!(f, "{what} is not supported"),
            Self::TooLarge => f.write_str("it takes more than 10 MB when compiled"),
            Self::Malformed(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for PatternError {}

/// Rewrites a pattern in the syntax of the `regex` crate. The result compiles with
/// `regex::Regex::new`.
pub fn translate(pattern: &str) -> Result<String, PatternError> {
    let mut translator = Translator {
        rest: pattern.chars().peekable(),
        out: String::with_capacity(pattern.len() + 16),
        depth: 0,
        repeatable: false,
        quantified: false,
        dot_all: false,
    };
    translator.run()?;
    let out = translator.out;
    match regex::Regex::new(&out) {
        Ok(_) => Ok(out),
        Err(regex::Error::CompiledTooBig(_)) => Err(PatternError::TooLarge),
        Err(error) => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            Err(PatternError::Unsupported(format!(
                "part of it ({})",
                last.trim_start_matches("error: ")
            )))
        }
    }
}

const DIGIT: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";
/// `WhiteSpace` and `LineTerminator` of ECMA 262.
const SPACE: &str =
    r"\t-\r \xA0\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}";
/// The POSIX classes of Java and their names in `regex`.
const POSIX: &[(&str, &str)] = &[
    ("ASCII", "ascii"),
    ("Alnum", "alnum"),
    ("Alpha", "alpha"),
    ("Blank", "blank"),
    ("Cntrl", "cntrl"),
    ("Digit", "digit"),
    ("Graph", "graph"),
    ("Lower", "lower"),
    ("Print", "print"),
    ("Punct", "punct"),
    ("Space", "space"),
    ("Upper", "upper"),
    ("XDigit", "xdigit"),
];

struct Translator<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
    depth: usize,
    /// Whether a quantifier may follow.
    repeatable: bool,
    /// Whether the last part is a quantifier.
    quantified: bool,
    /// Whether the flag `s` is set: a dot matches any character.
    dot_all: bool,
}

/// A quantifier in braces, as written and with its bounds.
struct Braces {
    text: String,
    min: u32,
    max: u32,
}

/// The meaning of an escape or of a character in a class.
enum Atom {
    /// A code point, or a surrogate.
    One(u32),
    /// The inside of a class.
    Set(String),
    /// A zero-width assertion, in the syntax of `regex`.
    Assertion(&'static str),
}

impl Translator<'_> {
    fn run(&mut self) -> Result<(), PatternError> {
        while let Some(next) = self.rest.next() {
            match next {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                ')' => {
                    let depth = self.depth.checked_sub(1);
                    self.depth = depth.ok_or_else(|| malformed("a `)` has no `(`"))?;
                    self.put(")", true);
                }
                '|' => self.put("|", false),
                '*' | '+' | '?' => self.quantifier(&next.to_string())?,
                '{' => match self.read_braces() {
                    Some(braces) => self.braces(&braces?)?,
                    None => self.put(r"\{", true),
                },
                '.' if self.dot_all => self.put(".", true),
                '.' => self.put(r"[^\n\r\x{2028}\x{2029}]", true),
                '^' | '$' => self.put(next.encode_utf8(&mut [0; 4]), true),
                _ => self.one(u32::from(next)),
            }
        }
        if self.depth > 0 {
            return Err(malformed("a `(` has no `)`"));
        }
        Ok(())
    }

    fn put(&mut self, text: &str, repeatable: bool) {
        self.out.push_str(text);
        self.repeatable = repeatable;
        self.quantified = false;
    }

    fn one(&mut self, code: u32) {
        match char::from_u32(code) {
            Some(character) => push_literal(&mut self.out, character),
            None => self.out.push_str(r"[^\s\S]"),
        }
        self.repeatable = true;
        self.quantified = false;
    }

    fn escape(&mut self) -> Result<(), PatternError> {
        match self.escaped(false)? {
            Atom::One(code) => self.one(code),
            Atom::Set(set) => self.put(&format!("[{set}]"), true),
            Atom::Assertion(assertion) => self.put(assertion, true),
        }
        Ok(())
    }

    fn quantifier(&mut self, text: &str) -> Result<(), PatternError> {
        if !self.repeatable {
            return Err(malformed(format!("`{text}` has nothing to repeat")));
        }
        self.put(text, false);
        self.quantified = true;
        if self.rest.next_if_eq(&'?').is_some() {
            self.out.push('?');
        } else if self.rest.peek() == Some(&'+') {
            return Err(unsupported(format!("the possessive quantifier `{text}+`")));
        }
        Ok(())
    }

    /// A quantifier in braces. Java lets it follow anything: without an atom before it, it repeats
    /// nothing.
    fn braces(&mut self, braces: &Braces) -> Result<(), PatternError> {
        let Braces { text, min, max } = braces;
        if self.quantified && *min <= 1 && *max >= 1 {
            self.repeatable = true;
        }
        if !self.repeatable {
            return Err(unsupported(format!(
                "the quantifier `{text}`, which follows no atom,"
            )));
        }
        self.quantifier(text)
    }

    /// The rest of `{n}`, `{n,}` or `{n,m}`. `None`, without consuming anything, if the brace is an
    /// ordinary character.
    fn read_braces(&mut self) -> Option<Result<Braces, PatternError>> {
        let rest: String = self
            .rest
            .clone()
            .take_while(|next| *next != '}')
            .take(24)
            .collect();
        self.rest
            .clone()
            .nth(rest.chars().count())
            .filter(|next| *next == '}')?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let (min, max) = rest
            .split_once(',')
            .map_or((rest.as_str(), None), |(a, b)| (a, Some(b)));
        if !digits(min) || !max.is_none_or(|max| max.is_empty() || digits(max)) {
            return None;
        }
        self.rest.nth(rest.chars().count());
        let text = format!("{{{rest}}}");
        let (Ok(min), Ok(max)) = (
            min.parse::<u32>(),
            max.unwrap_or(min).parse::<u32>().or_else(open(max)),
        ) else {
            return Some(Err(PatternError::TooLarge));
        };
        if min > max {
            return Some(Err(malformed(format!("`{text}` is out of order"))));
        }
        Some(Ok(Braces { text, min, max }))
    }

    fn group(&mut self) -> Result<(), PatternError> {
        self.depth += 1;
        if self.rest.next_if_eq(&'?').is_none() {
            self.put("(", false);
            return Ok(());
        }
        match self.rest.next() {
            Some(':') => self.put("(?:", false),
            Some('=') => return Err(unsupported("look-ahead, `(?=`")),
            Some('!') => return Err(unsupported("look-ahead, `(?!`")),
            Some('>') => return Err(unsupported("an atomic group, `(?>`")),
            Some('<') => match self.rest.next() {
                Some('=') => return Err(unsupported("look-behind, `(?<=`")),
                Some('!') => return Err(unsupported("look-behind, `(?<!`")),
                Some(letter) if letter.is_alphabetic() || letter == '_' || letter == '$' => {
                    while self
                        .rest
                        .next()
                        .ok_or_else(|| malformed("a group's name has no end"))?
                        != '>'
                    {}
                    self.put("(", false);
                }
                _ => return Err(malformed("`(?<` does not start a group")),
            },
            Some(flag) => self.flags(flag)?,
            None => return Err(malformed("`(?` does not start a group")),
        }
        Ok(())
    }

    /// `(?i)` or `(?i:`.
    fn flags(&mut self, first: char) -> Result<(), PatternError> {
        let mut flags = String::new();
        let mut next = Some(first);
        loop {
            match next {
                Some(flag @ ('i' | 'm' | 's' | '-')) => flags.push(flag),
                Some(':') => break self.put(&format!("(?{flags}:"), false),
                Some(')') => {
                    self.depth -= 1;
                    break self.put(&format!("(?{flags})"), false);
                }
                Some(flag) if flag.is_ascii_alphabetic() => {
                    return Err(unsupported(format!("the flag `{flag}`")));
                }
                _ => return Err(malformed(format!("`(?{flags}` does not start a group"))),
            }
            next = self.rest.next();
        }
        self.dot_all |= flags.contains('s');
        Ok(())
    }

    fn class(&mut self) -> Result<(), PatternError> {
        let mut out = String::from("[");
        if self.rest.next_if_eq(&'^').is_some() {
            out.push('^');
        }
        let open = out.len();
        while let Some(first) = self.class_atom()? {
            let mut ahead = self.rest.clone();
            let range = ahead.next() == Some('-') && ahead.next().is_some_and(|next| next != ']');
            if !range {
                push_atom(&mut out, &first);
                continue;
            }
            self.rest.next();
            let Some(last) = self.class_atom()? else {
                break;
            };
            match (&first, &last) {
                (Atom::One(low), Atom::One(high)) if low <= high => {
                    push_range(&mut out, *low, *high);
                }
                (Atom::One(_), Atom::One(_)) => {
                    return Err(malformed("a range of a class is out of order"));
                }
                _ => {
                    push_atom(&mut out, &first);
                    push_literal(&mut out, '-');
                    push_atom(&mut out, &last);
                }
            }
        }
        if out.len() == open {
            // The class is empty, or has only lone surrogates.
            out = if open == 1 {
                r"[^\s\S".into()
            } else {
                r"[\s\S".into()
            };
        }
        out.push(']');
        self.put(&out, true);
        Ok(())
    }

    /// `None` at the end of the class.
    fn class_atom(&mut self) -> Result<Option<Atom>, PatternError> {
        match self.rest.next() {
            None => Err(malformed("a `[` has no `]`")),
            Some(']') => Ok(None),
            Some('\\') => match self.escaped(true)? {
                Atom::Assertion(_) => Err(malformed("a class contains an assertion")),
                atom => Ok(Some(atom)),
            },
            Some(character) => Ok(Some(Atom::One(u32::from(character)))),
        }
    }

    /// The part after a backslash.
    fn escaped(&mut self, in_class: bool) -> Result<Atom, PatternError> {
        let next = self
            .rest
            .next()
            .ok_or_else(|| malformed("it ends with a backslash"))?;
        let set = |text: &str| Atom::Set(text.to_owned());
        Ok(match next {
            'd' => set(DIGIT),
            'w' => set(WORD),
            's' => set(SPACE),
            'D' => Atom::Set(format!("[^{DIGIT}]")),
            'W' => Atom::Set(format!("[^{WORD}]")),
            'S' => Atom::Set(format!("[^{SPACE}]")),
            'p' | 'P' => Atom::Set(self.property(next == 'P')?),
            'b' if in_class => Atom::One(0x08),
            'b' => Atom::Assertion(r"(?-u:\b)"),
            'B' if !in_class => Atom::Assertion(r"\B"),
            'A' if !in_class => Atom::Assertion(r"\A"),
            'z' if !in_class => Atom::Assertion(r"\z"),
            't' => Atom::One(0x09),
            'n' => Atom::One(0x0a),
            'v' => Atom::One(0x0b),
            'f' => Atom::One(0x0c),
            'r' => Atom::One(0x0d),
            '0' => Atom::One(self.octal_after_zero()?),
            '1'..='7' if in_class => Atom::One(self.octal(u32::from(next) - u32::from('0'))),
            'c' => {
                // Java reads any character after `\c`, ECMA 262 letters.
                let letter = self.rest.next_if(char::is_ascii_alphabetic);
                let letter = letter.ok_or_else(|| unsupported(r"the escape `\c` without a letter"));
                Atom::One(u32::from(letter?) % 32)
            }
            'x' => Atom::One(self.code_point('x', 2)?),
            'u' => Atom::One(self.unit_or_pair()?),
            '1'..='9' => return Err(unsupported(format!(r"the back-reference `\{next}`"))),
            'k' => return Err(unsupported(r"the back-reference `\k`")),
            _ if next.is_ascii_alphabetic() => {
                return Err(unsupported(format!(r"the escape `\{next}`")));
            }
            _ => Atom::One(u32::from(next)),
        })
    }

    /// The rest of an octal number, of which `\` and one digit are read. Numbers end at 0o377.
    fn octal(&mut self, first: u32) -> u32 {
        let mut code = first;
        for _ in 0..2 {
            let digit = |next: char| next.to_digit(8).filter(|digit| code * 8 + digit <= 0o377);
            let Some(digit) = self.rest.peek().copied().and_then(digit) else {
                break;
            };
            self.rest.next();
            code = code * 8 + digit;
        }
        code
    }

    /// The rest of an octal number after `\0`. ECMA 262 reads up to two more digits, and Java up to
    /// three.
    fn octal_after_zero(&mut self) -> Result<u32, PatternError> {
        let ahead: String = self.rest.clone().take(3).collect();
        let is_octal = |byte: u8| (b'0'..=b'7').contains(&byte);
        if ahead.len() == 3
            && ahead.bytes().all(is_octal)
            && ahead.starts_with(['0', '1', '2', '3'])
        {
            return Err(unsupported(format!(r"the octal escape `\0{ahead}`")));
        }
        Ok(self.octal(0))
    }

    /// `\uHHHH` or `\u{H..}`. A surrogate pair is one code point.
    fn unit_or_pair(&mut self) -> Result<u32, PatternError> {
        let unit = self.code_point('u', 4)?;
        if !(0xd800..0xdc00).contains(&unit) {
            return Ok(unit);
        }
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('\\') || ahead.next() != Some('u') {
            return Ok(unit);
        }
        let after = std::mem::replace(&mut self.rest, ahead);
        let low = self.code_point('u', 4)?;
        if (0xdc00..0xe000).contains(&low) {
            return Ok(0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
        }
        self.rest = after;
        Ok(unit)
    }

    fn code_point(&mut self, letter: char, digits: usize) -> Result<u32, PatternError> {
        let braced = self.rest.next_if_eq(&'{').is_some();
        let mut hex = String::new();
        while let Some(digit) = self.rest.next_if(char::is_ascii_hexdigit) {
            hex.push(digit);
            if !braced && hex.len() == digits {
                break;
            }
        }
        let closed = if braced {
            self.rest.next() == Some('}')
        } else {
            hex.len() == digits
        };
        let code = u32::from_str_radix(&hex, 16)
            .ok()
            .filter(|code| closed && *code <= 0x10_ffff);
        code.ok_or_else(|| malformed(format!(r"`\{letter}` is not followed by a code point")))
    }

    /// The part after `\p` or `\P`.
    fn property(&mut self, negated: bool) -> Result<String, PatternError> {
        let mut name = String::new();
        match self.rest.next() {
            Some('{') => loop {
                match self.rest.next() {
                    Some('}') => break,
                    Some(character) => name.push(character),
                    None => return Err(malformed(r"a `\p{` has no `}`")),
                }
            },
            Some(letter) if letter.is_ascii_alphabetic() => name.push(letter),
            _ => return Err(malformed(r"`\p` has no name")),
        }
        if let Some((_, posix)) = POSIX.iter().find(|(java, _)| *java == name) {
            return Ok(format!("[:{}{posix}:]", if negated { "^" } else { "" }));
        }
        let known = |character: char| character.is_ascii_alphanumeric() || "_=".contains(character);
        if name.is_empty() || !name.chars().all(known) || name.starts_with("In") {
            return Err(unsupported(format!(r"the property `\p{{{name}}}`")));
        }
        let name = name.strip_prefix("Is").unwrap_or(&name);
        Ok(format!(r"\{}{{{name}}}", if negated { 'P' } else { 'p' }))
    }
}

/// The upper bound of `{n,}`: none.
fn open(
    max: Option<&str>,
) -> impl FnOnce(std::num::ParseIntError) -> Result<u32, std::num::ParseIntError> {
    let open = max.is_some_and(str::is_empty);
    move |error| if open { Ok(u32::MAX) } else { Err(error) }
}

fn push_atom(out: &mut String, atom: &Atom) {
    match atom {
        Atom::One(code) => push_range(out, *code, *code),
        Atom::Set(set) => out.push_str(set),
        Atom::Assertion(_) => unreachable!("`class_atom` rejects assertions"),
    }
}

/// Adds the code points from `low` to `high` without surrogates.
fn push_range(out: &mut String, low: u32, high: u32) {
    for (low, high) in [(low, high.min(0xd7ff)), (low.max(0xe000), high)] {
        let (Some(first), Some(last)) = (char::from_u32(low), char::from_u32(high)) else {
            continue;
        };
        if first > last {
            continue;
        }
        push_literal(out, first);
        if first < last {
            out.push('-');
            push_literal(out, last);
        }
    }
}

/// Adds a character that matches itself, inside or outside a class.
fn push_literal(out: &mut String, character: char) {
    match character {
        ' ' => out.push(' '),
        _ if character.is_ascii_alphanumeric() || "_\"%',:;=@`!/<>".contains(character) => {
            out.push(character);
        }
        _ if character.is_ascii_punctuation() => out.extend(['\\', character]),
        _ => {
            let code = u32::from(character);
            write!(out, r"\x{{{code:X}}}").expect("writing to a string cannot fail");
        }
    }
}

fn unsupported(what: impl Into<String>) -> PatternError {
    PatternError::Unsupported(what.into())
}

fn malformed(why: impl Into<String>) -> PatternError {
    PatternError::Malformed(why.into())
}

#[cfg(test)]
mod tests;
