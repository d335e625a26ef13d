//! Holds a model against what the documents state, both ways.

#[path = "compare_samples.rs"]
mod samples;

use serde_json::Value;

use crate::facts::{Facts, Member, Operation, Shape, Type};
use crate::model::{self, Model};

/// What a model has and no document states, because the published client settles it. Each entry has
/// to be needed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Added {
    /// Structures in the place of a printed `object`, with their members.
    pub(crate) structures: &'static [(&'static str, &'static [&'static str])],
    /// Enums that only those structures use, with their values.
    pub(crate) enums: &'static [(&'static str, &'static [&'static str])],
    /// `Shape.member` that is required though only samples show it.
    pub(crate) required: &'static [&'static str],
}

/// How much of the service a document covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it: what the document lacks, the model must not have.
    Whole,
    /// One operation.
    Part,
}

/// Every difference, in words.
pub(crate) fn differences(
    facts: &Facts,
    json: &Value,
    extent: Extent,
    added: Added,
) -> Vec<String> {
    match Model::new(json) {
        Ok(model) => {
            let mut comparison = Comparison {
                model,
                added,
                facts,
                seen: Vec::new(),
                problems: Vec::new(),
            };
            comparison.all(extent);
            comparison.problems.sort();
            comparison.problems.dedup();
            comparison.problems
        }
        Err(problem) => vec![problem],
    }
}

struct Comparison<'a> {
    model: Model<'a>,
    added: Added,
    facts: &'a Facts,
    /// Ids of the model's shapes that a document speaks of.
    seen: Vec<String>,
    problems: Vec<String>,
}

impl<'a> Comparison<'a> {
    fn all(&mut self, extent: Extent) {
        let facts = self.facts;
        for operation in &facts.operations {
            self.operation(operation);
        }
        for shape in &facts.shapes {
            let id = self.model.id(&shape.name);
            self.shape(shape, &id, &[]);
        }
        if !facts.cors.is_empty() && self.model.service["traits"]["smithy.api#cors"].is_null() {
            self.problems
                .push("every resource has OPTIONS, but the service has no cors trait".to_owned());
        }
        if extent == Extent::Whole {
            self.added_structures();
            self.only_shown();
            self.nothing_else();
        }
    }

    fn note(&mut self, place: impl std::fmt::Display, what: impl std::fmt::Display) {
        self.problems.push(format!("{place}: {what}"));
    }

    fn operation(&mut self, facts: &'a Operation) {
        let id = self.model.id(&facts.name);
        let Some(operation) = self
            .model
            .shapes
            .get(&id)
            .filter(|shape| shape["type"] == "operation")
        else {
            return self.note(
                &facts.place,
                format!("the model has no operation {}", facts.name),
            );
        };
        self.seen.push(id.clone());
        if !Model::targets(self.model.service, "operations").contains(&id.as_str()) {
            self.note(
                &facts.place,
                format!("the service does not list {}", facts.name),
            );
        }
        let http = &operation["traits"]["smithy.api#http"];
        let base = self.model.service["traits"]["drawplate#basePath"]
            .as_str()
            .unwrap_or_default();
        let route = http["method"].as_str().zip(http["uri"].as_str());
        let route = route.map(|(method, uri)| (method.to_owned(), format!("{base}{uri}")));
        if route != facts.route {
            self.note(
                &facts.place,
                format!(
                    "{} is at {:?}, in the model at {route:?}",
                    facts.name, facts.route
                ),
            );
        }
        self.input(facts, operation);
        self.responses(facts, operation);
    }

    /// Labels and body of an operation are one structure in the model, two things in the documents.
    fn input(&mut self, facts: &'a Operation, operation: &'a Value) {
        let id = operation["input"]["target"].as_str().unwrap_or_default();
        let members = self.model.members(id, &mut self.seen);
        let labels: Vec<&String> = members
            .iter()
            .filter(|(_, member)| member.has("httpLabel"))
            .map(|(name, _)| name)
            .collect();
        let (mut printed, mut own) = (
            facts.labels.clone(),
            labels.iter().map(|&name| name.clone()).collect::<Vec<_>>(),
        );
        printed.sort();
        own.sort();
        if printed != own {
            self.note(
                &facts.place,
                format!(
                    "{} has the path parameters {printed:?}, in the model {own:?}",
                    facts.name
                ),
            );
        }
        for label in &facts.labels {
            if let Some(member) = members.get(label) {
                let plain = self.model.kind(member.target) == Some("string");
                if !plain || !member.itself_has("required") || constrained(member) {
                    self.note(
                        &facts.place,
                        format!(
                            "{}.{label} is not a plain required string in the model",
                            facts.name
                        ),
                    );
                }
            }
        }
        let empty = Shape {
            place: facts.place.clone(),
            name: format!("the body of {}", facts.name),
            members: Vec::new(),
            values: Vec::new(),
            deprecated: false,
        };
        self.shape(facts.request.as_ref().unwrap_or(&empty), id, &facts.labels);
        if let Some(sample) = &facts.request_sample {
            self.sample(sample, id, &facts.labels, &facts.name);
        }
    }

