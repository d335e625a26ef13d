//! Blocks in lists and quotations, laid out: which marker or indentation a line begins with, where
//! empty lines belong.

use std::borrow::Cow;

use super::inline::{self, Mark, Piece};
use super::markdown::{self, Flow};

/// Columns of text. With the comment's slashes and the indentation of a field it comes to a
/// hundred.
const WIDTH: usize = 92;

/// In deep nesting a line keeps this much.
const MIN_WIDTH: usize = 40;

/// Lists and quotations nested deeper are read as if their tags were not there, so that output does
/// not grow with the square of the input.
const DEEPEST: usize = 24;

/// Nine digits are the most that a marker may have.
const MAX_NUMBER: u32 = 999_999_999;

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
    /// Stands in a list, always. Its first line begins with the marker, the others with as many
    /// spaces.
    Item {
        marker: String,
    },
}

impl Kind {
    fn is_numbered(marker: char) -> bool {
        matches!(marker, '.' | ')')
    }
}

/// Lines of Markdown, and what the next one stands in.
#[derive(Default)]
pub(super) struct Layout<'a> {
    out: String,
    frames: Vec<Frame<'a>>,
    /// How many lists and quotations are open beyond [`DEEPEST`].
    beyond: usize,
    /// The number of frames around the block written last, if that was a paragraph.
    paragraph_at: Option<usize>,
    /// The list that ended last: where in the output, in how many frames, and its marker.
    list_end: Option<(usize, usize, char)>,
    /// Notes that the text begins with. They come after its first sentence, which is what a list of
    /// items should show.
    leading_notes: String,
    /// Whether anything but such notes has been written.
    begun: bool,
}

impl<'a> Layout<'a> {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            out: String::with_capacity(capacity),
            ..Self::default()
        }
    }

    /// The lines so far, all frames closed.
    pub(super) fn finish(mut self) -> String {
        self.pop_to(0);
        if self.out.is_empty() {
            self.out = self.leading_notes;
        }
        self.out.truncate(self.out.trim_end().len());
        self.out
    }

    /// Begins a list whose items are marked with `-`, or with `.` after the `next` number.
    pub(super) fn open_list(&mut self, marker: char, next: u32) {
        if self.is_too_deep() {
            return;
        }
        self.continue_item();
        // Another marker keeps two lists from being read as one.
        let follows = |before| self.list_end == Some((self.out.len(), self.frames.len(), before));
        let marker = match marker {
            '-' if follows('-') => '*',
            '.' if follows('.') => ')',
            _ => marker,
        };
        self.push_list(marker, next, false);
    }

    /// Begins a quotation: a note if it has a label.
    pub(super) fn open_quote(&mut self, label: Option<&'static str>) {
        if self.is_too_deep() {
            return;
        }
        self.continue_item();
        self.push(Kind::Quote {
            is_note: label.is_some(),
        });
        self.term(
            label
                .map(|label| Piece::Word(Cow::Borrowed(label)))
                .into_iter()
                .collect(),
        );
    }

    fn is_too_deep(&mut self) -> bool {
        let is_too_deep = self.frames.len() >= DEEPEST;
        self.beyond += usize::from(is_too_deep);
        is_too_deep
    }

    /// Begins an item after the one before.
    pub(super) fn open_item(&mut self) {
        match self.innermost_list() {
            Some(list) => self.pop_to(list + 1),
            None => self.push_list('-', 1, true),
        }
        self.push_item();
    }

    /// Goes on with the item that is open, out of what is open in it.
    pub(super) fn resume_item(&mut self) {
        if let Some(list) = self.innermost_list() {
            self.pop_to(list + 2);
        }
    }

    pub(super) fn close_list(&mut self) {
        self.close_nested(|kind| matches!(kind, Kind::List { .. }));
    }

    pub(super) fn close_quote(&mut self) {
        self.close_nested(|kind| matches!(kind, Kind::Quote { .. }));
    }

    pub(super) fn close_item(&mut self) {
        self.close(|kind| matches!(kind, Kind::Item { .. }));
    }

    fn close_nested(&mut self, is_meant: fn(&Kind) -> bool) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else {
            self.close(is_meant);
        }
    }

    /// Ends the innermost frame of a kind and all within it.
    fn close(&mut self, is_meant: fn(&Kind) -> bool) {
        if let Some(frame) = self.frames.iter().rposition(|frame| is_meant(&frame.kind)) {
            self.pop_to(frame);
        }
    }

    /// The list that an item belongs to. One around a quotation is not meant by what stands in the
    /// quotation.
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

    fn push(&mut self, kind: Kind) {
        self.frames.push(Frame {
            kind,
            pending: true,
            label: Vec::new(),
        });
    }

    fn push_list(&mut self, marker: char, next: u32, implied: bool) {
        self.push(Kind::List {
            marker,
            next: next.min(MAX_NUMBER),
            begun: false,
            spaced: false,
            implied,
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
        self.push(Kind::Item { marker });
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

    fn pop_to(&mut self, depth: usize) {
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
                self.list_end = Some((self.out.len(), self.frames.len(), marker));
            }
            Some(Kind::Quote { is_note: true }) if self.frames.is_empty() && !self.begun => {
                self.leading_notes = std::mem::take(&mut self.out);
            }
            _ => self.list_end = None,
        }
    }

    /// Keeps a term, or a part of it, until its description comes.
    pub(super) fn term(&mut self, pieces: Vec<Piece<'a>>) {
        if let Some(Frame { label, .. }) = self.frames.last_mut() {
            if !label.is_empty() {
                label.push(Piece::Space { inner: false });
            }
            label.extend(pieces);
        }
    }

    /// Writes a paragraph, after the label that waits for it.
    pub(super) fn paragraph(&mut self, pieces: Vec<Piece<'a>>) {
        self.continue_item();
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

    /// Writes labels whose first block is no paragraph, each as a paragraph of its own.
    fn write_labels(&mut self) {
        for depth in 0..self.frames.len() {
            let label = std::mem::take(&mut self.frames[depth].label);
            if !label.is_empty() {
                let text =
                    markdown::write(&bold(label, Some(":")), Flow::Wrap(self.width(depth + 1)));
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
                &markdown::write(pieces, Flow::Wrap(self.width(depth))),
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
        self.write_at(0, &markdown::write(summary, Flow::Wrap(WIDTH)));
        if !notes.is_empty() {
            self.write_at(0, &notes);
        }
        if !rest.is_empty() {
            self.write_at(0, &markdown::write(rest, Flow::Wrap(WIDTH)));
        }
    }

    /// Writes a block that is no paragraph, such as a table.
    pub(super) fn block(&mut self, block: &str) {
        self.continue_item();
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

/// A label in bold, with `end` after it unless it ends in punctuation of its own.
fn bold<'a>(label: Vec<Piece<'a>>, end: Option<&'static str>) -> Vec<Piece<'a>> {
    let mut pieces = vec![Piece::Open(Mark::Strong)];
    for piece in label {
        if !matches!(
            piece,
            Piece::Open(Mark::Strong) | Piece::Close(Mark::Strong)
        ) {
            inline::push(&mut pieces, piece);
        }
    }
    let is_punctuated =
        matches!(pieces.last(), Some(Piece::Word(word)) if word.ends_with([':', '.', '!', '?']));
    if let Some(end) = end
        && !is_punctuated
    {
        inline::push(&mut pieces, Piece::Word(Cow::Borrowed(end)));
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
