//! Selected services and operations.

use super::*;

#[test]
fn a_selection_changes_no_name_and_warns_of_nothing_that_it_drops() {
    let shapes = |config: &Config| {
        let generated = generate(&[("library.json", LIBRARY)], config).expect("a model");
        let warnings = generated.warnings.diagnostics();
        let shapes = warnings.iter().filter_map(|warning| warning.shape.clone());
        (shapes.collect::<Vec<_>>(), generated)
    };
    let (all, whole) = shapes(&Config::default());
    assert_eq!(all, ["demo#GetCode", "demo#SetCode", "demo#any_value"]);
    let types = text(&whole, "library/types.rs");
    assert!(types.contains("pub struct AnyValue {}") && types.contains("pub struct AnyValue_ {}"));

    let get = Config::default().operations("demo#Library", ["Get"]);
    let (kept, part) = shapes(&get);
    assert_eq!(kept, ["demo#GetCode", "demo#any_value"]);
    let types = text(&part, "library/types.rs");
    assert!(types.contains("pub struct AnyValue_ {}") && !types.contains("pub struct AnyValue {}"));

    let set = Config::default().operations("Library", ["demo#Set"]);
    let (kept, part) = shapes(&set);
    assert_eq!(kept, ["demo#SetCode"]);
    let types = text(&part, "library/types.rs");
    assert!(types.contains("pub struct AnyValue {}") && !types.contains("pub struct AnyValue_ {}"));
    for file in ["client", "server", "operation", "schema"] {
        let file = text(&part, &format!("library/{file}.rs"));
        assert!(!file.contains("Get") && !file.contains("GET"), "{file}");
    }
}

#[test]
fn a_name_for_something_that_a_selection_drops_has_no_effect() {
    let config = Config::default()
        .operations("demo#Library", ["Set"])
        .name("demo#GetInput", "Question");
    let report = generate(&[("library.json", LIBRARY)], &config).expect_err("the name is unused");
    let found = report.diagnostics();
    assert_eq!(
        found[0].message,
        "`demo#GetInput` has no name in the generated code"
    );
    let help = found[0].help.as_deref().unwrap_or_default();
    assert!(help.contains("`services`"), "{help}");
}

#[test]
fn a_selection_of_public_operations_changes_no_name_of_the_server() {
    let model = r#"
        $version: "2"
        namespace demo
        @aws.protocols#awsJson1_1
        @httpBearerAuth
        service Verifier { operations: [Open, Look] }
        operation Open {}
        @auth([])
        operation Look {}
    "#;
    let warned = |config: &Config| {
        let generated = generate(&[("door.smithy", model)], config).expect("a model");
        let warnings = generated.warnings.diagnostics();
        let lines = warnings.iter().filter_map(|warning| warning.help.clone());
        lines.collect::<Vec<_>>()
    };
    let all = warned(&Config::default());
    assert!(all[0].contains("RuntimeVerifier"), "{all:?}");
    let look = Config::default().operations("demo#Verifier", ["Look"]);
    assert_eq!(warned(&look), all);
}

#[test]
fn tables_of_endpoint_rules_import_only_what_they_use() {
    let imports = |rules: &str| {
        let model = format!(
            r#"
            $version: "2"
            namespace demo
            use smithy.rules#endpointRuleSet
            @aws.protocols#awsJson1_1
            @endpointRuleSet({{
                version: "1.0"
                parameters: {{ Region: {{ type: "string", builtIn: "AWS::Region" }} }}
                rules: [{rules}]
            }})
            service Oven {{ operations: [Bake] }}
            operation Bake {{}}
            "#
        );
        let generated = generate(&[("oven.smithy", &model)], &Config::default()).expect("a model");
        let table = text(&generated, "oven/endpoint.rs");
        assert!(!table.contains("unused_imports"), "{table}");
        let lines = table
            .lines()
            .filter_map(|line| line.strip_prefix("use rt::"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let error = r#"{ type: "error", conditions: [], error: "no oven" }"#;
    assert_eq!(imports(error), ["Expression as E;"]);
    let isset = r#"{
        type: "error", conditions: [{ fn: "isSet", argv: [{ ref: "Region" }] }], error: "hot"
    }"#;
    assert_eq!(
        imports(&format!("{isset} {error}")),
        ["Expression as E;", "Function as F;"]
    );
}

#[test]
fn the_waiters_of_operations_are_selected_with_them() {
    let model = r#"
        $version: "2"
        namespace demo
        use smithy.waiters#waitable
        @aws.protocols#awsJson1_1
        service Oven { operations: [GetBread, GetCake, WaitUntilBaked] }
        @waitable(Baked: { acceptors: [{ state: "success", matcher: { success: true } }] })
        operation GetBread {}
        @waitable(Iced: { acceptors: [{ state: "success", matcher: { output: {
            path: "state", expected: "iced", comparator: "stringEquals"
        } } }] })
        operation GetCake { output := { state: String } }
        operation WaitUntilBaked {}
    "#;
    let client = |config: &Config| {
        let generated = generate(&[("oven.smithy", model)], config).expect("a model");
        let waiters = generated.files.get("oven/waiter.rs").map(str::to_owned);
        (text(&generated, "oven/client.rs").to_owned(), waiters)
    };
    let (all, waiters) = client(&Config::default());
    let waiters = waiters.expect("waiters");
    assert!(waiters.contains("WAIT_UNTIL_BAKED_:") && waiters.contains("WAIT_UNTIL_ICED:"));
    assert!(waiters.contains("use ::drawplate_runtime::jmespath::Expression;"));
    assert!(
        !waiters.contains("use ::drawplate_runtime::jmespath;"),
        "{waiters}"
    );
    assert!(all.contains("fn wait_until_baked_(") && all.contains("fn wait_until_iced("));

    let bread = Config::default().operations("demo#Oven", ["GetBread"]);
    let (part, waiters) = client(&bread);
    assert!(
        part.contains("fn wait_until_baked_(") && !part.contains("iced"),
        "{part}"
    );
    assert!(!waiters.expect("a waiter").contains("ICED"));

    let other = Config::default().operations("demo#Oven", ["WaitUntilBaked"]);
    let (part, waiters) = client(&other);
    assert!(!part.contains("Waiter") && waiters.is_none(), "{part}");
}

#[test]
fn a_service_that_is_dropped_keeps_its_module() {
    let other = SHOP.replace("demo#Shop", "other#Shop");
    let config = Config {
        models: Models::Separate,
        ..Config::default()
    };
    let models = [("a.json", SHOP), ("b.json", &*other)];
    let module = |config: &Config| {
        let generated = generate(&models, config).expect("two models");
        let paths = generated.files.iter().map(|(path, _)| path.to_owned());
        let modules = paths.filter_map(|path| Some(path.strip_suffix("/mod.rs")?.to_owned()));
        modules.collect::<Vec<_>>()
    };
    assert_eq!(module(&config), ["shop", "shop_"]);
    assert_eq!(module(&config.service("other#Shop")), ["shop_"]);
}
