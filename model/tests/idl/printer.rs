//! Prints a model as the IDL: one file per namespace and version.

use std::collections::BTreeMap;
use std::fmt::Write;

use drawplate_model::Ast;
use drawplate_model::ast::{Definition, Link, Property, ShapeType, Version};
use drawplate_model::node::{Node, Object, Text, Value};

/// The files of a model, with names.
pub(crate) fn print(ast: &Ast<'_>) -> Vec<(String, String)> {
    let mut files: BTreeMap<(String, bool), String> = BTreeMap::new();
    for definition in &ast.definitions {
        let (namespace, _) = split(&definition.id);
        let is_first = definition.version == Version::V1;
        let file = files.entry((namespace.to_owned(), is_first));
        let file = file.or_insert_with(|| header(namespace, is_first));
        Printer {
            ast,
            namespace,
            is_first,
        }
        .shape(file, definition);
    }
    for application in &ast.applications {
        let (namespace, _) = split(&application.id);
        let file = files.entry((namespace.to_owned(), false));
        let file = file.or_insert_with(|| header(namespace, false));
        let printer = Printer {
            ast,
            namespace,
            is_first: false,
        };
        writeln!(file, "apply {} {{", application.id).expect("a text grows");
        for (id, value) in application.traits.iter() {
            printer.application(file, "    ", id, value);
        }
        file.push_str("}\n\n");
    }
    let mut metadata = "$version: \"2.0\"\n\n".to_owned();
    for entry in &ast.metadata {
        let key = Node::from(&*entry.key);
        writeln!(metadata, "metadata {key} = {}", value(&entry.value)).expect("a text grows");
    }
    let files = files.into_iter();
    let named = files.map(|((namespace, is_first), text)| {
        (
            format!("{namespace}.{}.smithy", if is_first { 1 } else { 2 }),
            text,
        )
    });
    named
        .chain([("metadata.smithy".to_owned(), metadata)])
        .collect()
}

fn split(id: &str) -> (&str, &str) {
    id.split_once('#').expect("a shape id has a namespace")
}

fn header(namespace: &str, is_first: bool) -> String {
    let version = if is_first { "1.0" } else { "2.0" };
    format!("$version: \"{version}\"\n\nnamespace {namespace}\n\n")
}

/// A value. JSON and the IDL have the same strings and numbers.
fn value(node: &Node<'_>) -> String {
    match &node.value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(value).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(object) => format!("{{{}}}", entries(object)),
        _ => node.to_string(),
    }
}

fn entries(object: &Object<'_>) -> String {
    let entries = object.iter().map(|(key, node)| {
        let is_word = key.starts_with(|it: char| it.is_ascii_alphabetic())
            && key
                .bytes()
                .all(|it| it == b'_' || it.is_ascii_alphanumeric());
        let key = if is_word {
            key.to_owned()
        } else {
            Node::from(key).to_string()
        };
        format!("{key}: {}", value(node))
    });
    entries.collect::<Vec<_>>().join(", ")
}

#[derive(Clone, Copy)]
struct Printer<'p> {
    ast: &'p Ast<'p>,
    namespace: &'p str,
    is_first: bool,
}

