//! Paragraphs, lists, quotations: tokens of HTML -> lines of Markdown.

use std::borrow::Cow;

use super::html::{self, Tag, Token};
use super::inline::{self, Flow, Line, Mark, Piece};

/// Columns of text. With the comment's slashes and the indentation of a field it comes to a hundred.
const WIDTH: usize = 92;

/// In deep nesting a line keeps this much.
const MIN_WIDTH: usize = 40;

/// Lists and quotations nested deeper are read as if their tags were not there, so that output does not grow with the square
/// of the input.
const DEEPEST: usize = 24;

/// What encloses blocks.
struct Frame<'a> {
    kind: Kind,
    /// Whether no line of it is written yet.
    pending: bool,
    /// What its first paragraph begins with: `Note:`, or the term that it describes.
    label: Vec<Piece<'a>>,
}

enum Kind {
    Quote {
        is_note: bool,
    },
    List {
        /// `-`, `*`, `.` or `)`
        marker: char,
        next: u32,
        /// Whether an item has been written.
        begun: bool,
        /// Whether items are separated by empty lines, as those of several paragraphs are.
        spaced: bool,
        /// Made up for an item that stands in no list.
        implied: bool,
    },
    /// Stands in a list, always. Its first line begins with the marker, the others with as many spaces.
    Item {
        marker: String,
    },
}

impl Kind {
    fn is_numbered(marker: char) -> bool {
        matches!(marker, '.' | ')')
    }
}

/// A table whose end has not come: nothing else is written until then.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
}

