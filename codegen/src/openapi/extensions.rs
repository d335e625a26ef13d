//! Traits that become extensions of the specification.

use std::collections::BTreeMap;

use drawplate_model::model::Model;
use drawplate_model::node::{Node, Object as NodeObject};
use drawplate_model::traits::Traits;

use super::Object;
use super::node;

/// The trait that marks the definition of a trait as an extension.
const EXTENSION: &str = "smithy.openapi#specificationExtension";
/// The trait with extensions as they are.
const EXTENSIONS: &str = "alloy.openapi#openapiExtensions";

/// The traits of a model that are extensions.
#[derive(Debug, Default)]
pub(super) struct Extensions {
    /// Keys of documents, by the absolute shape id of the trait.
    keys: BTreeMap<String, String>,
}

impl Extensions {
    /// The traits of a model. A trait that names no key has one made of its id.
    pub(super) fn new(model: &Model) -> Self {
        let definitions = model.trait_definitions.iter();
        let keys = definitions.filter_map(|definition| {
            let id = definition.name.as_str();
            let named = definition.traits.get(EXTENSION)?.get("as");
            let key = named.and_then(Node::as_str).map(str::to_owned);
            let key = key.unwrap_or_else(|| format!("x-{}", id.replace(['.', '#'], "-")));
            Some((id.to_owned(), key))
        });
        Self {
            keys: keys.collect(),
        }
    }

    /// Adds the extensions among the traits of something. They replace nothing.
    pub(super) fn add(&self, object: &mut Object, traits: &Traits) {
        for applied in traits.iter() {
            if let Some(key) = self.keys.get(applied.id()) {
                insert(object, key, applied.value());
            }
        }
        let listed = traits.get(EXTENSIONS).and_then(Node::as_object);
        for (key, value) in listed.into_iter().flat_map(NodeObject::iter) {
            if key.starts_with("x-") {
                insert(object, key, value);
            }
        }
    }
}

fn insert(object: &mut Object, key: &str, value: &Node<'_>) {
    object.entry(key).or_insert_with(|| node::json(value));
}
