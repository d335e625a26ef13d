//! The samples of request and response bodies: JSON with type words in the place of values.

use crate::documents::{Line, Place};

/// A sample, in full.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// Where it begins.
    pub(crate) place: Place,
    /// What it shows.
    pub(crate) body: Body,
}

/// A value in a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// Members in the printed order.
    Object(Vec<(String, Body)>),
    /// One element stands for all.
    Array(Box<Body>),
    /// `"string"`, `number`, `integer`, `boolean` or `enum`.
    Leaf(String),
}

/// Reads all samples that follow one another in these lines; fences are skipped, so that a page
/// break within a sample costs nothing as long as its brackets are all there.
pub(crate) fn samples(lines: &[&Line]) -> Result<Vec<Sample>, String> {
    let mut tokens = Tokens {
        tokens: tokens(lines)?,
        next: 0,
    };
    let mut found = Vec::new();
    while let Some((_, place)) = tokens.peek() {
        let place = place.clone();
        found.push(Sample {
            body: tokens.value()?,
            place,
        });
    }
    Ok(found)
}

struct Tokens {
    tokens: Vec<(String, Place)>,
    next: usize,
}

impl Tokens {
    fn peek(&self) -> Option<&(String, Place)> {
        self.tokens.get(self.next)
    }

    fn take(&mut self, wanted: &str) -> Result<(), String> {
        match self.peek() {
            Some((token, _)) if token == wanted => {
                self.next += 1;
                Ok(())
            }
            Some((token, place)) => Err(format!(
                "{place}: sample has `{token}` where `{wanted}` is expected"
            )),
            None => Err(format!(
                "{}: sample ends where `{wanted}` is expected",
                self.end()
            )),
        }
    }

    fn is(&self, wanted: &str) -> bool {
        self.peek().is_some_and(|(token, _)| token == wanted)
    }

    fn end(&self) -> String {
        self.tokens.last().map_or_else(
            || "an empty sample".to_owned(),
            |(_, place)| place.to_string(),
        )
    }

    fn value(&mut self) -> Result<Body, String> {
        if self.is("{") {
            return self.object();
        }
        if self.is("[") {
            self.take("[")?;
            let element = self.value()?;
            self.take("]")?;
            return Ok(Body::Array(Box::new(element)));
        }
        let Some((token, place)) = self.peek() else {
            return Err(format!(
                "{}: sample ends where a value is expected",
                self.end()
            ));
        };
        let word = match token.as_str() {
            "\"string\"" => "string",
            word @ ("number" | "integer" | "boolean" | "enum") => word,
            other => {
                return Err(format!(
                    "{place}: sample has `{other}` where a value is expected"
                ));
            }
        };
        let leaf = Body::Leaf(word.to_owned());
        self.next += 1;
        Ok(leaf)
    }

    fn object(&mut self) -> Result<Body, String> {
        self.take("{")?;
        let mut members = Vec::new();
        while !self.is("}") {
            if !members.is_empty() {
                self.take(",")?;
            }
            let Some((token, place)) = self.peek() else {
                return Err(format!("{}: sample ends within an object", self.end()));
            };
            let name = token
                .strip_prefix('"')
                .and_then(|token| token.strip_suffix('"'))
                .ok_or_else(|| format!("{place}: sample has `{token}` where a member is expected"))?
                .to_owned();
            self.next += 1;
            self.take(":")?;
            members.push((name, self.value()?));
        }
        self.take("}")?;
        Ok(Body::Object(members))
    }
}

fn tokens(lines: &[&Line]) -> Result<Vec<(String, Place)>, String> {
    let mut tokens = Vec::new();
    for line in lines.iter().filter(|line| !line.raw.starts_with("```")) {
        let mut rest = line.raw.as_str();
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '{' | '}' | '[' | ']' | ',' | ':' | ' ' => 1,
                '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
                letter if letter.is_ascii_alphabetic() => rest
                    .find(|letter: char| !letter.is_ascii_alphabetic())
                    .unwrap_or(rest.len()),
                _ => return Err(format!("{}: sample has `{rest}`", line.place)),
            };
            let (token, tail) = rest.split_at(length);
            if token != " " {
                tokens.push((token.to_owned(), line.place.clone()));
            }
            rest = tail;
        }
    }
    Ok(tokens)
}
