//! Rust spellings: the one place that knows case, keywords and what the generator has taken for itself.
//!
//! A name that the generator takes (the variant `Unknown`, the function `new`) wins over a name of the model, which gets an
//! underscore behind it, as keywords that cannot be raw do. Two names of the model that are spelt alike are a diagnostic.

mod ident;

use std::collections::BTreeMap;

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::la_arena::ArenaMap;
use drawplate_model::model::{Kind, Model, OperationId, Role, Service, ServiceId, Shape, ShapeId};
use drawplate_model::source::At;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::Unit;

/// The names of a crate.
#[derive(Debug)]
pub struct Names {
    /// Index of the unit, service and names, sorted by module.
    pub services: Vec<(usize, ServiceId, ServiceNames)>,
}

/// The names of a service's module.
#[derive(Debug)]
pub struct ServiceNames {
    /// The module.
    pub module: Ident,
    /// The trait that a server implements.
    pub server: Ident,
    /// How the language's own types are named in it.
    pub prelude: Prelude,
    shapes: ArenaMap<ShapeId, ShapeNames>,
    operations: ArenaMap<OperationId, OperationNames>,
}

/// The paths of what Rust's prelude names, by which generated code refers to it: the bare name, or the absolute path in a service
/// that has a type of that name.
#[derive(Debug)]
pub struct Prelude {
    /// `Box`
    pub r#box: TokenStream,
    /// `Default`
    pub default: TokenStream,
    /// `Into`
    pub into: TokenStream,
    /// `Option`
    pub option: TokenStream,
    /// `Result`
    pub result: TokenStream,
    /// `String`
    pub string: TokenStream,
    /// `Vec`
    pub vec: TokenStream,
}

impl Prelude {
    fn new(types: &Types) -> Self {
        let path = |name: &str, path: TokenStream| {
            let ident = Ident::new(name, Span::call_site());
            if types.has(&ident) {
                path
            } else {
                quote!(#ident)
            }
        };
        Self {
            r#box: path("Box", quote!(::std::boxed::Box)),
            default: path("Default", quote!(::std::default::Default)),
            into: path("Into", quote!(::std::convert::Into)),
            option: path("Option", quote!(::std::option::Option)),
            result: path("Result", quote!(::std::result::Result)),
            string: path("String", quote!(::std::string::String)),
            vec: path("Vec", quote!(::std::vec::Vec)),
        }
    }
}

/// The names of a shape.
#[derive(Debug)]
pub struct ShapeNames {
    /// The type, for kinds that become one.
    pub ident: Ident,
    /// The static that holds the schema, for kinds that have one of their own.
    pub schema: Ident,
    /// The file of the type.
    pub home: Home,
    /// Fields or variants, in the order of the members or values.
    pub members: Vec<Ident>,
}

/// The names of an operation.
#[derive(Debug)]
pub struct OperationNames {
    /// The method.
    pub method: Ident,
    /// The static that holds what is known of it.
    pub schema: Ident,
    /// The type of its errors: an enum, or an alias of another operation's.
    pub error: Ident,
    /// The methods that list by page and by item, of an operation that is paginated.
    pub pages: Option<PageNames>,
}

/// The names of the methods of an operation that is paginated.
#[derive(Debug)]
pub struct PageNames {
    /// The method that lists by page.
    pub pages: Ident,
    /// The method that lists by item.
    pub items: Ident,
}

/// The file that a type stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// Inputs of operations.
    Input,
    /// Outputs of operations.
    Output,
    /// Errors.
    Error,
    /// The rest.
    Types,
}

impl Home {
    /// The module's name.
    pub fn module(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
            Self::Error => "error",
            Self::Types => "types",
        }
    }

    fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Structure(structure) => match structure.role {
                Role::Input => Self::Input,
                Role::Output => Self::Output,
                Role::Error => Self::Error,
                Role::Plain => Self::Types,
            },
            _ => Self::Types,
        }
    }
}

impl ServiceNames {
    /// The names of a shape of the service's closure that has a schema of its own.
    ///
    /// # Panics
    /// When the shape is none of them.
    pub fn shape(&self, id: ShapeId) -> &ShapeNames {
        self.shapes
            .get(id)
            .expect("every shape of the closure that is not simple was given names")
    }

