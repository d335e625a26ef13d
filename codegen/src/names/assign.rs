//! Assigns names: the last stage of the Rust output that can fail.

use std::collections::{BTreeMap, BTreeSet};

use drawplate_model::diagnostic::{Code, Report};
use drawplate_model::la_arena::ArenaMap;
use drawplate_model::model::{Kind, Model, OperationId, Presence, Service, Shape, ShapeId};
use drawplate_model::source::Location;

use super::namespace::Namespace;
use super::{
    AccessorNames, Name, Names, OperationNames, PageNames, Prelude, RequiredNames, ServiceNames,
    ServiceUnit, ShapeNames, TypeModule, ident,
};
use crate::CheckedModel;

/// Modules whose files belong to Cargo: the roots of a crate, and the folder of programs.
const RESERVED_MODULES: [&str; 3] = ["bin", "lib", "main"];
/// Methods of the client that are not operations.
const RESERVED_METHODS: [&str; 2] = ["builder", "in_process"];
/// Statics beside those of operations.
const RESERVED_STATICS: [&str; 2] = ["SERVICE", "ROUTES"];
/// What else the module of the server trait has in scope.
const RESERVED_BESIDE_SERVER: [&str; 21] = [
    "Body",
    "Clone",
    "Debug",
    "Default",
    "Fn",
    "Future",
    "Listener",
    "Mock",
    "Peer",
    "RecordedCall",
    "RequestContext",
    "Result",
    "Router",
    "S",
    "Send",
    "Serve",
    "Sync",
    "TlsIdentity",
    "TlsIdentityError",
    "TlsListener",
    "Vec",
];

/// What else is in scope where a structure has type parameters.
const RESERVED_BESIDE_PARAMETERS: [&str; 4] = ["Box", "Option", "String", "Vec"];

/// Spells every name of the models. `None` if some cannot be spelled or collide, which are errors
/// in `report`.
pub fn assign_names(models: &[CheckedModel], report: &mut Report) -> Option<Names> {
    let mut errors = Report::default();
    let mut modules = Namespace::new(Code::ModuleCollision, "module");
    let mut services = Vec::new();
    for (index, CheckedModel { model, origin: _ }) in models.iter().enumerate() {
        for (id, service) in model.services.iter() {
            let Some(module) = modules.insert(
                &mut errors,
                module(service),
                service.name.as_str(),
                &service.location,
            ) else {
                continue;
            };
            services.push(ServiceUnit {
                model: index,
                service: id,
                names: service_names(model, service, module, &mut errors),
            });
        }
    }
    services.sort_by_key(|unit| unit.names.module.to_string());
    let names = (!errors.has_errors()).then_some(Names { services });
    report.merge(errors);
    names
}

/// The letters and digits of the SDK id in lower case, as AWS tools name services; else the shape's
/// name.
fn module(service: &Service) -> Option<Name> {
    match &service.sdk_id {
        Some(sdk_id) => {
            let word = sdk_id
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .collect::<String>();
            ident::snake(&word.to_ascii_lowercase())
        }
        None => ident::snake(service.name.name()),
    }
    .map(|module| module.escape(&RESERVED_MODULES))
}

/// The name of the service's shape, or that of its module if the shape's has no letter.
fn server(service: &Service, module: &Name) -> Name {
    ident::camel(service.name.name())
        .unwrap_or_else(|| module.clone())
        .escape(&RESERVED_BESIDE_SERVER)
}

fn service_names(
    model: &Model,
    service: &Service,
    module: Name,
    report: &mut Report,
) -> ServiceNames {
    // Each module has types of its own; all schemas are in one module.
    let mut types = Types::default();
    let mut schemas = Namespace::new(Code::TypeCollision, "static");
    let mut shapes = ArenaMap::default();
    for &id in &service.shapes {
        let shape = &model.shapes[id];
        if matches!(shape.kind, Kind::Simple(_)) {
            continue;
        }
        let name = service.rename(id).unwrap_or(shape.name.name());
        let module = TypeModule::of(&shape.kind);
        let (owner, at) = (shape.name.as_str(), &shape.location);
        let ident = types
            .module(module)
            .insert(report, ident::camel(name), owner, at);
        let schema = schemas.insert(report, ident::screaming_snake(name), owner, at);
        let members = members(shape, report);
        let accessors = accessors(shape, &members);
        if let (Some(ident), Some(schema)) = (ident, schema) {
            shapes.insert(
                id,
                ShapeNames {
                    ident,
                    schema,
                    module,
                    members,
                    accessors,
                    required: None,
                },
            );
        }
    }
    let server = server(service, &module);
    let errors = types.module(TypeModule::Error);
    let operations = operations(model, service, errors, report);
    let error = errors.invent(&[format!("{server}Error"), format!("{server}ServiceError")]);
    let unmodeled = errors.invent(&["Unmodeled".to_owned()]);
    let prelude = Prelude::new(|name| types.has(name));
    required(model, &mut types, &mut shapes, report);
    ServiceNames {
        module,
        server,
        error,
        unmodeled,
        prelude,
        shapes,
        operations,
    }
}

