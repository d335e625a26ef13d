//! Checks that texts of the configuration are paths and attributes of Rust. Parsers of the whole
//! language would take longer to compile than the other dependencies of a build script. If the
//! parser is there for the formatter (feature `format`), it has the last word.

use std::iter::Peekable;
use std::str::FromStr as _;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::names::is_keyword;

/// A path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// The first segment, without its arguments.
    pub(crate) first: String,
    /// The number of segments.
    pub(crate) segments: usize,
}

/// The path of a type, whose segments may have arguments in angle brackets.
pub(crate) fn type_path(text: &str) -> Result<Path, String> {
    let path = whole(text, |tokens| path(tokens, true))?;
    #[cfg(feature = "format")]
    syn::parse_str::<syn::TypePath>(text).map_err(|error| error.to_string())?;
    Ok(path)
}

/// A path without arguments.
pub(super) fn simple_path(text: &str) -> Result<Path, String> {
    whole(text, |tokens| path(tokens, false))
}

/// One or more outer attributes.
pub(super) fn attributes(text: &str) -> Result<(), String> {
    let mut tokens = tokens(text)?;
    if tokens.peek().is_none() {
        return Err("it is empty".to_owned());
    }
    while let Some(token) = tokens.next() {
        if !is_punct(Some(&token), '#') {
            return Err(format!("it starts with `{token}`, not with `#[`"));
        }
        match tokens.next() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
                attribute(&mut group.stream().into_iter().peekable())?;
            }
            Some(other) => return Err(format!("`{other}` follows `#`, not `[`")),
            None => return Err("nothing follows `#`".to_owned()),
        }
    }
    #[cfg(feature = "format")]
    {
        use syn::parse::Parser as _;

        let parsed = syn::Attribute::parse_outer.parse_str(text);
        parsed.map_err(|error| error.to_string())?;
    }
    Ok(())
}

type Tokens = Peekable<IntoIter>;

fn tokens(text: &str) -> Result<Tokens, String> {
    let tokens = TokenStream::from_str(text);
    let tokens = tokens.map_err(|_| "it does not consist of tokens of Rust".to_owned())?;
    Ok(tokens.into_iter().peekable())
}

/// What `parse` finds, if no tokens are left.
fn whole<T>(text: &str, parse: impl FnOnce(&mut Tokens) -> Result<T, String>) -> Result<T, String> {
    let mut tokens = tokens(text)?;
    let found = parse(&mut tokens)?;
    match tokens.next() {
        Some(token) => Err(format!("`{token}` is unexpected")),
        None => Ok(found),
    }
}

/// The content of an attribute: a path, then nothing, tokens in brackets, or `=` and a value.
fn attribute(tokens: &mut Tokens) -> Result<(), String> {
    match tokens.peek() {
        // `#[unsafe(no_mangle)]`
        Some(TokenTree::Ident(ident)) if ident == "unsafe" => drop(tokens.next()),
        _ => drop(path(tokens, false)?),
    }
    let next = tokens.next();
    match &next {
        None => return Ok(()),
        Some(TokenTree::Group(_)) => {}
        equals if is_punct(equals.as_ref(), '=') => value(tokens)?,
        Some(other) => return Err(format!("`{other}` is unexpected")),
    }
    match tokens.next() {
        Some(token) => Err(format!("`{token}` is unexpected")),
        None => Ok(()),
    }
}

/// Takes the value of an attribute: a literal, or a call of a macro such as `concat!(..)`.
fn value(tokens: &mut Tokens) -> Result<(), String> {
    match tokens.peek() {
        None => return Err("nothing follows `=`".to_owned()),
        Some(TokenTree::Literal(_)) => {
            tokens.next();
            return Ok(());
        }
        Some(TokenTree::Ident(ident)) if ident == "true" || ident == "false" => {
            tokens.next();
            return Ok(());
        }
        Some(_) => drop(path(tokens, false)?),
    }
    if is_punct(tokens.next().as_ref(), '!')
        && let Some(TokenTree::Group(_)) = tokens.next()
    {
        Ok(())
    } else {
        Err("the value is not a literal".to_owned())
    }
}

/// Takes a path.
fn path(tokens: &mut Tokens, with_arguments: bool) -> Result<Path, String> {
    let mut first = None;
    let mut segments = 0;
    separator(tokens)?;
    loop {
        let segment = segment(tokens.next())?;
        first.get_or_insert(segment);
        segments += 1;
        let mut separated = separator(tokens)?;
        if with_arguments && is_punct(tokens.peek(), '<') {
            arguments(tokens)?;
            separated = separator(tokens)?;
        }
        if !separated {
            let first = first.unwrap_or_default();
            return Ok(Path { first, segments });
        }
    }
}

