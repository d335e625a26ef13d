//! The examples on the pages of the crate and of each service. They are compiled as doctests.

use drawplate_model::model::{Kind, Member, Operation, OperationId, Presence, ShapeId, Simple};
use proc_macro2::TokenStream;
use quote::quote;

use crate::Cx;
use crate::names::OperationNames;
use crate::rust::{auth, client, text};

/// Inner attributes with the examples of a service; `path` is the path from the enclosing module to
/// that of the service, and is empty or ends in `::`. `None` if the service has no operations, or
/// the output is not a crate.
///
/// Each example is in a module that is compiled only if the features that it needs are enabled.
pub(crate) fn examples(cx: &Cx<'_>, path: &str) -> Option<TokenStream> {
    // Elsewhere they would be tests of a crate of the user's.
    if !cx.options.is_crate {
        return None;
    }
    let operations = cx.service.operations.iter();
    let id = *operations.min_by_key(|id| preference(cx, **id))?;
    let parts = cx.parts();
    let client = parts.client.then(|| call(cx, id, path));
    let server = parts.has_server().then(|| serve(cx, path));
    let mock = (parts.client && parts.mock).then(|| mock(cx, id, path));
    Some(quote!(#client #server #mock))
}

/// The operation with the smallest value is the example: one without streams, with errors, with an
/// input and output that are short to create, and read-only, in this order of importance. Among
/// equals it is the first by name.
fn preference(cx: &Cx<'_>, id: OperationId) -> impl Ord {
    let operation = &cx.model.operations[id];
    let Operation { input, output, .. } = operation;
    let members = |id: ShapeId| cx.model.shapes[id].kind.members();
    let mut members = members(*input).chain(members(*output));
    (
        operation.docs.deprecated.is_some() || operation.docs.internal,
        members.any(|member| is_stream(cx, member)),
        operation.errors.is_empty(),
        new(cx, *input).is_none(),
        new(cx, *output).is_none(),
        !operation.readonly,
        operation.name.name(),
    )
}

/// A call with error handling.
fn call(cx: &Cx<'_>, id: OperationId, path: &str) -> TokenStream {
    let Operation { input, errors, .. } = &cx.model.operations[id];
    let OperationNames { method, error, .. } = cx.names.operation(id);
    let module = cx.names.shape(*input).module.name();
    let (parameter, argument) = if client::has_parameter(cx, *input) {
        match new(cx, *input) {
            Some(value) => (String::new(), value),
            None => (
                format!(
                    "\n    input: {module}::{},\n",
                    cx.names.shape(*input).ident.text()
                ),
                "input".to_owned(),
            ),
        }
    } else {
        Default::default()
    };
    let error = errors.first().map(|shape| {
        let variant = cx.names.shape(*shape).ident.text();
        format!(
            "        Err(Error::Service(error::{}::{variant}(error))) => {{\n            \
             println!(\"{variant}: {{error}}\");\n        }}\n",
            error.text()
        )
    });
    let credentials = auth::credentials(cx);
    let identity = credentials
        .first()
        .map_or("", |credentials| credentials.call);
    let names = [
        ("Client", true),
        ("Error", error.is_some()),
        ("client", identity.contains("client::")),
        ("error", error.is_some()),
        (module, !argument.is_empty()),
    ];
    let error = error.unwrap_or_default();
    let builder = &cx.names.builder;
    example(
        "Call the service:",
        r#"feature = "client""#,
        path,
        &names,
        &format!(
            r#"async fn call({parameter}) -> Result<(), Box<dyn std::error::Error>> {{
    let client = Client::{builder}().endpoint("https://api.example.com"){identity}.build()?;
    match client.{method}({argument}).await {{
        Ok(output) => println!("{{output:?}}"),
{error}        Err(error) => return Err(error.into()), // other errors: no connection, ...
    }}
    Ok(())
}}"#
        ),
    )
}

/// A service of an implementation.
fn serve(cx: &Cx<'_>, path: &str) -> TokenStream {
    let server = &cx.names.server;
    let (name, router) = (server.ident.text(), server.item("Router"));
    let (import, parameters, argument) = if auth::is_used(cx) {
        let verifiers = server.item("Verifiers");
        let identity = &server.identity;
        let [send, sync] = ["Send", "Sync"].map(|name| server.std("marker", name));
        (
            format!("server::{{{name}, {router}, {verifiers}, router}}"),
            format!(
                "<{identity}: {send} + {sync} + 'static>(\n    \
                 implementation: impl {name}<{identity}>,\n    \
                 verifiers: {verifiers}<{identity}>,\n)"
            ),
            ", verifiers",
        )
    } else {
        (
            format!("server::{{{name}, {router}, router}}"),
            format!("(implementation: impl {name})"),
            "",
        )
    };
    example(
        "Serve an implementation of the server trait:",
        r#"feature = "server""#,
        path,
        &[(&import, true)],
        &format!(
            "/// A `tower::Service` for axum or, with the feature `serve`, `server::serve`.\n\
             fn service{parameters} -> {router} {{\n    router(implementation{argument})\n}}"
        ),
    )
}

