//! The Rust spelling of a name of the model: case, digits, keywords.

use std::fmt;

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt as _};

use super::modules;

/// A Rust identifier. Unlike [`Ident`] it can be shared between threads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    text: Box<str>,
    /// Whether it is a keyword, written as a raw identifier.
    raw: bool,
}

impl Name {
    /// The name without the `r#` of a raw identifier: as it appears in documentation links and in
    /// the names of files.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name with an underscore after it if it is one of those that are in scope already.
    pub(super) fn escape(self, reserved: &[&str]) -> Self {
        if reserved.contains(&self.text()) {
            self.escaped()
        } else {
            self
        }
    }

    /// The name of a static beside the function of this name.
    pub(super) fn screaming(&self) -> Self {
        Self::unraw(self.text.to_ascii_uppercase())
    }

    /// The name with an underscore after it.
    pub(super) fn escaped(&self) -> Self {
        Self::unraw(format!("{}_", self.text))
    }

    /// The name with a word before it. The underscore before a leading digit is not repeated: two
    /// in a row are not snake case.
    pub(super) fn prefixed(&self, word: &str) -> Self {
        Self::unraw(format!("{word}_{}", self.text.trim_start_matches('_')))
    }

    /// A name that is not a keyword: one with an underscore or in upper case.
    fn unraw(text: String) -> Self {
        Self {
            text: text.into(),
            raw: false,
        }
    }
}

/// The name as it appears in code, with the `r#` of a raw identifier.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = if self.raw { "r#" } else { "" };
        write!(f, "{prefix}{}", self.text)
    }
}

impl ToTokens for Name {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let new = if self.raw { Ident::new_raw } else { Ident::new };
        tokens.append(new(&self.text, Span::call_site()));
    }
}

/// How the names of one kind of item are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// Types and variants.
    Camel,
    /// Fields and functions.
    Snake,
    /// Statics.
    Screaming,
    /// Modules, which are files as well.
    Module,
}

impl Case {
    /// The spelling of a name of the model. `None` when it has no letter and no digit.
    pub(crate) fn spell(self, name: &str) -> Option<Name> {
        match self {
            Self::Camel => camel(name),
            Self::Snake => snake(name),
            Self::Screaming => screaming_snake(name),
            Self::Module => modules::spell(name),
        }
    }

    /// A name as it is written: in this case, possibly with underscores after it. The error is the
    /// reason why it cannot be written.
    pub(crate) fn exactly(self, text: &str) -> Result<Name, String> {
        let bare = text.trim_end_matches('_');
        let spelling = self.spell(bare);
        let fits = |name: &Name| {
            let own = name.text();
            own == text || (own.trim_end_matches('_') == bare && own.len() < text.len())
        };
        match spelling {
            Some(name) if fits(&name) => Ok(Name {
                raw: name.raw && bare == text,
                text: text.into(),
            }),
            Some(name) => Err(format!("write `{}`", name.text())),
            None => Err("it has no letter or digit".to_owned()),
        }
    }

    /// The name of an item whose name in the model has no letter and no digit.
    pub(crate) fn nameless(self) -> Name {
        Name::unraw(match self {
            Self::Camel => "Nameless_".to_owned(),
            Self::Snake | Self::Module => "nameless_".to_owned(),
            Self::Screaming => "NAMELESS_".to_owned(),
        })
    }
}

/// `UpperCamelCase`, for types and variants. `None` when the name has no letter and no digit.
///
/// Acronyms are words (`APIKey` is `ApiKey`; Rust API guidelines, C-CASE). An underscore between
/// two digits stays, so that `v1_0` and `v10` differ. A leading digit gets an underscore before it.
pub(crate) fn camel(name: &str) -> Option<Name> {
    let mut text = String::with_capacity(name.len());
    for word in name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if text.ends_with(|c: char| c.is_ascii_digit())
            && word.starts_with(|c: char| c.is_ascii_digit())
        {
            text.push('_');
        }
        text.push_str(&word.to_upper_camel_case());
    }
    identifier(text)
}

