//! Documents that are not well-formed.

use super::*;

#[test]
fn malformed_documents_are_located() {
    fails("", "the document has no element at line 1 column 1");
    fails("text", "a text outside the root element at line 1 column 1");
    fails(
        "\u{feff}\u{feff}<a/>",
        "a text outside the root element at line 1 column 1",
    );
    fails(
        "<a/>b",
        "a text outside the root element at line 1 column 5",
    );
    fails("<a/><b/>", "a second root element at line 1 column 5");
    fails(
        "<a><b></a>",
        "expected `</b>`, but `</a>` was found at line 1 column 7, in `/a/b`",
    );
    fails(
        "<a>\n<x:b>\n",
        "the document ends inside an element at line 3 column 1, in `/a/b`",
    );
    fails(
        "<a></a></b>",
        "close tag `</b>` does not match any open tag at line 1 column 8",
    );
    fails(
        "<a><b",
        "tag not closed: `>` not found before end of input at line 1 column 4, in `/a`",
    );
    fails(
        "<a/>\n<?xml version='1.0'?>",
        "an XML declaration that is not at the start of the document at line 2 column 1",
    );
    fails(
        "<a><!-- a -- b --></a>",
        "forbidden string `--` was found in a comment at line 1 column 11, in `/a`",
    );
    fails(
        "<a><?xMl x?></a>",
        "a processing instruction without a name at line 1 column 4, in `/a`",
    );
    fails(
        "<a><![CDATA[x</a>",
        "CDATA not closed: `]]>` not found before end of input at line 1 column 4, in `/a`",
    );
    fails("<a>\n\u{1}</a>", "a control character at line 2 column 1");
    fails(b"<a>\xff</a>", "invalid UTF-8 at line 1 column 4");
}

#[test]
fn names_and_attributes_are_checked() {
    let name = "an element without a valid name at line 1 column 4, in `/a`";
    for tag in [
        "<1/>",
        "< b/>",
        "<b:/>",
        "<:b/>",
        "<b:c:d/>",
        "<b\u{d7}/>",
        "<>",
        "<=/>",
    ] {
        fails(format!("<a>{tag}</a>"), name);
    }
    for (attributes, expected) in [
        (
            " b",
            "an attribute without a name and a quoted value at line 1 column 3",
        ),
        (
            " b=c",
            "an attribute without a name and a quoted value at line 1 column 3",
        ),
        (
            " b='1'c='2'",
            "an attribute without a name and a quoted value at line 1 column 9",
        ),
        (
            " ='1'",
            "an attribute without a valid name at line 1 column 3",
        ),
        (
            " 1='1'",
            "an attribute without a valid name at line 1 column 3",
        ),
        (
            " b='<'",
            "the character `<` in an attribute at line 1 column 3",
        ),
        (
            " b='&'",
            "a reference without a semicolon at line 1 column 3",
        ),
        (" b='&c;'", &format!("{REFERENCE} at line 1 column 3")),
        (
            " b='1' c='' b='2'",
            "an attribute that occurs twice at line 1 column 3",
        ),
    ] {
        fails(format!("<a{attributes}/>"), expected);
    }
}

#[test]
fn references_are_to_characters() {
    for reference in [
        "b",
        "AMP",
        "#",
        "#x",
        "#0",
        "#xD800",
        "#x110000",
        "#-1",
        "#+1",
        "#99999999999",
    ] {
        fails(
            format!("<a>&{reference};</a>"),
            &format!("{REFERENCE} at line 1 column 4, in `/a`"),
        );
    }
    // Services send control characters as references.
    for reference in ["#1", "#x1F", "#xFFFF"] {
        let document = format!("<Order><Name>&{reference};</Name></Order>");
        let error = Order::from_xml_strict(&document)
            .expect_err("an error")
            .to_string();
        let expected = "a reference to a character that is not allowed at line 1 column 14, in \
                        `/Order/Name`";
        assert_eq!(error, expected);
        let name = Order::from_xml(&document).expect("a value").name;
        assert_eq!(name.expect("a name").chars().count(), 1);
    }
    for text in [
        "]]>",
        "\u{fffe}",
        "\u{ffff}",
        "<![CDATA[\u{fffe}]]>",
        "<!--\u{fffe}-->",
        "<?a \u{ffff}?>",
        "<b c='\u{fffe}'/>",
    ] {
        let document = format!("<Order><Name>a{text}</Name></Order>");
        let syntax = Order::from_xml_strict(document).expect_err("an error");
        assert!(syntax.as_syntax().is_some(), "{text}");
    }
}

#[test]
fn there_are_no_entities_to_expand_or_to_load() {
    let error = "document type declarations are not allowed at line 1 column 1";
    for subset in [
        "<!DOCTYPE a>",
        "<!doctype a>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">",
        "<!DOCTYPE a [<!ENTITY % b SYSTEM \"http://example.com/\">%b;]>",
    ] {
        fails(format!("{subset}<a>&b;</a>"), error);
    }
}

#[test]
fn documents_are_in_utf_8() {
    let utf_16 = "the encoding UTF-16 is not supported, only UTF-8 at line 1 column 1";
    fails(b"\xfe\xff\0<\0a\0/\0>", utf_16);
    fails(b"\xff\xfe<\0a\0/\0>\0", utf_16);
    fails(b"<\0a\0/\0>\0", utf_16);
    for encoding in ["UTF-16", "ISO-8859-1", "windows-1252"] {
        fails(
            format!("<?xml version='1.0' encoding='{encoding}'?><a/>"),
            &format!("the encoding {encoding} is not supported, only UTF-8 at line 1 column 1"),
        );
    }
    for version in ["2.0", "1", "1.", "1.0a", "1.&#48;"] {
        fails(
            format!("<?xml version='{version}'?><a/>"),
            "an unknown version of XML at line 1 column 1",
        );
    }
    for declaration in [
        "",
        " ",
        " encoding='UTF-8'",
        " version",
        " version='1.0'encoding='UTF-8'",
        " version='1.0' version='1.0'",
        " version='1.0' encodign='UTF-8'",
        " version='1.0' standalone='yes' encoding='UTF-8'",
        " version='1.0' standalone='maybe'",
    ] {
        fails(
            format!("<?xml{declaration}?><a/>"),
            "an XML declaration that is malformed at line 1 column 1",
        );
    }
    let declaration = "<?xml version = '1.1' encoding = \"utf-8\" standalone='no' ?>";
    assert!(Order::from_xml(format!("{declaration}<Order/>")).is_ok());
}

#[test]
fn every_prefix_of_a_document_is_malformed() {
    let xml = sample().to_xml().expect("XML");
    for (length, _) in xml.char_indices() {
        let error = Order::from_xml(&xml[..length]).expect_err("an error");
        assert!(error.as_syntax().is_some(), "{error}");
    }
}
