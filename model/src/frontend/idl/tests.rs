//! What files mean, and what is reported about them.

use std::fmt::Write;

use crate::print::{Mixins, json_ast};
use crate::source::Sources;
use crate::{Report, load};

/// Loads files in the IDL, and compares their shapes, as a JSON AST.
#[track_caller]
fn check_files(files: &[&str], expected: &str) {
    let named = files.iter().enumerate();
    let named = named.map(|(index, text)| (format!("{index}.smithy").into(), (*text).to_owned()));
    let sources = Sources::from_texts(named);
    let model = load(&sources).and_then(|ast| json_ast(&ast, Mixins::Keep));
    let model = model.unwrap_or_else(|report| panic!("{}", report.render(&sources, false)));
    let model: serde_json::Value = serde_json::from_str(&model.to_string()).expect("it is JSON");
    let expected: serde_json::Value = serde_json::from_str(expected).expect("it is JSON");
    assert_eq!(model["shapes"], expected, "{model:#}");
}

/// The same for one file of Smithy 2.0 with the namespace `a`.
#[track_caller]
fn check(text: &str, expected: &str) {
    check_files(
        &[&format!("$version: \"2\"\nnamespace a\n{text}")],
        expected,
    );
}

fn report(text: &str) -> (Sources, Report) {
    let sources = Sources::from_texts([("m.smithy".into(), text.to_owned())]);
    let report = match load(&sources) {
        Ok(ast) => ast.warnings,
        Err(report) => report,
    };
    (sources, report)
}

/// Compares the number, line, column and message of each diagnostic of a file.
#[track_caller]
fn reports(text: &str, expected: &[&str]) {
    let (sources, report) = report(text);
    let printed = report.render(&sources, false);
    let mut found: Vec<String> = Vec::new();
    for line in printed.lines() {
        let line = line.trim();
        let number = line
            .strip_prefix("error[")
            .or(line.strip_prefix("warning["));
        if let Some((number, message)) = number.and_then(|rest| rest.split_once("]: ")) {
            found.push(format!("{number} {message}"));
        } else if let Some(place) = line.strip_prefix("--> m.smithy:")
            && let Some(last) = found.last_mut().filter(|last| !last.contains(" at "))
        {
            *last = format!("{last} at {place}");
        }
    }
    assert_eq!(found, expected, "\n{printed}");
}

#[test]
fn shapes_of_every_type_are_read() {
    check(
        "string S\nblob B\ninteger I\n\
         list L { member: S }\nmap M { key: S, value: B }\n\
         structure T { a: L, @required b: M = {}\n}\nunion U { a: S b: I }\n\
         enum E { A, B = \"b\"\n }\nintEnum F { A = 1\n B = 2,\n }\n",
        r#"{
            "a#S": {"type": "string"}, "a#B": {"type": "blob"}, "a#I": {"type": "integer"},
            "a#L": {"type": "list", "member": {"target": "a#S"}},
            "a#M": {"type": "map", "key": {"target": "a#S"}, "value": {"target": "a#B"}},
            "a#T": {"type": "structure", "members": {
                "a": {"target": "a#L"},
                "b": {"target": "a#M", "traits": {
                    "smithy.api#default": {}, "smithy.api#required": {}}}}},
            "a#U": {"type": "union", "members": {
                "a": {"target": "a#S"}, "b": {"target": "a#I"}}},
            "a#E": {"type": "enum", "members": {
                "A": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "A"}},
                "B": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "b"}}}},
            "a#F": {"type": "intEnum", "members": {
                "A": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": 1}},
                "B": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": 2}}}}
        }"#,
    );
}

#[test]
fn services_have_resources_and_operations() {
    check(
        "service W { version: \"1\", operations: [P], resources: [R], errors: [E]\n\
           rename: { \"b#X\": \"Y\" } }\n\
         resource R { identifiers: { id: String }, properties: { n: Integer }, read: G\n\
           operations: [P] }\n\
         operation P {}\n\
         @readonly operation G { input := for R { @required $id }, output := { n: Integer }\n\
           errors: [E] }\n\
         @error(\"client\") structure E {}",
        r#"{
            "a#W": {"type": "service", "version": "1", "operations": [{"target": "a#P"}],
                "resources": [{"target": "a#R"}], "errors": [{"target": "a#E"}],
                "rename": {"b#X": "Y"}},
            "a#R": {"type": "resource", "identifiers": {"id": {"target": "smithy.api#String"}},
                "properties": {"n": {"target": "smithy.api#Integer"}},
                "read": {"target": "a#G"}, "operations": [{"target": "a#P"}]},
            "a#P": {"type": "operation", "input": {"target": "smithy.api#Unit"},
                "output": {"target": "smithy.api#Unit"}},
            "a#G": {"type": "operation", "input": {"target": "a#GInput"},
                "output": {"target": "a#GOutput"}, "errors": [{"target": "a#E"}],
                "traits": {"smithy.api#readonly": {}}},
            "a#GInput": {"type": "structure", "members": {"id": {"target": "smithy.api#String",
                "traits": {"smithy.api#required": {}}}}, "traits": {"smithy.api#input": {}}},
            "a#GOutput": {"type": "structure", "members": {"n": {"target": "smithy.api#Integer"}},
                "traits": {"smithy.api#output": {}}},
            "a#E": {"type": "structure", "members": {}, "traits": {"smithy.api#error": "client"}}
        }"#,
    );
}

