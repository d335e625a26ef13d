//! What stands inside a paragraph, collected piece by piece.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A part of a paragraph.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece<'a> {
    /// Text without white space.
    Word(Cow<'a, str>),
    /// White space between words; `inner` if the text has it inside of the element that ends or
    /// begins here.
    Space {
        inner: bool,
    },
    LineBreak,
    Code(String),
    /// An address that is its own text.
    Address(String),
    Open(Mark),
    Close(Mark),
}

/// What is said of a range of pieces. Ranges of different marks nest; those of one mark do not.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    Emphasis,
    Strong,
    Strike,
    Link(String),
    /// A link to nowhere that a reader could go. AWS names operations and shapes with it.
    Reference,
}

impl Mark {
    pub(super) fn delimiter(&self) -> Option<&'static str> {
        match self {
            Self::Emphasis => Some("*"),
            Self::Strong => Some("**"),
            Self::Strike => Some("~~"),
            Self::Link(_) | Self::Reference => None,
        }
    }

    fn is_link(&self) -> bool {
        matches!(self, Self::Link(_) | Self::Reference)
    }

    fn same_kind(&self, other: &Self) -> bool {
        self == other || self.is_link() && other.is_link()
    }
}

/// Collects the pieces of one paragraph.
#[derive(Default)]
pub(super) struct Line<'a> {
    pieces: Vec<Piece<'a>>,
    open: Vec<Mark>,
    /// The text of the code that is open, if some is.
    code: Option<String>,
    /// Marks within it that are left out.
    marks_in_code: u32,
}

impl<'a> Line<'a> {
    /// Adds text that is not markup of any kind.
    pub(super) fn text(&mut self, text: Cow<'a, str>) {
        if let Some(code) = &mut self.code {
            code.push_str(&text);
            return;
        }
        match text {
            Cow::Borrowed(text) => self.words(text, Cow::Borrowed),
            Cow::Owned(text) => self.words(&text, |word| Cow::Owned(word.to_owned())),
        }
    }

    fn words<'t>(&mut self, text: &'t str, own: fn(&'t str) -> Cow<'a, str>) {
        for (index, word) in text.split(char::is_whitespace).enumerate() {
            if index > 0 {
                self.space();
            }
            if !word.is_empty() {
                self.word(own(word));
            }
        }
    }

    fn word(&mut self, word: Cow<'a, str>) {
        // Pretty-printed HTML puts a line feed before `</code>`, which is no reason for one before
        // a full stop.
        if let [.., Piece::Close(_) | Piece::Code(_), Piece::Space { inner }] = self.pieces[..]
            && word.starts_with(['.', ',', ';', ':', '!', '?', ')'])
            && (inner || word.len() == 1)
        {
            self.pieces.pop();
        }
        push(&mut self.pieces, Piece::Word(word));
    }

    pub(super) fn space(&mut self) {
        match &mut self.code {
            Some(code) => code.push(' '),
            None => self.space_at(false),
        }
    }

    /// Adds a space where words need one: not at the start, not after another, and before the marks
    /// that open here.
    fn space_at(&mut self, inner: bool) {
        let at = self
            .pieces
            .iter()
            .rposition(|piece| !matches!(piece, Piece::Open(_)))
            .map_or(0, |last| last + 1);
        let inner = inner || at < self.pieces.len();
        match self.pieces[..at].last() {
            None | Some(Piece::Space { .. } | Piece::LineBreak) => {}
            Some(Piece::Word(word)) if inner && word.ends_with(['(', '[', '"']) => {}
            Some(_) => self.pieces.insert(at, Piece::Space { inner }),
        }
    }

    /// Adds the end of a line. Whether the line was empty, so that the paragraph should end
    /// instead.
    pub(super) fn line_break(&mut self) -> bool {
        if self.code.is_some() {
            self.space();
            return false;
        }
        if let Some(Piece::Space { .. }) = self.pieces.last() {
            self.pieces.pop();
        }
        match self.pieces.last() {
            Some(Piece::LineBreak) => return true,
            None => {}
            Some(Piece::Open(_)) => self.space_at(false),
            Some(_) => self.pieces.push(Piece::LineBreak),
        }
        false
    }

    pub(super) fn open(&mut self, mark: Mark) {
        if self.code.is_some() {
            match mark {
                Mark::Link(_) => self.pause_code(),
                Mark::Reference => return,
                _ => {
                    self.marks_in_code += 1;
                    return;
                }
            }
        }
        if self.open.contains(&mark) {
            return;
        }
        push(&mut self.pieces, Piece::Open(mark.clone()));
        self.open.push(mark);
    }

