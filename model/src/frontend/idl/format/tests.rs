//! How files are formatted.

use super::format;
use crate::source::Sources;

/// Formats a text, twice, and compares the result.
#[track_caller]
fn check(text: &str, expected: &str) {
    let once = formatted(text);
    assert_eq!(once, expected, "\n{once}");
    assert_eq!(formatted(&once), once, "a formatted text stays as it is");
}

fn formatted(text: &str) -> String {
    let sources = Sources::from_texts([("m.smithy".into(), text.to_owned())]);
    let (source, _) = sources.iter().next().expect("there is one source");
    let formatted = format(text, source);
    formatted.unwrap_or_else(|report| panic!("{}", report.render(&sources, false)))
}

#[test]
fn statements_have_blank_lines_between_them() {
    check(
        "$version:\"2\"\nmetadata \"a\"={b:1}\nmetadata c=[]\nnamespace a\nstring S\ninteger I",
        "$version: \"2\"\n\nmetadata a = { b: 1 }\nmetadata c = []\n\nnamespace a\n\nstring S\n\n\
         integer I\n",
    );
}

/// Two spaces at the end of a line are a line break in Markdown.
#[test]
fn spaces_at_the_end_of_documentation_stay() {
    check(
        "$version: \"2\"\nnamespace a\n///one  \n/// two \n//three  \nstring S\n",
        "$version: \"2\"\n\nnamespace a\n\n/// one  \n/// two \n// three\nstring S\n",
    );
}

#[test]
fn imports_are_sorted_and_unused_ones_removed() {
    check(
        "$version: \"2\"\nnamespace a\n\
         // about b\nuse x#b // b\n// about c\nuse x#c\n// about a\nuse x#a\n// S\nstructure S {\n\
         a: a, b: b$c }\n",
        "$version: \"2\"\n\nnamespace a\n\n// about a\nuse x#a\n\n// about b\nuse x#b // b\n\n\
         // S\nstructure S {\n    a: a\n    b: b$c\n}\n",
    );
}

#[test]
fn members_with_traits_or_comments_are_apart() {
    check(
        "$version: \"2\"\nnamespace a\nstructure S{a:String=\"\" // a\nb:String\n}\n\
         structure T {\n@required a:String /// no documentation\n/// b\n$b // last\n}\n\
         enum E { A B = \"b\" // b\n}\nlist L with [M,N] { member: String }\n",
        "$version: \"2\"\n\nnamespace a\n\nstructure S {\n    a: String = \"\" // a\n    \
         b: String\n}\n\nstructure T {\n    @required\n    a: String // no documentation\n\n    \
         /// b\n    $b\n\n    // last\n}\n\nenum E {\n    A\n    B = \"b\" // b\n}\n\n\
         list L with [M, N] {\n    member: String\n}\n",
    );
}

#[test]
fn operations_and_services_are_on_several_lines() {
    check(
        "$version: \"2\"\nnamespace a\nservice W{version:\"1\"operations:[O]resources:[]}\n\
         operation O{input:=@sensitive for R{$id}output:={}errors:[E]}\nservice V {}\n\
         resource R{identifiers:{id:String}}",
        "$version: \"2\"\n\nnamespace a\n\nservice W {\n    version: \"1\"\n    operations: [\n        \
         O\n    ]\n    resources: []\n}\n\noperation O {\n    input :=\n        @sensitive\n        \
         for R {\n            $id\n        }\n\n    output := {}\n\n    errors: [\n        E\n    \
         ]\n}\n\nservice V {}\n\nresource R {\n    identifiers: {\n        id: String\n    }\n}\n",
    );
}

#[test]
fn traits_are_on_one_line_if_they_fit() {
    let long = "x".repeat(60);
    check(
        &format!(
            "$version: \"2\"\nnamespace a\n@a @b() @c(x:1,y:2)@d([1,2])@e(x:\"{long}\",y:\"{long}\")\n\
             @f(\"\"\"\n  x\n  \"\"\")@g([{{a:1}}])\nstring S\napply S @a\napply S {{@a,@b}}\n\
             apply S {{}}\n"
        ),
        &format!(
            "$version: \"2\"\n\nnamespace a\n\n@a\n@b\n@c(x: 1, y: 2)\n@d([1, 2])\n@e(\n    \
             x: \"{long}\"\n    y: \"{long}\"\n)\n@f(\n    \"\"\"\n    x\n    \"\"\"\n)\n@g([\n    \
             {{\n        a: 1\n    }}\n])\nstring S\n\napply S @a\n\napply S {{\n    @a\n    \
             @b\n}}\n\napply S {{\n}}\n"
        ),
    );
}

#[test]
fn text_blocks_keep_their_text() {
    check(
        "$version: \"2\"\nmetadata a = \"\"\"\n    x\n      \\\"y\\\" \\\n    \"z\\\"\"\"\"\n\
         metadata b = {\"c d\": \"\"\"\n  \"x\" \"\"\"}\n",
        "$version: \"2\"\n\nmetadata a = \"\"\"\nx\n  \\\"y\\\" \\\n\"z\\\" \"\"\"\n\n\
         metadata b = {\n    \"c d\": \"\"\"\n        \"x\" \"\"\"\n}\n",
    );
}

#[test]
fn comments_stay_where_they_were() {
    check(
        "//first\n$version: \"2\" // version\n// namespace\nnamespace a\n// last\n",
        "// first\n$version: \"2\" // version\n\n// namespace\nnamespace a\n\n// last\n",
    );
    check(
        "$version: \"2\"\nnamespace a\n///S\n////\nstring S // S\n// below\n\n// T\n//// T\n\nstring T\n\
         structure U // U\n{}\n",
        "$version: \"2\"\n\nnamespace a\n\n/// S\n////\nstring S // S\n// below\n\n// T\n// // T\n\
         string T\n\n// U\nstructure U {}\n",
    );
}

#[test]
fn an_empty_file_stays_empty() {
    check("", "\n");
    check("// a\n", "// a\n");
}
