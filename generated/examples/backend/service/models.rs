//! What models are generated from a GraphQL schema: JSON as the Amplify CLI writes it, in short.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

pub(super) use graphql_parser::schema::ParseError;
use graphql_parser::schema::{Definition, Document, Field, Type, TypeDefinition, parse_schema};
use serde_json::{Value, json};

/// A schema that was read.
pub(super) struct Models<'a> {
    text: &'a str,
    document: Document<'a, &'a str>,
}

/// The kind of a definition.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Model,
    NonModel,
    Enum,
}

impl<'a> Models<'a> {
    /// Reads a schema. The parser rejects deep nesting.
    pub(super) fn read(text: &'a str) -> Result<Self, ParseError> {
        let document = parse_schema::<&str>(text)?;
        Ok(Self { text, document })
    }

    /// For the library `DataStore`: with a version that changes with the schema.
    pub(super) fn data_store(&self) -> Value {
        let mut hasher = DefaultHasher::new();
        self.text.hash(&mut hasher);
        self.describe(&json!(format!("{:016x}", hasher.finish())))
    }

    /// For libraries that look at models as data: the version is that of the format.
    pub(super) fn introspection(&self) -> Value {
        self.describe(&json!(1))
    }

    fn describe(&self, version: &Value) -> Value {
        json!({
            "version": version,
            "models": self.all(Kind::Model),
            "enums": self.all(Kind::Enum),
            "nonModels": self.all(Kind::NonModel),
        })
    }

    fn types(&self) -> impl Iterator<Item = &TypeDefinition<'a, &'a str>> {
        self.document
            .definitions
            .iter()
            .filter_map(|definition| match definition {
                Definition::TypeDefinition(definition) => Some(definition),
                _ => None,
            })
    }

    fn all(&self, kind: Kind) -> Value {
        let kinds = self.types().filter_map(kind_of).collect::<BTreeMap<_, _>>();
        let all = self
            .types()
            .filter(|definition| kind_of(definition).is_some_and(|(_, found)| found == kind));
        all.map(|definition| described(definition, &kinds))
            .collect()
    }
}

fn kind_of<'a>(definition: &TypeDefinition<'a, &'a str>) -> Option<(&'a str, Kind)> {
    match definition {
        TypeDefinition::Enum(definition) => Some((definition.name, Kind::Enum)),
        TypeDefinition::Object(object) => {
            let mut directives = object.directives.iter();
            let model = directives.any(|directive| directive.name == "model");
            Some((
                object.name,
                if model { Kind::Model } else { Kind::NonModel },
            ))
        }
        _ => None,
    }
}

fn described<'a>(
    definition: &TypeDefinition<'a, &'a str>,
    kinds: &BTreeMap<&'a str, Kind>,
) -> (String, Value) {
    match definition {
        TypeDefinition::Enum(definition) => {
            let values = definition.values.iter().map(|value| value.name);
            let values = values.collect::<Vec<_>>();
            let name = definition.name;
            (name.to_owned(), json!({ "name": name, "values": values }))
        }
        TypeDefinition::Object(object) => {
            let fields = object.fields.iter();
            let fields = fields.map(|it| (it.name.to_owned(), field(it, kinds)));
            let fields = fields.collect::<Value>();
            let name = object.name;
            let mut described = json!({ "name": name, "fields": fields });
            if kinds.get(name) == Some(&Kind::Model) {
                described["syncable"] = json!(true);
                described["pluralName"] = json!(format!("{name}s"));
                described["attributes"] = json!([{ "type": "model", "properties": {} }]);
            }
            (name.to_owned(), described)
        }
        // Other definitions have no kind and are filtered out.
        _ => (String::new(), Value::Null),
    }
}

fn field<'a>(field: &Field<'a, &'a str>, kinds: &BTreeMap<&'a str, Kind>) -> Value {
    let (required, list, name) = shape_of(&field.field_type);
    let of = match kinds.get(name) {
        Some(Kind::Model) => json!({ "model": name }),
        Some(Kind::NonModel) => json!({ "nonModel": name }),
        Some(Kind::Enum) => json!({ "enum": name }),
        None => json!(name),
    };
    json!({
        "name": field.name,
        "isArray": list,
        "type": of,
        "isRequired": required,
        "attributes": [],
    })
}

/// Whether a value must be there, whether it is a list, and of what.
fn shape_of<'a>(of: &Type<'a, &'a str>) -> (bool, bool, &'a str) {
    match of {
        Type::NamedType(name) => (false, false, name),
        Type::ListType(element) => (false, true, shape_of(element).2),
        Type::NonNullType(inner) => {
            let (_, list, name) = shape_of(inner);
            (true, list, name)
        }
    }
}