/// `snake_case`, for fields, methods and modules. `None` when the name has no letter and no digit.
pub(crate) fn snake(name: &str) -> Option<Name> {
    identifier(name.to_snake_case())
}

/// `SCREAMING_SNAKE_CASE`, for statics. `None` when the name has no letter and no digit.
pub(crate) fn screaming_snake(name: &str) -> Option<Name> {
    identifier(name.to_shouty_snake_case())
}

fn identifier(mut text: String) -> Option<Name> {
    if text.is_empty() {
        return None;
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        text.insert(0, '_');
    }
    let mut raw = is_keyword(&text);
    // These four cannot be raw identifiers (Rust reference, "Raw identifiers").
    if matches!(text.as_str(), "self" | "Self" | "super" | "crate") {
        text.push('_');
        raw = false;
    }
    let text = text.into();
    Some(Name { text, raw })
}

/// Keywords in any edition (Rust reference, "Keywords"), and `_`.
pub(crate) const KEYWORDS: [&str; 53] = [
    "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "Self", "static", "struct", "super", "trait", "true", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Whether `text` is a keyword in some edition of Rust.
pub(crate) fn is_keyword(text: &str) -> bool {
    KEYWORDS.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: [&str; 3]) {
        let spelling =
            |name: Option<Name>| name.map_or_else(|| "-".to_owned(), |name| name.to_string());
        assert_eq!(
            [camel(name), snake(name), screaming_snake(name)].map(spelling),
            expected,
            "{name}"
        );
    }

    #[test]
    fn acronyms_are_words() {
        check(
            "BackendAPIRespObj",
            [
                "BackendApiRespObj",
                "backend_api_resp_obj",
                "BACKEND_API_RESP_OBJ",
            ],
        );
        check(
            "openIDAuthTTL",
            ["OpenIdAuthTtl", "open_id_auth_ttl", "OPEN_ID_AUTH_TTL"],
        );
    }

    #[test]
    fn values_of_enums_come_in_every_case() {
        check("API_KEY", ["ApiKey", "api_key", "API_KEY"]);
        check("t2.micro", ["T2Micro", "t2_micro", "T2_MICRO"]);
        check("--x--", ["X", "x", "X"]);
    }

    #[test]
    fn digits_keep_their_distance() {
        check("v1_0", ["V1_0", "v1_0", "V1_0"]);
        check("v10", ["V10", "v10", "V10"]);
        check("_2020_01", ["_2020_01", "_2020_01", "_2020_01"]);
    }

    #[test]
    fn keywords_are_raw_where_they_may_be() {
        check("type", ["Type", "r#type", "TYPE"]);
        check("gen", ["Gen", "r#gen", "GEN"]);
        check("self", ["Self_", "self_", "SELF"]);
        check("crate", ["Crate", "crate_", "CRATE"]);
    }

    #[test]
    fn a_chosen_name_is_written_as_rust_writes_it() {
        for (case, text, expected) in [
            (Case::Snake, "unit_price", Ok("unit_price")),
            (Case::Snake, "unit_price__", Ok("unit_price__")),
            (Case::Snake, "type", Ok("r#type")),
            (Case::Snake, "type_", Ok("type_")),
            (Case::Snake, "self_", Ok("self_")),
            (Case::Snake, "self", Err("write `self_`")),
            (Case::Snake, "unitPrice", Err("write `unit_price`")),
            (Case::Snake, "_unit", Err("write `unit`")),
            (Case::Snake, "__", Err("it has no letter or digit")),
            (Case::Camel, "V1_0", Ok("V1_0")),
            (Case::Camel, "price", Err("write `Price`")),
            (Case::Module, "lib", Err("write `lib_`")),
            (Case::Module, "match_", Ok("match_")),
        ] {
            let name = case.exactly(text).map(|name| name.to_string());
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(name, expected, "{text}");
        }
    }

    #[test]
    fn a_name_without_letters_has_no_spelling() {
        check("-", ["-", "-", "-"]);
        check("", ["-", "-", "-"]);
    }
}
