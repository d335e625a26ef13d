//! Text that must not be markup.

use super::check;

#[test]
fn characters_of_markup_are_escaped() {
    check(
        "<p>a*b* `c` [d] \\e ~f~ _g_ snake_case _h i__j k_</p>",
        "a\\*b\\* \\`c\\` \\[d\\] \\e \\~f\\~ \\_g\\_ snake_case \\_h i\\_\\_j k\\_",
    );
    check("<p>--tags a---b -c</p>", "\\--tags a\\-\\--b -c");
}

#[test]
fn placeholders_are_text() {
    check(
        "<p>arn:<partition>:<region>:<accountId>/<b</p>",
        "arn:\\<partition>:\\<region>:\\<accountId>/\\<b",
    );
    check(
        "Vec<T>, <Message>, a<b and 1 <2 <= 3 < 4",
        "Vec\\<T>, \\<Message>, a\\<b and 1 \\<2 \\<= 3 \\< 4",
    );
}

#[test]
fn entities_are_decoded_once() {
    check(
        "<p>a &lt;b&gt; &amp;&quot;&apos;&#39;&#x41;&eacute;&copy;</p>",
        "a \\<b> &\"''Aé©",
    );
    check(
        "<p>&amp;lt; &IAM; &a;b &; & &#0;&#xD800;.</p>",
        "&amp;lt; &amp;IAM; &amp;a;b &; & \u{FFFD}\u{FFFD}.",
    );
    check("<p><code>&amp;lt;</code></p>", "`&lt;`");
    check("a &lt;b&gt; `&lt;`", "a \\<b> `&lt;`");
}

#[test]
fn a_line_begins_no_block() {
    check(
        "<p># a</p><p>> b</p><p>+ c</p><p>- d</p><p>1. e</p><p>2) f</p>",
        "\\# a\n\n\\> b\n\n\\+ c\n\n\\- d\n\n1\\. e\n\n2\\) f",
    );
    check(
        "<p>a<br>===<br>| b |<br>:-: | -</p>",
        "a\\\n\\===\\\n\\| b \\|\\\n:-: \\| -",
    );
    let words = "word ".repeat(18);
    check(&format!("<p>{words}1. a</p>"), &format!("{words}1.\na"));
    check(
        &format!("<p>{words}#definition a</p>"),
        &format!("{words}\n\\#definition a").replace(" \n", "\n"),
    );
}

#[test]
fn malformed_tags_are_text() {
    check(
        "<p>a < b <> </> <1> <p</p>",
        "a \\< b \\<> \\</> \\<1> \\<p",
    );
    check("<p>a <a href=\"b</p>", "a \\<a href=\"b");
    check("<p>a</p", "a\\</p");
    check("a <!-- b", "a \\<!\\-- b");
}

#[test]
fn other_scripts_are_left_alone() {
    check("<p>Größe 大きさ 👩‍🔧 — “x”</p>", "Größe 大きさ 👩‍🔧 — “x”");
}

#[test]
fn characters_that_no_comment_may_contain_are_dropped() {
    check("<p>a\u{0}b\u{7}c\u{202E}d\u{200B}e&#x202E;f</p>", "abcdef");
    check("a\rb", "a b");
}

#[test]
fn markdown_around_html_is_markdown() {
    check(
        "*a* <b>b</b> <region>\n\n<ul><li>c</li></ul>\n\n- d",
        "*a* **b** \\<region>\n\n- c\n\n* d",
    );
}
