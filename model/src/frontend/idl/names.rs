//! Shape ids: which shapes exist, and which one a name in a file refers to (Smithy 2.0, "Relative
//! shape ID resolution").

use std::borrow::Cow;
use std::collections::HashMap;

use crate::ast::{Definition, ShapeType};
use crate::node::Text;
use crate::prelude;
use crate::source::TextRange;
use crate::traits::{Form, TraitId};

/// The shapes of the prelude that are lists.
const LISTS: &[&str] = &[
    "IdempotentErrors",
    "LocalMixinTraitList",
    "Namespaces",
    "NonEmptyStringList",
    "RequestCompressionEncodingsList",
    "ShapeClosures",
    "TraitDiffRules",
    "TraitShapeIdList",
    "auth",
    "enum",
    "examples",
    "references",
    "suppress",
    "tags",
];

/// Those that are structures or maps.
const STRUCTURES: &[&str] = &[
    "EnumDefinition",
    "Example",
    "ExampleError",
    "NonEmptyStringMap",
    "Reference",
    "Renames",
    "ShapeClosure",
    "TraitDiffRule",
    "TraitValidator",
    "Unit",
    "addedDefault",
    "authDefinition",
    "box",
    "clientOptional",
    "cors",
    "deprecated",
    "endpoint",
    "eventHeader",
    "eventPayload",
    "externalDocumentation",
    "hostLabel",
    "http",
    "httpApiKeyAuth",
    "httpBasicAuth",
    "httpBearerAuth",
    "httpChecksumRequired",
    "httpDigestAuth",
    "httpLabel",
    "httpPayload",
    "httpQueryParams",
    "httpResponseCode",
    "idRef",
    "idempotencyToken",
    "idempotent",
    "input",
    "internal",
    "length",
    "longPoll",
    "metadata",
    "mixin",
    "nestedProperties",
    "noReplace",
    "notProperty",
    "optionalAuth",
    "output",
    "paginated",
    "private",
    "property",
    "protocolDefinition",
    "range",
    "readonly",
    "recommended",
    "requestCompression",
    "required",
    "requiresLength",
    "retryable",
    "sensitive",
    "sparse",
    "streaming",
    "trait",
    "traitValidators",
    "uniqueItems",
    "unitType",
    "unstable",
    "xmlAttribute",
    "xmlFlattened",
    "xmlNamespace",
];

/// The others.
const OTHERS: &[&str] = &[
    "AuthTraitReference",
    "BigDecimal",
    "BigInteger",
    "Blob",
    "Boolean",
    "Byte",
    "ClosureId",
    "CommonMark",
    "Document",
    "Double",
    "EnumConstantBodyName",
    "Float",
    "HttpApiKeyLocations",
    "Identifier",
    "Integer",
    "LocalMixinTrait",
    "Long",
    "NonEmptyString",
    "PrimitiveBoolean",
    "PrimitiveByte",
    "PrimitiveDouble",
    "PrimitiveFloat",
    "PrimitiveInteger",
    "PrimitiveLong",
    "PrimitiveShort",
    "Severity",
    "Short",
    "String",
    "StructurallyExclusive",
    "Timestamp",
    "TraitChangeType",
    "TraitShapeId",
    "default",
    "documentation",
    "enumValue",
    "error",
    "httpError",
    "httpHeader",
    "httpPrefixHeaders",
    "httpQuery",
    "jsonName",
    "mediaType",
    "pattern",
    "resourceIdentifier",
    "since",
    "timestampFormat",
    "title",
    "xmlName",
];

/// The namespaces of published trait libraries. Their shapes exist although no file defines them.
const LIBRARIES: &[&str] = &[
    "alloy",
    "alloy.common",
    "aws.api",
    "aws.apigateway",
    "aws.auth",
    "aws.cloudformation",
    "aws.customizations",
    "aws.endpoints",
    "aws.iam",
    "aws.protocols",
    "aws.test",
    "drawplate",
    "smithy.api",
    "smithy.contracts",
    "smithy.framework",
    "smithy.mqtt",
    "smithy.openapi",
    "smithy.protocols",
    "smithy.rules",
    "smithy.test",
    "smithy.waiters",
];

/// The type of a trait, as far as it decides about the value of a trait without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AnnotationForm {
    /// A structure or map, or unknown: an empty object.
    Object,
    /// A list: an empty array.
    Array,
    /// Anything else: null, which is not a value of the trait.
    Null,
}

/// Every shape of a model: namespaces, and the names in each.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    defined: HashMap<Cow<'a, str>, HashMap<Cow<'a, str>, ShapeType>>,
}

impl<'a> Names<'a> {
    /// Adds a shape.
    pub(super) fn add(&mut self, namespace: &'a str, name: Cow<'a, str>, kind: ShapeType) {
        let namespace = self.defined.entry(Cow::Borrowed(namespace)).or_default();
        namespace.insert(name, kind);
    }