/// A client that calls a mock.
fn mock(cx: &Cx<'_>, id: OperationId, path: &str) -> TokenStream {
    let Operation { output, errors, .. } = &cx.model.operations[id];
    let setter = cx.names.operation(id).mock_setter();
    let mock = cx.names.server.item("Mock");
    let in_process = &cx.names.in_process;
    let error = || {
        let errors = errors.iter();
        let mut errors = errors.filter_map(|id| Some((*id, new(cx, *id)?)));
        errors
            .next()
            .map(|(id, value)| (id, format!("Err({value}.into())")))
    };
    let response = new(cx, *output)
        .map(|value| (*output, format!("Ok({value})")))
        .or_else(error);
    let module = response
        .as_ref()
        .map(|(id, _)| cx.names.shape(*id).module.name());
    let (import, argument) = if auth::is_used(cx) {
        let unauthenticated = cx.names.server.item("Unauthenticated");
        (
            format!("server::{{{mock}, {unauthenticated}, router}}"),
            format!(", {unauthenticated}"),
        )
    } else {
        (format!("server::{{{mock}, router}}"), String::new())
    };
    let response = response.map(|(_, value)| format!("\n        .{setter}(|_input| {value})"));
    example(
        "Test a caller against a mock, in the same process:",
        r#"all(feature = "client", feature = "server")"#,
        path,
        &[
            ("Client", true),
            (module.unwrap_or_default(), module.is_some()),
            (&import, true),
        ],
        &format!(
            "fn mock() -> ({mock}, Client) {{\n    let mock = {mock}::new(){};\n    \
             let client = Client::{in_process}(router(mock.clone(){argument}));\n    \
             (mock, client) // `mock.calls()` returns the calls that the client made.\n}}",
            response.unwrap_or_default()
        ),
    )
}

/// A heading and the module of an example, of which a reader sees the contents.
fn example(
    heading: &str,
    cfg: &str,
    path: &str,
    names: &[(&str, bool)],
    code: &str,
) -> TokenStream {
    let before = text::inner_doc(&format!(
        "\n{heading}\n\n```\n# #[cfg({cfg})]\n# mod example {{"
    ));
    let names = names.iter().filter(|(_, used)| *used);
    let names = names.map(|(name, _)| *name).collect::<Vec<_>>();
    let import = match names.as_slice() {
        [name] => format!("::{path}{name};"),
        names => format!("::{path}{{{}}};", names.join(", ")),
    };
    let after = text::inner_doc(&format!("\n{code}\n# }}\n```"));
    // Only the compiler knows the name of the crate and the path of the module in it.
    quote!(#before #![doc = concat!(" use ", module_path!(), #import)] #after)
}

/// The expression that creates a structure, if it has at most one required member, and a literal is
/// a value of it.
fn new(cx: &Cx<'_>, id: ShapeId) -> Option<String> {
    let names = cx.names.shape(id);
    let members = cx.model.shapes[id].kind.members().zip(&names.members);
    let mut required = members.filter(|(member, _)| member.presence == Presence::Required);
    let argument = match (required.next(), required.next()) {
        (None, _) => String::new(),
        (Some((member, field)), None) => literal(cx, member, field.text())?,
        (Some(_), Some(_)) => return None,
    };
    let (module, ident) = (names.module.name(), names.ident.text());
    Some(format!("{module}::{ident}::new({argument})"))
}

fn literal(cx: &Cx<'_>, member: &Member, field: &str) -> Option<String> {
    let Kind::Simple(simple) = cx.model.shapes[member.target].kind else {
        return None;
    };
    if cx.types.is_replaced(member.target) {
        return None;
    }
    match simple {
        Simple::String => Some(format!("\"{}\"", field.replace('_', "-"))),
        Simple::Boolean => Some("true".to_owned()),
        Simple::Byte | Simple::Short | Simple::Integer | Simple::Long => Some("1".to_owned()),
        Simple::Float | Simple::Double => Some("1.0".to_owned()),
        _ => None,
    }
}

fn is_stream(cx: &Cx<'_>, member: &Member) -> bool {
    member.streams_bytes(cx.model) || member.streams_events(cx.model)
}