    /// Closes the mark of this kind that is open, if one is, and those inside of it.
    pub(super) fn close(&mut self, mark: &Mark) {
        if self.code.is_some() && !mark.is_link() && self.marks_in_code > 0 {
            self.marks_in_code -= 1;
            return;
        }
        let Some(outermost) = self.open.iter().position(|open| open.same_kind(mark)) else {
            return;
        };
        self.pause_code();
        for mark in self.open.split_off(outermost).into_iter().rev() {
            self.close_innermost(mark);
        }
    }

    fn close_innermost(&mut self, mark: Mark) {
        // No delimiter stands after white space.
        let space = self
            .pieces
            .pop_if(|piece| matches!(piece, Piece::Space { .. } | Piece::LineBreak));
        match (&self.pieces[..], mark) {
            ([.., Piece::Open(_)], Mark::Link(address)) => {
                self.pieces.pop();
                self.pieces.push(Piece::Address(address));
            }
            ([.., Piece::Open(_)], _) => {
                self.pieces.pop();
            }
            ([.., Piece::Open(_), Piece::Word(word)], Mark::Link(address)) if *word == address => {
                self.pieces.truncate(self.pieces.len() - 2);
                self.pieces.push(Piece::Address(address));
            }
            ([.., Piece::Open(_), Piece::Word(word)], Mark::Reference) if is_name(word) => {
                let name = word.to_string();
                self.pieces.truncate(self.pieces.len() - 2);
                push(&mut self.pieces, Piece::Code(name));
            }
            (_, Mark::Reference) => self.remove_reference(),
            (_, mark) => self.pieces.push(Piece::Close(mark)),
        }
        match space {
            Some(Piece::LineBreak) => drop(self.line_break()),
            Some(_) => self.space_at(true),
            None => {}
        }
    }

    /// Forgets the start of a reference, because its text is not a name.
    fn remove_reference(&mut self) {
        let start = self
            .pieces
            .iter()
            .rposition(|piece| *piece == Piece::Open(Mark::Reference));
        let Some(start) = start else { return };
        let text = self.pieces.split_off(start);
        for piece in text.into_iter().skip(1) {
            push(&mut self.pieces, piece);
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

    /// Adds the code collected so far as a piece.
    fn pause_code(&mut self) {
        let Some(code) = self.code.as_mut().map(std::mem::take) else {
            return;
        };
        if code.starts_with(char::is_whitespace) {
            self.space_at(true);
        }
        let words: Vec<&str> = code.split_whitespace().collect();
        if !words.is_empty() {
            push(&mut self.pieces, Piece::Code(words.join(" ")));
            if code.ends_with(char::is_whitespace) {
                self.space_at(true);
            }
        }
    }

    /// The pieces so far, all marks closed; the line is empty afterwards.
    pub(super) fn take(&mut self) -> Vec<Piece<'a>> {
        self.close_code();
        while let Some(mark) = self.open.pop() {
            self.close_innermost(mark);
        }
        while let Some(Piece::Space { .. } | Piece::LineBreak) = self.pieces.last() {
            self.pieces.pop();
        }
        without_unmarkable(std::mem::take(&mut self.pieces))
    }
}

/// Adds a piece. Words, code and marks become one with such before them: what text means can depend
/// on the character before, and two code spans side by side would be one with backticks in it.
pub(super) fn push<'a>(pieces: &mut Vec<Piece<'a>>, piece: Piece<'a>) {
    match (pieces.last_mut(), piece) {
        (Some(Piece::Word(before)), Piece::Word(word)) => before.to_mut().push_str(&word),
        (Some(Piece::Code(before)), Piece::Code(code)) => before.push_str(&code),
        // `<b>a</b><b>b</b>`
        (Some(Piece::Close(before)), Piece::Open(mark)) if *before == mark => {
            pieces.pop();
        }
        (_, piece) => pieces.push(piece),
    }
}

/// Without the marks that Markdown has no way to write where they are.
fn without_unmarkable(mut pieces: Vec<Piece>) -> Vec<Piece> {
    // One that goes may take with it what another one stood beside. Such chains are short, or not
    // worth following.
    for round in 0..4 {
        let mut plain = unmarkable(&pieces);
        if !plain.contains(&true) {
            break;
        }
        if round == 3 {
            plain.fill(true);
        }
        let mut kept = Vec::with_capacity(pieces.len());
        for (piece, plain) in pieces.into_iter().zip(plain) {
            let is_delimiter = matches!(&piece, Piece::Open(mark) | Piece::Close(mark) if mark.delimiter().is_some());
            if !(plain && is_delimiter) {
                push(&mut kept, piece);
            }
        }
        pieces = kept;
    }
    pieces
}