/// Writes blocks as their tokens come.
#[derive(Default)]
pub(super) struct Writer<'a> {
    out: String,
    frames: Vec<Frame<'a>>,
    line: Line<'a>,
    heading: Option<u8>,
    /// In `<dt>`.
    term: bool,
    /// The text in `<pre>`.
    preformatted: Option<String>,
    /// The element whose text is left out.
    hidden: bool,
    table: Option<Table>,
    /// How many lists and quotations are open beyond [`DEEPEST`].
    beyond: usize,
    /// How many start tags of blocks were text, because they stand in code.
    blocks_in_code: usize,
    /// The number of frames around the block written last, if that was a paragraph.
    paragraph_at: Option<usize>,
    /// The list that ended last: where in the output, in how many frames, and its marker.
    list_end: Option<(usize, usize, char)>,
    /// Notes that the text begins with. They come after its first sentence, which is what a list of items should show.
    leading_notes: String,
    /// Whether anything but such notes has been written.
    begun: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            out: String::with_capacity(capacity),
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
        self.pop_to(0);
        if self.out.is_empty() {
            self.out = self.leading_notes;
        }
        self.out.truncate(self.out.trim_end().len());
        self.out
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
            Tag::Bullets | Tag::Terms => self.open_list('-', 1),
            Tag::Numbers => {
                let start = html::attribute(attributes, "start")
                    .and_then(|start| start.trim().parse().ok());
                self.open_list('.', start.unwrap_or(1).min(MAX_NUMBER));
            }
            Tag::Item => self.open_item(),
            Tag::Term => {
                self.open_item();
                self.term = true;
            }
            Tag::Description => self.open_description(),
            Tag::Quote => self.open_quote(Vec::new()),
            Tag::Note(label) => self.open_quote(vec![Piece::Word(Cow::Borrowed(label))]),
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
                self.write("---");
            }
            Tag::LineBreak => {
                if self.line.line_break() {
                    self.end_paragraph();
                }
            }
            Tag::Image => {
                if let Some(text) = html::attribute(attributes, "alt") {
                    self.line.text(Cow::Owned(text.into_owned()));
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
                self.end_paragraph()
            }
            Tag::Bullets | Tag::Numbers | Tag::Terms => {
                self.close_frame(|kind| matches!(kind, Kind::List { .. }), true)
            }
            Tag::Item => self.close_frame(|kind| matches!(kind, Kind::Item { .. }), false),
            Tag::Term | Tag::Description => {
                self.end_paragraph();
                self.term = false;
            }
            Tag::Quote | Tag::Note(_) => {
                self.close_frame(|kind| matches!(kind, Kind::Quote { .. }), true)
            }
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

    fn open_list(&mut self, marker: char, next: u32) {
        self.end_paragraph();
        self.term = false;
        if self.frames.len() >= DEEPEST {
            self.beyond += 1;
            return;
        }
        self.continue_item();
        // Another marker keeps two lists from being read as one.
        let marker = match (self.list_end, marker) {
            (Some((at, depth, '-')), '-') if at == self.out.len() && depth == self.frames.len() => {
                '*'
            }
            (Some((at, depth, '.')), '.') if at == self.out.len() && depth == self.frames.len() => {
                ')'
            }
            _ => marker,
        };
        self.push(
            Kind::List {
                marker,
                next,
                begun: false,
                spaced: false,
                implied: false,
            },
            Vec::new(),
        );
    }

    fn open_quote(&mut self, label: Vec<Piece<'a>>) {
        self.end_paragraph();
        self.term = false;
        if self.frames.len() >= DEEPEST {
            self.beyond += 1;
            return;
        }
        self.continue_item();
        let is_note = !label.is_empty();
        self.push(Kind::Quote { is_note }, label);
    }

    fn open_item(&mut self) {
        self.end_paragraph();
        self.term = false;
        if let Some(list) = self.innermost_list() {
            self.pop_to(list + 1);
        } else {
            self.push(
                Kind::List {
                    marker: '-',
                    next: 1,
                    begun: false,
                    spaced: false,
                    implied: true,
                },
                Vec::new(),
            );
        }
        self.push_item();
    }

    fn open_description(&mut self) {
        self.end_paragraph();
        self.term = false;
        if let Some(list) = self.innermost_list() {
            self.pop_to(list + 2);
        }
    }

    /// The list that an item belongs to. One around a quotation is not meant by what stands in the quotation.
    fn innermost_list(&self) -> Option<usize> {
        let from = self
            .frames
            .iter()
            .rposition(|frame| matches!(frame.kind, Kind::Quote { .. }))
            .map_or(0, |quote| quote + 1);
        self.frames[from..]
            .iter()
            .rposition(|frame| matches!(frame.kind, Kind::List { .. }))
            .map(|list| from + list)
    }

    fn push(&mut self, kind: Kind, label: Vec<Piece<'a>>) {
        self.frames.push(Frame {
            kind,
            pending: true,
            label,
        });
    }

    fn push_item(&mut self) {
        let Some(Frame {
            kind: Kind::List { marker, next, .. },
            ..
        }) = self.frames.last_mut()
        else {
            return;
        };
        let marker = if Kind::is_numbered(*marker) {
            format!("{next}{marker} ")
        } else {
            format!("{marker} ")
        };
        self.push(Kind::Item { marker }, Vec::new());
    }

    /// Makes what comes next part of an item if it stands directly in a list.
    fn continue_item(&mut self) {
        let Some(Frame {
            kind:
                Kind::List {
                    marker,
                    begun,
                    implied,
                    ..
                },
            ..
        }) = self.frames.last()
        else {
            return;
        };
        if *implied {
            self.pop();
        } else if *begun {
            let width = if Kind::is_numbered(*marker) { 3 } else { 2 };
            self.frames.push(Frame {
                kind: Kind::Item {
                    marker: " ".repeat(width),
                },
                pending: false,
                label: Vec::new(),
            });
        } else {
            self.push_item();
        }
    }

    /// Ends the innermost frame of a kind and all within it.
    fn close_frame(&mut self, is_meant: fn(&Kind) -> bool, nests: bool) {
        self.end_paragraph();
        self.term = false;
        if nests && self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(frame) = self.frames.iter().rposition(|frame| is_meant(&frame.kind)) {
            self.pop_to(frame);
        }
    }

    fn pop_to(&mut self, depth: usize) {
        self.end_paragraph();
        while self.frames.len() > depth {
            self.pop();
        }
    }

    fn pop(&mut self) {
        // A term that nothing is said of is worth writing, an empty note is not.
        if let Some(Frame {
            kind: Kind::Item { .. },
            label,
            ..
        }) = self.frames.last_mut()
            && !label.is_empty()
        {
            let label = bold(std::mem::take(label), None);
            self.write_labels();
            self.write_paragraph(&label);
        }
        match self.frames.pop().map(|frame| frame.kind) {
            Some(Kind::List { marker, .. }) => {
                self.list_end = Some((self.out.len(), self.frames.len(), marker))
            }
            Some(Kind::Quote { is_note: true }) if self.frames.is_empty() && !self.begun => {
                self.leading_notes = std::mem::take(&mut self.out);
            }
            _ => self.list_end = None,
        }
    }

    /// Ends the paragraph, heading or term that is open, if one is.
    fn end_paragraph(&mut self) {
        self.blocks_in_code = 0;
        let pieces = self.line.take();
        let heading = self.heading.take();
        if pieces.is_empty() {
            return;
        }
        if self.term {
            self.add_label(pieces);
            return;
        }
        self.continue_item();
        if let Some(level) = heading {
            let text = inline::markdown(&pieces, Flow::OneLine);
            // A heading may end in number signs that are not shown.
            let text = match text.strip_suffix('#') {
                Some(text) => format!("{text}\\#"),
                None => text,
            };
            self.write(&format!("{} {text}", "#".repeat(level.into())));
            return;
        }
        let label = self
            .frames
            .last_mut()
            .map(|frame| std::mem::take(&mut frame.label))
            .unwrap_or_default();
        self.write_labels();
        if label.is_empty() || starts_with(&pieces, &label) {
            self.write_paragraph(&pieces);
        } else {
            let mut labelled = bold(label, Some(":"));
            labelled.push(Piece::Space { inner: false });
            labelled.extend(pieces);
            self.write_paragraph(&labelled);
        }
    }

    /// Keeps a term until its description comes.
    fn add_label(&mut self, pieces: Vec<Piece<'a>>) {
        if let Some(frame) = self.frames.last_mut() {
            if !frame.label.is_empty() {
                frame.label.push(Piece::Space { inner: false });
            }
            frame.label.extend(pieces);
        }
    }

    /// Writes labels whose first block is no paragraph, each as a paragraph of its own.
    fn write_labels(&mut self) {
        for depth in 0..self.frames.len() {
            let label = std::mem::take(&mut self.frames[depth].label);
            if !label.is_empty() {
                let text =
                    inline::markdown(&bold(label, Some(":")), Flow::Wrap(self.width(depth + 1)));
                self.write_at(depth + 1, &text);
                self.paragraph_at = Some(depth + 1);
            }
        }
    }

    fn write_paragraph(&mut self, pieces: &[Piece<'a>]) {
        let depth = self.frames.len();
        if depth == 0 && self.out.is_empty() {
            self.write_summary(pieces);
        } else {
            self.write_at(
                depth,
                &inline::markdown(pieces, Flow::Wrap(self.width(depth))),
            );
        }
        self.paragraph_at = Some(depth);
    }

    /// Writes the first paragraph: as two, if its first sentence can stand alone.
    fn write_summary(&mut self, pieces: &[Piece<'a>]) {
        let (summary, rest) = match inline::first_sentence(pieces) {
            Some(space) => (&pieces[..space], &pieces[space + 1..]),
            None => (pieces, &[][..]),
        };
        let introduces = matches!(summary.last(), Some(Piece::Word(word)) if word.ends_with(':'));
        let notes = if introduces {
            String::new()
        } else {
            std::mem::take(&mut self.leading_notes)
        };
        self.write_at(0, &inline::markdown(summary, Flow::Wrap(WIDTH)));
        if !notes.is_empty() {
            self.write_at(0, &notes);
        }
        if !rest.is_empty() {
            self.write_at(0, &inline::markdown(rest, Flow::Wrap(WIDTH)));
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
        let fence = "`".repeat(inline::longest_run(&text).max(2) + 1);
        let mut block = format!("{fence}text\n");
        for line in lines().skip_while(|line| line.is_empty()) {
            block.push_str(line.get(indent..).unwrap_or_default());
            block.push('\n');
        }
        block.truncate(block.trim_end().len());
        block.push('\n');
        block.push_str(&fence);
        self.continue_item();
        self.write(&block);
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
        let cell = inline::markdown(&pieces, Flow::Cell);
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
        self.continue_item();
        self.write(text.trim_end());
    }

    /// Writes a block that is no paragraph.
    fn write(&mut self, block: &str) {
        self.write_labels();
        self.write_at(self.frames.len(), block);
        self.paragraph_at = None;
    }

    fn width(&self, depth: usize) -> usize {
        let indent: usize = self.frames[..depth]
            .iter()
            .map(|frame| match &frame.kind {
                Kind::Quote { .. } => 2,
                Kind::List { .. } => 0,
                Kind::Item { marker } => marker.len(),
            })
            .sum();
        WIDTH.saturating_sub(indent).max(MIN_WIDTH)
    }

    /// Writes the lines of a block that stands in the outer `depth` frames.
    fn write_at(&mut self, depth: usize, block: &str) {
        if !self.leading_notes.is_empty() {
            self.out = std::mem::take(&mut self.leading_notes);
        }
        self.begun |= !matches!(
            self.frames[..depth].first(),
            Some(Frame {
                kind: Kind::Quote { is_note: true },
                ..
            })
        );
        self.separate(depth);
        for line in block.lines() {
            self.write_prefix(depth);
            self.out.push_str(line);
            self.out.truncate(self.out.trim_end_matches(' ').len());
            self.out.push('\n');
        }
    }

    /// Writes the empty line between the block before and the one that comes, where one belongs.
    fn separate(&mut self, depth: usize) {
        if self.out.is_empty() {
            return;
        }
        let common = self.frames[..depth]
            .iter()
            .position(|frame| frame.pending && !matches!(frame.kind, Kind::List { .. }))
            .unwrap_or(depth);
        if common > 0
            && common < depth
            && let Frame {
                kind:
                    Kind::List {
                        begun,
                        spaced,
                        marker,
                        next,
                        ..
                    },
                ..
            } = &self.frames[common - 1]
            && matches!(self.frames[common].kind, Kind::Item { .. })
        {
            let is_tight = if *begun {
                !spaced
            } else {
                // A list right after the paragraph of the item that it stands in.
                let is_nested =
                    common > 1 && matches!(self.frames[common - 2].kind, Kind::Item { .. });
                let interrupts = !Kind::is_numbered(*marker) || *next == 1;
                is_nested && interrupts && self.paragraph_at == Some(common - 1)
            };
            if is_tight {
                return;
            }
        }
        if let Some(item) = self.frames[..common]
            .iter()
            .rposition(|frame| matches!(frame.kind, Kind::Item { .. }))
            && let Kind::List {
                spaced,
                begun: true,
                ..
            } = &mut self.frames[item - 1].kind
        {
            *spaced = true;
        }
        self.write_prefix(common);
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
    }

    fn write_prefix(&mut self, depth: usize) {
        for index in 0..depth {
            let (outer, inner) = self.frames.split_at_mut(index);
            let Frame { kind, pending, .. } = &mut inner[0];
            match kind {
                Kind::Quote { .. } => self.out.push_str("> "),
                Kind::List { .. } => {}
                Kind::Item { marker } if *pending => {
                    self.out.push_str(marker);
                    if let Some(Frame {
                        kind: Kind::List { next, begun, .. },
                        ..
                    }) = outer.last_mut()
                    {
                        *next = (*next + 1).min(MAX_NUMBER);
                        *begun = true;
                    }
                }
                Kind::Item { marker } => self.out.extend(std::iter::repeat_n(' ', marker.len())),
            }
            *pending = false;
        }
    }
}

/// Nine digits are the most that a marker may have.
const MAX_NUMBER: u32 = 999_999_999;

/// A label in bold, with `end` after it unless it ends in punctuation of its own.
fn bold<'a>(label: Vec<Piece<'a>>, end: Option<&'static str>) -> Vec<Piece<'a>> {
    let mut pieces = vec![Piece::Open(Mark::Strong)];
    pieces.extend(label.into_iter().filter(|piece| {
        !matches!(
            piece,
            Piece::Open(Mark::Strong) | Piece::Close(Mark::Strong)
        )
    }));
    let is_punctuated =
        matches!(pieces.last(), Some(Piece::Word(word)) if word.ends_with([':', '.', '!', '?']));
    if let Some(end) = end
        && !is_punctuated
    {
        pieces.push(Piece::Word(Cow::Borrowed(end)));
    }
    pieces.push(Piece::Close(Mark::Strong));
    pieces
}

/// Whether a paragraph says its label itself: `<note><p><b>Note:</b> ..`
fn starts_with(pieces: &[Piece], label: &[Piece]) -> bool {
    let word = pieces.iter().find(|piece| !matches!(piece, Piece::Open(_)));
    match (word, label) {
        (Some(Piece::Word(word)), [Piece::Word(label)]) => word
            .strip_suffix(':')
            .is_some_and(|word| word.eq_ignore_ascii_case(label)),
        _ => false,
    }
}