fn segment(token: Option<TokenTree>) -> Result<String, String> {
    let Some(TokenTree::Ident(ident)) = token else {
        let found = token.map_or_else(|| "it ends".to_owned(), |token| format!("`{token}` is"));
        return Err(format!("{found} where a name belongs"));
    };
    let name = ident.to_string();
    let is_root = ["crate", "self", "Self", "super"].contains(&name.as_str());
    if is_keyword(&name) && !is_root {
        return Err(format!("`{name}` is a keyword"));
    }
    Ok(name)
}

/// Takes `::`, if it is next.
fn separator(tokens: &mut Tokens) -> Result<bool, String> {
    if !is_punct(tokens.peek(), ':') {
        return Ok(false);
    }
    tokens.next();
    if is_punct(tokens.next().as_ref(), ':') {
        Ok(true)
    } else {
        Err("a single `:` is unexpected".to_owned())
    }
}

/// Takes arguments in angle brackets.
fn arguments(tokens: &mut Tokens) -> Result<(), String> {
    let mut depth = 0_usize;
    let mut after_dash = false;
    for token in tokens.by_ref() {
        if matches!(&token, TokenTree::Ident(ident) if ident == "_") {
            return Err("`_` stands for no type here".to_owned());
        }
        if is_punct(Some(&token), '<') {
            depth += 1;
        } else if is_punct(Some(&token), '>') && !after_dash {
            depth -= 1;
        }
        if depth == 0 {
            return Ok(());
        }
        // `->` closes nothing.
        after_dash = is_punct(Some(&token), '-');
    }
    Err("a `>` is missing".to_owned())
}

fn is_punct(token: Option<&TokenTree>, expected: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check<T>(found: Result<T, String>, expected: Option<&str>) {
        assert_eq!(found.err().as_deref(), expected);
    }

    #[test]
    fn paths_of_types() {
        let found = type_path("::std::collections::HashMap");
        let expected = Path {
            first: "std".to_owned(),
            segments: 3,
        };
        assert_eq!(found, Ok(expected));
        for (text, problem) in [
            ("Money", None),
            ("crate::r#type::Money", None),
            ("::money::Money<Vec<u8>, fn() -> u8>", None),
            ("a::Cell::<u8>::Item", None),
            ("", Some("it ends where a name belongs")),
            ("a::", Some("it ends where a name belongs")),
            ("a:b", Some("a single `:` is unexpected")),
            ("a.b", Some("`.` is unexpected")),
            ("a::b<u8", Some("a `>` is missing")),
            ("&str", Some("`&` is where a name belongs")),
            ("a::type", Some("`type` is a keyword")),
            ("a::b)", Some("it does not consist of tokens of Rust")),
            ("a::b<_>", Some("`_` stands for no type here")),
        ] {
            check(type_path(text), problem);
        }
    }

    #[test]
    fn simple_paths_have_no_arguments() {
        check(simple_path("::strum::EnumIter"), None);
        check(simple_path("Eq + Hash"), Some("`+` is unexpected"));
        check(simple_path("From<u8>"), Some("`<` is unexpected"));
        check(simple_path("Eq, Hash"), Some("`,` is unexpected"));
    }

    #[test]
    fn attributes_are_outer_ones() {
        for (text, problem) in [
            ("#[must_use]", None),
            ("#[must_use = \"why\"] #[cfg_attr(test, derive(Eq))]", None),
            ("#[unsafe(no_mangle)]", None),
            ("/// text", None),
            ("#[serde::a { b }]", None),
            ("", Some("it is empty")),
            ("must_use", Some("it starts with `must_use`, not with `#[`")),
            ("#![allow(unused)]", Some("`!` follows `#`, not `[`")),
            ("#", Some("nothing follows `#`")),
            ("#[]", Some("it ends where a name belongs")),
            ("#[a b]", Some("`b` is unexpected")),
            ("#[a(b) c]", Some("`c` is unexpected")),
            ("#[a =]", Some("nothing follows `=`")),
            ("#[a = \"b\"]", None),
            ("#[a = true]", None),
            ("#[a = concat!(\"b\", \"c\")]", None),
            ("#[a = ::core::stringify![b c]]", None),
            ("#[a = \"b\" c]", Some("`c` is unexpected")),
            ("#[a = \"b\",]", Some("`,` is unexpected")),
            ("#[a = fn]", Some("`fn` is a keyword")),
            ("#[a = b]", Some("the value is not a literal")),
            ("#[a = b!]", Some("the value is not a literal")),
            ("#[a = (1)]", Some("`(1)` is where a name belongs")),
        ] {
            check(attributes(text), problem);
        }
    }
}
