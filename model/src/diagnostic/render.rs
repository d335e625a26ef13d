//! A report as text, in the style of rustc.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Title, Origin, Renderer, Snippet};

use super::located::sorted;
use super::{Diagnostic, Related, Report, Severity};
use crate::source::{LineColumn, Location, Locator, Sources, SpanKind};

/// The number of characters of a line that are shown. Minified models have lines of megabytes.
const WIDTH: usize = 120;
/// The number of characters before the caret in a line that is cut.
const BEFORE: usize = 40;

/// Renders errors first, then by place.
pub(super) fn report(report: &Report, sources: &Sources, color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut locator = Locator::new(sources);
    let mut text = String::new();
    for diagnostic in sorted(report, &mut locator) {
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

/// Whether a line is the `:::` that the renderer puts between our location and its snippet. We
/// print the location ourselves because the renderer counts the column in the excerpt of a long
/// line, not in the line.
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
        location,
        span,
        label,
        shape,
        related,
        help,
    } = diagnostic;
    let title = match diagnostic.severity() {
        Severity::Error => Title::ERROR,
        Severity::Warning => Title::WARNING,
    };
    let group = Group::with_title(title.primary_title(message).id(code.number()));
    let mut group = snippet(group, location, *span, label, locator);
    let mut facts = Vec::new();
    facts.extend(shape.as_ref().map(|shape| format!("shape `{shape}`")));
    if let Some(pointer) = location.pointer().filter(|pointer| !pointer.is_empty()) {
        facts.push(format!("JSON pointer `{pointer}`"));
    }
    if !facts.is_empty() {
        group = group.element(Title::NOTE.message(facts.join(", ")));
    }
    if let Some(help) = help {
        group = group.element(Title::HELP.message(help));
    }
    let mut groups = vec![group];
    for Related {
        location,
        span,
        label,
    } in related
    {
        // The prelude is in no file.
        if location.source.is_some() {
            let group = Group::with_title(Title::NOTE.secondary_title(label));
            groups.push(snippet(group, location, *span, "", locator));
        }
    }
    groups
}

/// Adds a location, and its line with the marked part.
fn snippet<'d>(
    group: Group<'d>,
    location: &Location,
    kind: SpanKind,
    label: &'d str,
    locator: &mut Locator<'d>,
) -> Group<'d> {
    let Some(id) = location.source else {
        return group;
    };
    let source = &locator.sources()[id];
    let origin = Origin::path(source.path.display().to_string());
    let Some(range) = locator.range(location, kind) else {
        return group.element(origin);
    };
    let LineColumn {
        line,
        column,
        bytes,
    } = locator.position(id, range.start);
    let (shown, span) = excerpt(&source.text, bytes, range);
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

/// The line, cut around the marked part if it is long, and the marked range in it. Of a part with
/// several lines only the first one is marked.
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