#[test]
fn traits_have_values_of_every_form() {
    check(
        "@trait structure s { a: String }\n@trait list l { member: String }\n@trait string t\n\
         @s @l @t(\"x\")\nstring A\n\
         @s(a: \"b\", c: [1, -2.50e3, true, null], \"d\": { e: String })\n@l([\"x\"])\n\
         @t(\"\"\"\n    x\n      y\n    \"\"\")\nstring B\n\
         @s()\nstring C\n\
         @l([\"1\"])\nstring D\napply D @l([\"2\"])\napply D { @s, @t(\"\\u0041\\n\") }",
        r#"{
            "a#s": {"type": "structure", "members": {"a": {"target": "smithy.api#String"}},
                "traits": {"smithy.api#trait": {}}},
            "a#l": {"type": "list", "member": {"target": "smithy.api#String"},
                "traits": {"smithy.api#trait": {}}},
            "a#t": {"type": "string", "traits": {"smithy.api#trait": {}}},
            "a#A": {"type": "string", "traits": {"a#s": {}, "a#l": [], "a#t": "x"}},
            "a#B": {"type": "string", "traits": {"a#l": ["x"], "a#t": "x\n  y\n",
                "a#s": {"a": "b", "c": [1, -2500.0, true, null],
                    "d": {"e": "smithy.api#String"}}}},
            "a#C": {"type": "string", "traits": {"a#s": {}}},
            "a#D": {"type": "string", "traits": {"a#l": ["1", "2"], "a#s": {}, "a#t": "A\n"}}
        }"#,
    );
}

#[test]
fn mixins_keep_their_members() {
    check(
        "@mixin structure M { x: String, y: String }\n\
         structure A with [M] { $x, @required $y, z: String }",
        r#"{
            "a#M": {"type": "structure", "members": {"x": {"target": "smithy.api#String"},
                "y": {"target": "smithy.api#String"}}, "traits": {"smithy.api#mixin": {}}},
            "a#A": {"type": "structure", "mixins": [{"target": "a#M"}],
                "members": {"z": {"target": "smithy.api#String"}}},
            "a#A$y": {"type": "apply", "traits": {"smithy.api#required": {}}}
        }"#,
    );
}

#[test]
fn what_smithy_1_implies_is_written_in_smithy_2() {
    check_files(
        &[
            "namespace a\ninteger I\n@box\ninteger B\nset S { member: I }\n@streaming blob St\n\
             structure T { i: I, b: B, @box x: I, p: PrimitiveLong, q: Integer, s: String, st: St }\n\
             list L { @box member: PrimitiveLong }",
        ],
        r#"{
            "a#I": {"type": "integer", "traits": {"smithy.api#default": 0}},
            "a#B": {"type": "integer"},
            "a#S": {"type": "list", "member": {"target": "a#I"},
                "traits": {"smithy.api#uniqueItems": {}}},
            "a#St": {"type": "blob", "traits": {"smithy.api#streaming": {}}},
            "a#T": {"type": "structure", "members": {
                "i": {"target": "a#I", "traits": {"smithy.api#default": 0}},
                "b": {"target": "a#B"},
                "x": {"target": "a#I", "traits": {"smithy.api#default": null}},
                "p": {"target": "smithy.api#PrimitiveLong", "traits": {"smithy.api#default": 0}},
                "q": {"target": "smithy.api#Integer"},
                "s": {"target": "smithy.api#String"},
                "st": {"target": "a#St", "traits": {"smithy.api#default": ""}}}},
            "a#L": {"type": "list", "member": {"target": "smithy.api#PrimitiveLong"}}
        }"#,
    );
}

