//! The text of one paragraph: events in any order -> events that nest, with one `SoftBreak` for the
//! white space between two words.

use std::fmt::Write as _;

use pulldown_cmark::{CowStr, Event, InlineStr, LinkType, Tag, TagEnd};

/// Collects the events of one paragraph.
#[derive(Default)]
pub(super) struct Inline<'a> {
    events: Vec<Event<'a>>,
    open: Vec<Tag<'a>>,
    /// The text of the code span that is open.
    code: Option<String>,
    /// How many marks are open in the code; code has none.
    marks_in_code: usize,
}

impl<'a> Inline<'a> {
    pub(super) fn text(&mut self, text: CowStr<'a>) {
        if let Some(code) = &mut self.code {
            code.push_str(&text);
            return;
        }
        match text {
            CowStr::Borrowed(text) => self.words(text, CowStr::Borrowed),
            text => self.words(&text, |word| match InlineStr::try_from(word) {
                Ok(word) => CowStr::Inlined(word),
                Err(_) => word.to_owned().into(),
            }),
        }
    }

    fn words<'t>(&mut self, text: &'t str, own: fn(&'t str) -> CowStr<'a>) {
        for (index, word) in text.split(char::is_whitespace).enumerate() {
            if index > 0 {
                self.space(false);
            }
            if !word.is_empty() {
                self.word(own(word));
            }
        }
    }

    fn word(&mut self, word: CowStr<'a>) {
        // Pretty-printed HTML has a line feed before `</code>`; a full stop after it needs none.
        if let [.., Event::End(_) | Event::Code(_), Event::SoftBreak] = self.events[..]
            && word
                .chars()
                .all(|c| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')'))
        {
            self.events.pop();
        }
        push(&mut self.events, Event::Text(word));
    }

    /// Adds a space where words need one: not at the start, not after another space, and in front
    /// of the marks that open here. An `inner` space comes from within the element that starts or
    /// ends here.
    fn space(&mut self, inner: bool) {
        let at = self
            .events
            .iter()
            .rposition(|event| !matches!(event, Event::Start(_)))
            .map_or(0, |last| last + 1);
        let inner = inner || at < self.events.len();
        match self.events[..at].last() {
            None | Some(Event::SoftBreak | Event::HardBreak) => {}
            Some(Event::Text(word)) if inner && word.ends_with(['(', '[', '"']) => {}
            Some(_) => self.events.insert(at, Event::SoftBreak),
        }
    }

    /// Adds a line break, or a space in code. Returns whether the line was empty, in which case the
    /// paragraph should end.
    pub(super) fn line_break(&mut self) -> bool {
        if self.code.is_some() {
            self.text(" ".into());
            return false;
        }
        self.events.pop_if(|event| *event == Event::SoftBreak);
        match self.events.last() {
            Some(Event::HardBreak) => return true,
            None => {}
            Some(Event::Start(_)) => self.space(false),
            Some(_) => self.events.push(Event::HardBreak),
        }
        false
    }

    /// Opens a link, if its address is one that readers can follow.
    pub(super) fn open_link(&mut self, link_type: LinkType, dest_url: &str) {
        self.close(TagEnd::Link);
        if link_type == LinkType::ShortcutUnknown {
            self.open(link(link_type, CowStr::Borrowed("")));
        } else if let Some(address) = absolute(dest_url) {
            self.open(link(LinkType::Inline, address.into()));
        }
    }

    /// Opens a mark: emphasis of some kind, or a link.
    pub(super) fn open(&mut self, tag: Tag<'a>) {
        if self.code.is_some() {
            match &tag {
                Tag::Link { link_type, .. } if *link_type == LinkType::ShortcutUnknown => return,
                Tag::Link { .. } => self.pause_code(),
                _ => {
                    self.marks_in_code += 1;
                    return;
                }
            }
        }
        if !self.open.contains(&tag) {
            push(&mut self.events, Event::Start(tag.clone()));
            self.open.push(tag);
        }
    }

    /// Closes the mark of this kind that is open, if one is, and those inside of it.
    pub(super) fn close(&mut self, end: TagEnd) {
        if self.marks_in_code > 0 && end != TagEnd::Link {
            self.marks_in_code -= 1;
            return;
        }
        let Some(outermost) = self.open.iter().position(|open| open.to_end() == end) else {
            return;
        };
        self.pause_code();
        for tag in self.open.split_off(outermost).into_iter().rev() {
            self.close_innermost(tag);
        }
    }

    fn close_innermost(&mut self, tag: Tag<'a>) {
        // A closing delimiter must not follow white space.
        let space = self
            .events
            .pop_if(|event| matches!(event, Event::SoftBreak | Event::HardBreak));
        match (&self.events[..], tag) {
            (
                [.., Event::Start(_)],
                Tag::Link {
                    link_type: LinkType::Inline,
                    dest_url,
                    ..
                },
            ) => {
                self.events.pop();
                self.events.extend(address(dest_url));
            }
            ([.., Event::Start(_)], _) => drop(self.events.pop()),
            (
                [.., Event::Start(_), Event::Text(word)],
                Tag::Link {
                    link_type: LinkType::Inline,
                    dest_url,
                    ..
                },
            ) if *word == dest_url => {
                self.events.truncate(self.events.len() - 2);
                self.events.extend(address(dest_url));
            }
            (
                _,
                Tag::Link {
                    link_type: LinkType::ShortcutUnknown,
                    ..
                },
            ) => self.close_reference(),
            (_, tag) => self.events.push(Event::End(tag.to_end())),
        }
        match space {
            Some(Event::HardBreak) => drop(self.line_break()),
            Some(_) => self.space(true),
            None => {}
        }
    }

    /// Turns a link without an address into code if its text is a name, and into plain text if not.
    /// AWS refers to operations and shapes that way.
    fn close_reference(&mut self) {
        let reference = Event::Start(link(LinkType::ShortcutUnknown, CowStr::Borrowed("")));
        let Some(start) = self.events.iter().rposition(|event| *event == reference) else {
            return;
        };
        let text = self.events.split_off(start);
        if let [_, Event::Text(name)] = &text[..]
            && is_name(name)
        {
            push(&mut self.events, Event::Code(name.clone()));
            return;
        }
        for event in text.into_iter().skip(1) {
            push(&mut self.events, event);
        }
    }

    pub(super) fn is_code(&self) -> bool {
        self.code.is_some()
    }

    pub(super) fn open_code(&mut self) {
        self.code.get_or_insert_default();
    }

    pub(super) fn close_code(&mut self) {
        self.pause_code();
        self.code = None;
        self.marks_in_code = 0;
    }

    /// Adds the code collected so far.
    fn pause_code(&mut self) {
        let Some(code) = self.code.as_mut().map(std::mem::take) else {
            return;
        };
        if code.starts_with(char::is_whitespace) {
            self.space(true);
        }
        let words: Vec<&str> = code.split_whitespace().collect();
        if !words.is_empty() {
            push(&mut self.events, Event::Code(words.join(" ").into()));
            if code.ends_with(char::is_whitespace) {
                self.space(true);
            }
        }
    }

    /// Takes the events so far, with all marks closed.
    pub(super) fn take(&mut self) -> Vec<Event<'a>> {
        self.close_code();
        while let Some(tag) = self.open.pop() {
            self.close_innermost(tag);
        }
        while let Some(Event::SoftBreak | Event::HardBreak) = self.events.last() {
            self.events.pop();
        }
        with_addresses(std::mem::take(&mut self.events))
    }
}

