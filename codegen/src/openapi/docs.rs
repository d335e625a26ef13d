//! Documentation, deprecation and links.

use drawplate_model::model::{Deprecated, Docs};
use serde_json::json;

use super::Object;
use crate::docs::common_mark;

/// Adds the documentation of a member; what it lacks is taken from its target.
pub(super) fn describe_value(object: &mut Object, member: &Docs, target: Option<&Docs>) {
    describe(object, member);
    if let Some(target) = target {
        if !object.contains_key("description")
            && let Some(text) = description(target)
        {
            object.insert("description".into(), json!(text));
        }
        if target.deprecated.is_some() {
            object.insert("deprecated".into(), json!(true));
        }
        if target.internal {
            object.insert("x-internal".into(), json!(true));
        }
    }
}

/// Adds the documentation of an object that can be deprecated.
pub(super) fn describe(object: &mut Object, docs: &Docs) {
    if let Some(text) = description(docs) {
        object.insert("description".into(), json!(text));
    }
    if docs.deprecated.is_some() {
        object.insert("deprecated".into(), json!(true));
    }
    // A convention of linters and viewers.
    if docs.internal {
        object.insert("x-internal".into(), json!(true));
    }
}

/// Adds the first link of the documentation. The others are in the description.
pub(super) fn link(object: &mut Object, docs: &Docs) {
    if let Some((title, url)) = docs.links.first() {
        let link = json!({ "description": title, "url": url });
        object.insert("externalDocs".into(), link);
    }
}

/// The documentation as `CommonMark`: the text, then what OpenAPI has no field for.
pub(super) fn description(docs: &Docs) -> Option<String> {
    let Docs {
        text,
        deprecated,
        since,
        links,
        unstable,
        internal: _,
    } = docs;
    let mut paragraphs = text
        .as_deref()
        .map(common_mark)
        .into_iter()
        .collect::<Vec<_>>();
    let Deprecated {
        message,
        since: gone,
    } = deprecated.clone().unwrap_or_default();
    match (message, gone) {
        (Some(message), Some(since)) => {
            paragraphs.push(format!(
                "**Deprecated since {since}:** {}",
                common_mark(&message)
            ));
        }
        (Some(message), None) => {
            paragraphs.push(format!("**Deprecated:** {}", common_mark(&message)));
        }
        (None, Some(since)) => paragraphs.push(format!("**Deprecated since {since}.**")),
        (None, None) => {}
    }
    if let Some(since) = since {
        paragraphs.push(format!("Since {since}."));
    }
    if *unstable {
        paragraphs.push("This is unstable and may change.".to_owned());
    }
    let links = links
        .iter()
        .skip(1)
        .map(|(title, url)| format!("- [{title}](<{url}>)"));
    let links = links.collect::<Vec<_>>().join("\n");
    if !links.is_empty() {
        paragraphs.push(links);
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}
