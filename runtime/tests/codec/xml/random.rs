//! Random values and documents.

use std::env;

use drawplate_runtime::{self as rt, Structure as _, Xml as _};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{Item, Order, order, sample};
use crate::properties::kinds;
use crate::shapes::{Choice, Kinds, Tree};

/// A choice of the model.
fn known(choice: Choice) -> Choice {
    match choice {
        Choice::Unknown(_) => Choice::Text("known".to_owned()),
        Choice::Tree(tree) => Choice::Tree(Box::new(known_tree(*tree))),
        other => other,
    }
}

fn known_tree(mut tree: Tree) -> Tree {
    tree.choice = Box::new(known(*tree.choice));
    tree.next = tree.next.map(|next| Box::new(known_tree(*next)));
    tree
}

proptest! {
    /// XML has no documents, and unknown members are like documents.
    #[test]
    fn any_value_round_trips_unless_it_has_a_character_that_xml_lacks(mut kinds in kinds()) {
        (kinds.document, kinds.documents) = (None, None);
        kinds.choices = kinds.choices.map(|list| list.into_iter().map(known).collect());
        kinds.trees = kinds.trees.map(|trees| {
            let trees = trees.into_iter();
            trees.map(|(name, tree)| (name, known_tree(tree))).collect()
        });
        match kinds.to_xml() {
            Ok(xml) => {
                let again = Kinds::from_xml_strict(&xml);
                prop_assert!(again.expect("a value") == kinds, "{xml}");
            }
            Err(error) => {
                let error = error.to_string();
                prop_assert!(error.ends_with(" cannot be encoded as XML"), "{error}");
                let json = rt::Json::to_json(&kinds).expect("JSON");
                let is_lacking = |c| matches!(c, '\u{fffe}' | '\u{ffff}' | '\\');
                prop_assert!(json.contains(is_lacking), "{json}");
            }
        }
    }

    #[test]
    fn texts_round_trip_in_elements_and_attributes(texts in vec("[\\t\\r\\n -~\u{80}-\u{fffd}]*", 1..4)) {
        let value = order(|it| {
            it.name = texts.first().cloned();
            it.tags = Some(texts.clone());
            it.flat_counts = Some(texts.iter().map(|text| (text.clone(), 1)).collect());
            it.item = Some(Item { kind: texts.last().cloned(), ..Item::empty() });
        });
        let xml = value.to_xml().expect("XML");
        prop_assert!(Order::from_xml_strict(&xml).expect("a value") == value, "{xml}");
        prop_assert!(Order::from_xml(&xml).expect("a value") == value, "{xml}");
    }
}

/// Parts of documents, and damaged documents. `DRAWPLATE_FUZZ_CASES` sets the number of cases of
/// each.
#[test]
fn any_bytes_are_decoded_or_rejected() {
    const PARTS: [&str; 46] = [
        "<",
        ">",
        "/>",
        "</",
        "<Order>",
        "</Order>",
        "<a>",
        "</a>",
        "<a/>",
        "<Name>",
        "</Name>",
        "<tags>",
        "</tags>",
        "<names>",
        "</names>",
        "<Pair>",
        "</Pair>",
        "<Word>",
        "</Word>",
        "<Count>1</Count>",
        "<item ",
        "id='1'",
        " x:type=\"",
        "\"",
        "'",
        "=",
        " ",
        "\n",
        "\r",
        "x",
        "1",
        "&",
        ";",
        "&lt;",
        "&#x41;",
        "&#0;",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "--",
        "<?xml version='1.0'?>",
        "<?p ",
        "?>",
        "<!DOCTYPE a>",
        "\u{ffff}",
    ];
    let cases = env::var("DRAWPLATE_FUZZ_CASES").ok();
    let cases = cases.map_or(2000, |cases| cases.parse().expect("a number of cases"));
    // A runner counts the cases of all its runs.
    let runner = || TestRunner::new(Config::with_cases(cases));
    let check = |bytes: &[u8]| {
        let [lenient, strict] = [Order::from_xml(bytes), Order::from_xml_strict(bytes)];
        // What a server accepts, a client understands in the same way.
        if let Ok(strict) = strict {
            let lenient = lenient.expect("a value");
            assert!(lenient == strict, "{}", String::from_utf8_lossy(bytes));
            let again = strict.to_xml().expect("XML");
            let found = Order::from_xml_strict(&again).expect("a value");
            assert!(found == strict, "{again}");
        }
    };
    let parts = vec(0..PARTS.len(), 0..24);
    let random = runner().run(&parts, |parts| {
        let text = parts.into_iter().map(|part| PARTS[part]);
        check(text.collect::<String>().as_bytes());
        Ok(())
    });
    random.expect("no panic");
    let whole = sample().to_xml().expect("XML").into_bytes();
    let changes = vec((0..whole.len(), any::<u8>(), 0..PARTS.len()), 1..4);
    let damaged = runner().run(&changes, |changes| {
        let mut bytes = whole.clone();
        for (at, byte, part) in changes {
            match byte {
                // Most bytes are replaced by one in ASCII, some by a part.
                0..0xc0 => bytes[at] = byte & 0x7f,
                0xc0..0xe0 => bytes[at] = byte,
                _ => drop(bytes.splice(at..=at, PARTS[part].bytes())),
            }
        }
        check(&bytes);
        Ok(())
    });
    damaged.expect("no panic");
}
