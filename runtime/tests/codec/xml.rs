//! XML: its encoding, everything that decoders accept, and how they reject the rest.

mod malformed;
mod random;

use std::collections::BTreeMap;

use drawplate_runtime as rt;
use drawplate_runtime::schema::{self as s, Member, Schema, TimestampFormat, XmlNamespace};
use drawplate_runtime::{Structure as _, Timestamp, UnknownMember, Xml as _};

use crate::shapes::{Choice, Kinds, Level, Mode};

static NAMES: Schema = Schema::list(
    "test#Names",
    &[Member::new("member", &s::STRING).xml_name("Name")],
);
static SPARSE: Schema = Schema::sparse_list("test#Sparse", &[Member::new("member", &s::INTEGER)]);
static COUNTS: Schema = Schema::map(
    "test#Counts",
    &[
        Member::new("key", &s::STRING).xml_name("Word"),
        Member::new("value", &s::INTEGER).xml_name("Count"),
    ],
);
static PLAIN_COUNTS: Schema = Schema::map(
    "test#PlainCounts",
    &[
        Member::new("key", &s::STRING),
        Member::new("value", &s::INTEGER),
    ],
);
static ITEM: Schema = Schema::structure(
    "test#Item",
    &[
        Member::new("id", &s::INTEGER).xml_attribute(),
        Member::new("title", &s::STRING),
        Member::new("kind", &s::STRING)
            .xml_name("x:type")
            .xml_attribute(),
        Member::new("again", &ITEM),
    ],
);
static ORDER: Schema = Schema::structure(
    "test#Order",
    &[
        Member::new("name", &s::STRING).xml_name("Name"),
        Member::new("tags", &NAMES).xml_flattened(),
        Member::new("names", &NAMES),
        Member::new("sparse", &SPARSE),
        Member::new("counts", &COUNTS),
        Member::new("flatCounts", &COUNTS)
            .xml_name("Pair")
            .xml_flattened(),
        Member::new("plainCounts", &PLAIN_COUNTS),
        Member::new("item", &ITEM).xml_namespace(&XmlNamespace {
            uri: "urn:x",
            prefix: Some("x"),
        }),
        Member::new("at", &s::TIMESTAMP),
        Member::new("epoch", &s::TIMESTAMP).timestamp_format(TimestampFormat::EpochSeconds),
    ],
)
.xml_name("Purchase")
.xml_namespace(&XmlNamespace {
    uri: "urn:orders&more",
    prefix: None,
});

shape!(Item: ITEM {
    id: Option<i32> = None,
    title: Option<String> = None,
    kind: Option<String> = None,
    again: Option<Box<Item>> = None,
});
shape!(Order: ORDER {
    name: Option<String> = None,
    tags: Option<Vec<String>> = None,
    names: Option<Vec<String>> = None,
    sparse: Option<Vec<Option<i32>>> = None,
    counts: Option<BTreeMap<String, i32>> = None,
    flat_counts: Option<BTreeMap<String, i32>> = None,
    plain_counts: Option<BTreeMap<String, i32>> = None,
    item: Option<Item> = None,
    at: Option<Timestamp> = None,
    epoch: Option<Timestamp> = None,
});

