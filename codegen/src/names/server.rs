//! The names of the module `server`: the trait that a server implements, and what surrounds it.

use drawplate_model::model::Service;

use super::chosen::Choices;
use super::ident::Case;
use super::namespace::{Claim, Key, Namespace};
use super::{Name, StdPath};

/// What the module has beside the trait: the role in the configuration, the name, and another one
/// for a service of that name.
const ITEMS: [(&str, &str, &str); 11] = [
    ("body", "Body", "RuntimeBody"),
    ("listener", "Listener", "RuntimeListener"),
    ("mock", "Mock", "MockServer"),
    ("peer", "Peer", "RuntimePeer"),
    ("recorded-call", "RecordedCall", "RuntimeRecordedCall"),
    ("request-context", "RequestContext", "RuntimeRequestContext"),
    ("router", "Router", "RuntimeRouter"),
    ("serve", "Serve", "RuntimeServe"),
    ("tls-identity", "TlsIdentity", "RuntimeTlsIdentity"),
    (
        "tls-identity-error",
        "TlsIdentityError",
        "RuntimeTlsIdentityError",
    ),
    ("tls-listener", "TlsListener", "RuntimeTlsListener"),
];

/// The names of the module `server`.
#[derive(Debug)]
pub struct ServerNames {
    /// The trait that a server implements.
    pub ident: Name,
    /// A type parameter for an implementation.
    pub parameter: Name,
    items: Vec<Name>,
}

impl ServerNames {
    pub(super) fn new(service: &Service, choices: &mut Choices<'_>) -> Self {
        let key = Key::shape(service.name.as_str());
        let (at, case) = (&service.location, Case::Camel);
        let own = Claim::modeled(key.role("trait"), "trait", at, case, service.name.name());
        let items = ITEMS.iter().map(|(role, name, other)| {
            Claim::invented(key.role(role), "type", at, case, &[name, other])
        });
        let claims = std::iter::once(own).chain(items).collect::<Vec<_>>();
        let mut names = Namespace::default().assign(&claims, choices).into_iter();
        let ident = names.next().expect("there is a name for each claim");
        let items = names.collect::<Vec<_>>();
        let parameters = ["S", "T"].into_iter().filter_map(|text| case.spell(text));
        let mut parameters = parameters.filter(|name| *name != ident && !items.contains(name));
        let parameter = parameters.next();
        Self {
            parameter: parameter.unwrap_or_else(|| case.nameless()),
            ident,
            items,
        }
    }

    /// The name of an item that is called `name` unless the service is.
    ///
    /// # Panics
    /// When the module has no such item.
    pub fn item(&self, name: &str) -> &Name {
        let index = ITEMS.iter().position(|(_, item, _)| *item == name);
        &self.items[index.expect("the item is in the table")]
    }

    /// The path of an item of Rust's prelude, which the trait may shadow.
    pub fn std(&self, module: &'static str, name: &'static str) -> StdPath {
        let mut names = self.items.iter().chain([&self.ident, &self.parameter]);
        StdPath::new(module, name, names.any(|own| own.text() == name))
    }
}
