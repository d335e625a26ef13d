//! What each construct of HTML and `CommonMark` becomes, and that nothing else does.

use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::rustdoc;

#[track_caller]
fn check(input: &str, expected: &str) {
    let markdown = rustdoc(input);
    assert_eq!(
        markdown, expected,
        "\n--- input\n{input}\n--- is\n{markdown}\n--- should be\n{expected}"
    );
    assert_eq!(hazard(&markdown), None, "\n{markdown}");
}

/// What rustdoc would warn of, compile or show as something that no text here means. With the parser and options of rustdoc.
fn hazard(markdown: &str) -> Option<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    let mut broken = None;
    let mut callback = |link: BrokenLink| {
        broken = Some(format!("broken link: {}", link.reference));
        None
    };
    let mut in_link = false;
    let mut in_block = false;
    let mut found = None;
    for event in Parser::new_with_broken_link_callback(markdown, options, Some(&mut callback)) {
        let hazard = match event {
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                ..
            }) => {
                in_link = true;
                let is_fine = matches!(link_type, LinkType::Inline | LinkType::Autolink)
                    && dest_url.starts_with("http");
                (!is_fine).then(|| format!("link: {dest_url}"))
            }
            Event::End(TagEnd::Link) => {
                in_link = false;
                None
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language)))
                if &*language == "text" =>
            {
                in_block = true;
                None
            }
            Event::End(TagEnd::CodeBlock) => {
                in_block = false;
                None
            }
            Event::Start(
                tag @ (Tag::CodeBlock(_)
                | Tag::Image { .. }
                | Tag::FootnoteDefinition(_)
                | Tag::HtmlBlock),
            ) => Some(format!("{tag:?}")),
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => Some(format!("{event:?}")),
            Event::Text(text)
                if !in_link
                    && !in_block
                    && (text.contains("http://a") || text.contains("https://a")) =>
            {
                Some(format!("bare address: {text}"))
            }
            _ => None,
        };
        found = found.or(hazard);
    }
    found.or(broken)
}

mod paragraphs {
    use super::check;

    #[test]
    fn nothing_becomes_nothing() {
        check("", "");
        check(" \n\t ", "");
        check("<p></p>", "");
        check(
            "<p> <b> </b> <code></code> </p><ul><li></li></ul><note></note>",
            "",
        );
        check("<!-- a remark -->", "");
    }

    #[test]
    fn paragraphs_are_separated_by_an_empty_line() {
        check("<p>One.</p>\n         <p>Two.</p>", "One.\n\nTwo.");
        check("<p>One.<p>Two.", "One.\n\nTwo.");
        check("One.\n\nTwo.", "One.\n\nTwo.");
    }

    #[test]
    fn white_space_is_one_space() {
        check(
            "<p> Several\n\t  words &nbsp; here.  </p>",
            "Several words here.",
        );
        check("Two  spaces.  And\ta tab.", "Two spaces. And a tab.");
        check("<p>One\r\nline.</p>\r\n", "One line.");
    }

    #[test]
    fn indented_html_after_an_empty_line_is_no_code() {
        check(
            "<p>One.</p>\n\n         <p>Two.</p>\n\n\n     <p>Three.</p>",
            "One.\n\nTwo.\n\nThree.",
        );
    }

    #[test]
    fn lines_are_wrapped_between_words() {
        check(
            "<p>The quick brown fox jumps over the lazy dog, and the dog, being lazy, lets it jump for as long as it likes to</p>",
            "The quick brown fox jumps over the lazy dog, and the dog, being lazy, lets it jump for as\nlong as it likes to",
        );
    }

    #[test]
    fn the_first_sentence_of_a_long_paragraph_stands_alone() {
        check(
            "<p>Deletes a single item in a table. You can perform a conditional delete operation, e.g. one that deletes it if it exists.</p>",
            "Deletes a single item in a table.\n\nYou can perform a conditional delete operation, e.g. one that deletes it if it exists.",
        );
    }

    #[test]
    fn the_first_sentence_of_a_short_paragraph_does_not() {
        check(
            "<p>Deletes an item. You can do so once.</p>",
            "Deletes an item. You can do so once.",
        );
    }

    #[test]
    fn abbreviations_and_single_words_end_no_sentence() {
        check(
            "<p>Optional. Takes the names of formats, i.e. \"TS\" etc. JSON is one of them. The others are described elsewhere in this guide.</p>",
            "Optional. Takes the names of formats, i.e. \"TS\" etc. JSON is one of them.\n\n\
             The others are described elsewhere in this guide.",
        );
    }