    /// The names of an operation of the service.
    ///
    /// # Panics
    /// When the operation is not the service's.
    pub fn operation(&self, id: OperationId) -> &OperationNames {
        self.operations
            .get(id)
            .expect("every operation of the service was given names")
    }
}

/// Whether `name` is a keyword in some edition of Rust.
pub fn is_keyword(name: &str) -> bool {
    ident::is_keyword(name)
}

/// Spells every name of `units`, or says which cannot be spelt or collide.
pub fn allot(units: &[Unit<'_>]) -> Result<Names, Report> {
    let mut report = Report::default();
    let mut modules = Scope::new(Code::ModuleCollision, "module");
    let mut services = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        for (id, service) in unit.model.services.iter() {
            let Some(module) = modules.take(
                &mut report,
                module(service),
                service.name.as_str(),
                &service.at,
            ) else {
                continue;
            };
            services.push((
                index,
                id,
                service_names(unit.model, service, module, &mut report),
            ));
        }
    }
    services.sort_by_key(|(.., names)| names.module.to_string());
    if report.has_errors() {
        Err(report)
    } else {
        Ok(Names { services })
    }
}

/// The SDK id without what is not a letter or digit, in lower case, as AWS tools name services; else the shape's name.
fn module(service: &Service) -> Option<Ident> {
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
}

/// The service's shape. The module of the trait has other names in it, and a shape without a letter has the module's.
fn server(service: &Service, module: &Ident) -> Ident {
    const TAKEN: [&str; 17] = [
        "Body",
        "Clone",
        "Debug",
        "Default",
        "Fn",
        "Future",
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
        "Vec",
    ];
    let ident = ident::camel(service.name.name()).unwrap_or_else(|| module.clone());
    if TAKEN.iter().any(|taken| ident == taken) {
        ident::evade(&ident)
    } else {
        ident
    }
}

fn service_names(
    model: &Model,
    service: &Service,
    module: Ident,
    report: &mut Report,
) -> ServiceNames {
    // Each file has types of its own; schemas stand in one file.
    let mut types = Types::default();
    let mut schemas = Scope::new(Code::TypeCollision, "static");
    let mut shapes = ArenaMap::default();
    for &id in &service.shapes {
        let shape = &model.shapes[id];
        if matches!(shape.kind, Kind::Simple(_)) {
            continue;
        }
        let rename = service.renames.iter().find(|(renamed, _)| *renamed == id);
        let name = rename.map_or(shape.name.name(), |(_, name)| name);
        let home = Home::of(&shape.kind);
        let ident =
            types
                .scope(home)
                .take(report, ident::camel(name), shape.name.as_str(), &shape.at);
        let schema = schemas.take(report, ident::shouty(name), shape.name.as_str(), &shape.at);
        let members = members(shape, report);
        if let (Some(ident), Some(schema)) = (ident, schema) {
            shapes.insert(
                id,
                ShapeNames {
                    ident,
                    schema,
                    home,
                    members,
                },
            );
        }
    }
    let operations = operations(model, service, types.scope(Home::Error), report);
    let prelude = Prelude::new(&types);
    ServiceNames {
        server: server(service, &module),
        module,
        prelude,
        shapes,
        operations,
    }
}

fn operations(
    model: &Model,
    service: &Service,
    types: &mut Scope,
    report: &mut Report,
) -> ArenaMap<OperationId, OperationNames> {
    let mut methods = Scope::new(Code::OperationCollision, "method");
    let mut statics = Scope::new(Code::OperationCollision, "static");
    let mut operations = ArenaMap::default();
    for &id in &service.operations {
        let operation = &model.operations[id];
        let (name, text, at) = (
            operation.name.name(),
            operation.name.as_str(),
            &operation.at,
        );
        // `builder` and `in_process` are the client's.
        let method = ident::snake(name).map(|ident| {
            if ident == "builder" || ident == "in_process" {
                ident::evade(&ident)
            } else {
                ident
            }
        });
        let method = methods.take(report, method, text, at);
        // `SERVICE` and `ROUTES` are the generator's.
        let ident = ident::shouty(name).map(|ident| {
            if ident == "SERVICE" || ident == "ROUTES" {
                ident::evade(&ident)
            } else {
                ident
            }
        });
        let schema = statics.take(report, ident, text, at);
        let error = types.take(report, ident::camel(&format!("{name}Error")), text, at);
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
            let allot = |what| {
                let ident = ident::suffixed(&names.method, what);
                if methods.has(&ident) {
                    ident::evade(&ident)
                } else {
                    ident
                }
            };
            names.pages = Some(PageNames {
                pages: allot("pages"),
                items: allot("items"),
            });
        }
    }
    operations
}

