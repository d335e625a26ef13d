//! Tokens -> the events of a document: every start has its end, items are in lists, text is in
//! paragraphs, and nothing is empty.

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Tag, TagEnd};

use super::html::Token;
use super::inline::{self, Inline};
use super::print;
use super::summary;

/// Tags of lists and quotations nested deeper are ignored, so that the output does not grow with
/// the square of the input.
const DEEPEST: usize = 24;

/// The number of an item has at most nine digits.
const MAX_NUMBER: u64 = 999_999_999;

/// A list, an item or a quotation that is open.
struct Frame<'a> {
    tag: Tag<'a>,
    /// The index of its start event, which is added with the first content.
    start: Option<usize>,
    /// The label of its first paragraph: `Note`, or the term that it describes.
    label: Vec<Event<'a>>,
    /// Whether it is a list that the text lacks around an item.
    is_implied: bool,
}

/// Rows of cells.
type Table<'a> = Vec<Vec<Vec<Event<'a>>>>;

/// Builds a document from its tokens.
#[derive(Default)]
pub(super) struct Document<'a> {
    events: Vec<Event<'a>>,
    frames: Vec<Frame<'a>>,
    inline: Inline<'a>,
    heading: Option<Tag<'a>>,
    /// Whether the text is that of `<dt>`.
    in_term: bool,
    preformatted: Option<String>,
    is_hidden: bool,
    table: Option<Table<'a>>,
    /// How many starts of blocks were read as text because they are in code.
    blocks_in_code: usize,
    /// How many lists and quotations are open beyond [`DEEPEST`].
    beyond: usize,
    /// How many events belong to notes that the text begins with.
    leading_notes: usize,
}