    #[test]
    fn the_name_of_a_service_is_a_paragraph() {
        check(
            "<fullname>Amazon IoT</fullname><p>Connects things.</p>",
            "Amazon IoT\n\nConnects things.",
        );
    }

    #[test]
    fn a_break_ends_a_line_and_two_end_a_paragraph() {
        check("<p>One<br/>two<br>three</p>", "One\\\ntwo\\\nthree");
        check("<p>One<br/> <br/>two<br></p>", "One\n\ntwo");
        check("<p><b>One<br></b>two</p>", "**One**\\\ntwo");
    }

    #[test]
    fn headings_keep_their_level() {
        check(
            "<h2>Use</h2>Like so.<h3>Errors #</h3>",
            "## Use\n\nLike so.\n\n### Errors \\#",
        );
        check("Use\n===\nLike so.", "# Use\n\nLike so.");
    }

    #[test]
    fn a_rule_is_a_rule() {
        check("<p>One</p><hr><p>two</p>", "One\n\n---\n\ntwo");
    }

    #[test]
    fn a_line_with_a_label_stays_a_line() {
        check(
            "Chooses the mode.\nAUTO: as the input.\n'fixed': as given,\nnote: always.\nNONE - not at all.",
            "Chooses the mode.\\\nAUTO: as the input.\\\n'fixed': as given, note: always.\\\nNONE - not at all.",
        );
    }
}

mod marks {
    use super::check;

    #[test]
    fn emphasis_is_kept() {
        check(
            "<p><i>a</i> <em>b</em> <b>c</b> <strong>d</strong> <del>e</del></p>",
            "*a* *b* **c** **d** ~~e~~",
        );
        check(
            "<p><b><i>both</i></b> and <b>so <i>on</i></b></p>",
            "***both*** and **so *on***",
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
        check("<p>bucket<b>(s)</b>s</p>", "bucket(s)s");
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
    fn long_code_is_wrapped_where_no_block_can_begin() {
        let words = "{\"first\": 1, \"second\": - 2, \"third\": 3, \"fourth\": # 4, \"fifth\": 5, \"sixth\": 6, \"seventh\": 7}";
        check(
            &format!("<p>For example: <code>{words}</code></p>"),
            "For example: `{\"first\": 1, \"second\": - 2, \"third\": 3, \"fourth\": # 4, \"fifth\": 5, \"sixth\": 6,\n\"seventh\": 7}`",
        );
    }
}

mod links {
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
            "[i](https://a.com/%28b%29%5Bc%5D%3Cd%3E%60%5C?e=f&g=h\\&lt;)",
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
}

mod lists {
    use super::check;

    #[test]
    fn items_of_one_paragraph_are_tight() {
        check(
            "<p>One of:</p>\n <ul>\n <li>\n <p>\n <code>A</code> - first.</p>\n </li>\n <li>B</li>\n <li><p>C</p></li></ul>\n <p>End.</p>",
            "One of:\n\n- `A` - first.\n- B\n- C\n\nEnd.",
        );
        check("One of:\n* A\n* B\n\nEnd.", "One of:\n\n- A\n- B\n\nEnd.");
    }

    #[test]
    fn items_of_several_are_not() {
        check(
            "<ul><li>A</li><li><p>B</p><p>b</p></li><li>C</li></ul>",
            "- A\n- B\n\n  b\n\n- C",
        );
    }

    #[test]
    fn items_are_numbered() {
        check("<ol><li>A</li><li>B</li></ol>", "1. A\n2. B");
        check(
            "<ol start=\"9\"><li>A</li><li>B<br>b</li></ol>",
            "9. A\n10. B\\\n    b",
        );
        check(
            "<ol start=\"4000000000\"><li>A</li><li>B</li></ol>",
            "999999999. A\n999999999. B",
        );
        check("<ol start=\"x\"><li>A</li></ol>", "1. A");
    }

    #[test]
    fn lists_nest() {
        check(
            "<ul><li>A<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul></li><li>B</li></ul>",
            "- A\n  - a\n  - b\n    1. c\n- B",
        );
        check("1. A\n   - a\n   - b\n2. B", "1. A\n   - a\n   - b\n2. B");
        check("<ul><li><ul><li>a</li></ul></li></ul>", "- - a");
    }

    #[test]
    fn what_stands_between_items_belongs_to_the_one_before() {
        check(
            "<ul><li>A</li><p>a</p><li>B</li><ul><li>b</li></ul></ul>",
            "- A\n\n  a\n\n- B\n  - b",
        );
        check("<ul>none<li>A</li></ul>", "- none\n- A");
    }

    #[test]
    fn items_without_a_list_are_one() {
        check("<p>a</p><li>A</li><li>B</li><p>b</p>", "a\n\n- A\n- B\n\nb");
    }

    #[test]
    fn two_lists_are_two() {
        check(
            "<ol><li>A</li></ol><ol><li>B</li></ol><ol><li>C</li></ol>",
            "1. A\n\n1) B\n\n1. C",
        );
        check("<ul><li>A</li></ul> <ul><li>B</li></ul>", "- A\n\n* B");
    }

    #[test]
    fn unclosed_items_and_lists_end_with_what_is_around_them() {
        check("<ul><li>A<li>B</ul><p>b", "- A\n- B\n\nb");
        check(
            "<note><ul><li>A</note><p>b</p></ul>",
            "b\n\n> **Note:**\n>\n> - A",
        );
    }

    #[test]
    fn terms_are_items() {
        check(
            "<dl><dt>Name</dt><dd><p>What it is called.</p></dd><dt><code>Size</code>:</dt><dd><p>One.</p><p>Two.</p></dd>\
             <dt>Kinds</dt><dd><ul><li>A</li></ul></dd><dt>Last</dt></dl>",
            "- **Name:** What it is called.\n- **`Size`:** One.\n\n  Two.\n\n- **Kinds:**\n  - A\n\n- **Last**",
        );
        check(
            "<dl><dt><b>A</b><dd>a<dt><p>B</p><dd>b</dl>",
            "- **A:** a\n- **B:** b",
        );
    }

    #[test]
    fn deep_nesting_ends() {
        let text = format!(
            "{}deep{}<p>end</p>",
            "<ul><li>".repeat(100),
            "</li></ul>".repeat(100)
        );
        check(&text, &format!("{}deep\n\nend", "- ".repeat(12)));
    }
}

mod other_blocks {
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
            "| A | B |\n|---|---|\n| a\\|b | c d |",
        );
        check("a | b\n--|--\n`c` |\n", "| a | b |\n|---|---|\n| `c` |  |");
        check(
            "<table><tr><td>a<tr><td>b<td>c",
            "| a |  |\n|---|---|\n| b | c |",
        );
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
}

mod text {
    use super::check;

