//! Selection: the services and operations of a model to generate, with exactly what they reach.

use std::collections::{BTreeMap, BTreeSet};

use la_arena::Arena;

use crate::components::{id, position};
use crate::model::{CaseSubject, Model, OperationId, Service, ServiceId, ShapeId, Whole};
use crate::traits::TraitId;

/// The services to keep. Those with a set of operations keep only these.
pub type Selection = BTreeMap<ServiceId, Option<BTreeSet<OperationId>>>;

impl Model {
    /// Keeps the services of a selection, their operations in it, and the shapes that these reach.
    ///
    /// Shapes and operations stay in their arenas, so that their ids and roles do not change. Each
    /// service remembers what it had ([`Service::whole`]), by which names are assigned: a selection
    /// changes none of them.
    pub fn select(&mut self, selection: &Selection) {
        let mut services = Arena::default();
        for (id, mut service) in std::mem::take(&mut self.services) {
            match selection.get(&id) {
                None => {
                    self.dropped.push(service);
                    continue;
                }
                Some(None) => {}
                Some(Some(operations)) => self.narrow(&mut service, operations),
            }
            services.alloc(service);
        }
        self.services = services;
        self.select_cases();
    }

    /// The ids of the services, operations and shapes that a selection dropped.
    pub fn dropped_ids(&self) -> BTreeSet<String> {
        let services = self.services.values();
        let narrowed = services.filter(|service| service.whole.is_some());
        let dropped = self.dropped.iter();
        let mut ids = narrowed
            .chain(dropped.clone())
            .flat_map(|service| self.ids(service.all_operations(), service.all_shapes()))
            .collect::<BTreeSet<_>>();
        if ids.is_empty() && self.dropped.is_empty() {
            return BTreeSet::new();
        }
        for service in self.services.values() {
            for id in self.ids(&service.operations, &service.shapes) {
                ids.remove(id);
            }
        }
        let services = dropped.map(|service| service.name.as_str());
        ids.into_iter().chain(services).map(str::to_owned).collect()
    }

    /// The ids of operations and shapes.
    fn ids<'m>(
        &'m self,
        operations: &'m [OperationId],
        shapes: &'m [ShapeId],
    ) -> impl Iterator<Item = &'m str> {
        let operations = operations.iter();
        let operations = operations.map(|id| self.operations[*id].name.as_str());
        let shapes = shapes.iter();
        let shapes = shapes.map(|id| self.shapes[*id].name.as_str());
        operations.chain(shapes)
    }

    /// Drops the other operations of a service, and the shapes that only these reach.
    fn narrow(&self, service: &mut Service, operations: &BTreeSet<OperationId>) {
        let kept = service.operations.iter().copied();
        let kept = kept.filter(|id| operations.contains(id));
        let kept = kept.collect::<Vec<_>>();
        // The error that the service names is part of it; one that it only uses is not.
        let validation_error = service.validation_error;
        let named = validation_error.filter(|_| service.traits.has(TraitId::ValidationError));
        let shapes = self.closure(&kept, named);
        service.validation_error = validation_error.filter(|id| shapes.binary_search(id).is_ok());
        let whole = Whole {
            operations: std::mem::replace(&mut service.operations, kept),
            shapes: std::mem::replace(&mut service.shapes, shapes),
        };
        service.whole.get_or_insert(whole);
    }

    /// The shapes that operations and another shape reach, sorted.
    fn closure(&self, operations: &[OperationId], other: Option<ShapeId>) -> Vec<ShapeId> {
        let mut open = other.into_iter().collect::<Vec<_>>();
        for id in operations {
            let operation = &self.operations[*id];
            open.extend([operation.input, operation.output]);
            open.extend(&operation.errors);
        }
        let mut reached = vec![false; self.shapes.len()];
        while let Some(id) = open.pop() {
            if !std::mem::replace(&mut reached[position(id)], true) {
                let members = self.shapes[id].kind.members();
                open.extend(members.map(|member| member.target));
            }
        }
        let places = reached.iter().enumerate().filter(|(_, reached)| **reached);
        places.map(|(place, _)| id(place)).collect()
    }

    /// Drops the test cases of what no service has.
    fn select_cases(&mut self) {
        let services = || self.services.values();
        let operations = services().flat_map(|service| service.operations.iter().copied());
        let operations = operations.collect::<BTreeSet<_>>();
        let shapes = services().flat_map(|service| service.shapes.iter().copied());
        let shapes = shapes.collect::<BTreeSet<_>>();
        let cases = &mut self.cases;
        let has = |id: &OperationId| operations.contains(id);
        cases.requests.retain(|case| has(&case.operation));
        cases.malformed.retain(|case| has(&case.operation));
        cases.event_streams.retain(|case| has(&case.operation));
        cases.responses.retain(|case| match &case.subject {
            CaseSubject::Output(id) => has(id),
            CaseSubject::Error(id) => shapes.contains(id),
        });
    }
}

