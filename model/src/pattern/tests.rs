//! Translated patterns, and the texts that they match.

use super::{PatternError, translate};

fn check(pattern: &str, matching: &[&str], other: &[&str]) {
    let translated = translate(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    let regex = regex::Regex::new(&translated).expect("translate only returns what compiles");
    for text in matching {
        assert!(
            regex.is_match(text),
            "{pattern} -> {translated} does not match {text:?}"
        );
    }
    for text in other {
        assert!(
            !regex.is_match(text),
            "{pattern} -> {translated} matches {text:?}"
        );
    }
}

#[test]
fn classes_are_those_of_ecma_262() {
    check(r"^\d+$", &["09"], &["٣", ""]);
    check(r"^\w+$", &["a_Z9"], &["ä"]);
    check(r"^\s$", &[" ", "\u{feff}", "\u{2028}"], &["\u{85}"]);
    check(r"^.$", &["ä", "\u{1f600}"], &["\n", "\r", "\u{2028}"]);
    check(r"^[\D]\S\W$", &["ab-"], &["1b-", "a -"]);
    check(r"\bfoo\b", &["a foo."], &["afoo"]);
}

#[test]
fn brackets_and_braces_may_be_characters() {
    check(r"^[^[]$", &["]", "a"], &["["]);
    check("^[&&a~~c+--]$", &["&", "~", "c", ","], &["d"]);
    check("^{a}$", &["{a}"], &[]);
    check("^a{,2}]$", &["a{,2}]"], &["aa]"]);
    check("^[]$|^[^]$", &["x", "\n"], &[""]);
    check(r"^[\w-.]+$", &["a-."], &["a/"]);
    check("^[0-9a-zA-Z-_.:=+@]*$", &["a-_.:=+@9"], &["#"]);
    check(r#"^\/\-\ \"\<\>\_$"#, &["/- \"<>_"], &[]);
}

#[test]
fn code_points_come_in_many_spellings() {
    check(
        r"^[\x20-\x7E\u00e4\t\cA\0]+$",
        &["az ä\t\u{1}\0"],
        &["\u{7f}"],
    );
    check(r"^\u{1F600}\uD83D\uDE00$", &["😀😀"], &[]);
    check(
        r"^[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*$",
        &["a😀\r"],
        &["\u{1}"],
    );
    check(r"^[\u0020-\uFFFF]*$", &["a\u{fffd}"], &["😀"]);
    check(r"^[\uD800-\uDFFF]|\uD800$", &[], &["a", "😀"]);
}

#[test]
fn what_engines_read_differently_is_not_enforced() {
    for pattern in [r"\c@", r"[\c1]"] {
        let translated = translate(pattern);
        assert!(
            matches!(translated, Err(PatternError::Unsupported(_))),
            "{pattern}: {translated:?}"
        );
    }
}

#[test]
fn octal_escapes_are_characters() {
    check(
        r"^[^;\000-\037]+$",
        &["a b", "é"],
        &["a\tb", "\0", "\u{1f}"],
    );
    check(r"^\07\011\0$", &["\u{7}\t\0"], &["\\07"]);
    check(
        r"^[\7\12\377]\08$",
        &["\u{7}\08", "\n\08", "\u{ff}\08"],
        &["7\08"],
    );
    // `\400` is more than a byte: the character `\40` and a zero.
    check(r"^[\400]+$", &[" 0"], &["\u{100}"]);
    check(r"^\0400$", &[" 0"], &[]);
    // Java reads one character, ECMA 262 two.
    for pattern in [r"\0123", r"[\0007]"] {
        let translated = translate(pattern);
        assert!(
            matches!(translated, Err(PatternError::Unsupported(_))),
            "{pattern}: {translated:?}"
        );
    }
}

#[test]
fn braces_may_follow_a_quantifier() {
    // Java reads `[a-z]{3}`, other engines up to four times that.
    check("^[a-z]{3}{0,4}$", &["abc", "abcdef"], &["ab", "abcd"]);
    check("^(a|b)+{1}$", &["a", "ba"], &["c"]);
    for pattern in ["a{2}{3}", "a*{2,}", "{2}a", "(|{1,2})"] {
        let translated = translate(pattern);
        assert!(
            matches!(translated, Err(PatternError::Unsupported(_))),
            "{pattern}: {translated:?}"
        );
    }
}

#[test]
fn properties_are_those_of_java() {
    check(r"^\p{Print}+$", &["a b"], &["ä", "\u{1}"]);
    check(r"^[\p{Graph}\x20]*$", &["a b"], &["\t"]);
    check(r"^[^\p{Cntrl}\P{Upper}]$", &["A"], &["a", "\u{1}"]);
    check(r"^[\p{L}\p{Z}\p{N}]+\pL\p{IsGreek}$", &["ä 1bα"], &["-"]);
}

#[test]
fn groups_keep_their_meaning() {
    check(
        r"^(?<year>\d{4})(?:-(\d{2})){2}$",
        &["2024-01-02"],
        &["2024-01"],
    );
    check(r"^(?i)abc(?-i:D)$", &["ABCD"], &["abcd"]);
    check(r"^(?s).$", &["\n"], &[]);
    check(r"^([a-z]*)${1,128}$", &["abc"], &["A"]);
}

#[test]
fn what_linear_time_does_not_allow_is_unsupported() {
    for pattern in [
        r"(?!a)b",
        r"(?=a)",
        r"(?<=a)b",
        r"(?<!a)b",
        r"(a)\1",
        r"(?<x>a)\k<x>",
        "a*+",
        "(?>a)",
        r"\p{Nope}",
    ] {
        assert!(
            matches!(translate(pattern), Err(PatternError::Unsupported(_))),
            "{pattern}"
        );
    }
    assert_eq!(
        translate(r"[\p{L}\p{M}\p{P}]{0,4096}"),
        Err(PatternError::TooLarge)
    );
    assert_eq!(translate("a{99999999999}"), Err(PatternError::TooLarge));
}

#[test]
fn what_no_engine_reads_is_malformed() {
    for pattern in [
        "(", ")", "[a", "*", "a|*", "[z-a]", r"a\", "a{2,1}", r"\p{L", r"\u12", "(?", "(?<>a)",
        "a**",
    ] {
        assert!(
            matches!(translate(pattern), Err(PatternError::Malformed(_))),
            "{pattern}: {:?}",
            translate(pattern)
        );
    }
}
