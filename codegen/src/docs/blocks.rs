//! Paragraphs, lists, quotations: tokens of HTML -> lines of Markdown.

use std::borrow::Cow;

use super::html::{self, Tag, Token};
use super::inline::{self, Line, Mark};
use super::layout::Layout;
use super::markdown::{self, Flow};

/// A table whose end has not come: nothing else is written until then.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
}

/// Writes blocks as their tokens come.
#[derive(Default)]
pub(super) struct Writer<'a> {
    layout: Layout<'a>,
    line: Line<'a>,
    heading: Option<u8>,
    /// In `<dt>`.
    term: bool,
    /// The text in `<pre>`.
    preformatted: Option<String>,
    /// The element whose text is left out.
    hidden: bool,
    table: Option<Table>,
    /// How many start tags of blocks were text, because they stand in code.
    blocks_in_code: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            layout: Layout::new(capacity),
            ..Self::default()
        }
    }

    pub(super) fn token(&mut self, token: Token<'a>) {
        if self.hidden {
            self.hidden = !matches!(
                token,
                Token::Close {
                    tag: Tag::Hidden,
                    ..
                }
            );
        } else if let Some(text) = &mut self.preformatted {
            match token {
                Token::Text(more) => text.push_str(&html::decode(more)),
                Token::Open {
                    tag: Tag::LineBreak,
                    ..
                } => text.push('\n'),
                Token::Close {
                    tag: Tag::Preformatted,
                    ..
                } => self.end_preformatted(),
                Token::Open { .. } | Token::Close { .. } => {}
            }
        } else {
            match token {
                Token::Text(text) => self.line.text(html::decode(text)),
                Token::Open { tag, source, .. } if self.line.is_code() && tag.is_block() => {
                    self.blocks_in_code += 1;
                    self.line.text(Cow::Borrowed(source));
                }
                Token::Close { tag, source }
                    if self.line.is_code() && tag.is_block() && self.blocks_in_code > 0 =>
                {
                    self.blocks_in_code -= 1;
                    self.line.text(Cow::Borrowed(source));
                }
                Token::Open {
                    tag, attributes, ..
                } => self.open(tag, attributes),
                Token::Close { tag, .. } => self.close(tag),
            }
        }
    }

    /// The Markdown of all tokens.
    pub(super) fn finish(mut self) -> String {
        if self.preformatted.is_some() {
            self.end_preformatted();
        }
        self.end_table();
        self.end_paragraph();
        self.layout.finish()
    }

    fn open(&mut self, tag: Tag, attributes: &'a str) {
        if self.table.is_some() && self.open_in_table(tag) {
            return;
        }
        match tag {
            Tag::Paragraph | Tag::Block | Tag::Row | Tag::Cell => self.end_paragraph(),
            Tag::Heading(level) => {
                self.end_paragraph();
                self.heading = Some(level);
            }
            Tag::Bullets | Tag::Terms => self.layout().open_list('-', 1),
            Tag::Numbers => {
                let start = html::attribute(attributes, "start")
                    .and_then(|start| start.trim().parse().ok());
                self.layout().open_list('.', start.unwrap_or(1));
            }
            Tag::Item => self.layout().open_item(),
            Tag::Term => {
                self.layout().open_item();
                self.term = true;
            }
            Tag::Description => self.layout().resume_item(),
            Tag::Quote => self.layout().open_quote(None),
            Tag::Note(label) => self.layout().open_quote(Some(label)),
            Tag::Preformatted => {
                self.end_paragraph();
                self.preformatted = Some(String::new());
            }
            Tag::Table => {
                self.end_paragraph();
                self.table = Some(Table::default());
            }
            Tag::Rule => {
                self.end_paragraph();
                // Not `---`, which in an item makes a rule of the marker too.
                self.layout.block("___");
            }
            Tag::LineBreak => {
                if self.line.line_break() {
                    self.end_paragraph();
                }
            }
            Tag::Image => {
                if let Some(text) = html::attribute(attributes, "alt") {
                    self.line.text(text);
                }
            }
            Tag::Link => {
                self.line.close(&Mark::Reference);
                match html::attribute(attributes, "href") {
                    None => self.line.open(Mark::Reference),
                    Some(href) => {
                        if let Some(address) = inline::absolute(&href) {
                            self.line.open(Mark::Link(address));
                        }
                    }
                }
            }
            Tag::Code => self.line.open_code(),
            Tag::Emphasis => self.line.open(Mark::Emphasis),
            Tag::Strong => self.line.open(Mark::Strong),
            Tag::Strike => self.line.open(Mark::Strike),
            Tag::Span => {}
            Tag::Hidden => self.hidden = true,
        }
    }

    fn close(&mut self, tag: Tag) {
        if self.table.is_some() && self.close_in_table(tag) {
            return;
        }
        match tag {
            Tag::Paragraph | Tag::Block | Tag::Heading(_) | Tag::Row | Tag::Cell => {
                self.end_paragraph();
            }
            Tag::Bullets | Tag::Numbers | Tag::Terms => self.layout().close_list(),
            Tag::Item => self.layout().close_item(),
            Tag::Term | Tag::Description => {
                self.layout();
            }
            Tag::Quote | Tag::Note(_) => self.layout().close_quote(),
            Tag::Link => self.line.close(&Mark::Reference),
            Tag::Code => {
                self.line.close_code();
                self.blocks_in_code = 0;
            }
            Tag::Emphasis => self.line.close(&Mark::Emphasis),
            Tag::Strong => self.line.close(&Mark::Strong),
            Tag::Strike => self.line.close(&Mark::Strike),
            Tag::Preformatted
            | Tag::Table
            | Tag::Rule
            | Tag::LineBreak
            | Tag::Image
            | Tag::Span
            | Tag::Hidden => {}
        }
    }

    /// Ends the paragraph and the term that are open, because a list or a quotation begins or ends.
    fn layout(&mut self) -> &mut Layout<'a> {
        self.end_paragraph();
        self.term = false;
        &mut self.layout
    }

    /// Ends the paragraph, heading or part of a term that is open, if one is.
    fn end_paragraph(&mut self) {
        self.blocks_in_code = 0;
        let pieces = self.line.take();
        let heading = self.heading.take();
        if pieces.is_empty() {
            return;
        }
        if self.term {
            self.layout.term(pieces);
        } else if let Some(level) = heading {
            let text = markdown::write(&pieces, Flow::OneLine);
            // A heading may end in number signs that are not shown.
            let text = match text.strip_suffix('#') {
                Some(text) => format!("{text}\\#"),
                None => text,
            };
            self.layout
                .block(&format!("{} {text}", "#".repeat(level.into())));
        } else {
            self.layout.paragraph(pieces);
        }
    }

    fn end_preformatted(&mut self) {
        let Some(text) = self.preformatted.take() else {
            return;
        };
        let text = text.replace('\t', "    ");
        let lines = || text.lines().map(str::trim_end);
        let indent = lines()
            .filter(|line| !line.is_empty())
            .map(|line| line.len() - line.trim_start_matches(' ').len())
            .min();
        let Some(indent) = indent else { return };
        let fence = "`".repeat(markdown::longest_run(&text).max(2) + 1);
        let mut block = format!("{fence}text\n");
        for line in lines().skip_while(|line| line.is_empty()) {
            block.push_str(line.get(indent..).unwrap_or_default());
            block.push('\n');
        }
        block.truncate(block.trim_end().len());
        block.push('\n');
        block.push_str(&fence);
        self.layout.block(&block);
    }

    /// Whether the start tag means something else in a table than outside of one.
    fn open_in_table(&mut self, tag: Tag) -> bool {
        match tag {
            Tag::Row => {
                self.end_cell(false);
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            Tag::Cell => self.end_cell(false),
            Tag::Preformatted => self.line.open_code(),
            tag if tag.is_block() || tag == Tag::LineBreak => self.line.space(),
            _ => return false,
        }
        true
    }

    fn close_in_table(&mut self, tag: Tag) -> bool {
        match tag {
            Tag::Table => self.end_table(),
            Tag::Cell => self.end_cell(true),
            Tag::Row => self.end_cell(false),
            Tag::Preformatted => self.line.close_code(),
            tag if tag.is_block() => self.line.space(),
            _ => return false,
        }
        true
    }

    /// Ends a cell: one that is empty only if it is `marked` as such by its end tag.
    fn end_cell(&mut self, marked: bool) {
        let Some(table) = &mut self.table else { return };
        let pieces = self.line.take();
        if pieces.is_empty() && !marked {
            return;
        }
        let cell = markdown::write(&pieces, Flow::Cell);
        match table.rows.last_mut() {
            Some(row) => row.push(cell),
            None => table.rows.push(vec![cell]),
        }
    }

    fn end_table(&mut self) {
        self.end_cell(false);
        let Some(Table { mut rows }) = self.table.take() else {
            return;
        };
        rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        let Some(columns) = rows.iter().map(Vec::len).max() else {
            return;
        };
        // A row may be shorter than the first, but what is longer would be cut.
        rows[0].resize(columns, String::new());
        let mut text = String::new();
        for (index, row) in rows.iter().enumerate() {
            if index == 1 {
                text.push_str(&"|---".repeat(columns));
                text.push_str("|\n");
            }
            for cell in row {
                text.push_str("| ");
                text.push_str(cell);
                text.push(' ');
            }
            text.push_str("|\n");
        }
        if rows.len() == 1 {
            text.push_str(&"|---".repeat(columns));
            text.push_str("|\n");
        }
        self.layout.block(text.trim_end());
    }
}
