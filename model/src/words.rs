//! Articles and lists in messages.

/// The noun with its article: `a list`, `an enum`.
pub(crate) fn with_article(noun: &str) -> String {
    // No noun of a message starts with a `u` that is a vowel: it is `a union`.
    let is_vowel = noun.starts_with(['a', 'e', 'i', 'o']);
    format!("{} {noun}", if is_vowel { "an" } else { "a" })
}

/// The items in code marks: `` `a`, `b` and `c` ``.
pub(crate) fn quoted_list<T: std::fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| format!("`{item}`")).collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_well() {
        assert_eq!(quoted_list(["a"]), "`a`");
        assert_eq!(quoted_list(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(with_article("intEnum"), "an intEnum");
        assert_eq!(with_article("union"), "a union");
        assert_eq!(with_article("list"), "a list");
    }
}