    fn responses(&mut self, facts: &'a Operation, operation: &'a Value) {
        let errors = Model::targets(operation, "errors");
        for (status, name, place) in &facts.responses {
            let id = self.model.id(name);
            if *status == 200 {
                if operation["output"]["target"].as_str() != Some(&id) {
                    self.note(
                        place,
                        format!("{} answers with {name}, not so in the model", facts.name),
                    );
                }
                continue;
            }
            if !errors.contains(&id.as_str()) {
                self.note(
                    place,
                    format!("{} can fail with {name}, not so in the model", facts.name),
                );
            }
            let own = self
                .model
                .shape_trait(&id, "httpError")
                .and_then(Value::as_u64);
            if own != Some(u64::from(*status)) {
                self.note(
                    place,
                    format!("{name} has the status {status}, in the model {own:?}"),
                );
            }
            let fault = self.model.shape_trait(&id, "error").and_then(Value::as_str);
            if fault != Some(if *status < 500 { "client" } else { "server" }) {
                self.note(
                    place,
                    format!("{name} is in the model the fault of {fault:?}"),
                );
            }
        }
        for id in errors {
            if !facts
                .responses
                .iter()
                .any(|(status, name, _)| *status != 200 && self.model.id(name) == id)
            {
                self.note(
                    &facts.place,
                    format!("{} cannot fail with {id}, in the model it can", facts.name),
                );
            }
        }
        for (name, sample) in &facts.response_samples {
            let id = self.model.id(name);
            self.sample(sample, &id, &[], name);
        }
    }

    fn shape(&mut self, facts: &Shape, id: &str, except: &[String]) {
        if !facts.values.is_empty() {
            return self.enumeration(&facts.place, id, &facts.values);
        }
        if self.model.kind(id) != Some("structure") {
            return self.note(
                &facts.place,
                format!("{} is not a structure in the model", facts.name),
            );
        }
        if self.model.shape_trait(id, "deprecated").is_some() != facts.deprecated {
            self.note(
                &facts.place,
                format!("{} is deprecated on one side only", facts.name),
            );
        }
        let members = self.model.members(id, &mut self.seen);
        for printed in &facts.members {
            match members.get(&printed.name) {
                Some(member) => self.member(&facts.name, printed, member),
                None => self.note(
                    &printed.place,
                    format!("{}.{} is not in the model", facts.name, printed.name),
                ),
            }
        }
        for name in members.keys().filter(|name| !except.contains(name)) {
            if !facts.members.iter().any(|printed| printed.name == *name) {
                self.note(
                    &facts.place,
                    format!(
                        "{}.{name} is in the model and not in this section",
                        facts.name
                    ),
                );
            }
        }
    }

    fn member(&mut self, shape: &str, facts: &Member, member: &model::Member<'a>) {
        let Member {
            place,
            name,
            ty,
            required,
            values,
            range,
            length,
            pattern,
            deprecated,
        } = facts;
        let mut differ = |what: &str, printed: String, own: String| {
            if printed != own {
                self.problems.push(format!(
                    "{place}: {shape}.{name} has {what} {printed}, in the model {own}"
                ));
            }
        };
        differ(
            "required",
            required.to_string(),
            member.itself_has("required").to_string(),
        );
        differ(
            "deprecated",
            deprecated.to_string(),
            member.itself_has("deprecated").to_string(),
        );
        differ(
            "range",
            format!("{range:?}"),
            format!("{:?}", member.limits("range")),
        );
        differ(
            "length",
            format!("{length:?}"),
            format!("{:?}", member.limits("length")),
        );
        let own = member
            .traits
            .get("smithy.api#pattern")
            .and_then(|pattern| pattern.as_str());
        differ(
            "pattern",
            format!("{:?}", pattern.as_deref()),
            format!("{own:?}"),
        );
        if !self.is_type(ty, values, member.target) {
            self.note(
                place,
                format!(
                    "{shape}.{name} is {ty:?} of {values:?}, in the model {}",
                    member.target
                ),
            );
        }
        if !values.is_empty() {
            let element = self
                .model
                .element(member.target, "member")
                .unwrap_or(member.target);
            self.enumeration(place, element, values);
        }
    }