#[test]
fn names_are_resolved_across_files() {
    check_files(
        &[
            "$version: \"2\"\n$operationInputSuffix: \"Request\"\nnamespace a\nuse b#T\n\
             structure S { t: T, u: b#U, s: String, v: V }\nstring V\noperation O { input := {} }",
            "namespace b\r\n\r\n/// Docs\r\n///   more\r\nstring T\r\nstring U\r\nstring String\r\n\
             list L { member: String }\r\n",
        ],
        r#"{
            "a#S": {"type": "structure", "members": {"t": {"target": "b#T"},
                "u": {"target": "b#U"}, "s": {"target": "smithy.api#String"},
                "v": {"target": "a#V"}}},
            "a#V": {"type": "string"},
            "a#O": {"type": "operation", "input": {"target": "a#ORequest"},
                "output": {"target": "smithy.api#Unit"}},
            "a#ORequest": {"type": "structure", "members": {}, "traits": {"smithy.api#input": {}}},
            "b#T": {"type": "string", "traits": {"smithy.api#documentation": "Docs\n  more"}},
            "b#U": {"type": "string"}, "b#String": {"type": "string"},
            "b#L": {"type": "list", "member": {"target": "b#String"}}
        }"#,
    );
}

#[test]
fn all_syntax_errors_are_reported_in_one_run() {
    reports(
        "$version: \"2\"\nnamespace a\nstructure A {\n    x String\n    y: \n    z: String\n}\n\
         strin B\n@t(\nstring C\nlist D { member: }\noperation E {\n    inptu: X\n    output: }\n\
         @deprecated",
        &[
            "E0020 expected `:`, but found `String` at 4:7",
            "E0020 expected a name, but found a line break at 5:8",
            "E0020 `strin` is not a type of shape at 8:1",
            "E0020 expected `:` or `)`, but found `C` at 10:8",
            "E0020 expected a name, but found `}` at 11:18",
            "E0020 an operation has no property `inptu` at 13:5",
            "E0020 expected a name, but found `}` at 14:13",
            "E0020 expected a shape, but found the end of the file at 15:12",
        ],
    );
}

#[test]
fn strings_that_do_not_end_are_shown_at_both_ends() {
    let (sources, report) = report("namespace a\n@documentation(\"x\nstring A\n");
    let printed = report.render(&sources, false);
    assert!(printed.contains("--> m.smithy:4:1"), "{printed}");
    assert!(
        printed.contains("the string starts here\n --> m.smithy:2:16"),
        "{printed}"
    );
}

#[test]
fn versions_have_their_own_rules() {
    let v1 = "E0018 Smithy 1.0 has no";
    reports(
        "namespace a\nenum E { A }\nstructure S for R with [M] { $x, y: String = \"\"\n}\n\
         resource R { properties: {} }\noperation O { input := {} }\n@mixin structure M {}",
        &[
            &format!("{v1} `enum` at 2:1"),
            &format!("{v1} `for` in shapes at 3:13"),
            &format!("{v1} mixins at 3:19"),
            &format!("{v1} members without a target at 3:31"),
            "E0023 `$x` has no target: no mixin or resource of `a#S` has a member with this name \
             at 3:31",
            &format!("{v1} default values at 3:44"),
            &format!("{v1} properties of resources at 5:14"),
            &format!("{v1} inline input and output at 6:15"),
            &format!("{v1} trait `smithy.api#mixin` at 7:2"),
        ],
    );
    reports(
        "$version: \"2\"\nnamespace a\nset S { member: String }\nstructure T { @box x: String }",
        &[
            "E0019 Smithy 2.0 has no `set` at 3:1",
            "E0019 Smithy 2.0 has no trait `smithy.api#box` at 4:16",
        ],
    );
}

#[test]
fn errors_are_of_the_shape_or_member_that_they_are_in() {
    let check = |text: &str, expected: &[&str]| {
        let (_, report) = report(text);
        let found = report.diagnostics();
        let found = found.iter().map(|it| it.shape.as_deref().unwrap_or("-"));
        assert_eq!(found.collect::<Vec<_>>(), expected, "{text}");
    };
    check(
        "namespace a\nenum E { A }\nstructure S for R with [M] { @default(\"\") w: String, $x, \
         y: String = \"\"\n}\nresource R { properties: {} }\noperation O { input := { @default(1) \
         z: Integer } }\n@mixin structure M {}",
        &[
            "a#E",
            "a#S",
            "a#S",
            "a#S$w",
            "a#S$x",
            "a#S$x",
            "a#S$y",
            "a#R",
            "a#O",
            "a#OInput$z",
            "a#M",
        ],
    );
    check(
        "$version: \"2\"\nnamespace a\nuse b#C\nlist L { member: String, member: String }\n\
         list M { member: String, other: String }\nintEnum N { A = \"a\"\n}\n\
         apply L$member @t(Nothing)\nresource R { read: 1 }\nstring C\n\
         operation O { output := @documentation(\"a\") @documentation(\"b\") {} }\n\
         structure S { @t(a: 1, a: 2) x: String }\nset T { member: String }",
        &[
            "a#L",
            "a#M",
            "a#N$A",
            "a#L$member",
            "a#R",
            "a#C",
            "a#OOutput",
            "-",
            "a#T",
            "-",
        ],
    );
}