/// Adds an event, merged with the one before where both are text, code or the same mark: what text
/// means can depend on the character before it, and two adjacent code spans would read as one that
/// contains backticks.
pub(super) fn push<'a>(events: &mut Vec<Event<'a>>, event: Event<'a>) {
    match (events.last_mut(), event) {
        (Some(Event::Text(before)), Event::Text(text))
        | (Some(Event::Code(before)), Event::Code(text)) => {
            *before = format!("{before}{text}").into();
        }
        // `<b>a</b><b>b</b>`
        (Some(Event::End(end)), Event::Start(tag))
            if *end == tag.to_end()
                && matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough) =>
        {
            events.pop();
        }
        (_, event) => events.push(event),
    }
}

/// A link without a title. One of type `ShortcutUnknown` has no address: it is that of `<a>`.
pub(super) fn link(link_type: LinkType, dest_url: CowStr<'_>) -> Tag<'_> {
    Tag::Link {
        link_type,
        dest_url,
        title: CowStr::Borrowed(""),
        id: CowStr::Borrowed(""),
    }
}

/// A link whose text is its address.
fn address(address: CowStr<'_>) -> [Event<'_>; 3] {
    [
        Event::Start(link(LinkType::Autolink, address.clone())),
        Event::Text(address),
        Event::End(TagEnd::Link),
    ]
}

/// Turns the addresses in the text into links: rustdoc warns about bare ones.
fn with_addresses(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut linked = Vec::with_capacity(events.len());
    let mut in_link = false;
    for event in events {
        match &event {
            Event::Start(Tag::Link { .. }) => in_link = true,
            Event::End(TagEnd::Link) => in_link = false,
            Event::Text(text) if !in_link && text.contains("://") => {
                let mut written = 0;
                for (at, _) in text.match_indices("http") {
                    if at < written {
                        continue;
                    }
                    let length = address_length(&text[at..]);
                    if length > 0 {
                        let before = text[written..at].to_owned();
                        if !before.is_empty() {
                            linked.push(Event::Text(before.into()));
                        }
                        written = at + length;
                        linked.extend(address(text[at..written].to_owned().into()));
                    }
                }
                if written < text.len() {
                    linked.push(Event::Text(text[written..].to_owned().into()));
                }
                continue;
            }
            _ => {}
        }
        linked.push(event);
    }
    linked
}

/// The length of the address that `text` begins with, without the punctuation of the sentence
/// around it.
fn address_length(text: &str) -> usize {
    let Some(rest) = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
    else {
        return 0;
    };
    let is_outside = |c: char| !c.is_ascii_graphic() || "<>\"'()[]{}\\^`|".contains(c);
    let end = rest.find(is_outside).unwrap_or(rest.len());
    let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '~']);
    if address.is_empty() {
        0
    } else {
        text.len() - rest.len() + address.len()
    }
}

/// Whether a word is the name of an operation, shape or member.
fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.' | '#' | ':'))
}

/// The address of a link, if it is absolute. A relative one leads nowhere in rustdoc.
fn absolute(href: &str) -> Option<String> {
    let href: String = href.split_whitespace().collect();
    let (scheme, rest) = href.split_once("://")?;
    let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    if !is_web || !rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    let mut address = format!("{}://", scheme.to_ascii_lowercase());
    for c in rest.chars() {
        match c {
            '(' | ')' | '<' | '>' | '[' | ']' | '\\' | '`' | '"' | '|' | '*' | '^' | '{' | '}' => {
                let _ = write!(address, "%{:02X}", u32::from(c));
            }
            c => address.push(c),
        }
    }
    Some(address)
}