/// Which delimiters `CommonMark` would not take for such, because of the characters on both sides:
/// the text goes without.
fn unmarkable(pieces: &[Piece]) -> Vec<bool> {
    let mut plain = vec![false; pieces.len()];
    let mut open: Vec<(usize, bool)> = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let (Piece::Open(mark) | Piece::Close(mark)) = piece else {
            continue;
        };
        let Some(delimiter) = mark.delimiter() else {
            continue;
        };
        // Asterisks side by side are one run.
        let same_run = |piece: &&Piece| match piece {
            Piece::Open(mark) | Piece::Close(mark) => mark
                .delimiter()
                .is_some_and(|other| other[..1] == delimiter[..1]),
            _ => false,
        };
        let before = pieces[..index]
            .iter()
            .rfind(|piece| !same_run(piece))
            .map_or(' ', last_char);
        let after = pieces[index..]
            .iter()
            .find(|piece| !same_run(piece))
            .map_or(' ', first_char);
        let fits = |inside: char, outside: char| {
            inside.is_alphanumeric()
                || inside != ' ' && (outside == ' ' || outside.is_ascii_punctuation())
        };
        if matches!(piece, Piece::Open(_)) {
            // These asterisks could end another mark that they stand in, unless they stand beside
            // its own, and would be one run with those of a mark that ends here.
            let begins = before == ' ' || open.last().is_none_or(|(outer, _)| outer + 1 == index);
            let begins = begins
                && !matches!(pieces[..index].last(), Some(end @ Piece::Close(_)) if same_run(&end));
            open.push((index, begins && fits(after, before)));
        } else if let Some((start, start_fits)) = open.pop() {
            let is_plain = !start_fits || !fits(before, after);
            plain[start] = is_plain;
            plain[index] = is_plain;
        }
    }
    plain
}

fn first_char(piece: &Piece) -> char {
    match piece {
        Piece::Word(word) => word.chars().next().unwrap_or(' '),
        Piece::Space { .. } | Piece::LineBreak => ' ',
        Piece::Code(_) => '`',
        Piece::Address(_) => '<',
        Piece::Open(mark) => mark.delimiter().map_or('[', first_of),
        Piece::Close(mark) => mark.delimiter().map_or(']', first_of),
    }
}

fn last_char(piece: &Piece) -> char {
    match piece {
        Piece::Word(word) => word.chars().next_back().unwrap_or(' '),
        Piece::Address(_) => '>',
        Piece::Close(mark) => mark.delimiter().map_or(')', first_of),
        Piece::Space { .. } | Piece::LineBreak | Piece::Code(_) | Piece::Open(_) => {
            first_char(piece)
        }
    }
}

fn first_of(delimiter: &str) -> char {
    delimiter.chars().next().unwrap_or(' ')
}

/// Whether a word is the name of an operation, shape or member.
fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.' | '#' | ':'))
}

/// An address that a link may have: absolute, for documentation is read far from the place it was
/// written for.
pub(super) fn absolute(href: &str) -> Option<String> {
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

/// Where the first sentence of a long paragraph ends: the index of the space after it.
pub(super) fn first_sentence(pieces: &[Piece]) -> Option<usize> {
    let mut depth = 0_u32;
    let mut length = 0;
    let mut end = None;
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Open(_) => depth += 1,
            Piece::Close(_) => depth -= 1,
            Piece::LineBreak => break,
            Piece::Space { .. } => {
                if end.is_none()
                    && depth == 0
                    && length >= SHORTEST_SENTENCE
                    && ends_sentence(pieces, index)
                {
                    end = Some(index);
                }
                length += 1;
            }
            Piece::Word(text) => length += text.chars().count(),
            Piece::Code(text) | Piece::Address(text) => length += text.chars().count(),
        }
    }
    end.filter(|_| length > LONGEST_SUMMARY)
}

/// `Optional.` and `Note:` say too little for a summary.
const SHORTEST_SENTENCE: usize = 16;

/// What is no longer needs no summary.
const LONGEST_SUMMARY: usize = 100;

fn ends_sentence(pieces: &[Piece], space: usize) -> bool {
    let starts = match &pieces[space + 1..] {
        [Piece::Word(next), ..] | [Piece::Open(_), Piece::Word(next), ..] => {
            next.starts_with(|c: char| !c.is_lowercase())
        }
        _ => true,
    };
    let word = match &pieces[..space] {
        [.., Piece::Word(word)] => word.trim_end_matches([')', '"', '\'']),
        _ => return false,
    };
    let Some(stem) = word.strip_suffix(['.', '!', '?']) else {
        return false;
    };
    let letter = stem
        .rsplit('.')
        .next()
        .is_none_or(|last| last.len() == 1 && last.starts_with(char::is_alphabetic));
    let short = ["etc", "vs", "cf", "no", "inc", "approx", "fig"];
    let is_short = short
        .iter()
        .any(|short| stem.trim_start_matches('(').eq_ignore_ascii_case(short));
    starts && !letter && !is_short
}
