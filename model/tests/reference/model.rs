//! Reads a Smithy JSON AST just far enough to be held against the documents, and on its own: the
//! proof must not share a mistake with the crate that generation uses.

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// A model file.
#[derive(Debug)]
pub(crate) struct Model<'a> {
    /// Namespace of the service.
    pub(crate) namespace: String,
    /// The service shape.
    pub(crate) service: &'a Value,
    /// All shapes.
    pub(crate) shapes: &'a Map<String, Value>,
}

/// A member with its name on the wire.
#[derive(Clone, Debug)]
pub(crate) struct Member<'a> {
    /// Shape id of the target.
    pub(crate) target: &'a str,
    /// Traits of the target, overridden by those of the member.
    pub(crate) traits: IndexMap<&'a str, &'a Value>,
    /// Traits of the member alone.
    pub(crate) own: Option<&'a Map<String, Value>>,
}

impl<'a> Model<'a> {
    /// The model in this JSON.
    pub(crate) fn new(json: &'a Value) -> Result<Self, String> {
        let shapes = json["shapes"]
            .as_object()
            .ok_or("the model has no shapes")?;
        let mut services = shapes
            .iter()
            .filter(|(_, shape)| shape["type"] == "service");
        let (id, service) = services.next().ok_or("the model has no service")?;
        if services.next().is_some() {
            return Err("the model has two services".to_owned());
        }
        let namespace = id.split('#').next().unwrap_or_default().to_owned();
        Ok(Self {
            namespace,
            service,
            shapes,
        })
    }

    /// The id of a name of this service.
    pub(crate) fn id(&self, name: &str) -> String {
        format!("{}#{name}", self.namespace)
    }

    /// The targets listed under a key of a shape.
    pub(crate) fn targets(shape: &'a Value, key: &str) -> Vec<&'a str> {
        let list = shape[key].as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter()
            .filter_map(|entry| entry["target"].as_str())
            .collect()
    }

    /// `structure`, `string`, ..; for shapes of the prelude their kind; nothing for a dangling id.
    pub(crate) fn kind(&self, id: &str) -> Option<&'a str> {
        if let Some(shape) = self.shapes.get(id) {
            return shape["type"].as_str();
        }
        Some(match id {
            "smithy.api#String" => "string",
            "smithy.api#Double" => "double",
            "smithy.api#Integer" => "integer",
            "smithy.api#Boolean" => "boolean",
            "smithy.api#Document" => "document",
            _ => return None,
        })
    }

    /// A trait of a shape.
    pub(crate) fn shape_trait(&self, id: &str, name: &str) -> Option<&'a Value> {
        self.shapes
            .get(id)?
            .get("traits")?
            .get(format!("smithy.api#{name}"))
    }

    /// The members of a structure by wire name, those of its mixins first; ids of the mixins go to
    /// `seen`.
    pub(crate) fn members(&self, id: &str, seen: &mut Vec<String>) -> IndexMap<String, Member<'a>> {
        let mut members = IndexMap::new();
        let Some(shape) = self.shapes.get(id) else {
            return members;
        };
        seen.push(id.to_owned());
        for mixin in Self::targets(shape, "mixins") {
            members.extend(self.members(mixin, seen));
        }
        for (name, member) in shape["members"].as_object().into_iter().flatten() {
            let member = self.member(member);
            let wire = member
                .traits
                .get("smithy.api#jsonName")
                .and_then(|name| name.as_str())
                .unwrap_or(name);
            members.insert(wire.to_owned(), member);
        }
        members
    }

    fn member(&self, member: &'a Value) -> Member<'a> {
        let target = member["target"].as_str().unwrap_or_default();
        let own = member["traits"].as_object();
        let of_target = self
            .shapes
            .get(target)
            .and_then(|shape| shape["traits"].as_object());
        let traits = of_target
            .into_iter()
            .chain(own)
            .flatten()
            .map(|(name, value)| (name.as_str(), value))
            .collect();
        Member {
            target,
            traits,
            own,
        }
    }

    /// The target of the members of a list, or of the values of a map.
    pub(crate) fn element(&self, id: &str, key: &str) -> Option<&'a str> {
        self.shapes.get(id)?.get(key)?.get("target")?.as_str()
    }

    /// The values of an enum.
    pub(crate) fn values(&self, id: &str) -> Vec<&'a str> {
        let members = self
            .shapes
            .get(id)
            .and_then(|shape| shape["members"].as_object());
        let value = |member: &'a Value| member["traits"]["smithy.api#enumValue"].as_str();
        members
            .into_iter()
            .flatten()
            .filter_map(|(_, member)| value(member))
            .collect()
    }
}

impl Member<'_> {
    /// Whether the member or its target has the trait.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.traits
            .contains_key(format!("smithy.api#{name}").as_str())
    }

    /// Whether the member itself has the trait.
    pub(crate) fn itself_has(&self, name: &str) -> bool {
        self.own
            .is_some_and(|traits| traits.contains_key(&format!("smithy.api#{name}")))
    }

    /// `min` and `max` of a `range` or `length`.
    pub(crate) fn limits(&self, name: &str) -> crate::facts::Limits {
        let limits = self.traits.get(format!("smithy.api#{name}").as_str());
        let end = |key| limits.and_then(|limits| limits[key].as_u64());
        (end("min"), end("max"))
    }
}