impl<'a> Document<'a> {
    /// The events of all tokens.
    pub(super) fn finish(mut self) -> Vec<Event<'a>> {
        self.end_preformatted();
        self.end_table();
        self.end_paragraph();
        self.pop_to(0);
        self.events
    }

    /// Adds a token that was read from `source`.
    pub(super) fn token(&mut self, token: Token<'a>, source: &str) {
        if self.is_hidden {
            self.is_hidden = !matches!(token, Token::EndHidden);
            return;
        }
        if let Some(text) = &mut self.preformatted {
            match token {
                Token::Event(Event::Text(more)) => text.push_str(&more),
                Token::Event(Event::HardBreak) => text.push('\n'),
                Token::Event(Event::End(TagEnd::CodeBlock)) => self.end_preformatted(),
                _ => {}
            }
            return;
        }
        match token {
            Token::StartCode => self.inline.open_code(),
            Token::EndCode => {
                self.inline.close_code();
                self.blocks_in_code = 0;
            }
            Token::StartHidden => self.is_hidden = true,
            Token::EndHidden => {}
            Token::Event(Event::Start(tag)) if self.inline.is_code() && is_block(tag.to_end()) => {
                self.blocks_in_code += 1;
                self.inline.text(source.to_owned().into());
            }
            Token::Event(Event::End(end)) if self.blocks_in_code > 0 && is_block(end) => {
                self.blocks_in_code -= 1;
                self.inline.text(source.to_owned().into());
            }
            Token::Event(event) if self.table.is_some() => self.event_in_table(event),
            Token::Event(event) => self.event(event),
        }
    }

    fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.end(end),
            Event::Text(text) => self.inline.text(text),
            Event::Code(code) => {
                self.inline.open_code();
                self.inline.text(code);
                self.inline.close_code();
            }
            Event::SoftBreak => self.inline.text(" ".into()),
            Event::HardBreak if self.inline.line_break() => self.end_paragraph(),
            Event::Rule => {
                self.end_paragraph();
                self.block([Event::Rule]);
            }
            // HTML comes as tokens, and no other extension is enabled.
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => self.inline.open(tag),
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => self.inline.open_link(link_type, &dest_url),
            Tag::Paragraph => self.end_paragraph(),
            Tag::Heading { .. } => {
                self.end_paragraph();
                self.heading = Some(tag);
            }
            Tag::CodeBlock(_) => {
                self.end_paragraph();
                self.preformatted = Some(String::new());
            }
            Tag::Table(_) => {
                self.end_paragraph();
                self.table = Some(Table::new());
            }
            Tag::DefinitionList => self.open_list(Tag::List(None)),
            Tag::List(start) => self.open_list(Tag::List(start.map(|start| start.min(MAX_NUMBER)))),
            Tag::Item => self.open_item(),
            Tag::DefinitionListTitle => {
                self.open_item();
                self.in_term = true;
            }
            Tag::DefinitionListDefinition => {
                self.end_term();
                if let Some(list) = self.innermost_list() {
                    self.pop_to(list + 2);
                }
            }
            Tag::BlockQuote(kind) => self.open_quote(kind),
            _ => {}
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link => {
                self.inline.close(end);
            }
            TagEnd::Paragraph | TagEnd::Heading(_) => self.end_paragraph(),
            TagEnd::List(_) | TagEnd::DefinitionList => {
                self.close_nested(|tag| matches!(tag, Tag::List(_)));
            }
            TagEnd::BlockQuote(_) => self.close_nested(|tag| matches!(tag, Tag::BlockQuote(_))),
            TagEnd::Item => {
                self.end_term();
                self.close(|tag| *tag == Tag::Item);
            }
            TagEnd::DefinitionListTitle | TagEnd::DefinitionListDefinition => self.end_term(),
            _ => {}
        }
    }

    fn open_list(&mut self, tag: Tag<'a>) {
        self.end_term();
        if !self.is_too_deep() {
            self.continue_item();
            self.push(tag, Vec::new());
        }
    }

    fn open_quote(&mut self, kind: Option<BlockQuoteKind>) {
        self.end_term();
        if !self.is_too_deep() {
            self.continue_item();
            let label = kind.map(|kind| match kind {
                BlockQuoteKind::Note => "Note",
                BlockQuoteKind::Tip => "Tip",
                BlockQuoteKind::Important => "Important",
                BlockQuoteKind::Warning => "Warning",
                BlockQuoteKind::Caution => "Caution",
            });
            let label = label.map(|label| Event::Text(label.into()));
            self.push(Tag::BlockQuote(kind), label.into_iter().collect());
        }
    }

    fn open_item(&mut self) {
        self.end_term();
        match self.innermost_list() {
            Some(list) => self.pop_to(list + 1),
            None => {
                self.push(Tag::List(None), Vec::new());
                self.frames.last_mut().expect("pushed").is_implied = true;
            }
        }
        self.push(Tag::Item, Vec::new());
    }

    fn is_too_deep(&mut self) -> bool {
        let is_too_deep = self.frames.len() >= DEEPEST;
        self.beyond += usize::from(is_too_deep);
        is_too_deep
    }

    fn push(&mut self, tag: Tag<'a>, label: Vec<Event<'a>>) {
        self.frames.push(Frame {
            tag,
            start: None,
            label,
            is_implied: false,
        });
    }

    fn close_nested(&mut self, is_meant: fn(&Tag) -> bool) {
        self.end_term();
        if self.beyond > 0 {
            self.beyond -= 1;
        } else {
            self.close(is_meant);
        }
    }

    /// Ends the innermost frame of a kind and all within it.
    fn close(&mut self, is_meant: fn(&Tag) -> bool) {
        if let Some(frame) = self.frames.iter().rposition(|frame| is_meant(&frame.tag)) {
            self.pop_to(frame);
        }
    }

    /// The list that an item belongs to. An item in a quotation does not belong to a list around
    /// the quotation.
    fn innermost_list(&self) -> Option<usize> {
        let last = self
            .frames
            .iter()
            .rposition(|frame| matches!(frame.tag, Tag::List(_) | Tag::BlockQuote(_)));
        last.filter(|&at| matches!(self.frames[at].tag, Tag::List(_)))
    }

    fn pop_to(&mut self, depth: usize) {
        while self.frames.len() > depth {
            self.pop();
        }
    }

    fn pop(&mut self) {
        // A term without a description is kept, an empty note is not.
        if let Some(Frame { tag, label, .. }) = self.frames.last_mut()
            && *tag == Tag::Item
            && !label.is_empty()
        {
            let label = bold(std::mem::take(label), "");
            self.paragraph(label);
        }
        let Some(Frame {
            tag,
            start: Some(start),
            ..
        }) = self.frames.pop()
        else {
            return;
        };
        match tag {
            Tag::BlockQuote(_) => self.events.push(Event::End(TagEnd::BlockQuote(None))),
            _ => self.events.push(Event::End(tag.to_end())),
        }
        match tag {
            Tag::List(_) => tighten(&mut self.events, start),
            Tag::BlockQuote(Some(_)) if self.frames.is_empty() && start == self.leading_notes => {
                self.leading_notes = self.events.len();
            }
            _ => {}
        }
    }

    /// Makes what follows part of the last item if it is directly in a list.
    fn continue_item(&mut self) {
        match self.frames.last() {
            Some(Frame {
                tag: Tag::List(_),
                is_implied: true,
                ..
            }) => self.pop(),
            Some(Frame {
                tag: Tag::List(_),
                start,
                ..
            }) => {
                let start = *start;
                self.push(Tag::Item, Vec::new());
                if start.is_some() {
                    self.events.pop();
                    self.frames.last_mut().expect("pushed").start = start;
                }
            }
            _ => {}
        }
    }

    /// Adds the start events of the frames around the next block. A label whose first block is not
    /// a paragraph becomes a paragraph of its own.
    fn start_frames(&mut self) {
        for depth in 0..self.frames.len() {
            let frame = &mut self.frames[depth];
            if frame.start.is_none() {
                frame.start = Some(self.events.len());
                self.events.push(Event::Start(match &frame.tag {
                    Tag::BlockQuote(_) => Tag::BlockQuote(None),
                    tag => tag.clone(),
                }));
            }
            let label = std::mem::take(&mut frame.label);
            if !label.is_empty() {
                let label = bold(label, ":");
                self.push_paragraph(label, depth + 1);
            }
        }
    }

    /// Adds a block other than a paragraph.
    fn block(&mut self, events: impl IntoIterator<Item = Event<'a>>) {
        self.continue_item();
        self.start_frames();
        self.events.extend(events);
    }

    /// Adds a paragraph, with the label of its frame.
    fn paragraph(&mut self, mut text: Vec<Event<'a>>) {
        self.continue_item();
        if let Some(Frame { label, .. }) = self.frames.last_mut() {
            let label = std::mem::take(label);
            if !label.is_empty() && !starts_with(&text, &label) {
                let mut labelled = bold(label, ":");
                labelled.push(Event::SoftBreak);
                labelled.append(&mut text);
                text = labelled;
            }
        }
        self.start_frames();
        if self.events.len() > self.leading_notes || !self.frames.is_empty() {
            self.push_paragraph(text, self.frames.len());
            return;
        }
        let rest = summary::split(&mut text);
        let introduces = matches!(text.last(), Some(Event::Text(word)) if word.ends_with(':'));
        self.push_paragraph(text, 0);
        if !introduces {
            // Lists of items show the first paragraph, which should not be a note.
            self.events.rotate_left(self.leading_notes);
        }
        if !rest.is_empty() {
            self.push_paragraph(rest, 0);
        }
    }

    fn push_paragraph(&mut self, text: Vec<Event<'a>>, depth: usize) {
        let indent: usize = self.frames[..depth]
            .iter()
            .map(|frame| match frame.tag {
                Tag::List(None) | Tag::BlockQuote(_) => 2,
                Tag::List(_) => 3,
                _ => 0,
            })
            .sum();
        self.events.push(Event::Start(Tag::Paragraph));
        print::wrap(text, indent, &mut self.events);
        self.events.push(Event::End(TagEnd::Paragraph));
    }

    /// Ends the paragraph and the term that are open.
    fn end_term(&mut self) {
        self.end_paragraph();
        self.in_term = false;
    }

    /// Ends the paragraph, heading or part of a term that is open, if one is.
    fn end_paragraph(&mut self) {
        self.blocks_in_code = 0;
        let text = self.inline.take();
        let heading = self.heading.take();
        if text.is_empty() {
            return;
        }
        if self.in_term {
            if let Some(Frame { label, .. }) = self.frames.last_mut() {
                if !label.is_empty() {
                    label.push(Event::SoftBreak);
                }
                label.extend(text);
            }
        } else if let Some(tag) = heading {
            let end = Event::End(tag.to_end());
            let text = text.into_iter().map(one_line);
            self.block([Event::Start(tag)].into_iter().chain(text).chain([end]));
        } else {
            self.paragraph(text);
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
        let lines = lines()
            .skip_while(|line| line.is_empty())
            .map(|line| line.get(indent..).unwrap_or_default());
        let text = lines.collect::<Vec<_>>().join("\n");
        self.block([
            // In any other language it would be a doctest.
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced("text".into()))),
            Event::Text(format!("{}\n", text.trim_end()).into()),
            Event::End(TagEnd::CodeBlock),
        ]);
    }

    /// Adds an event to the open table. Blocks in cells are read as their text.
    fn event_in_table(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::TableRow | Tag::TableHead) => {
                self.end_cell(false);
                self.table.get_or_insert_default().push(Vec::new());
            }
            Event::Start(Tag::TableCell) | Event::End(TagEnd::TableRow | TagEnd::TableHead) => {
                self.end_cell(false);
            }
            Event::End(TagEnd::TableCell) => self.end_cell(true),
            Event::End(TagEnd::Table) => self.end_table(),
            Event::Start(Tag::CodeBlock(_)) => self.inline.open_code(),
            Event::End(TagEnd::CodeBlock) => self.inline.close_code(),
            Event::HardBreak | Event::Rule => self.inline.text(" ".into()),
            Event::Start(tag) if is_block(tag.to_end()) => self.inline.text(" ".into()),
            Event::End(end) if is_block(end) => self.inline.text(" ".into()),
            event => self.event(event),
        }
    }

    /// Ends a cell. An empty one counts only if it is `marked` by an end tag.
    fn end_cell(&mut self, marked: bool) {
        let Some(table) = &mut self.table else { return };
        let cell: Vec<_> = self.inline.take().into_iter().map(one_line).collect();
        if cell.is_empty() && !marked {
            return;
        }
        match table.last_mut() {
            Some(row) => row.push(cell),
            None => table.push(vec![cell]),
        }
    }

    fn end_table(&mut self) {
        self.end_cell(false);
        let Some(mut table) = self.table.take() else {
            return;
        };
        table.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        let Some(columns) = table.iter().map(Vec::len).max() else {
            return;
        };
        let mut events = vec![Event::Start(Tag::Table(vec![Alignment::None; columns]))];
        for (index, mut row) in table.into_iter().enumerate() {
            let tag = if index == 0 {
                Tag::TableHead
            } else {
                Tag::TableRow
            };
            let end = Event::End(tag.to_end());
            events.push(Event::Start(tag));
            row.resize(columns, Vec::new());
            for cell in row {
                events.push(Event::Start(Tag::TableCell));
                events.extend(cell);
                events.push(Event::End(TagEnd::TableCell));
            }
            events.push(end);
        }
        events.push(Event::End(TagEnd::Table));
        self.block(events);
    }
}

