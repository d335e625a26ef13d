//! Holds a model against the samples of bodies.

use super::Comparison;
use crate::sample::{Body, Sample};

impl Comparison<'_> {
    /// The sample shows the members of the structure, all of them and no others, at every depth.
    /// `except` names the members of an input that are no part of its body, `path` is for messages.
    pub(super) fn sample(&mut self, sample: &Sample, id: &str, except: &[String], path: &str) {
        let place = sample.place.to_string();
        if let Body::Object(entries) = &sample.body {
            return self.sample_members(&place, entries, id, except, path);
        }
        self.note(place, format!("the sample of {path} is no object"));
    }

    fn sample_members(
        &mut self,
        place: &str,
        entries: &[(String, Body)],
        id: &str,
        except: &[String],
        path: &str,
    ) {
        let members = self.model.members(id, &mut self.seen);
        for (name, body) in entries {
            match members.get(name) {
                Some(member) => {
                    self.sample_value(place, body, member.target, &format!("{path}.{name}"));
                }
                None => self.note(
                    place,
                    format!("the sample shows {path}.{name}, which the model does not have"),
                ),
            }
        }
        for name in members.keys().filter(|name| !except.contains(name)) {
            if !entries.iter().any(|(shown, _)| shown == name) {
                self.note(place, format!("the sample does not show {path}.{name}"));
            }
        }
    }

    fn sample_value(&mut self, place: &str, body: &Body, target: &str, path: &str) {
        self.seen.push(target.to_owned());
        let kind = self.model.kind(target).unwrap_or("nothing");
        // The syntax of the Cognito page knows no word for values, the samples of the Amplify
        // documents do.
        let valued = if self
            .facts
            .operations
            .iter()
            .all(|operation| operation.route.is_none())
        {
            "string"
        } else {
            "enum"
        };
        let fits = match body {
            Body::Object(entries) if entries.is_empty() => {
                kind == "document"
                    || self
                        .added
                        .structures
                        .iter()
                        .any(|(name, _)| self.model.id(name) == target)
            }
            Body::Object(entries) if kind == "structure" => {
                return self.sample_members(place, entries, target, &[], path);
            }
            Body::Object(entries) => {
                matches!(entries.as_slice(), [(key, Body::Leaf(value))] if key == "string" && value == "string")
                    && kind == "map"
                    && self.is_string_map(target)
            }
            Body::Array(element) => match self
                .model
                .element(target, "member")
                .filter(|_| kind == "list")
            {
                Some(own) => return self.sample_value(place, element, own, path),
                None => false,
            },
            Body::Leaf(word) => match kind {
                "double" => word == "number",
                "enum" => word == valued,
                kind => word == kind,
            },
        };
        if !fits {
            self.note(
                place,
                format!(
                    "the sample shows {path} as {body:?}, in the model it is {target}, a {kind}"
                ),
            );
        }
    }
}
