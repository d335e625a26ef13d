//! How a name of the model is spelt in Rust: case, digits, keywords.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span};

/// `UpperCamelCase`, for types and variants. `None` when the name holds no letter and no digit.
///
/// Acronyms are words (`APIKey` is `ApiKey`; Rust API guidelines, C-CASE). An underscore between two digits stays, so that
/// `v1_0` and `v10` differ. A leading digit gets an underscore before it.
pub(crate) fn camel(name: &str) -> Option<Ident> {
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
    ident(text)
}

/// `snake_case`, for fields, methods and modules. `None` when the name holds no letter and no digit.
pub(crate) fn snake(name: &str) -> Option<Ident> {
    ident(name.to_snake_case())
}

/// `SHOUTY_SNAKE_CASE`, for statics. `None` when the name holds no letter and no digit.
pub(crate) fn shouty(name: &str) -> Option<Ident> {
    ident(name.to_shouty_snake_case())
}

/// `ident` with an underscore behind it: for names that the generator has taken for itself.
pub(crate) fn evade(ident: &Ident) -> Ident {
    let text = ident.to_string();
    Ident::new(
        &format!("{}_", text.trim_start_matches("r#")),
        Span::call_site(),
    )
}

/// The identifier with a further word.
pub(crate) fn suffixed(ident: &Ident, word: &str) -> Ident {
    let text = ident.to_string();
    Ident::new(
        &format!("{}_{word}", text.trim_start_matches("r#")),
        Span::call_site(),
    )
}

fn ident(mut text: String) -> Option<Ident> {
    if text.is_empty() {
        return None;
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        text.insert(0, '_');
    }
    if is_keyword(&text) {
        // These four cannot be raw identifiers (Rust reference, "Raw identifiers").
        if matches!(text.as_str(), "self" | "Self" | "super" | "crate") {
            text.push('_');
        } else {
            return Some(Ident::new_raw(&text, Span::call_site()));
        }
    }
    Some(Ident::new(&text, Span::call_site()))
}

/// Whether `text` is a keyword in some edition of Rust.
pub(crate) fn is_keyword(text: &str) -> bool {
    // `gen` is one since the 2024 edition, which `syn` leaves open.
    text == "gen" || syn::parse_str::<Ident>(text).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: [&str; 3]) {
        let spelling =
            |ident: Option<Ident>| ident.map_or_else(|| "-".to_owned(), |ident| ident.to_string());
        assert_eq!(
            [camel(name), snake(name), shouty(name)].map(spelling),
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
    fn a_name_without_letters_has_no_spelling() {
        check("-", ["-", "-", "-"]);
        check("", ["-", "-", "-"]);
    }
}
