//! Random texts through the parsers of this crate.
//!
//! `DRAWPLATE_RANDOM_TEXTS=1000000 cargo test -p drawplate-model random` reads more of them.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::Sources;
use crate::node::Number;
use crate::pattern::translate;
use crate::syntax::is_media_type;

/// Pseudo-random numbers (xorshift64*), the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).expect("31 bits fit") % end
    }

    /// A text of up to `most` of these pieces.
    fn text(&mut self, pieces: &[&str], most: usize) -> String {
        let count = self.below(most + 1);
        (0..count)
            .map(|_| pieces[self.below(pieces.len())])
            .collect()
    }
}

fn each(pieces: &[&str], most: usize, check: impl Fn(&str)) {
    let count = std::env::var("DRAWPLATE_RANDOM_TEXTS");
    let count = count.map_or(5_000, |count| count.parse().expect("a number of texts"));
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..count {
        check(&random.text(pieces, most));
    }
}

#[test]
fn numbers_are_those_of_json() {
    let pieces = [
        "0",
        "1",
        "9",
        "00",
        "-",
        "+",
        ".",
        "e",
        "E",
        "99999999999999999999",
    ];
    each(&pieces, 7, |text| {
        let is_json = serde_json::from_str::<&RawValue>(text).is_ok();
        let number = Number::parse(text);
        assert_eq!(number.is_some(), is_json, "{text}");
        let Some(number) = number else { return };
        assert_eq!(number.to_string(), text);
        assert_eq!(number.cmp(&number), std::cmp::Ordering::Equal);
        assert_eq!(
            number.as_i64().is_some() || number.as_u64().is_some(),
            {
                let double = number.to_f64();
                number.is_whole()
                    && double.abs() < 18_446_744_073_709_551_615.0
                    && (double >= -9_223_372_036_854_775_808.0)
            },
            "{text}"
        );
    });
}

#[test]
fn json_is_what_serde_json_reads() {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\\"",
        "\\\\",
        "\"a\"",
        "\"1\"",
        "\"é\"",
        "1",
        "-0",
        "1.50",
        "1e5",
        "1e400",
        "-2E+999",
        "true",
        "null",
        " ",
        "\n",
        "\"a\":",
        "{\"b\":1}",
        "[1,2]",
    ];
    each(&pieces, 9, |text| {
        let sources = Sources::from_texts([("text.json".into(), text.to_owned())]);
        // Whatever it is, it is no model, and reading it does not panic.
        assert!(crate::build(&sources).is_err());
        let is_json = serde_json::from_str::<&RawValue>(text).is_ok();
        let node = crate::frontend::json::read(text);
        assert_eq!(node.is_ok(), is_json, "{text}");
        let (Ok(node), Ok(value)) = (node, serde_json::from_str::<Value>(text)) else {
            return;
        };
        let again = serde_json::from_str::<Value>(&node.to_string());
        assert_eq!(again.expect("a node prints as JSON"), value, "{text}");
    });
}

#[test]
fn patterns_become_patterns() {
    let pieces = [
        "a", "z", "0", "7", "é", "\\", "\\0", "\\1", "\\d", "\\p{L}", "\\u", "\\x4", "\\c", "[",
        "]", "[^", "-", "(", "(?", "(?:", "(?<", ")", "{", "}", "{2}", "{0,3}", "{3,2}", "*", "+",
        "?", "|", "^", "$", ".", "&&", "~", "#", " ",
    ];
    each(&pieces, 8, |text| {
        if let Ok(translated) = translate(text) {
            assert!(
                regex::Regex::new(&translated).is_ok(),
                "{text} -> {translated}"
            );
        }
    });
}

#[test]
fn media_types_fit_into_a_header() {
    let pieces = [
        "text", "/", "plain", ";", " ", "\t", "=", "\"", "\\", "\n", "\r\n", "é", "charset", "*",
        "a=b", "\"x\"",
    ];
    each(&pieces, 9, |text| {
        let fits = text
            .bytes()
            .all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte));
        assert!(fits || !is_media_type(text), "{text:?}");
    });
}
