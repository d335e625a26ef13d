//! The trait `examples` of operations.

use drawplate_model::model::{Member, Operation, Shape};
use drawplate_model::node::{Node, Value as NodeValue};
use serde_json::{Value, json};

use super::{Cx, Object, Place, content, node};

/// The examples of an operation.
pub(super) struct Examples<'m>(Vec<Example<'m>>);

struct Example<'m> {
    name: String,
    value: &'m Node<'static>,
}

/// The message of an example.
#[derive(Clone, Copy)]
pub(super) enum Message<'m> {
    Input,
    Output,
    /// An error with this shape.
    Error(&'m Shape),
}

impl<'m> Examples<'m> {
    pub(super) fn new(operation: &'m Operation) -> Self {
        let examples = operation
            .traits
            .get("smithy.api#examples")
            .map(|node| &node.value);
        let examples = match examples {
            Some(NodeValue::Array(examples)) => &**examples,
            _ => &[],
        };
        let name = operation.name.name();
        let examples = examples.iter().enumerate().map(|(index, value)| Example {
            name: format!("{name}_example{}", index + 1),
            value,
        });
        Self(examples.collect())
    }

    /// Adds the values of a member of a message to a parameter or header.
    pub(super) fn add_values(
        &self,
        cx: Cx<'_>,
        object: &mut Object,
        message: Message<'_>,
        member: &Member,
        place: Place,
    ) {
        self.add(object, message, |message| {
            let value = message.get(&member.name)?;
            Some(node::example(cx, member, value, place))
        });
    }

    /// Adds the bodies of a message with the members of a shape to its content.
    pub(super) fn add_bodies(
        &self,
        cx: Cx<'_>,
        object: &mut Object,
        message: Message<'_>,
        shape: &Shape,
    ) {
        self.add(object, message, |value| match content::payload(cx, shape) {
            Some(payload) => {
                let value = value.get(&payload.name)?;
                Some(node::example(cx, payload, value, Place::Document))
            }
            None => {
                let mut members = node::members(cx, shape, value, |it| content::in_body(cx, it));
                if let Message::Error(error) = message {
                    content::name_error(cx, &mut members, error);
                }
                Some(Value::Object(members))
            }
        });
    }

    fn add(
        &self,
        object: &mut Object,
        message: Message<'_>,
        value: impl Fn(&Node<'_>) -> Option<Value>,
    ) {
        let examples = self.0.iter().filter_map(|example| {
            let value = value(example.message(message)?)?;
            Some((example.name.clone(), Value::Object(example.object(value))))
        });
        let examples = examples.collect::<Object>();
        if !examples.is_empty() {
            let known = object.entry("examples").or_insert_with(|| json!({}));
            if let Value::Object(known) = known {
                known.extend(examples);
            }
        }
    }
}

impl Example<'_> {
    fn message(&self, message: Message<'_>) -> Option<&Node<'static>> {
        match message {
            Message::Input => self.value.get("input"),
            Message::Output => self.value.get("output"),
            Message::Error(shape) => {
                let error = self.value.get("error")?;
                let id = error.get("shapeId")?.as_str()?;
                let is_it = id == shape.name.as_str() || id == shape.name.name();
                error.get("content").filter(|_| is_it)
            }
        }
    }

    fn object(&self, value: Value) -> Object {
        let mut object = Object::new();
        for (key, name) in [("title", "summary"), ("documentation", "description")] {
            if let Some(text) = self.value.get(key).and_then(Node::as_str) {
                object.insert(name.into(), json!(text));
            }
        }
        object.insert("value".into(), value);
        object
    }
}