fn operations(
    model: &Model,
    service: &Service,
    types: &mut Namespace,
    report: &mut Report,
) -> ArenaMap<OperationId, OperationNames> {
    let mut methods = Namespace::new(Code::OperationCollision, "method");
    let mut statics = Namespace::new(Code::OperationCollision, "static");
    let mut operations = ArenaMap::default();
    for &id in &service.operations {
        let operation = &model.operations[id];
        let name = operation.name.name();
        let (owner, at) = (operation.name.as_str(), &operation.location);
        let method = ident::snake(name).map(|name| name.escape(&RESERVED_METHODS));
        let method = methods.insert(report, method, owner, at);
        let schema = ident::screaming_snake(name).map(|name| name.escape(&RESERVED_STATICS));
        let schema = statics.insert(report, schema, owner, at);
        let error = ident::camel(name).map(|name| {
            let name = name.text();
            types.invent(&[format!("{name}Error"), format!("{name}OperationError")])
        });
        let error = types.insert(report, error, owner, at);
        if let (Some(method), Some(schema), Some(error)) = (method, schema, error) {
            operations.insert(
                id,
                OperationNames {
                    method,
                    schema,
                    error,
                    pages: None,
                },
            );
        }
    }
    for (id, names) in operations.iter_mut() {
        if model.operations[id].paginated.is_some() {
            let method = |word| {
                let name = names.method.suffixed(word);
                if methods.has(&name) {
                    name.escaped()
                } else {
                    name
                }
            };
            names.pages = Some(PageNames {
                pages: method("pages"),
                items: method("items"),
            });
        }
    }
    operations
}

/// Names the structures of required members, which yield to all types of the model.
fn required(
    model: &Model,
    types: &mut Types,
    shapes: &mut ArenaMap<ShapeId, ShapeNames>,
    report: &mut Report,
) {
    // Lists and maps have a name and no type.
    let idents = shapes
        .iter()
        .filter(|(id, _)| !matches!(model.shapes[*id].kind, Kind::List(_) | Kind::Map(_)))
        .map(|(_, names)| (names.module, names.ident.clone()))
        .collect::<BTreeSet<_>>();
    for (id, names) in shapes.iter_mut() {
        let shape = &model.shapes[id];
        let Kind::Structure(structure) = &shape.kind else {
            continue;
        };
        let fields = structure
            .members
            .iter()
            .zip(&names.members)
            .filter(|(member, _)| member.presence == Presence::Required)
            .map(|(_, field)| field)
            .collect::<Vec<_>>();
        if fields.len() < 2 {
            continue;
        }
        let parameters = parameters(&fields, |name| {
            idents.contains(&(names.module, name.clone()))
        });
        let text = names.ident.text();
        let types = types.module(names.module);
        let ident = types.invent(&[format!("{text}Required"), format!("{text}RequiredMembers")]);
        names.required = types
            .insert(report, Some(ident), shape.name.as_str(), &shape.location)
            .map(|ident| RequiredNames { ident, parameters });
    }
}

/// Fields in camel case; one that is another's already or the name of a type gets an underscore.
fn parameters(fields: &[&Name], is_type: impl Fn(&Name) -> bool) -> Vec<Name> {
    let mut parameters = Vec::<Name>::new();
    for &field in fields {
        let mut parameter = ident::camel(field.text())
            .unwrap_or_else(|| field.clone())
            .escape(&RESERVED_BESIDE_PARAMETERS);
        while parameters.contains(&parameter) || is_type(&parameter) {
            parameter = parameter.escaped();
        }
        parameters.push(parameter);
    }
    parameters
}

/// The functions of a union's variants, named for the variants in snake case; one that another
/// variant has already gets an underscore.
fn accessors(shape: &Shape, variants: &[Name]) -> Vec<AccessorNames> {
    let mut words = Vec::<Name>::new();
    if let Kind::Union(_) = shape.kind {
        for variant in variants {
            let mut word = ident::snake(variant.text()).unwrap_or_else(|| variant.clone());
            while words.contains(&word) {
                word = word.escaped();
            }
            words.push(word);
        }
    }
    let words = words.iter().map(|word| AccessorNames {
        is: word.prefixed("is"),
        r#as: word.prefixed("as"),
    });
    words.collect()
}

/// Fields of a structure, variants of a union or enum.
fn members(shape: &Shape, report: &mut Report) -> Vec<Name> {
    let (what, reserved, spell): (_, _, fn(&str) -> Option<Name>) = match &shape.kind {
        Kind::Structure(_) => ("field", "new", ident::snake),
        _ => ("variant", "Unknown", ident::camel),
    };
    let mut namespace = Namespace::new(Code::MemberCollision, what);
    let mut name = |(name, at): (&str, &Location)| {
        let spelled = spell(name).map(|name| name.escape(&[reserved]));
        let owner = format!("{}${name}", shape.name);
        namespace.insert(report, spelled, &owner, at)
    };
    match &shape.kind {
        Kind::Structure(_) | Kind::Union(_) => {
            let members = shape.kind.members();
            members
                .filter_map(|m| name((&m.name, &m.location)))
                .collect()
        }
        Kind::Enum(values) => {
            let values = values.iter();
            values
                .filter_map(|v| name((&v.name, &v.location)))
                .collect()
        }
        Kind::IntEnum(values) => {
            let values = values.iter();
            values
                .filter_map(|v| name((&v.name, &v.location)))
                .collect()
        }
        Kind::Simple(_) | Kind::List(_) | Kind::Map(_) => Vec::new(),
    }
}

/// The names of types, by module.
#[derive(Default)]
struct Types(BTreeMap<TypeModule, Namespace>);

impl Types {
    fn module(&mut self, module: TypeModule) -> &mut Namespace {
        self.0
            .entry(module)
            .or_insert_with(|| Namespace::new(Code::TypeCollision, "type"))
    }

    fn has(&self, name: &str) -> bool {
        self.0.values().any(|types| types.has_text(name))
    }
}
