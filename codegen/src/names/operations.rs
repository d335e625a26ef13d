//! The names of operations: methods, statics and the enums of their errors.

use drawplate_model::la_arena::ArenaMap;
use drawplate_model::model::{Model, Operation, OperationId, Paginated, Service, Waiter};
use drawplate_model::source::Location;

use super::chosen::Choices;
use super::ident::Case;
use super::namespace::{Claim, Key, Namespace};
use super::{Name, OperationNames, PageNames, ServerNames, WaiterNames, ident};

/// The functions of the client.
pub(super) struct Methods {
    /// Those of operations, in the order of the service.
    operations: Vec<Method>,
    /// The function that sets up a client.
    pub(super) builder: Name,
    /// The function that creates a client of a service in the same process.
    pub(super) in_process: Name,
}

struct Method {
    name: Name,
    schema: Name,
    pages: Option<PageNames>,
    waiters: Vec<WaiterNames>,
    /// The name that other names are made of: that of the operation, or the one chosen for it.
    stem: String,
}

impl Methods {
    pub(super) fn new(model: &Model, service: &Service, choices: &mut Choices<'_>) -> Self {
        let operations = service
            .all_operations()
            .iter()
            .map(|id| &model.operations[*id]);
        let claims = operations.clone().map(|operation| {
            let Operation { name, location, .. } = operation;
            let key = Key::shape(name.as_str());
            Claim::modeled(key, "method", location, Case::Snake, name.name())
        });
        let claims = claims.collect::<Vec<_>>();
        let mut space = Namespace::default();
        let key = Key::shape(service.name.as_str());
        for role in ["builder", "in-process"] {
            space.reserve(key.role(role), Case::Snake, &service.location, choices);
        }
        for Claim { key, at, .. } in &claims {
            for role in ["pages", "items"] {
                space.reserve(key.role(role), Case::Snake, at, choices);
            }
        }
        for (key, waiter) in operations.clone().flat_map(waiters) {
            space.reserve(key, Case::Snake, &waiter.location, choices);
        }
        let names = space.assign(&claims, choices);

        let function = |role, spellings: &[&str]| {
            let (key, what) = (key.role(role), "constructor");
            Claim::invented(key, what, &service.location, Case::Snake, spellings)
        };
        let mut invented = vec![
            function("builder", &["builder", "client_builder"]),
            function("in-process", &["in_process", "client_in_process"]),
        ];
        for (operation, name) in operations.clone().zip(&names) {
            if let Some(Paginated { items, .. }) = &operation.paginated {
                let key = Key::shape(operation.name.as_str());
                let method = |role| {
                    let own = format!("{}_{role}", name.text());
                    let (what, at) = ("method", &operation.location);
                    Claim::invented(key.role(role), what, at, Case::Snake, &[&own])
                };
                invented.push(method("pages"));
                invented.extend(items.as_ref().map(|_| method("items")));
            }
        }
        let waiting = operations.clone().flat_map(waiters).map(|(key, waiter)| {
            let own = format!("wait_until_{}", waiter.name);
            Claim::invented(key, "method", &waiter.location, Case::Snake, &[&own])
        });
        invented.extend(waiting);
        let mut invented = space.assign(&invented, choices).into_iter();
        let mut next = || invented.next().expect("there is a name for each claim");
        let (builder, in_process) = (next(), next());
        let operations = operations.zip(claims.iter().zip(names));
        let mut methods = operations
            .map(|(operation, (claim, name))| {
                let pages = operation.paginated.as_ref().map(|paginated| PageNames {
                    pages: next(),
                    items: paginated.items.as_ref().map(|_| next()),
                });
                // A method with a name of its own shares it with what belongs to it.
                let own = operation.name.name();
                let stem = if name == *claim.spelling() {
                    own
                } else {
                    name.text()
                };
                let schema = ident::screaming_snake(own).filter(|_| stem == own);
                Method {
                    schema: schema.unwrap_or_else(|| name.screaming()),
                    pages,
                    waiters: Vec::new(),
                    stem: stem.to_owned(),
                    name,
                }
            })
            .collect::<Vec<_>>();
        for (id, method) in service.all_operations().iter().zip(&mut methods) {
            let waiters = model.operations[*id].waiters.iter();
            let names = waiters.map(|_| {
                let method = next();
                WaiterNames {
                    schema: method.screaming(),
                    method,
                }
            });
            method.waiters = names.collect();
        }
        Self {
            operations: methods,
            builder,
            in_process,
        }
    }

    /// The statics of the service and of its routes, which are beside those of its operations.
    pub(super) fn statics(
        &self,
        model: &Model,
        service: &Service,
        choices: &mut Choices<'_>,
    ) -> [Name; 2] {
        let mut space = Namespace::default();
        for (id, method) in service.all_operations().iter().zip(&self.operations) {
            let Operation { name, location, .. } = &model.operations[*id];
            space.add(&method.schema, Key::shape(name.as_str()), location);
        }
        let (key, at) = (Key::shape(service.name.as_str()), &service.location);
        [("static", "SERVICE"), ("routes", "ROUTES")].map(|(role, name)| {
            let (key, case) = (key.role(role), Case::Screaming);
            space.assign_one(Claim::invented(key, "static", at, case, &[name]), choices)
        })
    }

    /// The claims of the enums of errors: of each operation, in the order of the service, and then
    /// of the service.
    pub(super) fn errors<'m>(
        &self,
        model: &'m Model,
        service: &'m Service,
        server: &ServerNames,
    ) -> Vec<Claim<'m>> {
        let operations = service.all_operations().iter().zip(&self.operations);
        let claims = operations.map(|(id, method)| {
            let Operation { name, location, .. } = &model.operations[*id];
            error(name.as_str(), location, &method.stem, "Operation")
        });
        let own = server.ident.text();
        claims
            .chain([error(
                service.name.as_str(),
                &service.location,
                own,
                "Service",
            )])
            .collect()
    }

    /// The names of operations, with those of the enums of their errors.
    pub(super) fn with_errors(
        self,
        service: &Service,
        errors: Vec<Name>,
    ) -> ArenaMap<OperationId, OperationNames> {
        let operations = service.all_operations().iter().zip(self.operations);
        let operations = operations.zip(errors).map(|((id, method), error)| {
            let Method {
                name,
                schema,
                pages,
                waiters,
                stem: _,
            } = method;
            let names = OperationNames {
                method: name,
                schema,
                error,
                pages,
                waiters,
            };
            (*id, names)
        });
        operations.collect()
    }
}

/// The waiters of an operation, with the keys of their methods.
fn waiters(operation: &Operation) -> impl Iterator<Item = (Key<'_>, &Waiter)> {
    let key = Key::shape(operation.name.as_str());
    let waiters = operation.waiters.iter();
    waiters.map(move |waiter| (key.member(&waiter.name).role("wait"), waiter))
}

/// The claim of an enum of errors.
fn error<'m>(shape: &'m str, at: &'m Location, stem: &str, kind: &str) -> Claim<'m> {
    let stem = Case::Camel
        .spell(stem)
        .unwrap_or_else(|| Case::Camel.nameless());
    let stem = stem.text();
    let spellings = [&*format!("{stem}Error"), &format!("{stem}{kind}Error")];
    let key = Key::shape(shape).role("error");
    Claim::invented(key, "error type", at, Case::Camel, &spellings)
}
