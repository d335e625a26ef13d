//! Documentation attributes: what the model says about an item, and what its traits say about its values.

use drawplate_model::model::{
    Constraints, DefaultValue, Deprecated, Docs, Member, Model, Number, Presence,
};
use proc_macro2::TokenStream;
use quote::quote;

use crate::docs::rustdoc;

/// `#[doc]` attributes, one per line, so that they print as `///`.
pub(crate) fn doc(text: &str) -> TokenStream {
    let lines = lines(text);
    quote!(#(#[doc = #lines])*)
}

/// The same for the module that the attributes stand in.
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

/// Documentation and `#[deprecated]` of an item: the model's text, or `otherwise` where it has none, then `notes`.
pub(crate) fn attributes(docs: &Docs, otherwise: &str, notes: &[String]) -> TokenStream {
    let doc = doc(&paragraphs(docs, otherwise, notes));
    let deprecated = docs
        .deprecated
        .as_ref()
        .map(|Deprecated { message, since }| {
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

/// Documentation of the module that the attributes stand in.
pub(crate) fn inner_attributes(docs: &Docs, otherwise: &str) -> TokenStream {
    inner_doc(&paragraphs(docs, otherwise, &[]))
}

fn paragraphs(docs: &Docs, otherwise: &str, notes: &[String]) -> String {
    let Docs {
        text,
        deprecated: _,
        since,
        links,
        unstable,
        internal,
    } = docs;
    let text = rustdoc(text.as_deref().unwrap_or_default());
    let mut paragraphs = vec![if text.is_empty() {
        otherwise.to_owned()
    } else {
        text
    }];
    paragraphs.extend(notes.iter().cloned());
    if *unstable {
        paragraphs.push("Unstable: it may change.".to_owned());
    }
    if *internal {
        paragraphs.push("Internal to the service.".to_owned());
    }
    paragraphs.extend(
        since
            .as_ref()
            .map(|since| format!("Since {}.", rustdoc(since))),
    );
    paragraphs.extend(links.iter().filter_map(|(title, url)| link(title, url)));
    paragraphs.join("\n\n")
}

/// A link, if its address is one that a reader can follow.
fn link(title: &str, url: &str) -> Option<String> {
    let absolute = url.starts_with("https://") || url.starts_with("http://");
    let plain = url
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"<>()[]\\`".contains(&byte));
    (absolute && plain).then(|| format!("{}: <{url}>", rustdoc(title)))
}

/// That a member is not held in memory.
pub(crate) fn stream(model: &Model, member: &Member) -> Vec<String> {
    if member.streams_events(model) {
        return vec!["A stream of events, which come while it is read.".to_owned()];
    }
    if !member.streams_bytes(model) {
        return Vec::new();
    }
    let length = if member.requires_length {
        " Its length must be known before it is sent."
    } else {
        ""
    };
    vec![format!(
        "A stream: it is not held in memory, and read once.{length}"
    )]
}

/// What is valid for a member, in words.
pub(crate) fn constraints(constraints: &Constraints, unit: &str) -> Vec<String> {
    let Constraints {
        length,
        range,
        pattern,
        unique_items,
    } = constraints;
    let number = |number: Number| match number {
        Number::Integer(integer) => integer.to_string(),
        Number::Float(float) => float.to_string(),
    };
    let length = length.and_then(|length| {
        between(
            length.min.filter(|min| *min > 0).map(|min| min.to_string()),
            length.max.map(|max| max.to_string()),
        )
        .map(|bounds| format!("{bounds} {unit}"))
    });
    let range = range.and_then(|range| between(range.min.map(number), range.max.map(number)));
    let unique = unique_items.then(|| "no two alike".to_owned());
    let pattern = pattern
        .as_ref()
        .map(|pattern| format!("matches {}", code(pattern)));
    let parts = [length, range, unique, pattern]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    if parts.is_empty() {
        Vec::new()
    } else {
        vec![format!("Valid: {}.", parts.join("; "))]
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

/// What a member is when nobody sets it.
pub(crate) fn presence(presence: &Presence) -> Vec<String> {
    let (Presence::Default(value) | Presence::Optional(Some(value))) = presence else {
        return Vec::new();
    };
    let value = match value {
        DefaultValue::Boolean(value) => code(&value.to_string()),
        DefaultValue::Integer(value) => code(&value.to_string()),
        // As it travels: Rust's own words would be `inf` and `-inf`.
        DefaultValue::Float(f64::INFINITY) => code("Infinity"),
        DefaultValue::Float(f64::NEG_INFINITY) => code("-Infinity"),
        DefaultValue::Float(value) => code(&format!("{value:?}")),
        DefaultValue::Number(value) => code(value),
        DefaultValue::String(value) => code(&format!("{value:?}")),
        DefaultValue::Blob(bytes) if bytes.is_empty() => "no bytes".to_owned(),
        DefaultValue::Blob(bytes) => format!("{} bytes that the model gives", bytes.len()),
        DefaultValue::Timestamp {
            seconds,
            nanoseconds,
        } => code(&date_time(*seconds, *nanoseconds)),
        DefaultValue::EmptyList | DefaultValue::EmptyMap => "empty".to_owned(),
        DefaultValue::Document(value) => code(&value.to_string()),
    };
    vec![format!("Default: {value}.")]
}

/// The date and time of RFC 3339, in UTC. `seconds` is rounded down, so that -1 and 0.75 of a second are a quarter before 1970.
fn date_time(seconds: i64, nanoseconds: u32) -> String {
    let nanoseconds = i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds);
    jiff::Timestamp::from_nanosecond(nanoseconds)
        .expect("a default is within the years 0 to 9999, or was read by the same crate")
        .to_string()
}

/// A code span that holds `text` as it is, whatever backticks there are in it (`CommonMark`, "Code spans").
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