    /// Adds the shapes of other front ends.
    pub(super) fn add_definitions(&mut self, definitions: &[Definition<'a>]) {
        for definition in definitions {
            if let Some((namespace, name)) = definition.id.split_once('#') {
                let names = self.defined.entry(Cow::Owned(namespace.to_owned()));
                let names = names.or_default();
                names.insert(Cow::Owned(name.to_owned()), definition.kind);
            }
        }
    }

    fn get(&self, namespace: &str, name: &str) -> Option<ShapeType> {
        self.defined.get(namespace)?.get(name).copied()
    }

    /// Whether a shape with this absolute id, possibly with a member, exists.
    pub(super) fn has(&self, id: &str) -> bool {
        let Some((namespace, name)) = id.split_once('#') else {
            return false;
        };
        let name = name.split('$').next().unwrap_or(name);
        if namespace == prelude_namespace() {
            return in_prelude(name).is_some() || self.get(namespace, name).is_some();
        }
        LIBRARIES.contains(&namespace) || self.get(namespace, name).is_some()
    }

    /// The value of a trait that is written without one.
    pub(super) fn annotation(&self, id: &str) -> AnnotationForm {
        let Some((namespace, name)) = id.split_once('#') else {
            return AnnotationForm::Object;
        };
        if let Some(kind) = self.get(namespace, name) {
            return match kind {
                ShapeType::Structure | ShapeType::Map => AnnotationForm::Object,
                ShapeType::List | ShapeType::Set => AnnotationForm::Array,
                _ => AnnotationForm::Null,
            };
        }
        if namespace == prelude_namespace()
            && let Some(form) = in_prelude(name)
        {
            return form;
        }
        match TraitId::find(id).map(|known| known.spec().form) {
            Some(Form::Strings | Form::Structures) => AnnotationForm::Array,
            Some(Form::String | Form::Integer) => AnnotationForm::Null,
            Some(Form::Annotation | Form::Structure | Form::Any) | None => AnnotationForm::Object,
        }
    }

    /// Every absolute id, for suggestions.
    pub(super) fn ids(&self) -> impl Iterator<Item = String> {
        self.defined.iter().flat_map(|(namespace, names)| {
            names.keys().map(move |name| format!("{namespace}#{name}"))
        })
    }
}

fn prelude_namespace() -> &'static str {
    prelude::NAMESPACE.trim_end_matches('#')
}

fn in_prelude(name: &str) -> Option<AnnotationForm> {
    if STRUCTURES.binary_search(&name).is_ok() {
        Some(AnnotationForm::Object)
    } else if LISTS.binary_search(&name).is_ok() {
        Some(AnnotationForm::Array)
    } else if OTHERS.binary_search(&name).is_ok() {
        Some(AnnotationForm::Null)
    } else {
        None
    }
}

/// A `use` statement.
#[derive(Debug)]
pub(super) struct Import<'a> {
    /// The absolute id of the shape.
    pub(super) id: &'a str,
    pub(super) range: TextRange,
}

impl<'a> Import<'a> {
    pub(super) fn name(&self) -> &'a str {
        self.id.split_once('#').map_or(self.id, |(_, name)| name)
    }
}

/// What names in a file refer to.
#[derive(Debug)]
pub(super) struct Scope<'n, 'a> {
    pub(super) names: &'n Names<'a>,
    /// `None` in front of the `namespace` statement.
    pub(super) namespace: Option<&'a str>,
    pub(super) imports: HashMap<&'a str, &'a str>,
}

impl<'a> Scope<'_, 'a> {
    /// The absolute id of a name, whether the shape exists or not. An absolute id is itself.
    pub(super) fn resolve(&self, name: &'a str, range: TextRange) -> Text<'a> {
        self.absolute(Cow::Borrowed(name)).at(range)
    }

    /// The same for a text that may be a part of no file.
    pub(super) fn absolute(&self, name: Cow<'a, str>) -> Text<'a> {
        if name.contains('#') {
            return name.into();
        }
        let (shape, member) = match name.split_once('$') {
            Some((shape, member)) => (shape, Some(member)),
            None => (&*name, None),
        };
        if let Some(id) = self.imports.get(shape) {
            return match member {
                Some(member) => format!("{id}${member}").into(),
                None => (*id).into(),
            };
        }
        let namespace = match self.namespace {
            Some(namespace) if self.names.get(namespace, shape).is_some() => namespace,
            Some(namespace) if in_prelude(shape).is_none() => namespace,
            _ => {
                if let Some(id) = prelude::find(&name) {
                    return id.into();
                }
                prelude_namespace()
            }
        };
        format!("{namespace}#{name}").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_prelude_are_sorted() {
        for table in [LISTS, STRUCTURES, OTHERS] {
            assert!(table.is_sorted());
        }
    }

    #[test]
    fn names_are_imports_then_shapes_of_the_file_then_shapes_of_the_prelude() {
        let mut names = Names::default();
        names.add("a", "String".into(), ShapeType::Structure);
        let scope = Scope {
            names: &names,
            namespace: Some("a"),
            imports: HashMap::from([("Imported", "b#Imported")]),
        };
        let resolve = |name| scope.absolute(Cow::Borrowed(name)).text.into_owned();
        assert_eq!(resolve("Imported"), "b#Imported");
        assert_eq!(resolve("Imported$x"), "b#Imported$x");
        assert_eq!(resolve("String"), "a#String");
        assert_eq!(resolve("Integer"), "smithy.api#Integer");
        assert_eq!(resolve("required"), "smithy.api#required");
        assert_eq!(resolve("Unknown"), "a#Unknown");
        assert_eq!(resolve("c#Unknown"), "c#Unknown");
    }
}
