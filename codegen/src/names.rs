//! Rust names: the only place that knows case, keywords, reserved names and the names of files.
//!
//! A name that the generator reserves (the variant `Unknown`, the function `new`) wins over a name
//! of the model, which gets an underscore after it, as do the keywords that cannot be raw
//! identifiers. Two names of the model with the same spelling are a diagnostic.

mod assign;
mod ident;
mod namespace;
mod prelude;

use drawplate_model::la_arena::ArenaMap;
use drawplate_model::model::{Kind, OperationId, Role, ServiceId, ShapeId};

pub use assign::assign_names;
pub use ident::Name;
pub use prelude::{Prelude, StdPath};

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
    /// The trait that a server implements.
    pub server: Name,
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
    /// The type, for kinds that have one.
    pub ident: Name,
    /// The static that holds the schema, for kinds that have one of their own.
    pub schema: Name,
    /// The module of the type.
    pub module: TypeModule,
    /// Fields or variants, in the order of the members or values.
    pub members: Vec<Name>,
    /// The functions of each variant of a union.
    pub accessors: Vec<AccessorNames>,
    /// The names for a structure with more than one required member to take them by name.
    pub required: Option<RequiredNames>,
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
    /// The methods that list by page and by item, for a paginated operation.
    pub pages: Option<PageNames>,
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
    /// The method that lists by item.
    pub items: Name,
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