    #[test]
    fn characters_of_markup_are_escaped() {
        check(
            "<p>a*b* `c` [d] \\e ~f~ _g_ snake_case _h i__j k_</p>",
            "a\\*b\\* \\`c\\` \\[d] \\\\e \\~f\\~ \\_g\\_ snake_case \\_h i__j k\\_",
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
            "Vec\\<T>, \\<Message>, a\\<b and 1 <2 <= 3 \\< 4",
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
            "\\&lt; \\&IAM; \\&a;b &; & \u{FFFD}\u{FFFD}.",
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
            "a\\\n\\===\\\n\\| b |\\\n\\:-: | -",
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
        check("<p>a < b <> </> <1> <p</p>", "a \\< b \\<> \\</> <1> \\<p");
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
}

/// Texts put together from pieces that are awkward beside each other.
mod any_text {
    use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

    use super::{hazard, rustdoc};

    const PIECES: &[&str] = &[
        "<p>",
        "</p>",
        "<ul>",
        "</ul>",
        "<ol>",
        "</ol>",
        "<li>",
        "</li>",
        "<dl>",
        "<dt>",
        "<dd>",
        "</dl>",
        "<note>",
        "</note>",
        "<code>",
        "</code>",
        "<i>",
        "</i>",
        "<b>",
        "</b>",
        "<a href=\"https://a.com/\">",
        "<a>",
        "</a>",
        "<br/>",
        "<pre>",
        "</pre>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<h2>",
        "</h2>",
        "<hr>",
        "<blockquote>",
        "</blockquote>",
        "<T>",
        "<!--",
        "-->",
        "<",
        ">",
        "`",
        "``",
        "```",
        "*",
        "**",
        "_",
        "[",
        "]",
        "](",
        "(",
        ")",
        "!",
        "#",
        "-",
        "--",
        "1.",
        "=",
        "|",
        "~",
        "\\",
        "&",
        "&lt;",
        "&#96;",
        "^",
        ":",
        "a",
        "b",
        "word",
        "Sentence.",
        "https://a.com/b",
        "[x]",
        "[^1]",
        "é",
        "\u{202E}",
        " ",
        " ",
        " ",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "\r\n",
    ];

    /// What stands within a paragraph, each with what a reader sees of it.
    const INLINE: &[(&str, &str)] = &[
        ("<code>", ""),
        ("</code>", ""),
        ("<i>", ""),
        ("</i>", ""),
        ("<b>", ""),
        ("</b>", ""),
        ("<del>", ""),
        ("</del>", ""),
        ("<a href=\"https://a.com/\">", ""),
        ("<a>", ""),
        ("</a>", ""),
        ("<br>", ""),
        ("<T>", "<T>"),
        ("&lt;", "<"),
        (">", ">"),
        ("&amp;", "&"),
        ("lt;", "lt;"),
        ("`", "`"),
        ("``", "``"),
        ("*", "*"),
        ("**", "**"),
        ("_", "_"),
        ("__", "__"),
        ("[", "["),
        ("]", "]"),
        ("](", "]("),
        (")", ")"),
        ("!", "!"),
        ("#", "#"),
        ("-", "-"),
        ("--", "--"),
        ("1.", "1."),
        ("=", "="),
        ("|", "|"),
        ("~", "~"),
        ("~~", "~~"),
        ("\\", "\\"),
        ("^", "^"),
        (":", ":"),
        ("+", "+"),
        ("a", "a"),
        ("b", "b"),
        ("1", "1"),
        ("a long word", "alongword"),
        ("\"", "\""),
        (".", "."),
        ("é", "é"),
        (" ", ""),
        (" ", ""),
        (" ", ""),
        ("\n", ""),
    ];

    /// xorshift
    fn next(state: &mut u64) -> usize {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        usize::try_from(*state >> 33).expect("31 bits fit")
    }

    fn text(state: &mut u64) -> String {
        let length = next(state) % 40;
        (0..length)
            .map(|_| PIECES[next(state) % PIECES.len()])
            .collect()
    }

    #[test]
    fn gives_markdown_without_hazards() {
        let mut state = 0x5EED;
        for _ in 0..20_000 {
            let mut text = text(&mut state);
            if next(&mut state) % 2 == 0 {
                text = format!("<p>{text}</p>");
            }
            let markdown = rustdoc(&text);
            assert_eq!(
                hazard(&markdown),
                None,
                "\n--- input\n{text}\n--- is\n{markdown}"
            );
            let lines_are_clean = markdown
                .lines()
                .all(|line| !line.ends_with(' ') && !line.contains(['\r', '\t']));
            assert!(lines_are_clean, "\n--- input\n{text}\n--- is\n{markdown}");
        }
    }

    /// What a reader sees of Markdown, without white space and addresses that are their own text.
    fn seen(markdown: &str) -> String {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS;
        let mut seen = String::new();
        let mut is_address = false;
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Start(Tag::Link { link_type, .. }) => {
                    is_address = link_type == LinkType::Autolink
                }
                Event::End(TagEnd::Link) => is_address = false,
                Event::Text(text) | Event::Code(text) if !is_address => {
                    seen.extend(text.split_whitespace())
                }
                _ => {}
            }
        }
        seen
    }

    #[test]
    fn is_seen_as_it_was_written() {
        let mut state = 0x5EED;
        for _ in 0..50_000 {
            let pieces: Vec<_> = (0..next(&mut state) % 30)
                .map(|_| INLINE[next(&mut state) % INLINE.len()])
                .collect();
            let text: String = pieces.iter().map(|(source, _)| *source).collect();
            let expected: String = pieces.iter().map(|(_, text)| *text).collect();
            let text = format!("<p>{text}</p>");
            let markdown = rustdoc(&text);
            assert_eq!(
                seen(&markdown),
                expected,
                "\n--- input\n{text}\n--- is\n{markdown}"
            );
        }
    }

    #[test]
    fn takes_time_in_proportion() {
        for piece in PIECES {
            for text in [
                piece.repeat(20_000),
                format!("<p>{}</p>", piece.repeat(20_000)),
            ] {
                let markdown = rustdoc(&text);
                assert!(
                    markdown.len() < text.len() * 40 + 100,
                    "{piece} grows to {}",
                    markdown.len()
                );
            }
        }
    }
}
