//! Emphasis and code.

use super::check;

#[test]
fn emphasis_is_kept() {
    check(
        "<p><i>a</i> <em>b</em> <b>c</b> <strong>d</strong> <del>e</del></p>",
        "*a* *b* **c** **d** ~~e~~",
    );
    check(
        "<p><b><i>both</i></b> and <b>so <i>on</i></b></p>",
        "**_both_** and **so *on***",
    );
}

#[test]
fn white_space_moves_out_of_emphasis() {
    check(
        "<p>in the<i> User Guide </i>now</p>",
        "in the *User Guide* now",
    );
    check(
        "<p>in the <i>\n  <i>User Guide</i>\n </i>.</p>",
        "in the *User Guide*.",
    );
    check(
        "<p>the name (<code>\n <i>name</i>-x\n </code>).</p>",
        "the name (`name-x`).",
    );
}

#[test]
fn emphasis_that_markdown_has_no_way_to_write_is_dropped() {
    check("<p>bucket<b>(s)</b>s</p><p>next</p>", "bucket(s)s\n\nnext");
    check("<p><i>Bucket</i>name</p>", "*Bucket*name");
}

#[test]
fn emphasis_that_continues_is_one() {
    check("<p><b>a</b><b>b</b></p>", "**ab**");
    check("<p><b>a<b>b</b></b></p>", "**ab**");
}

#[test]
fn marks_that_cross_are_closed_where_the_outer_one_is() {
    check("<p><b>a <i>b</b> c</i></p>", "**a *b*** c");
    check(
        "<p><b>never closed</p><p>next</p>",
        "**never closed**\n\nnext",
    );
    check("<p>never opened</b></p>", "never opened");
}

#[test]
fn code_is_code() {
    check(
        "<p>The <code>Name</code>, <tt>a b</tt>.</p>",
        "The `Name`, `a b`.",
    );
    check("The `Name`.", "The `Name`.");
}

#[test]
fn code_has_no_markup_in_it() {
    check(
        "<p><code>arn:<i>region</i>:<b>x</b></code></p>",
        "`arn:region:x`",
    );
    check(
        "<p><code>a_b*c [d] <T> &lt;p> \\</code></p>",
        "`a_b*c [d] <T> <p> \\`",
    );
    check(
        "<p><code>\"<h1>Add</h1><p>it</p>\"</code> to it</p>",
        "`\"<h1>Add</h1><p>it</p>\"` to it",
    );
}

#[test]
fn code_may_contain_backticks() {
    check("<p><code>a`b</code></p>", "``a`b``");
    check(
        "<p><code>`</code> <code>``a</code></p>",
        "`` ` `` ``` ``a ```",
    );
    check("``a`b``", "``a`b``");
}

#[test]
fn code_beside_code_is_one() {
    check("<p><code>a</code><code>b</code></p>", "`ab`");
    check("<p><code><a>SendMessage</a>.</code></p>", "`SendMessage.`");
    check("<p><code>a</code><a><code>b</code> c</a></p>", "`ab` c");
}

#[test]
fn code_ends_with_its_paragraph() {
    check(
        "<p><code>never closed</p><p>next</p>",
        "`never closed`\n\nnext",
    );
}

#[test]
fn long_code_stays_in_one_line() {
    let words = "{\"first\": 1, \"second\": - 2, \"third\": 3, \"fourth\": # 4, \"fifth\": 5, \"sixth\": 6, \"seventh\": 7}";
    check(
        &format!("<p>For example: <code>{words}</code></p>"),
        &format!("For example:\n`{words}`"),
    );
}