    fn is_type(&mut self, ty: &Type, values: &[String], target: &str) -> bool {
        let Some(kind) = self.model.kind(target) else {
            return false;
        };
        self.seen.push(target.to_owned());
        match ty {
            Type::String => kind == if values.is_empty() { "string" } else { "enum" },
            Type::Number => kind == "double",
            Type::Integer => kind == "integer",
            Type::Boolean => kind == "boolean",
            Type::Object => {
                kind == "document"
                    || self
                        .added
                        .structures
                        .iter()
                        .any(|(name, _)| self.model.id(name) == target)
            }
            Type::StringMap => kind == "map" && self.is_string_map(target),
            Type::Named(name) => self.model.id(name) == target,
            Type::Array(element) => {
                let own = self.model.element(target, "member");
                kind == "list" && own.is_some_and(|own| self.is_type(element, values, own))
            }
        }
    }

    fn is_string_map(&self, id: &str) -> bool {
        ["key", "value"].iter().all(|key| {
            self.model
                .element(id, key)
                .and_then(|id| self.model.kind(id))
                == Some("string")
        })
    }

    fn enumeration(&mut self, place: impl std::fmt::Display, id: &str, values: &[String]) {
        self.seen.push(id.to_owned());
        let own = self.model.values(id);
        if self.model.kind(id) != Some("enum") || own != values {
            self.note(
                place,
                format!("the values are {values:?}, in the model ({id}) {own:?}"),
            );
        }
    }

    /// What stands in the place of an `object` is as listed.
    fn added_structures(&mut self) {
        for (name, listed) in self.added.structures {
            let id = self.model.id(name);
            if !self.seen.contains(&id) {
                self.note("added", format!("{name} stands for no printed object"));
            }
            let members = self.model.members(&id, &mut self.seen);
            let own: Vec<&str> = members.keys().map(String::as_str).collect();
            if own != *listed {
                self.note(
                    "added",
                    format!("{name} has the members {listed:?}, in the model {own:?}"),
                );
            }
            for (member, facts) in &members {
                let element = self
                    .model
                    .element(facts.target, "member")
                    .unwrap_or(facts.target);
                let known = self
                    .added
                    .structures
                    .iter()
                    .chain(self.added.enums)
                    .any(|(name, _)| self.model.id(name) == element);
                if !known && self.model.kind(element) != Some("string") {
                    self.note(
                        "added",
                        format!("{name}.{member} is in the model {}", facts.target),
                    );
                }
                if facts.itself_has("required") || constrained(facts) {
                    self.note(
                        "added",
                        format!("{name}.{member} is constrained in the model"),
                    );
                }
                self.seen
                    .extend([facts.target.to_owned(), element.to_owned()]);
            }
        }
        for (name, values) in self.added.enums {
            let id = self.model.id(name);
            let values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
            self.enumeration("added", &id, &values);
        }
    }

    /// Structures that samples show and no section describes: nothing is printed of them but names
    /// and types.
    fn only_shown(&mut self) {
        let described = |id: &str| {
            self.facts
                .shapes
                .iter()
                .any(|shape| self.model.id(&shape.name) == id)
        };
        let inputs: Vec<&str> = self
            .facts
            .operations
            .iter()
            .filter_map(|operation| self.input_of(&operation.name))
            .collect();
        let mut shown: Vec<String> = self.seen.clone();
        shown.sort();
        shown.dedup();
        shown.retain(|id| {
            self.model.kind(id) == Some("structure")
                && self.model.shape_trait(id, "mixin").is_none()
                && !described(id)
                && !inputs.contains(&id.as_str())
        });
        let mut needed = Vec::new();
        for id in shown {
            for (name, member) in self.model.members(&id, &mut Vec::new()) {
                let path = format!("{}.{name}", id.split('#').next_back().unwrap_or_default());
                let required = self.added.required.contains(&path.as_str());
                if member.itself_has("required") != required || constrained(&member) {
                    self.note(
                        "added",
                        format!("{path} is required or constrained on one side only"),
                    );
                }
                needed.push(path);
            }
        }
        for path in self
            .added
            .required
            .iter()
            .filter(|path| !needed.iter().any(|needed| needed == *path))
        {
            self.note(
                "added",
                format!("{path} is listed as required and shown nowhere"),
            );
        }
    }

    fn input_of(&self, operation: &str) -> Option<&'a str> {
        self.model.shapes.get(&self.model.id(operation))?["input"]["target"].as_str()
    }

    /// The model has no shape of which no document speaks.
    fn nothing_else(&mut self) {
        for (id, shape) in self.model.shapes {
            if shape["type"] != "service" && !self.seen.contains(id) {
                self.note("model", format!("no document speaks of {id}"));
            }
        }
        for id in Model::targets(self.model.service, "operations") {
            if !self
                .facts
                .operations
                .iter()
                .any(|operation| self.model.id(&operation.name) == id)
            {
                self.note("model", format!("no document speaks of the operation {id}"));
            }
        }
    }
}

fn constrained(member: &model::Member) -> bool {
    ["length", "range", "pattern", "deprecated", "jsonName"]
        .iter()
        .any(|name| member.has(name))
}
