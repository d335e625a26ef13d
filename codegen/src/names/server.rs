//! The names of the module `server`: the trait that a server implements, and what surrounds it.

use drawplate_model::model::{Model, Service};

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

/// What the module has besides if operations require authentication, likewise.
const AUTH_ITEMS: [(&str, &str, &str); 13] = [
    ("access-key", "AccessKey", "RuntimeAccessKey"),
    ("access-key-id", "AccessKeyId", "RuntimeAccessKeyId"),
    ("api-key", "ApiKey", "RuntimeApiKey"),
    ("authentication", "Authentication", "RuntimeAuthentication"),
    (
        "basic-credentials",
        "BasicCredentials",
        "RuntimeBasicCredentials",
    ),
    ("bearer-token", "BearerToken", "RuntimeBearerToken"),
    ("sigv4-verifier", "SigV4Verifier", "RuntimeSigV4Verifier"),
    (
        "trusted-identity",
        "TrustedIdentity",
        "RuntimeTrustedIdentity",
    ),
    (
        "unauthenticated",
        "Unauthenticated",
        "RuntimeUnauthenticated",
    ),
    ("verifier", "Verifier", "RuntimeVerifier"),
    ("verifiers", "Verifiers", "ServerVerifiers"),
    ("verify", "Verify", "RuntimeVerify"),
    ("verify-error", "VerifyError", "RuntimeVerifyError"),
];

/// The names of the module `server`.
#[derive(Debug)]
pub struct ServerNames {
    /// The trait that a server implements.
    pub ident: Name,
    /// A type parameter for an implementation.
    pub parameter: Name,
    /// A type parameter for the identity of a caller.
    pub identity: Name,
    items: Vec<Name>,
}

impl ServerNames {
    pub(super) fn new(model: &Model, service: &Service, choices: &mut Choices<'_>) -> Self {
        let key = Key::shape(service.name.as_str());
        let (at, case) = (&service.location, Case::Camel);
        let own = Claim::modeled(key.role("trait"), "trait", at, case, service.name.name());
        // A selection of operations changes no name.
        let has_auth = service.all_operations().iter().any(|id| {
            let schemes = service.auth_of(&model.operations[*id]);
            schemes.iter().any(|scheme| scheme.is_supported())
        });
        let auth_items = AUTH_ITEMS.iter().filter(|_| has_auth);
        let items = ITEMS.iter().chain(auth_items).map(|(role, name, other)| {
            Claim::invented(key.role(role), "type", at, case, &[name, other])
        });
        let claims = std::iter::once(own).chain(items).collect::<Vec<_>>();
        let mut names = Namespace::default().assign(&claims, choices).into_iter();
        let ident = names.next().expect("there is a name for each claim");
        let items = names.collect::<Vec<_>>();
        let parameter = |names: [&str; 2]| {
            let names = names.into_iter().filter_map(|text| case.spell(text));
            let mut free = names.filter(|name| *name != ident && !items.contains(name));
            free.next().unwrap_or_else(|| case.nameless())
        };
        Self {
            parameter: parameter(["S", "T"]),
            identity: parameter(["Identity", "I"]),
            ident,
            items,
        }
    }

    /// The name of an item that is called `name` unless the service is.
    ///
    /// # Panics
    /// When the module has no such item.
    pub fn item(&self, name: &str) -> &Name {
        let mut items = ITEMS.iter().chain(&AUTH_ITEMS);
        let index = items.position(|(_, item, _)| *item == name);
        &self.items[index.expect("the item is in the table")]
    }

    /// The path of an item of Rust's prelude, which the trait may shadow.
    pub fn std(&self, module: &'static str, name: &'static str) -> StdPath {
        let others = [&self.ident, &self.parameter, &self.identity];
        let mut names = self.items.iter().chain(others);
        StdPath::new(module, name, names.any(|own| own.text() == name))
    }
}