impl Service {
    /// The operations of the service, including those that a selection dropped.
    pub fn all_operations(&self) -> &[OperationId] {
        let whole = self.whole.as_ref();
        whole.map_or(&self.operations, |whole| &whole.operations)
    }

    /// The shapes of the service, including those that a selection dropped.
    pub fn all_shapes(&self) -> &[ShapeId] {
        let whole = self.whole.as_ref();
        whole.map_or(&self.shapes, |whole| &whole.shapes)
    }
}

#[cfg(test)]
mod tests {
    use super::Selection;
    use crate::model::Model;
    use crate::source::Sources;

    /// Two services that share a resource, a mixin, errors of the service, a paginated operation.
    const MODEL: &str = include_str!("select/model.json");

    fn model() -> Model {
        let sources = Sources::from_texts([("model.json".into(), MODEL.to_owned())]);
        match crate::build(&sources) {
            Ok((model, _)) => model,
            Err(report) => panic!("{}", report.render(&sources, false)),
        }
    }

    /// Selects operations of the first service, by name.
    fn selection(model: &Model, operations: &[&str]) -> Selection {
        let (service, _) = model.services.iter().next().expect("there are services");
        let chosen = model.operations.iter();
        let chosen = chosen.filter(|(_, operation)| operations.contains(&operation.name.name()));
        let chosen = chosen.map(|(id, _)| id).collect();
        Selection::from([(service, Some(chosen))])
    }

    /// The names of what the first service has.
    fn names(model: &Model) -> (Vec<&str>, Vec<&str>) {
        let (_, service) = model.services.iter().next().expect("there is a service");
        let operations = service.operations.iter();
        let shapes = service.shapes.iter();
        let shapes = shapes.map(|id| model.shapes[*id].name.name());
        (
            operations
                .map(|id| model.operations[*id].name.name())
                .collect(),
            shapes.collect(),
        )
    }

    #[test]
    fn a_selection_keeps_what_its_operations_reach_and_nothing_else() {
        let mut model = model();
        let selection = selection(&model, &["ListBooks"]);
        model.select(&selection);
        let dropped = model.dropped_ids();
        let (operations, shapes) = names(&model);
        assert_eq!(operations, ["ListBooks"]);
        assert_eq!(
            shapes,
            [
                "Author",
                "Book",
                "Books",
                "Closed",
                "ListBooksInput",
                "ListBooksOutput",
                "Integer",
                "String"
            ]
        );
        let dropped = dropped.iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(
            dropped,
            [
                "demo#Copy",
                "demo#CopyBook",
                "demo#CopyBookInput",
                "demo#CopyBookOutput",
                "demo#Gone",
                "demo#Store"
            ]
        );
    }

    #[test]
    fn a_shape_of_two_services_is_not_dropped_while_one_has_it() {
        let mut model = model();
        let mut selection = selection(&model, &["ListBooks"]);
        let all = model.services.iter().map(|(id, _)| (id, None));
        let others = all.skip(1).collect::<Vec<_>>();
        selection.extend(others);
        model.select(&selection);
        let dropped = model.dropped_ids();
        let dropped = dropped.iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(dropped, Vec::<&str>::new());
        assert_eq!(names(&model).0, ["ListBooks"]);
    }

    #[test]
    fn a_service_remembers_what_it_had() {
        let mut model = model();
        let before = model.services.iter().next().map(|(_, service)| service);
        let before = before.expect("there is a service").clone();
        let selection = selection(&model, &["CopyBook"]);
        model.select(&selection);
        let (_, after) = model.services.iter().next().expect("there is a service");
        assert_eq!(after.all_operations(), before.operations);
        assert_eq!(after.all_shapes(), before.shapes);
        assert!(after.shapes.len() < before.shapes.len());
    }
}
