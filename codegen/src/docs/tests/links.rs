//! Links and addresses.

use super::check;

#[test]
fn absolute_links_are_kept() {
    check(
        "<p>See <a href=\"https://a.com/b#c\">the <i>guide</i></a>.</p>",
        "See [the *guide*](https://a.com/b#c).",
    );
    check(
        "See [the guide](https://a.com \"title\").",
        "See [the guide](https://a.com).",
    );
    check(
        "<p><a target='x' HREF = ' https://a.com/\nb '>c</a></p>",
        "[c](https://a.com/b)",
    );
    check("<p><a href=https://a.com/>c</a></p>", "[c](https://a.com/)");
}

#[test]
fn other_links_are_their_text() {
    check(
        "<p><a href=\"kms/latest/guide.html\">guide</a> <a href=\"\">a b</a> <a href='#c'>c d</a></p>",
        "guide a b c d",
    );
    check(
        "<p><a href=\"javascript:alert(1)\">so</a> <a href='https://'>on</a></p>",
        "so on",
    );
    check("[a](b::c) and [d][e]\n\n[e]: /f", "a and d");
}

#[test]
fn a_link_without_address_names_a_shape() {
    check(
        "<p>See <a>CreateKey</a> and <a>a few more</a>.</p>",
        "See `CreateKey` and a few more.",
    );
}

#[test]
fn code_in_and_around_links_is_kept() {
    check(
        "<p><a href=\"https://a.com\"><code>A</code></a></p>",
        "[`A`](https://a.com)",
    );
    check(
        "<p><code> <a href=\"https://a.com\"> A </a> </code>.</p>",
        "[`A`](https://a.com).",
    );
    check(
        "<p><code>f(<a href=\"https://a.com\">A</a>)</code></p>",
        "`f(`[`A`](https://a.com)`)`",
    );
}

#[test]
fn addresses_are_escaped() {
    check(
        "<p><a href=\"https://a.com/(b)[c]<d>`\\?e=f&amp;g=h&amp;lt;\">i</a></p>",
        "[i](https://a.com/%28b%29%5Bc%5D%3Cd%3E%60%5C?e=f&g=h&amp;lt;)",
    );
}

#[test]
fn text_of_links_is_escaped() {
    check(
        "<p>Look!<a href=\"https://a.com\">[^1] x] ![y]</a></p>",
        "Look\\![\\[\\^1\\] x\\] !\\[y\\]](https://a.com)",
    );
}

#[test]
fn addresses_in_the_text_become_links() {
    check(
        "<p>At https://a.com/b_c*d?e=f, (http://aa.org/).</p>",
        "At <https://a.com/b_c*d?e=f>, (<http://aa.org/>).",
    );
    check(
        "<p><a href=\"https://a.com/\">https://a.com/</a> <a href=\"https://a.com/\"></a></p>",
        "<https://a.com/> <https://a.com/>",
    );
    check(
        "See <https://a.com> or https://a.com/<region>/b or http:// or https.",
        "See <https://a.com> or <https://a.com/>\\<region>/b or http:// or https.",
    );
    check(
        "<p><a href=\"https://a.com/b\">as https://a.com says</a></p>",
        "[as https://a.com says](https://a.com/b)",
    );
}

#[test]
fn links_do_not_nest() {
    check(
        "<p><a href=\"https://a.com\">a <a href=\"https://b.com\">b</a> c</a></p>",
        "[a](https://a.com) [b](https://b.com) c",
    );
    check(
        "<p><a href=\"https://a.com\">never closed</p><p>next</p>",
        "[never closed](https://a.com)\n\nnext",
    );
}
