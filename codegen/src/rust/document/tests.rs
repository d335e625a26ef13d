use drawplate_model::diagnostic::{Code, Report};
use drawplate_model::source::Sources;
use serde_json::Value;

use super::raw;
use crate::pipeline::{self, Generated};
use crate::{Config, Layout, OpenApi, Parts, Rust};

const SERVED: Parts = Parts {
    server: true,
    openapi: true,
    ..Parts::TYPES
};

/// A service with this protocol. Its documentation has what could end a raw string.
fn model(protocol: &str) -> String {
    format!(
        r####"
        $version: "2"
        namespace com.example
        use {protocol}

        /// Says "yes"## and "no"###.
        @{trait}
        service Shop {{ version: "1", operations: [GetPrice] }}

        @http(method: "GET", uri: "/price")
        operation GetPrice {{ output := {{ price: Integer, @httpPrefixHeaders("x-") more: Texts }} }}
        map Texts {{ key: String, value: String }}
        "####,
        trait = protocol.split('#').next_back().unwrap_or_default(),
    )
}

fn generate(protocol: &str, config: &Config) -> Result<Generated, Report> {
    let sources = Sources::from_texts([("shop.smithy".into(), model(protocol))]);
    pipeline::run(&sources, config)
}

fn files(layout: Layout) -> Generated {
    let config = Config::default().layout(layout).parts(SERVED);
    generate("aws.protocols#restJson1", &config).expect("the model is valid")
}

fn text<'f>(generated: &'f Generated, path: &str) -> &'f str {
    let text = generated.files.get(path);
    text.unwrap_or_else(|| panic!("{path} is not among {:?}", generated.files))
}

/// The value of the constant in a file for `include!`.
fn inline(file: &str) -> String {
    let file = syn::parse_file(file).expect("the file is Rust");
    let module = |items: Vec<syn::Item>, name: &str| {
        let mut modules = items.into_iter().filter_map(|item| match item {
            syn::Item::Mod(module) if module.ident == name => module.content,
            _ => None,
        });
        modules.next().expect("the file has the module").1
    };
    let server = module(module(file.items, "shop"), "server");
    let mut constants = server.into_iter().filter_map(|item| match item {
        syn::Item::Const(constant) => Some(*constant.expr),
        _ => None,
    });
    let Some(syn::Expr::Lit(literal)) = constants.next() else {
        panic!("the constant is a literal");
    };
    let syn::Lit::Str(text) = literal.lit else {
        panic!("the literal is a string");
    };
    text.value()
}

#[test]
fn every_layout_has_the_document() {
    let package = files(Layout::Crate);
    let document = text(&package, "shop/openapi.json");
    let server = text(&package, "shop/server.rs");
    assert!(
        server.contains(r#"= include_str!("openapi.json");"#),
        "{server}"
    );
    assert_eq!(server.matches(r#"#[cfg(feature = "openapi")]"#).count(), 2);

    let module = files(Layout::Module);
    assert_eq!(text(&module, "shop/openapi.json"), document);
    let server = text(&module, "shop/server.rs");
    assert!(server.contains("described_by(OPENAPI)"), "{server}");
    assert!(!server.contains("cfg("), "{server}");

    let file = files(Layout::file("shop.rs"));
    assert_eq!(file.files.len(), 1);
    assert_eq!(inline(text(&file, "shop.rs")), document);
}

#[test]
fn any_number_of_marks_may_follow_a_quote() {
    for count in [0, 254, 255, 1000] {
        let text = format!("{{\"\\\"{}\": 1}}", "#".repeat(count));
        let literal = syn::parse_str::<syn::LitStr>(&raw(&text).to_string());
        assert_eq!(literal.expect("a string literal").value(), text, "{count}");
    }
}

#[test]
fn the_document_is_that_of_the_command() {
    let package = files(Layout::Crate);
    let document = text(&package, "shop/openapi.json");
    let served = serde_json::from_str::<Value>(document).expect("the document is JSON");
    let checked = &package.models[0];
    let (service, _) = checked.model.services.iter().next().expect("it has one");
    let settings = Config::default().openapi;
    let printed = OpenApi::document(checked, service, settings, &mut Report::default());
    let printed = printed.expect("the service has a document");
    let printed = serde_json::from_str::<Value>(&printed).expect("the document is JSON");
    assert_eq!(served, printed);
    // Each operation and component has a line.
    let operation = |line: &str| line.starts_with(r#""get":{"operationId":"GetPrice""#);
    assert!(document.lines().any(operation), "{document}");
}

#[test]
fn a_crate_without_the_part_has_no_document() {
    let config = Config::default();
    let generated = generate("aws.protocols#restJson1", &config).expect("the model is valid");
    assert_eq!(generated.files.get("shop/openapi.json"), None);
    assert!(!text(&generated, "shop/server.rs").contains("OPENAPI"));
}

#[test]
fn a_document_that_cannot_be_generated_is_an_error() {
    let message = |protocol, parts| {
        let config = Config::default().parts(parts);
        let report = generate(protocol, &config).err().unwrap_or_default();
        let found = report
            .diagnostics()
            .into_iter()
            .map(|it| it.message.clone());
        found.collect::<Vec<_>>()
    };
    assert_eq!(
        message("aws.protocols#awsJson1_1", SERVED),
        [
            "there is no `openapi` to generate: no service has a protocol that OpenAPI describes, \
             only `aws.protocols#awsJson1_1`"
        ]
    );
    let without_server = Parts {
        openapi: true,
        ..Parts::TYPES
    };
    assert_eq!(
        message("aws.protocols#restJson1", without_server),
        ["the part `openapi` is the document that a server serves, and `parts` has no server"]
    );
}

#[test]
fn losses_are_reported_once() {
    let config = Config::default().parts(SERVED);
    let both = config.outputs(vec![Box::new(Rust), Box::new(OpenApi)]);
    let generated = generate("aws.protocols#restJson1", &both).expect("the model is valid");
    let lost = generated.warnings.diagnostics().into_iter();
    let lost = lost.map(|warning| warning.code).collect::<Vec<_>>();
    assert_eq!(lost, [Code::NotInOpenApi]);
}