#[test]
fn names_that_refer_to_nothing_are_reported() {
    reports(
        "$version: \"2\"\nnamespace a\nuse b#C\nuse c#C\n@references([{resource: Nothing}])\n\
         structure S for R { $ide }\nresource R { identifiers: { id: String } }\n\
         structure C for S {}",
        &[
            "E0022 `c#C` cannot be imported: its name is that of `b#C` at 4:5",
            "E0103 `a#Nothing` is not in the model at 5:25",
            "E0023 `$ide` has no target: no mixin or resource of `a#S` has a member with this \
             name at 6:22",
            "E0022 `C` cannot be defined: its name is that of the import `b#C` at 8:11",
            "E0104 `a#C` is for `a#S`, which is a structure, not a resource at 8:17",
            "W0532 `b#C` is imported and is not in the model at 3:5",
        ],
    );
}

#[test]
fn shapes_of_other_namespaces_are_suggested() {
    let texts = [
        (
            "a.smithy",
            "$version: \"2\"\nnamespace a\nstructure S with [M] { c: City, d: Cty }\n",
        ),
        (
            "b.smithy",
            "$version: \"2\"\nnamespace b\nstring City\n@mixin\nstructure M {}\n",
        ),
    ];
    let texts = texts.map(|(name, text)| (name.into(), text.to_owned()));
    let sources = Sources::from_texts(texts);
    let report = crate::build(&sources).expect_err("two shapes are missing");
    let printed = report.render(&sources, false);
    let help = |text: &str| printed.contains(&format!("= help: {text}\n"));
    assert!(
        help("did you mean `b#City`? import it with `use b#City`"),
        "{printed}"
    );
    assert!(
        help("did you mean `b#M`? import it with `use b#M`"),
        "{printed}"
    );
    assert!(help("did you mean `b#City`?"), "{printed}");
}

#[test]
fn comments_that_document_nothing_are_reported() {
    reports(
        "/// one\n$version: \"2\"\nnamespace a /// two\n/// Docs\nstring S /// three\n\
         @sensitive\n/// four\nstructure T {\n    a: String\n    /// five\n}\n/// six\n",
        &[
            "W0531 the documentation comment documents nothing at 1:1",
            "W0531 the documentation comment documents nothing at 3:13",
            "W0531 the documentation comment documents nothing at 5:10",
            "W0531 the documentation comment documents nothing at 7:1",
            "W0531 the documentation comment documents nothing at 10:5",
            "W0531 the documentation comment documents nothing at 12:1",
        ],
    );
}

#[test]
fn values_have_a_limit_of_depth() {
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!("metadata a = {open}{close}\n")
    };
    reports(&nested(64), &[]);
    reports(
        &nested(100_000),
        &["E0008 the value is nested more than 64 levels deep at 1:78"],
    );
}

#[test]
fn a_chain_of_mixins_may_be_long() {
    let mut text = "$version: \"2\"\nnamespace a\n@mixin structure M0 { x: String }\n".to_owned();
    for index in 1..20_000 {
        let before = index - 1;
        writeln!(text, "@mixin structure M{index} with [M{before}] {{}}").expect("a text grows");
    }
    text.push_str("structure S with [M19999] { @required $x }\n");
    reports(&text, &[]);
}

#[test]
fn the_tree_has_every_byte() {
    let text =
        "// a\n$version : \"2\" // b\n\tnamespace a\r\n@t ( x : 1 ,)\nlist L{member:S\n}} é \"";
    let mut report = Report::new();
    let sources = Sources::from_texts([("m.smithy".into(), text.to_owned())]);
    let (source, _) = sources.iter().next().expect("there is a source");
    let (tree, _) = super::grammar::parse(text, source, &mut report);
    let count = u32::try_from(tree.tokens.len()).expect("there are few");
    let tokens = (0..count).map(|index| &text[tree.token_range(index)]);
    assert_eq!(tokens.collect::<String>(), text);
}

#[test]
fn what_is_found_is_quoted_as_it_is_written_and_in_short() {
    let check = |token: &str, found: &str| {
        let text = format!("$version: \"2\"\nnamespace a\nservice S {{ version {token} }}\n");
        let message = format!("E0020 expected `:`, but found `{found}` at 3:21");
        reports(&text, &[&message]);
    };
    check(r#""1\u0041""#, r#""1\u0041""#);
    check("\"a\tb\"", "\"a\\tb\"");
    check(
        &format!("\"{}\"", "é".repeat(100)),
        &format!("\"{}..", "é".repeat(39)),
    );
}
