//! Rust names: the only place that knows case, keywords, reserved names and the names of files.
//!
//! Every model gets names. Names of the model win over names that the generator makes up (the
//! variant `Unknown`, the enum `GetFooError`), and a name that is written in the model as in Rust
//! wins over one that is converted. What loses gets another name, and a warning says how to choose
//! it ([`ChosenNames`]).

mod assign;
mod chosen;
#[cfg(feature = "openapi")]
pub(crate) mod documents;
mod ident;
mod modules;
mod namespace;
mod operations;
mod prelude;
mod required;
mod server;
pub(crate) mod settings;
mod shapes;

use drawplate_model::la_arena::ArenaMap;
use drawplate_model::model::{Kind, OperationId, Role, ServiceId, ShapeId};
use proc_macro2::TokenStream;
use quote::quote;

pub use assign::assign_names;
pub use chosen::ChosenNames;
#[cfg(test)]
pub(crate) use ident::KEYWORDS;
pub use ident::Name;
pub use prelude::{Prelude, StdPath};
pub use server::ServerNames;

/// The names of a crate.
#[derive(Debug)]
pub struct Names {
    /// The services, sorted by module.
    pub services: Vec<ServiceUnit>,
}

/// A service and its names.
#[derive(Debug)]
pub struct ServiceUnit {
    /// The index of its model.
    pub model: usize,
    /// The service in that model.
    pub service: ServiceId,
    /// The names of its module.
    pub names: ServiceNames,
}

/// The names of a service's module.
#[derive(Debug)]
pub struct ServiceNames {
    /// The module.
    pub module: Name,
    /// The names of the module `server`.
    pub server: ServerNames,
    /// The function that sets up a client.
    pub builder: Name,
    /// The function that creates a client of a service in the same process.
    pub in_process: Name,
    /// The static that describes the service.
    pub schema: Name,
    /// The static that lists the routes.
    pub routes: Name,
    /// The enum of the errors of all operations.
    pub error: Name,
    /// The variant of errors that are not in the model.
    pub unmodeled: Name,
    /// The paths of the types of Rust's prelude.
    pub prelude: Prelude,
    shapes: ArenaMap<ShapeId, ShapeNames>,
    operations: ArenaMap<OperationId, OperationNames>,
}

/// The names of a shape.
#[derive(Debug)]
pub struct ShapeNames {
    /// The type. A list or map has none, so its name may be that of another type.
    pub ident: Name,
    /// The static that holds the schema, for kinds that have one of their own.
    pub schema: Name,
    /// The module of the type.
    pub module: TypeModule,
    /// Fields or variants, in the order of the members or values.
    pub members: Vec<Name>,
    /// The functions that set the fields of a structure.
    pub setters: Vec<Name>,
    /// The functions of each variant of a union.
    pub accessors: Vec<AccessorNames>,
    /// The variant of an enum or union for what the model does not know.
    pub unknown: Option<Name>,
    /// The structure that holds the required members, if they are passed by name.
    pub required: Option<RequiredNames>,
}

impl ShapeNames {
    /// What the macro of an enum or union is passed if its last variant is not `Unknown`.
    pub(crate) fn otherwise(&self) -> Option<TokenStream> {
        let unknown = self.unknown.as_ref()?;
        (unknown.text() != "Unknown").then(|| quote!(else #unknown))
    }
}

/// The names of the functions of a union's variant.
#[derive(Debug)]
pub struct AccessorNames {
    /// The function that returns whether the value is of the variant.
    pub is: Name,
    /// The function that returns the value of the variant.
    pub r#as: Name,
}

/// The names of the structure that holds the required members of a structure.
#[derive(Debug)]
pub struct RequiredNames {
    /// The type.
    pub ident: Name,
    /// Its type parameters, in the order of the required members.
    pub parameters: Vec<Name>,
}

/// The names of an operation.
#[derive(Debug)]
pub struct OperationNames {
    /// The method.
    pub method: Name,
    /// The static that describes it.
    pub schema: Name,
    /// The enum of its errors.
    pub error: Name,
    /// The methods of a paginated operation.
    pub pages: Option<PageNames>,
    /// The names of the waiters, in their order.
    pub waiters: Vec<WaiterNames>,
}

impl OperationNames {
    /// The method of the mock that sets the response.
    pub fn mock_setter(&self) -> Name {
        self.method.prefixed("on")
    }
}

/// The names of the methods of a paginated operation.
#[derive(Debug)]
pub struct PageNames {
    /// The method that lists by page.
    pub pages: Name,
    /// The method that lists by item, if the pages have items.
    pub items: Option<Name>,
}

/// The names of a waiter.
#[derive(Debug)]
pub struct WaiterNames {
    /// The method.
    pub method: Name,
    /// The static that describes it.
    pub schema: Name,
}

/// A module of types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TypeModule {
    /// Inputs of operations.
    Input,
    /// Outputs of operations.
    Output,
    /// Errors.
    Error,
    /// All other types.
    Types,
}

impl TypeModule {
    /// All of them.
    const ALL: [Self; 4] = [Self::Input, Self::Output, Self::Error, Self::Types];

    /// The module's name.
    pub fn name(self) -> &'static str {
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
    /// When the shape has no schema of its own.
    pub fn shape(&self, id: ShapeId) -> &ShapeNames {
        self.shapes
            .get(id)
            .expect("every shape of the closure that is not simple has names")
    }

    /// The names of an operation of the service.
    ///
    /// # Panics
    /// When the operation belongs to another service.
    pub fn operation(&self, id: OperationId) -> &OperationNames {
        self.operations
            .get(id)
            .expect("every operation of the service has names")
    }

    /// The path of the file of a module of this service, below the crate's root module.
    pub fn file(&self, module: &str) -> String {
        format!("{}/{module}.rs", self.module.text())
    }
}

/// Whether `name` is a keyword in some edition of Rust.
pub fn is_keyword(name: &str) -> bool {
    ident::is_keyword(name)
}