fn order(set: impl FnOnce(&mut Order)) -> Order {
    let mut order = Order::empty();
    set(&mut order);
    order
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn counts(counts: &[(&str, i32)]) -> BTreeMap<String, i32> {
    let counts = counts.iter();
    counts
        .map(|(word, count)| ((*word).to_owned(), *count))
        .collect()
}

/// Checks the elements of members, and that they are decoded to the same value in both modes.
#[track_caller]
fn check(elements: &str, set: impl FnOnce(&mut Order)) {
    let order = order(set);
    let expected = format!(r#"<Purchase xmlns="urn:orders&amp;more">{elements}</Purchase>"#);
    assert_eq!(order.to_xml().expect("XML"), expected);
    reads(elements, |found| *found = order);
}

/// Checks that members are decoded from other elements than they are encoded as.
#[track_caller]
fn reads(elements: &str, set: impl FnOnce(&mut Order)) {
    let expected = order(set);
    let document = format!("<Order>{elements}</Order>");
    for found in [
        Order::from_xml(&document),
        Order::from_xml_strict(&document),
    ] {
        assert!(found.expect("a value") == expected, "{elements}");
    }
}

/// Checks that elements are rejected by servers, and accepted by clients as other ones.
#[track_caller]
fn rejects(elements: &str, expected: &str, set: impl FnOnce(&mut Order)) {
    let document = format!("<Order>{elements}</Order>");
    let error = Order::from_xml_strict(&document).expect_err("an error");
    assert_eq!(error.to_string(), expected);
    let found = Order::from_xml(&document).expect("a value");
    assert!(found == order(set), "{elements}");
}

/// Checks the error of a document in both modes.
#[track_caller]
fn fails(document: impl AsRef<[u8]>, expected: &str) {
    let document = document.as_ref();
    for found in [Order::from_xml(document), Order::from_xml_strict(document)] {
        assert_eq!(found.expect_err("an error").to_string(), expected);
    }
}

#[test]
fn members_are_elements_and_attributes_with_their_xml_names() {
    check("<Name>x</Name>", |it| it.name = Some("x".to_owned()));
    check(
        r#"<item xmlns:x="urn:x" id="1" x:type="a &quot;b&quot; &lt;&#xA;"><title>&lt;&amp;&gt;"</title><again id="2"></again></item>"#,
        |it| {
            it.item = Some(Item {
                id: Some(1),
                title: Some("<&>\"".to_owned()),
                kind: Some("a \"b\" <\n".to_owned()),
                again: Some(Box::new(Item {
                    id: Some(2),
                    ..Item::empty()
                })),
            });
        },
    );
    // A document has prefixes and an order of its own.
    reads(
        r#"<y:item xmlns:y='urn:x' xmlns:z="urn:x" z:type = 'a	b&#9;' type="other" id=" 3 "/><b:Name>x</b:Name>"#,
        |it| {
            it.name = Some("x".to_owned());
            it.item = Some(Item {
                id: Some(3),
                kind: Some("a b\t".to_owned()),
                ..Item::empty()
            });
        },
    );
    // An attribute is not an element, and an element not an attribute.
    reads(r#"<item title="a"><id>1</id></item>"#, |it| {
        it.item = Some(Item::empty());
    });
}

#[test]
fn lists_and_maps_have_wrappers_unless_they_are_flattened() {
    check("<tags>a</tags><tags></tags>", |it| {
        it.tags = Some(texts(&["a", ""]));
    });
    check("<names><Name>a</Name><Name>b</Name></names>", |it| {
        it.names = Some(texts(&["a", "b"]));
    });
    check("<names></names>", |it| it.names = Some(Vec::new()));
    check(
        "<counts><entry><Word>a</Word><Count>1</Count></entry></counts>",
        |it| it.counts = Some(counts(&[("a", 1)])),
    );
    check("<counts></counts>", |it| it.counts = Some(BTreeMap::new()));
    check(
        "<Pair><Word>a</Word><Count>1</Count></Pair><Pair><Word>b</Word><Count>2</Count></Pair>",
        |it| it.flat_counts = Some(counts(&[("a", 1), ("b", 2)])),
    );
    check(
        "<plainCounts><entry><key>a</key><value>1</value></entry></plainCounts>",
        |it| it.plain_counts = Some(counts(&[("a", 1)])),
    );
    // The elements of flattened ones may be anywhere.
    reads(
        "<tags>a</tags><Pair><Count>1</Count><Word>a</Word></Pair><Name>n</Name><tags>b</tags>\
         <Pair><Word>b</Word><Count>2</Count></Pair><names/>",
        |it| {
            it.name = Some("n".to_owned());
            it.tags = Some(texts(&["a", "b"]));
            it.names = Some(Vec::new());
            it.flat_counts = Some(counts(&[("a", 1), ("b", 2)]));
        },
    );
}

#[test]
fn null_is_an_element_with_an_attribute() {
    const NIL: &str = r#"xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true""#;
    check(
        &format!("<sparse><member>1</member><member {NIL}></member></sparse>"),
        |it| it.sparse = Some(vec![Some(1), None]),
    );
    reads(&format!("<Name {NIL}/><names {NIL}/>"), |_| {});
    rejects(
        &format!("<names><Name {NIL}/><Name>a</Name></names>"),
        "/names/0: expected a value, found null",
        |it| it.names = Some(texts(&["a"])),
    );
}

#[test]
fn timestamps_have_their_formats() {
    let at = Timestamp::new(1_515_531_081, 123_000_000).expect("a timestamp");
    check("<at>2018-01-09T20:51:21.123Z</at>", |it| it.at = Some(at));
    check("<epoch>1515531081.123</epoch>", |it| it.epoch = Some(at));
    reads("<at>\n  2018-01-09T20:51:21.123Z\n</at>", |it| {
        it.at = Some(at);
    });
    rejects(
        "<at>2018-01-09T21:51:21.123+01:00</at>",
        "/at: expected a timestamp such as 1985-04-12T23:20:50.52Z, found \
         `2018-01-09T21:51:21.123+01:00`",
        |it| it.at = Some(at),
    );
}

#[test]
fn texts_may_be_written_in_every_way() {
    for (source, expected) in [
        ("", ""),
        ("  a\tb\n ", "  a\tb\n "),
        ("&lt;&gt;&amp;&apos;&quot;", "<>&'\""),
        ("&#65;&#x42;&#x1F600;", "AB\u{1F600}"),
        ("a<!-- <b> & -->b", "ab"),
        ("a<?p <b> & ?>b", "ab"),
        ("a<![CDATA[<b>&amp;]]]]><![CDATA[>]]>c", "a<b>&amp;]]>c"),
        ("a\r\nb\rc&#13;d<![CDATA[\r\n]]>", "a\nb\nc\rd\n"),
        ("\u{2028}\u{85}", "\u{2028}\u{85}"),
    ] {
        reads(&format!("<Name>{source}</Name>"), |it| {
            it.name = Some(expected.to_owned());
        });
    }
    check("<Name>a&#xD;\n\tb\u{fffd}\u{ff0c}</Name>", |it| {
        it.name = Some("a\r\n\tb\u{fffd}\u{ff0c}".to_owned());
    });
    for text in ["\0", "a\u{1}", "\u{1f}", "\u{ffff}", "\u{fffe}"] {
        let order = order(|it| it.name = Some(text.to_owned()));
        let code = u32::from(text.chars().last().unwrap_or_default());
        assert_eq!(
            order.to_xml().expect_err("an error").to_string(),
            format!("`name`: the character U+{code:04X} cannot be encoded as XML")
        );
    }
}

#[test]
fn documents_may_have_a_prologue_and_an_epilogue() {
    let name = order(|it| it.name = Some("x".to_owned()));
    for (before, after) in [
        ("\u{feff}", ""),
        ("<?xml version=\"1.0\"?>", "\n<!-- end -->\n"),
        (
            "\u{feff}<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n",
            "",
        ),
        (
            "<?xml version = \"1.0\" encoding = \"US-ASCII\"?>\n<?p?>",
            "<?q r?>",
        ),
        ("  \n", "  "),
    ] {
        let document = format!("{before}<a:Order xmlns:a=\"u\"><Name>x</Name></a:Order>{after}");
        for found in [
            Order::from_xml(&document),
            Order::from_xml_strict(&document),
        ] {
            assert!(found.expect("a value") == name, "{document}");
        }
    }
}

const REFERENCE: &str = "a reference to an entity that is not predefined, or to no character";

#[test]
fn depth_and_memory_are_limited() {
    let nested = |tag: &str, levels: usize| {
        format!(
            "{}{}",
            format!("<{tag}>").repeat(levels),
            format!("</{tag}>").repeat(levels)
        )
    };
    let again = |levels: usize| {
        let inner = nested("again", levels);
        Order::from_xml(format!("<Order><item>{inner}</item></Order>"))
    };
    // The order and the item are levels, too.
    assert!(again(125).is_ok());
    for error in [again(126), again(1000), again(100_000)] {
        let error = error.expect_err("an error");
        let syntax = error.as_syntax().expect("it is malformed");
        assert!(syntax.too_deep && syntax.line == 1, "{error}");
    }
    // The elements of any document are within the limit.
    let many = format!("<Order>{}</Order>", "<a/>".repeat(2_000_000));
    assert!(Order::from_xml(&many).is_ok());
    let many = "<a/>".repeat(1_000_000);
    let many = format!("<Choice><newer>{many}</newer></Choice>");
    let error = Choice::from_xml(&many).expect_err("an error");
    assert_eq!(error.exceeded_memory_limit(), Some(12 * many.len()));
    let many = format!(
        "<Kinds><lists>{}</lists></Kinds>",
        "<member/>".repeat(1_000_000)
    );
    assert!(Kinds::from_xml(&many).is_ok());
}

#[test]
fn values_of_another_type_are_violations() {
    let none = |_: &mut Order| ();
    rejects(
        "<epoch/>",
        "/epoch: expected a timestamp in seconds since 1970, found ``",
        none,
    );
    rejects("a<Name>b</Name>", "expected elements, found a text", |it| {
        it.name = Some("b".to_owned());
    });
    rejects(
        "<names>a<Name>b</Name></names>",
        "/names: expected a list, found a text",
        |it| {
            it.names = Some(texts(&["b"]));
        },
    );
    rejects(
        "<names><member>b</member></names>",
        "/names: expected elements named Name, found another element",
        |it| it.names = Some(Vec::new()),
    );
    rejects(
        "<Pair>a<Word>b</Word><Count>1</Count></Pair>",
        "/Pair: expected an entry, found a text",
        |it| it.flat_counts = Some(counts(&[("b", 1)])),
    );
    rejects(
        "<Name>a</Name><Name>b</Name>",
        "/Name: the key occurs twice",
        |it| it.name = Some("b".to_owned()),
    );
    rejects(
        "<Pair><Word>a</Word><Count>1</Count></Pair><Pair><Word>a</Word><Count>2</Count></Pair>",
        "/Pair/a: the key occurs twice",
        |it| it.flat_counts = Some(counts(&[("a", 2)])),
    );
    rejects(
        "<Pair><Word>a</Word></Pair>",
        "/Pair/a: expected a value, found null",
        |it| it.flat_counts = Some(BTreeMap::new()),
    );
    let document = "<Order><names><member>a</member><Name><b/></Name></names></Order>";
    let error = Order::from_xml_strict(document).expect_err("an error");
    assert_eq!(
        error.to_string(),
        "/names: expected elements named Name, found another element; /names/0: expected a text, \
         found elements"
    );
    for text in ["-025", "00", "1.e5", "+1", ".5", "1e", "inf"] {
        let document = format!("<Kinds><double>{text}</double></Kinds>");
        let error = Kinds::from_xml_strict(document).expect_err("an error");
        let expected = format!("/double: expected a number, found `{text}`");
        assert_eq!(error.to_string(), expected);
    }
    for (name, precision) in [("float", "single"), ("double", "double")] {
        let document = format!("<Kinds><{name}>1e400</{name}></Kinds>");
        let error = Kinds::from_xml_strict(document).expect_err("an error");
        assert_eq!(
            error.to_string(),
            format!("/{name}: expected a number of {precision} precision, found `1e400`")
        );
    }
    for (elements, expected) in [
        (
            "<Name><b/></Name>",
            "/Name: expected a text, found elements",
        ),
        (
            "<at>now</at>",
            "/at: expected a timestamp such as 1985-04-12T23:20:50.52Z, found `now`",
        ),
        (
            "<item id='+1'/>",
            "/item/id: expected an integer from -2147483648 to 2147483647, found `+1`",
        ),
        (
            "<item id='1.0'/>",
            "/item/id: expected an integer from -2147483648 to 2147483647, found `1.0`",
        ),
        (
            "<Pair><Count>1</Count></Pair>",
            "/Pair: expected an entry with a key, found none",
        ),
        (
            "<Pair><Word><b/></Word><Count>1</Count></Pair>",
            "/Pair: expected a key, found elements",
        ),
    ] {
        fails(format!("<Order>{elements}</Order>"), expected);
    }
}

#[test]
fn unknown_members_of_unions_survive() {
    for content in [
        "<newer>a</newer>",
        "<newer><a>1</a><b><c></c></b><a>2</a></newer>",
        "<newer>1</newer><newer>2</newer>",
        "<newer></newer>",
    ] {
        let document = format!("<Choice>{content}</Choice>");
        let choice = Choice::from_xml(&document).expect("a value");
        assert!(matches!(choice, Choice::Unknown(_)), "{content}");
        let again = choice.to_xml().expect("XML");
        let same = Choice::from_xml(&again).expect("a value");
        assert!(same == choice, "{again}");
        assert!(Choice::from_xml_strict(&document).is_err());
    }
    // Other elements may be between those of a member.
    let apart = Choice::from_xml("<Choice><newer>1</newer><other/><newer>2</newer></Choice>");
    assert_eq!(
        Choice::from_xml_strict("<Choice><newer/><other/><newer/></Choice>")
            .expect_err("an error")
            .to_string(),
        "/newer: expected a member of the union, found another; /other: expected a member of the \
         union, found another; expected a union with exactly one member, found several"
    );
    assert!(apart.is_err());
    let several = Choice::from_xml("<Choice><text>a</text><newer/></Choice>");
    assert_eq!(
        several.expect_err("an error").to_string(),
        "expected a union with exactly one member, found several"
    );
    let invalid = Choice::Unknown(UnknownMember::new("a b", 1));
    assert_eq!(
        invalid.to_xml().expect_err("an error").to_string(),
        "`a b` is not the name of an element in XML"
    );
}

/// A value with every form of members.
fn sample() -> Order {
    order(|it| {
        it.name = Some("a <&> \"\r\n é".to_owned());
        it.tags = Some(texts(&["b", "]]>"]));
        it.names = Some(texts(&["c"]));
        it.sparse = Some(vec![None, Some(1)]);
        it.counts = Some(counts(&[("d", 1)]));
        it.flat_counts = Some(counts(&[("e", 2), ("f", -3)]));
        it.item = Some(Item {
            id: Some(4),
            kind: Some("g'\"".to_owned()),
            again: Some(Box::new(Item::empty())),
            ..Item::empty()
        });
        it.at = Some(Timestamp::UNIX_EPOCH);
    })
}

#[test]
fn types_of_every_kind_are_encoded() {
    let mut kinds = Kinds::empty();
    kinds.boolean = Some(true);
    kinds.double = Some(f64::NEG_INFINITY);
    kinds.blob = Some((&[0, 255]).into());
    kinds.mode = Some(Mode::AB);
    kinds.level = Some(Level::High);
    kinds.choices = Some(vec![Choice::Text("t".to_owned())]);
    let xml = "<Kinds><boolean>true</boolean><double>-Infinity</double><blob>AP8=</blob>\
               <mode>A_B</mode><level>2</level><choices><member><text>t</text></member></choices>\
               </Kinds>";
    assert_eq!(kinds.to_xml().expect("XML"), xml);
    assert!(Kinds::from_xml_strict(xml).expect("a value") == kinds);
}
