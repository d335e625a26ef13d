//! The modules of services, which are files as well.

use drawplate_model::diagnostic::{Code, Diagnostic};
use drawplate_model::model::Service;

use super::chosen::Choices;
use super::ident::{self, Case, Name};
use super::namespace::{Claim, Key, line};

/// The claim of a service's module: the letters and digits of the SDK id in lower case, as AWS
/// tools name services; else the shape's name. A name that cannot be a file gets an underscore.
pub(super) fn claim(service: &Service) -> Claim<'_> {
    let sdk_id = service.sdk_id.as_deref().map(|id| {
        let plain = id.chars().filter(char::is_ascii_alphanumeric);
        plain.collect::<String>().to_ascii_lowercase()
    });
    let name = sdk_id.as_deref().unwrap_or(service.name.name());
    let (key, at) = (Key::shape(service.name.as_str()), &service.location);
    let claim = Claim::modeled(key, "module", at, Case::Module, name);
    if service.sdk_id.as_deref().is_some_and(|id| id != name) {
        claim.converted()
    } else {
        claim
    }
}

/// The spelling of a module: `snake_case`, with an underscore after it if it cannot be a file.
pub(super) fn spell(name: &str) -> Option<Name> {
    let name = ident::snake(name)?;
    Some(match reason(name.text()) {
        Some(_) => name.escaped(),
        None => name,
    })
}

/// Reports a module that is not named for its service because of its file.
pub(super) fn warn(claim: &Claim<'_>, name: &Name, choices: &mut Choices<'_>) {
    let text = name.text();
    let own = text.strip_suffix('_').unwrap_or(text);
    let Some(reason) = reason(own).filter(|_| !choices.is_chosen(claim.key)) else {
        return;
    };
    let message = format!(
        "`{}` is the module `{text}`, because `{own}` {reason}",
        claim.key
    );
    choices.report.push(
        Diagnostic::new(Code::ReservedModule, message, claim.at.clone())
            .name()
            .label(format!("becomes `{text}`"))
            .shape(claim.key)
            .help(line(claim.key, text)),
    );
}

/// The reason why a module cannot have a name, if there is one.
fn reason(name: &str) -> Option<&'static str> {
    // Tools disagree about the file of a module `r#match`.
    if ident::is_keyword(name) {
        return Some("is a keyword of Rust");
    }
    match name {
        "bin" | "lib" | "main" => Some("has a meaning for Cargo"),
        name => is_device(name).then_some("is a device of Windows"),
    }
}

/// Whether Windows has a device of this name, with any extension ("Naming Files, Paths, and
/// Namespaces").
pub(super) fn is_device(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let port = || {
        name.strip_prefix("com")
            .or_else(|| name.strip_prefix("lpt"))
    };
    ["aux", "con", "nul", "prn"].contains(&&*name)
        || port().is_some_and(|port| matches!(port.as_bytes(), [b'0'..=b'9']))
}