impl Printer<'_> {
    /// A shape id, without a namespace if it means the same.
    fn id(self, id: &str) -> String {
        let (namespace, name) = split(id);
        let is_defined = |id: &str| self.ast.definitions.iter().any(|it| *it.id == *id);
        let is_short = match namespace {
            _ if namespace == self.namespace => true,
            "smithy.api" => {
                // Long models have few of these names, and no shape with one of them.
                matches!(
                    name,
                    "String" | "Integer" | "required" | "documentation" | "pattern"
                ) && !is_defined(&format!("{}#{name}", self.namespace))
            }
            _ => false,
        };
        if is_short {
            name.to_owned()
        } else {
            id.to_owned()
        }
    }

    fn application(self, file: &mut String, indent: &str, id: &str, node: &Node<'_>) {
        let name = self.id(id);
        let body = match &node.value {
            Value::Object(object) if object.is_empty() => "({})".to_owned(),
            Value::Object(object) => format!("({})", entries(object)),
            _ => format!("({})", value(node)),
        };
        writeln!(file, "{indent}@{name}{body}").expect("a text grows");
    }

    /// Traits, except those that are written otherwise.
    fn traits(self, file: &mut String, indent: &str, traits: &Object<'_>, except: &[&str]) {
        for (id, node) in traits.iter().filter(|(id, _)| !except.contains(id)) {
            match node.as_str() {
                Some(text) if id == DOCUMENTATION && !text.contains('\r') => {}
                _ => self.application(file, indent, id, node),
            }
        }
    }

    /// A documentation comment, which precedes the traits.
    fn docs(file: &mut String, indent: &str, traits: &Object<'_>) {
        let docs = traits.get(DOCUMENTATION).and_then(Node::as_str);
        if let Some(docs) = docs.filter(|docs| !docs.contains('\r')) {
            for line in docs.split('\n') {
                writeln!(file, "{indent}/// {line}").expect("a text grows");
            }
        }
    }

    fn shape(self, file: &mut String, shape: &Definition<'_>) {
        Self::docs(file, "", &shape.traits);
        self.traits(file, "", &shape.traits, &[]);
        let (_, name) = split(&shape.id);
        write!(file, "{} {name}", shape.kind.name()).expect("a text grows");
        if !shape.mixins.is_empty() {
            let mixins: Vec<String> = shape.mixins.iter().map(|id| self.id(id)).collect();
            write!(file, " with [{}]", mixins.join(", ")).expect("a text grows");
        }
        match shape.kind {
            ShapeType::Simple(_) => {}
            ShapeType::Service | ShapeType::Resource | ShapeType::Operation => {
                self.properties(file, shape);
            }
            _ => self.members(file, shape),
        }
        file.push_str("\n\n");
    }

    fn members(self, file: &mut String, shape: &Definition<'_>) {
        file.push_str(" {\n");
        for member in &shape.members {
            let is_enum = matches!(shape.kind, ShapeType::Enum | ShapeType::IntEnum);
            let assigned = match shape.kind {
                _ if self.is_first => None,
                ShapeType::Enum | ShapeType::IntEnum => Some("smithy.api#enumValue"),
                ShapeType::Structure => Some("smithy.api#default"),
                _ => None,
            };
            Self::docs(file, "    ", &member.traits);
            self.traits(file, "    ", &member.traits, assigned.as_slice());
            write!(file, "    {}", member.name).expect("a text grows");
            if !is_enum {
                write!(file, ": {}", self.id(&member.target)).expect("a text grows");
            }
            if let Some(node) = assigned.and_then(|id| member.traits.get(id)) {
                write!(file, " = {}", value(node)).expect("a text grows");
            }
            file.push('\n');
        }
        file.push('}');
    }

    fn properties(self, file: &mut String, shape: &Definition<'_>) {
        file.push_str(" {\n");
        if let Some(version) = &shape.service_version {
            writeln!(file, "    version: {}", Node::from(&**version)).expect("a text grows");
        }
        for (property, named) in [
            ("identifiers", &shape.identifiers),
            ("properties", &shape.properties),
        ] {
            if !named.is_empty() {
                writeln!(file, "    {property}: {{").expect("a text grows");
                for (name, target) in named {
                    let (name, target) = (Node::from(&**name), self.id(target));
                    writeln!(file, "        {name}: {target}").expect("a text grows");
                }
                file.push_str("    }\n");
            }
        }
        for property in Property::ALL {
            let links = shape.links.iter().filter(|link| link.property == *property);
            let ids: Vec<String> = links.map(|Link { target, .. }| self.id(target)).collect();
            if property.is_list() && !ids.is_empty() {
                writeln!(file, "    {}: [{}]", property.name(), ids.join(" "))
            } else if let Some(id) = ids.first() {
                writeln!(file, "    {}: {id}", property.name())
            } else {
                Ok(())
            }
            .expect("a text grows");
        }
        if !shape.renames.is_empty() {
            file.push_str("    rename: {\n");
            for (id, name) in &shape.renames {
                let quoted = |text: &Text<'_>| Node::from(&*text.text).to_string();
                writeln!(file, "        {}: {}", quoted(id), quoted(name)).expect("a text grows");
            }
            file.push_str("    }\n");
        }
        file.push('}');
    }
}

const DOCUMENTATION: &str = "smithy.api#documentation";
