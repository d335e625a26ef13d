//! The names of files that describe a service in another language.

use std::collections::BTreeSet;

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::model::Service;

use super::assign::DOCUMENT;
use super::chosen::Choices;
use super::namespace::{Key, line};
use super::{ChosenNames, modules};

/// The names of the files of services, without an extension: the name of each service's shape. If
/// that is taken, or no file can have it, it has the namespace before it. Systems that ignore the
/// case of names get different files as well.
pub(crate) fn assign<'m>(
    services: &[&'m Service],
    chosen: &ChosenNames,
    report: &mut Report,
) -> Vec<String> {
    let mut choices = Choices::new(chosen);
    let mut order = (0..services.len()).collect::<Vec<_>>();
    // The order of the models does not matter, and chosen names come first.
    order.sort_by_key(|index| {
        let name = services[*index].name.as_str();
        (!choices.is_chosen(key(services[*index])), name, *index)
    });
    let mut taken = BTreeSet::new();
    let mut names = vec![String::new(); services.len()];
    for index in order {
        let service: &'m Service = services[index];
        let (name, own) = (choices.file(key(service)), service.name.name());
        let mut take = |name: &str| taken.insert(name.to_ascii_lowercase());
        names[index] = match name.filter(|name| take(name)) {
            Some(name) => name.to_owned(),
            None if !modules::is_device(own) && take(own) => own.to_owned(),
            None => {
                let mut other = format!("{}.{own}", service.name.namespace());
                while !take(&other) {
                    other.push('_');
                }
                choices.report.push(collision(service, &other));
                other
            }
        };
    }
    report.merge(choices.report);
    names
}

fn key(service: &Service) -> Key<'_> {
    Key::shape(service.name.as_str()).role(DOCUMENT)
}

fn collision(service: &Service, name: &str) -> Diagnostic {
    let own = service.name.name();
    let message = format!(
        "the document of `{}` is called `{name}`, because `{own}` is another file or a device",
        service.name
    );
    Diagnostic::new(Code::NameCollision, message, service.location.clone())
        .name()
        .label(format!("becomes `{name}`"))
        .shape(&service.name)
        .help(line(key(service), name))
}
