//! Documentation attributes: the documentation in the model, and sentences about traits.

use drawplate_model::civil::Civil;
use drawplate_model::model::{
    Binding, Constraints, DefaultValue, Deprecated, Docs, Format, Member, Model, Number, Operation,
    Presence,
};
use drawplate_model::protocol::Bindings;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use crate::Cx;
use crate::docs::rustdoc;
use crate::rust::schema;

/// `#[doc]` attributes, one per line, so that they print as `///`.
pub(crate) fn doc(text: &str) -> TokenStream {
    let lines = lines(text);
    quote!(#(#[doc = #lines])*)
}

/// Tokens without documentation.
pub(crate) fn without_docs(tokens: TokenStream) -> TokenStream {
    let mut kept = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if is_doc(&group) => {
                kept.pop_if(|token| is_punct(token, '!'));
                kept.pop_if(|token| is_punct(token, '#'));
            }
            TokenTree::Group(group) => {
                let inner = without_docs(group.stream());
                kept.push(Group::new(group.delimiter(), inner).into());
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

/// Whether a group is the `[doc = ".."]` of an attribute.
fn is_doc(group: &Group) -> bool {
    let mut tokens = group.stream().into_iter();
    group.delimiter() == Delimiter::Bracket
        && matches!(tokens.next(), Some(TokenTree::Ident(ident)) if ident == "doc")
        && tokens.next().is_some_and(|token| is_punct(&token, '='))
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

/// `#![doc]` attributes, for the enclosing module.
pub(crate) fn inner_doc(text: &str) -> TokenStream {
    let lines = lines(text);
    quote!(#(#![doc = #lines])*)
}

fn lines(text: &str) -> Vec<String> {
    let line = |line: &str| {
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    };
    text.lines().map(line).collect()
}

/// Documentation and `#[deprecated]` of an item: the text of the model, or `otherwise` if it has
/// none, followed by `notes`.
pub(crate) fn attributes(docs: &Docs, otherwise: &str, notes: &[String]) -> TokenStream {
    Converted::new(docs).attributes(otherwise, notes)
}

/// Documentation whose text is converted once, for everything that shows it.
pub(crate) struct Converted<'a> {
    docs: &'a Docs,
    text: String,
}

impl<'a> Converted<'a> {
    pub(crate) fn new(docs: &'a Docs) -> Self {
        let text = rustdoc(docs.text.as_deref().unwrap_or_default());
        Self { docs, text }
    }

    /// See [`attributes`].
    fn attributes(&self, otherwise: &str, notes: &[String]) -> TokenStream {
        let doc = doc(&self.paragraphs(otherwise, notes));
        let deprecated = self.docs.deprecated.as_ref();
        let deprecated = deprecated.map(|Deprecated { message, since }| {
            let since = since.iter().map(|since| quote!(since = #since));
            let note = message.iter().map(|message| quote!(note = #message));
            let arguments = since.chain(note).collect::<Vec<_>>();
            if arguments.is_empty() {
                quote!(#[deprecated])
            } else {
                quote!(#[deprecated(#(#arguments),*)])
            }
        });
        quote!(#doc #deprecated)
    }

    /// Documentation and `#[deprecated]` of a field. Facts about it continue the paragraph if the
    /// text of the model is one line.
    pub(crate) fn field(&self, otherwise: &str, facts: String) -> TokenStream {
        if facts.is_empty() {
            return self.attributes(otherwise, &[]);
        }
        match self.summary().filter(|line| line.ends_with('.')) {
            Some(line) if self.text == line => {
                let rest = Self {
                    docs: self.docs,
                    text: format!("{line}\n{facts}"),
                };
                rest.attributes(otherwise, &[])
            }
            _ => self.attributes(otherwise, &[facts]),
        }
    }

    /// The first paragraph, if it is one line of plain text.
    pub(crate) fn summary(&self) -> Option<&str> {
        let mut lines = self.text.lines();
        let line = lines.next()?;
        let plain = line.starts_with(char::is_alphabetic) && !line.contains('[');
        (plain && lines.next().is_none_or(str::is_empty)).then_some(line)
    }

    fn paragraphs(&self, otherwise: &str, notes: &[String]) -> String {
        let Docs {
            text: _,
            deprecated: _,
            since,
            links,
            unstable,
            internal,
        } = self.docs;
        let mut paragraphs = vec![if self.text.is_empty() {
            otherwise.to_owned()
        } else {
            self.text.clone()
        }];
        paragraphs.extend(notes.iter().cloned());
        if *unstable {
            paragraphs.push("Unstable: this may change without notice.".to_owned());
        }
        if *internal {
            paragraphs.push("Internal to the service: not meant for callers.".to_owned());
        }
        paragraphs.extend(
            since
                .as_ref()
                .map(|since| format!("Since {}.", rustdoc(since))),
        );
        paragraphs.extend(links.iter().filter_map(|(title, url)| link(title, url)));
        paragraphs.join("\n\n")
    }
}

/// Documentation of the enclosing module.
pub(crate) fn inner_attributes(docs: &Docs, otherwise: &str) -> TokenStream {
    inner_doc(&Converted::new(docs).paragraphs(otherwise, &[]))
}

/// A link, if its address is an absolute URL.
fn link(title: &str, url: &str) -> Option<String> {
    let absolute = url.starts_with("https://") || url.starts_with("http://");
    let plain = url
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"<>()[]\\`".contains(&byte));
    (absolute && plain).then(|| format!("{}: <{url}>", rustdoc(title)))
}

/// Whether members are bound to parts of HTTP messages.
fn has_http_bindings(cx: &Cx<'_>) -> bool {
    let mut protocols = cx.service.protocols.iter();
    protocols.any(|protocol| protocol.spec().bindings == Bindings::Http)
}

/// The method and path of an operation, and its errors with their status.
pub(crate) fn operation(cx: &Cx<'_>, operation: &Operation) -> Option<String> {
    let base = cx.service.base_path.as_deref().unwrap_or_default();
    let http = operation.http.as_ref().filter(|_| has_http_bindings(cx));
    let request = http.map(|http| {
        let request = code(&format!("{} {base}{}", http.method, http.uri));
        format!("HTTP request: {request}.")
    });
    let errors = operation.errors.iter().filter_map(|id| {
        let error = cx.service.error(&cx.model.shapes[*id])?;
        let names = cx.names.shape(*id);
        Some((error.status, names.ident.text(), names.module.name()))
    });
    let mut errors = errors.collect::<Vec<_>>();
    errors.sort_unstable();
    let heading = (!errors.is_empty()).then(|| "Errors by status:".to_owned());
    let errors = errors
        .into_iter()
        .map(|(status, name, module)| format!("- {status}: [`{name}`](super::{module}::{name})"));
    let first = request.into_iter().chain(heading).collect::<Vec<_>>();
    let lines = std::iter::once(first.join(" ")).chain(errors);
    (!first.is_empty()).then(|| lines.collect::<Vec<_>>().join("\n"))
}

/// The name of a member on the wire, if it is not the member's own, or the part of the HTTP message
/// to which the member is bound.
pub(crate) fn wire_name(cx: &Cx<'_>, member: &Member) -> Option<String> {
    let binding = if has_http_bindings(cx) {
        &member.binding
    } else {
        &Binding::Document
    };
    match binding {
        Binding::Document => (member.json_name != member.name && schema::has_json_names(cx))
            .then(|| format!("Wire name: {}.", code(&member.json_name))),
        Binding::Label => Some(format!("Sent as the path label {}.", code(&member.name))),
        Binding::Query(name) => Some(format!("Sent as the query parameter {}.", code(name))),
        Binding::QueryParams => Some("Sent as query parameters, by name.".to_owned()),
        Binding::Header(name) => Some(format!("Sent as the header {}.", code(name))),
        Binding::PrefixHeaders(prefix) if prefix.is_empty() => {
            Some("Sent as headers, by name.".to_owned())
        }
        Binding::PrefixHeaders(prefix) => Some(format!(
            "Sent as headers that start with {}, by the rest of their names.",
            code(prefix)
        )),
        Binding::Payload => Some("Sent as the HTTP body.".to_owned()),
        Binding::StatusCode => Some("Sent as the HTTP status code.".to_owned()),
    }
}

/// A note on a member that is a stream.
pub(crate) fn stream(model: &Model, member: &Member) -> Option<String> {
    if member.streams_events(model) {
        return Some("A stream of events. They are read as they arrive.".to_owned());
    }
    if !member.streams_bytes(model) {
        return None;
    }
    let length = if member.requires_length {
        " Its length must be known before it is sent."
    } else {
        ""
    };
    Some(format!(
        "A stream, which can be read once and is not buffered in memory.{length}"
    ))
}

/// What null or unknown members mean to a member.
pub(crate) fn null(member: &Member) -> Option<String> {
    if member.json_unknown {
        return Some("The members of the object that are not in the model.".to_owned());
    }
    let text = "Null is a value, which differs from a missing one.";
    member.nullable.then(|| text.to_owned())
}

/// The constraints of a member.
pub(crate) fn constraints(constraints: &Constraints, unit: &str) -> Option<String> {
    let Constraints {
        length,
        range,
        pattern,
        unique_items,
        format,
    } = constraints;
    // An integer as such, however it is written; any other number as written.
    let number = |number: &Number| match number.as_i64() {
        Some(integer) => integer.to_string(),
        None => number.to_string(),
    };
    let length = length.and_then(|length| {
        between(
            length.min.filter(|min| *min > 0).map(|min| min.to_string()),
            length.max.map(|max| max.to_string()),
        )
        .map(|bounds| format!("{bounds} {unit}"))
    });
    let range = range.as_ref().and_then(|range| {
        between(
            range.min.as_ref().map(number),
            range.max.as_ref().map(number),
        )
    });
    let unique = unique_items.then(|| "no duplicates".to_owned());
    let pattern = pattern
        .as_ref()
        .map(|pattern| format!("matches {}", code(pattern)));
    let format = format.map(|format| self::format(format).to_owned());
    let parts = [length, range, unique, pattern, format]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    (!parts.is_empty()).then(|| format!("Constraints: {}.", parts.join("; ")))
}

fn format(format: Format) -> &'static str {
    match format {
        Format::Uuid => "a UUID",
        Format::Date => "a date such as `2025-08-15`",
        Format::LocalTime => "a time such as `13:26:51.5`",
        Format::LocalDateTime => "a date and time such as `2025-08-15T13:26:51.5`",
        Format::OffsetTime => "a time such as `13:26:51.5+02:00`",
        Format::ZoneOffset => "an offset from UTC such as `+02:00`",
        Format::YearMonth => "a month such as `2025-08`",
        Format::MonthDay => "a day such as `08-15`",
        Format::Duration => "seconds with at most 9 decimals",
        Format::OffsetDateTime => "may have an offset from UTC, which is not kept",
    }
}

fn between(min: Option<String>, max: Option<String>) -> Option<String> {
    match (min, max) {
        (Some(min), Some(max)) if min == max => Some(format!("exactly {min}")),
        (Some(min), Some(max)) => Some(format!("{min} to {max}")),
        (Some(min), None) => Some(format!("at least {min}")),
        (None, Some(max)) => Some(format!("at most {max}")),
        (None, None) => None,
    }
}

/// The default of a member.
pub(crate) fn presence(presence: &Presence) -> Option<String> {
    let (Presence::Default(value) | Presence::Optional(Some(value))) = presence else {
        return None;
    };
    let value = match value {
        DefaultValue::Boolean(value) => code(&value.to_string()),
        DefaultValue::Integer(value) => code(&value.to_string()),
        // As on the wire: `Debug` prints `inf` and `-inf`.
        DefaultValue::Float(f64::INFINITY) => code("Infinity"),
        DefaultValue::Float(f64::NEG_INFINITY) => code("-Infinity"),
        DefaultValue::Float(value) => code(&format!("{value:?}")),
        DefaultValue::Number(value) => code(value),
        DefaultValue::String(value) => code(&format!("{value:?}")),
        DefaultValue::Blob(bytes) if bytes.is_empty() => "no bytes".to_owned(),
        DefaultValue::Blob(bytes) => format!("{} bytes given in the model", bytes.len()),
        DefaultValue::Timestamp {
            seconds,
            nanoseconds,
        } => code(&date_time(*seconds, *nanoseconds)),
        DefaultValue::EmptyList | DefaultValue::EmptyMap => "empty".to_owned(),
        DefaultValue::Document(value) => code(&value.to_string()),
    };
    Some(format!("Default: {value}."))
}

/// A date and time of RFC 3339, in UTC. `seconds` is rounded down: -1 second and 750,000,000
/// nanoseconds are a quarter of a second before 1970.
fn date_time(seconds: i64, nanoseconds: u32) -> String {
    let Civil {
        year,
        month,
        day,
        hour,
        minute,
        second,
    } = Civil::at(seconds);
    let fraction = format!(".{nanoseconds:09}");
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// A code span of `text`, which may contain backticks (`CommonMark`, "Code spans").
pub(crate) fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}