/// Fields of a structure, variants of a union or enum.
fn members(shape: &Shape, report: &mut Report) -> Vec<Ident> {
    let mut scope = Scope::new(Code::MemberCollision, "field");
    let mut variants = Scope::new(Code::MemberCollision, "variant");
    let mut take = |scope: &mut Scope, ident: Option<Ident>, taken: &str, name: &str, at: &At| {
        let ident = ident.map(|ident| {
            if ident == taken {
                ident::evade(&ident)
            } else {
                ident
            }
        });
        scope.take(report, ident, &format!("{}${name}", shape.name), at)
    };
    let mut variant =
        |name: &str, at: &At| take(&mut variants, ident::camel(name), "Unknown", name, at);
    match &shape.kind {
        Kind::Structure(structure) => {
            let members = structure.members.iter();
            members
                .filter_map(|m| take(&mut scope, ident::snake(&m.name), "new", &m.name, &m.at))
                .collect()
        }
        Kind::Union(union) => {
            let members = union.members.iter();
            members.filter_map(|m| variant(&m.name, &m.at)).collect()
        }
        Kind::Enum(values) => {
            let values = values.iter();
            values.filter_map(|v| variant(&v.name, &v.at)).collect()
        }
        Kind::IntEnum(values) => {
            let values = values.iter();
            values.filter_map(|v| variant(&v.name, &v.at)).collect()
        }
        Kind::Simple(_) | Kind::List(_) | Kind::Map(_) => Vec::new(),
    }
}

/// The names of types, by the file that they stand in.
#[derive(Default)]
struct Types(BTreeMap<Home, Scope>);

impl Types {
    fn scope(&mut self, home: Home) -> &mut Scope {
        self.0
            .entry(home)
            .or_insert_with(|| Scope::new(Code::TypeCollision, "type"))
    }

    fn has(&self, ident: &Ident) -> bool {
        self.0.values().any(|scope| scope.taken.contains_key(ident))
    }
}

/// Names that must differ from one another, with who has each.
struct Scope {
    code: Code,
    what: &'static str,
    taken: BTreeMap<Ident, (String, At)>,
}

impl Scope {
    fn new(code: Code, what: &'static str) -> Self {
        Self {
            code,
            what,
            taken: BTreeMap::new(),
        }
    }

    /// What to do about a collision. Only the names of shapes can be changed by a service (Smithy 2.0, "Service rename property").
    fn help(&self) -> &'static str {
        match self.code {
            Code::TypeCollision => {
                "rename one of them; `rename` on the service changes the name of a shape for the service alone"
            }
            Code::MemberCollision => {
                "rename one of them; `jsonName` keeps the name of a structure's or union's member in JSON"
            }
            Code::ModuleCollision => {
                "rename one of them (a service with an `sdkId` is named for that), or generate two crates"
            }
            _ => "rename one of them",
        }
    }

    /// Whether somebody has `ident`.
    fn has(&self, ident: &Ident) -> bool {
        self.taken.contains_key(ident)
    }

    /// Gives `ident` to `owner`, or reports who has it already or that it cannot be spelt.
    fn take(
        &mut self,
        report: &mut Report,
        ident: Option<Ident>,
        owner: &str,
        at: &At,
    ) -> Option<Ident> {
        let Some(ident) = ident else {
            let message = format!(
                "`{owner}` has no letter or digit to make a Rust {} of",
                self.what
            );
            report.push(
                Diagnostic::new(Code::Unspellable, message, at.clone())
                    .key()
                    .shape(owner)
                    .help("rename it"),
            );
            return None;
        };
        if let Some((first, place)) = self.taken.get(&ident) {
            let message = format!(
                "`{first}` and `{owner}` both become the Rust {} `{ident}`",
                self.what
            );
            report.push(
                Diagnostic::new(self.code, message, at.clone())
                    .key()
                    .label(format!("becomes `{ident}`"))
                    .shape(owner)
                    .other_key(place.clone(), format!("becomes `{ident}` too"))
                    .help(self.help()),
            );
            return None;
        }
        self.taken
            .insert(ident.clone(), (owner.to_owned(), at.clone()));
        Some(ident)
    }
}
