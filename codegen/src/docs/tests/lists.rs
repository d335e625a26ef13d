//! Lists.

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
        "- A\n\n- B\n\n  b\n\n- C",
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
    check("<ul><li><ul><li>a</li></ul></li></ul>", "- * a");
}

#[test]
fn what_stands_between_items_belongs_to_the_one_before() {
    check(
        "<ul><li>A</li><p>a</p><li>B</li><ul><li>b</li></ul></ul>",
        "- A\n\n  a\n\n- B\n\n  - b",
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
        "- **Name:** What it is called.\n\n- **`Size`:** One.\n\n  Two.\n\n- **Kinds:**\n\n  - A\n\n- **Last**",
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
    check(&text, &format!("{}deep\n\nend", "- * ".repeat(6)));
}
