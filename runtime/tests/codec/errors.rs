//! The messages and the locations of errors.

use drawplate_runtime::error::Problem;
use drawplate_runtime::{DecodeError, Json, Violation};

use crate::shapes::{Choice, Kinds, Secrets, Tree};

fn lenient<T: Json>(json: impl AsRef<[u8]>) -> DecodeError {
    T::from_json(json).err().expect("an error")
}

fn strict<T: Json>(json: &str) -> String {
    T::from_json_strict(json)
        .err()
        .map_or_else(|| "none".to_owned(), |error| error.to_string())
}

#[test]
fn each_violation_has_its_pointer() {
    for (json, expected) in [
        (
            r#"{"boolean":"true"}"#,
            "/boolean: expected a boolean, found a string",
        ),
        (
            r#"{"byte":128}"#,
            "/byte: expected an integer from -128 to 127, found `128`",
        ),
        (
            r#"{"short":1.5}"#,
            "/short: expected an integer from -32768 to 32767, found `1.5`",
        ),
        (
            r#"{"integer":"1"}"#,
            "/integer: expected an integer from -2147483648 to 2147483647, found a string",
        ),
        (
            r#"{"long":9223372036854775808}"#,
            "/long: expected an integer of 64 bits, found `9223372036854775808`",
        ),
        (
            r#"{"long":-9223372036854775809}"#,
            "/long: expected an integer of 64 bits, found `about -9.223372036854776e18`",
        ),
        (
            r#"{"long":1e300}"#,
            "/long: expected an integer of 64 bits, found `about 1e300`",
        ),
        (
            r#"{"level":2147483648}"#,
            "/level: expected an integer from -2147483648 to 2147483647, found `2147483648`",
        ),
        (
            r#"{"double":"1"}"#,
            "/double: expected a number, found a string",
        ),
        (
            r#"{"float":true}"#,
            "/float: expected a number, found a boolean",
        ),
        (
            r#"{"bigInteger":1.5}"#,
            "/bigInteger: expected an integer, found `1.5`",
        ),
        (
            r#"{"bigDecimal":"1.5"}"#,
            "/bigDecimal: expected a number, found a string",
        ),
        (
            r#"{"st\"ring":[[1],{}]}"#,
            "/st\"ring: expected a string, found a list",
        ),
        (
            r#"{"blob":"x"}"#,
            "/blob: expected base64 text, found other text",
        ),
        (
            r#"{"epoch":"1"}"#,
            "/epoch: expected a timestamp in seconds since 1970, found a string",
        ),
        (
            r#"{"dateTime":"x"}"#,
            "/dateTime: expected a timestamp such as 1985-04-12T23:20:50.52Z, found `x`",
        ),
        (
            r#"{"strings":{"a":1}}"#,
            "/strings: expected a list, found an object",
        ),
        (
            r#"{"byMode":{"a/b~c":"x"}}"#,
            "/byMode/a~1b~0c: expected an integer from -2147483648 to 2147483647, found a string",
        ),
        (
            r#"{"trees":{"a":{"next":{"name":1}}}}"#,
            "/trees/a/next/name: expected a string, found a number",
        ),
        (
            r#"{"choices":[{"text":"t"},{"text":0},7]}"#,
            "/choices/1/text: expected a string, found a number; /choices/2: expected an object, found a number",
        ),
        ("[]", "expected an object, found a list"),
        ("null", "expected an object, found null"),
    ] {
        assert_eq!(lenient::<Kinds>(json).to_string(), expected, "{json}");
    }
}

#[test]
fn one_run_finds_all_of_them() {
    let json = r#"{"boolean":1,"strings":["a",2,[3],"d",{"e":5}],"byMode":[],"trees":{"x":{"name":{},"next":[]}},"byte":1}"#;
    let error = lenient::<Kinds>(json);
    let pointers: Vec<_> = error
        .violations()
        .iter()
        .map(|violation| violation.pointer.as_str())
        .collect();
    assert_eq!(
        pointers,
        [
            "/boolean",
            "/strings/1",
            "/strings/2",
            "/strings/4",
            "/byMode",
            "/trees/x/name",
            "/trees/x/next"
        ]
    );
}