/// Whether an element begins a new line.
pub(super) fn is_block(end: TagEnd) -> bool {
    !matches!(
        end,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

fn one_line(event: Event<'_>) -> Event<'_> {
    match event {
        Event::SoftBreak | Event::HardBreak => Event::Text(" ".into()),
        event => event,
    }
}

/// A label in bold, followed by `end` unless it ends in punctuation.
fn bold<'a>(label: Vec<Event<'a>>, end: &'static str) -> Vec<Event<'a>> {
    let mut bold = vec![Event::Start(Tag::Strong)];
    for event in label {
        if !matches!(
            event,
            Event::Start(Tag::Strong) | Event::End(TagEnd::Strong)
        ) {
            inline::push(&mut bold, event);
        }
    }
    let is_punctuated =
        matches!(bold.last(), Some(Event::Text(word)) if word.ends_with([':', '.', '!', '?']));
    if !end.is_empty() && !is_punctuated {
        inline::push(&mut bold, Event::Text(end.into()));
    }
    bold.push(Event::End(TagEnd::Strong));
    bold
}

/// Whether a paragraph begins with its label, as in `<note><p><b>Note:</b> ..`
fn starts_with(text: &[Event], label: &[Event]) -> bool {
    let word = text.iter().find(|event| !matches!(event, Event::Start(_)));
    match (word, label) {
        (Some(Event::Text(word)), [Event::Text(label)]) => word
            .strip_suffix(':')
            .is_some_and(|word| word.eq_ignore_ascii_case(label)),
        _ => false,
    }
}

/// Makes a list tight if no item has more than a paragraph and lists after it. In pulldown-cmark's
/// events the text of a tight item is not in a paragraph.
fn tighten(events: &mut Vec<Event>, start: usize) {
    let mut depth = 0;
    let mut blocks = 0;
    for event in &events[start + 1..] {
        match event {
            Event::Start(Tag::Item) if depth == 0 => blocks = 0,
            Event::Start(_) | Event::Rule if depth == 1 => {
                let may_follow = matches!(event, Event::Start(Tag::List(None | Some(1))));
                if blocks > 0 && !may_follow {
                    return;
                }
                blocks += 1;
            }
            _ => {}
        }
        depth += depth_change(event);
    }
    let list = events.split_off(start);
    let mut depth = 0;
    events.extend(list.into_iter().filter(|event| {
        let before = depth;
        depth += depth_change(event);
        let is_paragraph = matches!(
            event,
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph)
        );
        !(is_paragraph && before.min(depth) == 2)
    }));
}

fn depth_change(event: &Event) -> i32 {
    match event {
        Event::Start(_) => 1,
        Event::End(_) => -1,
        _ => 0,
    }
}
