//! A report as text, as rustc prints its own.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Title, Origin, Renderer, Snippet};

use super::locate::Locator;
use super::{Diagnostic, Mark, Place, Report, Severity};
use crate::source::{At, Sources};

/// How many characters of a line are shown. Models may have lines of megabytes.
const WIDTH: usize = 120;
/// How many of them before the caret, if the line is cut.
const BEFORE: usize = 40;

/// Errors first, then by place.
pub(super) fn report(report: &Report, sources: &Sources, color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut locator = Locator::new(sources);
    let mut located: Vec<_> = report
        .diagnostics()
        .into_iter()
        .map(|it| (locator.range(&it.at, it.mark).map(|range| range.start), it))
        .collect();
    // A stable sort: where places are the same, the order of `diagnostics` stands.
    located.sort_by_key(|(start, it)| {
        (
            it.severity() == Severity::Warning,
            it.at.source.map(|id| id.into_raw().into_u32()),
            *start,
        )
    });
    let mut text = String::new();
    for (_, diagnostic) in located {
        for line in renderer.render(&groups(diagnostic, &mut locator)).lines() {
            if !is_secondary_file(line) {
                text.push_str(line);
                text.push('\n');
            }
        }
        text.push('\n');
    }
    text
}

/// Whether a line is the `:::` that the renderer puts between a location of ours and its snippet. The location has to be ours:
/// the renderer would count the column in the excerpt of a long line, not in the line.
fn is_secondary_file(line: &str) -> bool {
    let mut rest = line;
    let mut visible = String::new();
    while let Some((before, escape)) = rest.split_once('\u{1b}') {
        visible.push_str(before);
        rest = escape.split_once('m').map_or("", |(_, after)| after);
    }
    visible.push_str(rest);
    visible.trim() == ":::"
}

fn groups<'d>(diagnostic: &'d Diagnostic, locator: &mut Locator<'d>) -> Vec<Group<'d>> {
    let Diagnostic {
        code,
        message,
        at,
        mark,
        label,
        shape,
        others,
        help,
    } = diagnostic;
    let title = match diagnostic.severity() {
        Severity::Error => Title::ERROR,
        Severity::Warning => Title::WARNING,
    };
    let group = Group::with_title(title.primary_title(message).id(code.number()));
    let mut group = place(group, at, *mark, label, locator);
    let mut facts = Vec::new();
    facts.extend(shape.as_ref().map(|shape| format!("shape `{shape}`")));
    if !at.pointer.is_empty() {
        facts.push(format!("JSON pointer `{}`", at.pointer));
    }
    if !facts.is_empty() {
        group = group.element(Title::NOTE.message(facts.join(", ")));
    }
    if let Some(help) = help {
        group = group.element(Title::HELP.message(help));
    }
    let mut groups = vec![group];
    // What the prelude says stands in no file.
    for Place { at, mark, label } in others.iter().filter(|other| other.at.source.is_some()) {
        let group = Group::with_title(Title::NOTE.secondary_title(label));
        groups.push(place(group, at, *mark, "", locator));
    }
    groups
}

/// Adds where something stands, and the line with what is marked of it.
fn place<'d>(
    group: Group<'d>,
    at: &At,
    mark: Mark,
    label: &'d str,
    locator: &mut Locator<'d>,
) -> Group<'d> {
    let Some(source) = at.source else {
        return group;
    };
    let source = &locator.sources()[source];
    let origin = Origin::path(source.path.display().to_string());
    let Some(range) = locator.range(at, mark).filter(|_| mark != Mark::File) else {
        return group.element(origin);
    };
    let (line, column, line_range) = locator.position(at, range.start);
    let (shown, span) = excerpt(&source.text, line_range, range);
    let mut annotation = AnnotationKind::Primary.span(span);
    if !label.is_empty() {
        annotation = annotation.label(label);
    }
    let snippet = Snippet::source(shown)
        .line_start(line)
        .annotation(annotation);
    group
        .element(origin.line(line).char_column(column))
        .element(snippet)
}

/// The line, cut around what is marked if it is long, and the range in it that is marked: only its first line of several.
fn excerpt(text: &str, line: Range<usize>, marked: Range<usize>) -> (String, Range<usize>) {
    let marked = marked.start..marked.end.clamp(marked.start, line.end.max(marked.start));
    let (before, after) = (
        &text[line.start..marked.start],
        &text[marked.start..line.end],
    );
    let is_short = |part: &str, count: usize| part.char_indices().nth(count).is_none();
    if is_short(&text[line.clone()], WIDTH) {
        let span = before.len()..before.len() + marked.len();
        return (text[line].to_owned(), span);
    }
    let cut = if is_short(before, BEFORE) {
        0
    } else {
        before
            .char_indices()
            .rev()
            .nth(BEFORE - 1)
            .map_or(0, |(index, _)| index)
    };
    let rest = WIDTH - BEFORE;
    let end = after
        .char_indices()
        .nth(rest)
        .map_or(after.len(), |(index, _)| index);
    let lead = if cut > 0 { "..." } else { "" };
    let trail = if end < after.len() { "..." } else { "" };
    let shown = format!("{lead}{}{}{trail}", &before[cut..], &after[..end]);
    let start = lead.len() + before.len() - cut;
    (shown, start..start + marked.len().min(end))
}