#[test]
fn a_list_of_violations_has_an_end() {
    let error = lenient::<Kinds>(format!(r#"{{"strings":[{}0]}}"#, "0,".repeat(100_000)));
    assert_eq!((error.violations().len(), error.unlisted()), (100, 99_901));
    assert!(error.to_string().ends_with("; and 99901 more"), "{error}");
}

/// What is wrong with a document does not depend on the number of its violations.
#[test]
fn a_value_of_the_wrong_type_is_always_listed() {
    let trees = format!(r#""trees":{{{}}}"#, numbered(200));
    for (json, expected) in [
        (format!("{{{trees}}}"), 0),
        (format!(r#"{{{trees},"byte":"x"}}"#), 1),
        (format!(r#"{{"byte":"x",{trees}}}"#), 1),
        (format!(r#"{{{trees},"byte":"x","short":"x"}}"#), 1),
    ] {
        let error = Kinds::from_json_strict(&json).expect_err("violations");
        let violations = error.violations();
        let wrong = |violation: &&Violation| violation.problem != Problem::Missing;
        assert_eq!(violations.iter().filter(wrong).count(), expected, "{json}");
        assert_eq!(violations.len(), 100, "{json}");
    }
}

/// Entries of a map whose values lack a required member.
fn numbered(count: usize) -> String {
    let entries = (0..count).map(|index| format!(r#""{index}":{{}}"#));
    entries.collect::<Vec<_>>().join(",")
}

#[test]
fn syntax_errors_have_a_line_a_column_and_the_value_they_are_in() {
    for (json, expected) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        ("{\"byte\":1}\n }", "trailing characters at line 2 column 2"),
        (
            "{\n\"strings\":[\"a\",\n x]}",
            "expected value at line 3 column 2, in `/strings/1`",
        ),
        (
            r#"{"trees":{"a/b":{"name":"x"#,
            "EOF while parsing a string at line 1 column 26, in `/trees/a~1b/name`",
        ),
        (
            r#"{"bigInteger":01}"#,
            "invalid number at line 1 column 16, in `/bigInteger`",
        ),
        (
            r#"{"byMode":{null:"x"}}"#,
            "key must be a string at line 1 column 12, in `/byMode`",
        ),
        (
            r#"{"document":{"a" 1}}"#,
            "expected `:` at line 1 column 18, in `/document`",
        ),
        (
            r#"{"byte":0x42}"#,
            "expected `,` or `}` at line 1 column 10",
        ),
        (
            r#"{"double":NaN}"#,
            "expected value at line 1 column 11, in `/double`",
        ),
        (r#"{"new":tru}"#, "expected ident at line 1 column 11"),
    ] {
        let error = lenient::<Kinds>(json);
        assert_eq!(error.to_string(), expected, "{json}");
        assert!(error.as_syntax().is_some_and(|syntax| !syntax.too_deep));
    }
    let error = lenient::<Kinds>(b"{\"byte\":1,\n\"st\": \"\xff\"}");
    assert_eq!(error.to_string(), "invalid UTF-8 at line 2 column 8");
}

#[test]
fn nesting_has_a_limit() {
    for json in [
        format!(r#"{{"trees":{{"a":{}"#, r#"{"next":"#.repeat(1000)),
        format!(r#"{{"document":{}{}"#, "[".repeat(1000), "]".repeat(1000)),
        format!(r#"{{"choices":[{}"#, r#"{"tree":{"choice":"#.repeat(1000)),
    ] {
        let error = lenient::<Kinds>(&json);
        assert!(
            error.as_syntax().is_some_and(|syntax| syntax.too_deep),
            "{error}"
        );
    }
    let deep = r#"{"next":"#.repeat(126) + "{}" + &"}".repeat(126);
    assert!(Tree::from_json(&deep).is_ok());
    // The levels around a document count.
    for (levels, expected) in [
        (126, None),
        (
            127,
            Some("recursion limit exceeded at line 2 column 138, in `/document`"),
        ),
    ] {
        let deep = format!(
            "{{\n\"document\":{}{}}}",
            "[".repeat(levels),
            "]".repeat(levels)
        );
        let error = Kinds::from_json(deep).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), expected);
    }
    // Unknown members are skipped at any depth.
    assert!(
        Kinds::from_json(format!(
            r#"{{"new":{}{}}}"#,
            "[".repeat(9999),
            "]".repeat(9999)
        ))
        .is_ok()
    );
}

#[test]
fn the_location_of_an_error_is_not_inside_a_character() {
    for rest in ["\u{1f600}", "\u{e9}\u{e9}", "x\u{20ac}", ""] {
        for escape in ["\\ud83d", "\\ud83d\\", "\\ud83d\\u", "\\ud83d\\u0"] {
            for json in [
                format!(r#"{{"document":"{escape}{rest}"}}"#),
                format!(r#"{{"document":{{"{escape}{rest}":1}}}}"#),
                format!(r#"{{"choices":[{{"newer":"{escape}{rest}"}}]}}"#),
            ] {
                let error = lenient::<Kinds>(&json);
                assert!(error.as_syntax().is_some(), "{json}: {error}");
                let document = json.parse::<drawplate_runtime::Document>();
                assert!(document.is_err(), "{json}");
            }
        }
    }
}

#[test]
fn the_deepest_document_fits_a_small_stack() {
    let read = || {
        let deep = r#"{"next":"#.repeat(127) + &"}".repeat(127);
        Tree::from_json(&deep).is_err() && Tree::from_json(format!(r#"{{"next":{deep}"#)).is_err()
    };
    let thread = std::thread::Builder::new()
        .stack_size(512 * 1024)
        .spawn(read)
        .expect("a thread");
    assert!(thread.join().expect("no overflow"));
}

#[test]
fn servers_are_strict() {
    for (json, expected) in [
        (
            r#"{"strings":["a",null]}"#,
            "/strings/1: expected a value, found null",
        ),
        (
            r#"{"byMode":{"C":null}}"#,
            "/byMode/C: expected a value, found null",
        ),
        (
            r#"{"sparseStrings":[null],"sparseMap":{"a":null},"new":1,"byte":null}"#,
            "none",
        ),
        (r#"{"byte":1,"byte":2}"#, "/byte: the key occurs twice"),
        (
            r#"{"byMode":{"C":1,"C":2}}"#,
            "/byMode/C: the key occurs twice",
        ),
        (
            r#"{"blob":"xyz"}"#,
            "/blob: expected base64 text, found other text",
        ),
        (
            r#"{"blob":"YmxvYg="}"#,
            "/blob: expected base64 text, found other text",
        ),
        (
            r#"{"dateTime":"1996-12-19T16:39:57-08:00"}"#,
            "/dateTime: expected a timestamp such as 1985-04-12T23:20:50.52Z, found `1996-12-19T16:39:57-08:00`",
        ),
    ] {
        assert_eq!(strict::<Kinds>(json), expected, "{json}");
    }
    for (json, expected) in [
        (
            "{}",
            "/name: a required value is missing; /choice: a required value is missing",
        ),
        (
            r#"{"name":null,"choice":{"text":""}}"#,
            "/name: a required value is missing",
        ),
        (
            r#"{"name":1,"choice":{"text":""}}"#,
            "/name: expected a string, found a number",
        ),
    ] {
        assert_eq!(strict::<Tree>(json), expected, "{json}");
    }
    for (json, expected) in [
        ("{}", "expected a union with exactly one member, found none"),
        (
            r#"{"text":null}"#,
            "expected a union with exactly one member, found none",
        ),
        (
            r#"{"text":"a","many":[]}"#,
            "expected a union with exactly one member, found several",
        ),
        (
            r#"{"text":"a","new":1}"#,
            "/new: expected a member of the union, found another; expected a union with exactly one member, found several",
        ),
        (
            r#"{"new":1}"#,
            "/new: expected a member of the union, found another",
        ),
        (r#"{"__type":"x","text":"a"}"#, "none"),
        (r#"{"text":"a","text":"b"}"#, "/text: the key occurs twice"),
    ] {
        assert_eq!(strict::<Choice>(json), expected, "{json}");
    }
}

#[test]
fn sensitive_values_are_not_shown() {
    for (json, expected) in [
        (
            r#"{"count":5000000000}"#,
            "/count: expected an integer from -2147483648 to 2147483647, found another value",
        ),
        (
            r#"{"big":1.5}"#,
            "/big: expected an integer, found another value",
        ),
        (
            r#"{"at":"secret"}"#,
            "/at: expected a timestamp such as 1985-04-12T23:20:50.52Z, found another value",
        ),
        (
            r#"{"keys":{"secret":"x"}}"#,
            "/keys/*: expected an integer from -2147483648 to 2147483647, found a string",
        ),
        (
            r#"{"keys":{"secret":x}}"#,
            "expected value at line 1 column 19, in `/keys/*`",
        ),
    ] {
        assert_eq!(lenient::<Secrets>(json).to_string(), expected, "{json}");
    }
}
