//! Notes, code, tables and other blocks except lists.

use super::check;

#[test]
fn notes_are_quotations_with_a_heading() {
    check(
        "<p>One.</p><note>\n <p>Two.</p>\n <p>Three.</p></note><p>Four.</p>",
        "One.\n\n> **Note:** Two.\n>\n> Three.\n\nFour.",
    );
    check(
        "<p>A</p><important><ul><li>B</li><li>C</li></ul></important>",
        "A\n\n> **Important:**\n>\n> - B\n> - C",
    );
    check(
        "<p>A</p><note>b</note><note>c</note>",
        "A\n\n> **Note:** b\n\n> **Note:** c",
    );
    check("<p>A</p><note><p>Note: b</p></note>", "A\n\n> Note: b");
    check(
        "<ul><li>A<note>b</note></li></ul>",
        "- A\n\n  > **Note:** b",
    );
}

#[test]
fn notes_come_after_the_first_sentence() {
    check(
        "<note><p>Not here.</p></note><p>Gets it.</p>",
        "Gets it.\n\n> **Note:** Not here.",
    );
    check(
        "<note>a</note><note>b</note><p>Gets it.</p>",
        "Gets it.\n\n> **Note:** a\n\n> **Note:** b",
    );
    check("<note>a</note>", "> **Note:** a");
    check("<note>a</note><ul><li>b</li></ul>", "> **Note:** a\n\n- b");
    check(
        "<note>a</note><p>One of:</p><ul><li>b</li></ul>",
        "> **Note:** a\n\nOne of:\n\n- b",
    );
}

#[test]
fn quotations_are_kept() {
    check("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b");
    check("> a\n\nb", "> a\n\nb");
}

#[test]
fn preformatted_text_is_no_doctest() {
    check(
        "<p>A</p><pre>\n    let x = 1;\n\n      <b>y</b>(&lt;T>);\n</pre><p>B</p>",
        "A\n\n```text\nlet x = 1;\n\n  y(<T>);\n```\n\nB",
    );
    check(
        "A\n```\nassert!(false);\n```",
        "A\n\n```text\nassert!(false);\n```",
    );
    check("A\n\n    panic!();", "A\n\n```text\npanic!();\n```");
    check("```rust\nfn\tf() {}\n```", "```text\nfn    f() {}\n```");
    check("<pre>```\n\r\n``</pre>", "````text\n```\n\n``\n````");
    check(
        "<pre> </pre>a<pre>never closed",
        "a\n\n```text\nnever closed\n```",
    );
    check("- a\n  ```\n  b\n  ```", "- a\n\n  ```text\n  b\n  ```");
}

#[test]
fn tables_are_tables() {
    check(
        "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td><p>a|b</p></td><td><ul><li>c</li><li>d</li></ul></td></tr></tbody></table>",
        "|A|B|\n|-|-|\n|a\\|b|c d|",
    );
    check("a | b\n--|--\n`c` |\n", "|a|b|\n|-|-|\n|`c`||");
    check("<table><tr><td>a<tr><td>b<td>c", "|a||\n|-|-|\n|b|c|");
    check("<table></table>", "");
}

#[test]
fn images_are_their_text() {
    check(
        "<p>A <img src=\"a.png\" alt=\"a &amp; b\"> <img src=x></p>",
        "A a & b",
    );
    check("A ![b](c.png)", "A b");
}

#[test]
fn scripts_are_left_out() {
    check("<p>a<script>b <p> c</script>d</p>", "ad");
}
