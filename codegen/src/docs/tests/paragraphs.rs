//! Paragraphs, headings, lines.

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
