//! Prints Rust without formatting it: a line for each item, field, attribute and statement.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// The text of items. `_path` is the file that they are for.
pub(crate) fn rust(_path: &str, tokens: TokenStream) -> String {
    let mut text = String::from("\n");
    print(tokens, Some(0), &mut text);
    text
}

/// Prints tokens. `depth` is the number of braces around them; within parentheses and brackets it
/// is `None`, and everything is on one line.
fn print(tokens: TokenStream, depth: Option<usize>, text: &mut String) {
    let mut tokens = tokens.into_iter().peekable();
    let mut attribute = false;
    while let Some(token) = tokens.next() {
        if text.ends_with('\n') {
            text.push_str(&"    ".repeat(depth.unwrap_or(0)));
        }
        let mut ends_line = false;
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                let inner = depth.filter(|_| group.delimiter() == Delimiter::Brace);
                if let Some(depth) = inner {
                    text.push('\n');
                    print(group.stream(), Some(depth + 1), text);
                    if !text.ends_with('\n') {
                        text.push('\n');
                    }
                    text.push_str(&"    ".repeat(depth));
                } else {
                    print(group.stream(), None, text);
                }
                text.push_str(close);
                // Not between a block and what follows it in the same statement or entry.
                let goes_on = |token: &TokenTree| match token {
                    TokenTree::Punct(punct) => punct.as_char() != '#',
                    TokenTree::Ident(ident) => ident == "else",
                    TokenTree::Group(_) | TokenTree::Literal(_) => false,
                };
                ends_line = attribute || inner.is_some() && !tokens.peek().is_some_and(goes_on);
                attribute = false;
            }
            TokenTree::Punct(punct) => {
                let c = punct.as_char();
                text.push(c);
                attribute = c == '#' || attribute && c == '!';
                ends_line = matches!(c, ';' | ',');
                if punct.spacing() == Spacing::Joint {
                    continue;
                }
            }
            word @ (TokenTree::Ident(_) | TokenTree::Literal(_)) => {
                text.push_str(&word.to_string());
                attribute = false;
            }
        }
        if depth.is_some() && ends_line {
            text.push('\n');
        } else if tokens.peek().is_some() {
            text.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use drawplate_model::{Report, Sources};
    use quote::quote;

    use super::*;
    use crate::{Config, Section, SourceFile, Text, Tokens, pipeline};

    #[test]
    fn every_item_and_field_is_on_a_line_of_its_own() {
        let tokens = quote! {
            #![allow(deprecated)]
            use ::std::option::Option;
            /// A `city`.
            #[derive(Clone, Debug)]
            pub struct City<'a> {
                pub name: &'a str,
                pub tags: Option<Vec<(u8, char)>>,
            }
            impl City<'_> {
                pub fn first(&self) -> i64 {
                    let first = if self.name.is_empty() { -1 } else { 2..=3 };
                    match first { Some(x) => x << 1, None => '}' }
                }
            }
        };
        let text = rust("", tokens.clone());
        assert_eq!(
            text,
            r#"
# ! [allow (deprecated)]
use :: std :: option :: Option ;
# [doc = r" A `city`."]
# [derive (Clone , Debug)]
pub struct City < 'a > {
    pub name : & 'a str ,
    pub tags : Option < Vec < (u8 , char) >> ,
}
impl City < '_ > {
    pub fn first (& self) -> i64 {
        let first = if self . name . is_empty () {
            - 1
        } else {
            2 ..= 3
        } ;
        match first {
            Some (x) => x << 1 ,
            None => '}'
        }
    }
}
"#
        );
        same_tokens(&text, &tokens);
    }

    fn same_tokens(text: &str, tokens: &TokenStream) {
        let read = text.parse::<TokenStream>().expect("tokens");
        assert_eq!(read.to_string(), tokens.to_string());
    }

    #[test]
    fn the_text_of_a_whole_crate_has_the_tokens_of_its_items() {
        let model = include_str!("openapi/tests/shop.json");
        let sources = Sources::from_texts([("shop.json".into(), model.to_owned())]);
        let config = Config::default();
        let (models, _) = pipeline::models(&sources, &config).expect("the model is valid");
        let mut files = 0;
        for SourceFile { text, .. } in pipeline::generate(&models, &config, &mut Report::default())
        {
            let mut all = Vec::new();
            if let Text::Rust(items) = text {
                all.push(items);
            } else if let Text::Sections(sections) = text {
                all.extend(sections.into_iter().filter_map(items));
            }
            for items in all {
                let tokens = items();
                same_tokens(&rust("", tokens.clone()), &tokens);
                files += 1;
            }
        }
        assert!(files > 5, "{files}");
    }

    fn items(section: Section<'_>) -> Option<Tokens<'_>> {
        match section {
            Section::Items(items) => Some(items),
            Section::Line(_) => None,
        }
    }
}
