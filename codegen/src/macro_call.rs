//! Formats macro calls between items, which prettyplease leaves as a row of tokens.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ItemMacro;

/// A line that is longer is broken.
const WIDTH: usize = 100;

/// The call on one line if it fits, else with the entries of each brace on lines of their own.
pub(crate) fn macro_call(call: &ItemMacro) -> String {
    let path = call.mac.path.to_token_stream();
    let arguments = &call.mac.tokens;
    let line = |broken| {
        let (path, arguments) = (
            tokens(path.clone(), broken),
            tokens(arguments.clone(), broken),
        );
        format!("{path}!({arguments});\n")
    };
    let short = line(false);
    if short.trim_end().chars().count() <= WIDTH {
        short
    } else {
        line(true)
    }
}

fn tokens(tokens: TokenStream, broken: bool) -> String {
    let mut text = String::new();
    // Whether a word that comes next needs a space before it.
    let mut after_word = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                if after_word && group.delimiter() == Delimiter::Brace {
                    text.push(' ');
                }
                text.push_str(&self::group(&group, broken));
                after_word = true;
            }
            TokenTree::Punct(punct) => {
                let c = punct.as_char();
                let path = c == ':' && (punct.spacing() == Spacing::Joint || text.ends_with(':'));
                match c {
                    ',' => text.push_str(", "),
                    ':' if !path => text.push_str(": "),
                    '=' => text.push_str(" = "),
                    _ => text.push(c),
                }
                after_word = false;
            }
            word @ (TokenTree::Ident(_) | TokenTree::Literal(_)) => {
                if after_word {
                    text.push(' ');
                }
                text.push_str(&word.to_string());
                after_word = true;
            }
        }
    }
    text.truncate(text.trim_end().len());
    text
}

fn group(group: &Group, broken: bool) -> String {
    let entries = entries(group.stream(), broken);
    match group.delimiter() {
        Delimiter::Brace if entries.is_empty() => "{}".to_owned(),
        Delimiter::Brace if broken => {
            let lines = entries.iter().map(|entry| format!("    {entry},\n"));
            format!("{{\n{}}}", lines.collect::<String>())
        }
        Delimiter::Brace => format!("{{ {} }}", entries.join(", ")),
        Delimiter::Parenthesis => format!("({})", entries.join(", ")),
        Delimiter::Bracket => format!("[{}]", entries.join(", ")),
        Delimiter::None => entries.join(", "),
    }
}

/// The entries between the commas, printed.
fn entries(stream: TokenStream, broken: bool) -> Vec<String> {
    let mut entries = vec![TokenStream::new()];
    for token in stream {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => entries.push(TokenStream::new()),
            other => entries
                .last_mut()
                .expect("there is always an entry")
                .extend([other]),
        }
    }
    let entries = entries.into_iter().filter(|entry| !entry.is_empty());
    entries.map(|entry| tokens(entry, broken)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(call: &str, expected: &str) {
        let call = syn::parse_str(call).expect("a macro call");
        assert_eq!(macro_call(&call), expected);
    }

    #[test]
    fn a_short_call_is_on_one_line() {
        check(
            "rt :: structure !(A : schema :: A {0 : a , 1 : r#type = default ,} with _origin);",
            "rt::structure!(A: schema::A { 0: a, 1: r#type = default } with _origin);\n",
        );
        check(
            "::x::client!( Client : operation::SERVICE );",
            "::x::client!(Client: operation::SERVICE);\n",
        );
        check(
            "rt::structure!(A: schema::A {});",
            "rt::structure!(A: schema::A {});\n",
        );
        check("m!(f(a), \"a, b\");", "m!(f(a), \"a, b\");\n");
    }

    #[test]
    fn the_entries_of_a_long_call_have_lines_of_their_own() {
        let name = "a".repeat(60);
        check(
            &format!("rt::string_enum!(A: schema::A {{ B = \"{name}\", C = \"{name}\" }});"),
            &format!(
                "rt::string_enum!(A: schema::A {{\n    B = \"{name}\",\n    C = \"{name}\",\n}});\n"
            ),
        );
    }
}
