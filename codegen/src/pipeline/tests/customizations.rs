//! What AWS adds to the models of its services.

use super::*;
use crate::{OpenApi, Rust};

#[test]
fn calls_of_aws_are_repeated_if_its_model_does_not_tell_which_may_be() {
    const SDK_ID: &str = r#"@aws.api#service(sdkId: "Shop")"#;
    let model = |sdk_id: &str, read_only: &str| {
        format!(
            r#"
            $version: "2"
            namespace demo
            {sdk_id}
            @aws.protocols#awsJson1_0
            service Shop {{ operations: [Buy, Look] }}
            operation Buy {{}}
            {read_only}
            operation Look {{}}
            "#
        )
    };
    for (sdk_id, read_only, expected) in [
        (SDK_ID, "", true),
        (SDK_ID, "@readonly", false),
        ("", "", false),
        ("", "@readonly", false),
    ] {
        let model = model(sdk_id, read_only);
        for only in [false, true] {
            let config = Config::default();
            // The choice does not depend on the selection.
            let config = if only {
                config.operations("demo#Shop", ["Buy"])
            } else {
                config
            };
            let generated = generate(&[("shop.smithy", &model)], &config).expect("a model");
            let operations = text(&generated, "shop/operation.rs");
            let line = format!("repeats_any: {expected},");
            assert!(operations.contains(&line), "{operations}");
        }
    }
}

#[test]
fn a_service_that_aws_customizes_is_signed_by_its_own_rules() {
    let operations = |sdk_id: &str| {
        let sigv4 = r#""aws.auth#sigv4": { "name": "shop" }"#;
        let traits = format!(r#""aws.api#service": {{ "sdkId": "{sdk_id}" }}, {sigv4}, "aws.prot"#);
        let model = SHOP.replace("\"aws.prot", &traits);
        let generated = generate(&[("shop.json", &model)], &Config::default()).expect("a model");
        let module = sdk_id.to_lowercase().replace(' ', "");
        text(&generated, &format!("{module}/operation.rs")).to_owned()
    };
    for usual in ["Shop", "Route 53"] {
        assert!(operations(usual).contains(r#"signing: Some(rt::Signing::new("shop")),"#));
    }
    assert!(operations("S3").contains("raw_path: true"));
}

#[test]
fn a_service_that_aws_customizes_has_what_its_model_lacks() {
    const BUCKETS: &str = r#"
        $version: "2"
        namespace demo
        use aws.api#service
        use aws.protocols#restXml

        @service(sdkId: "S3")
        @restXml
        service Buckets { operations: [HeadObject, ListObjects, ListBuckets] }

        @http(method: "HEAD", uri: "/{Bucket}/{Key+}")
        @readonly
        operation HeadObject {
            input := { @required @httpLabel Key: String, @required @httpLabel Bucket: String }
            output := {}
            errors: [NotFound, NoSuchKey]
        }

        @http(method: "GET", uri: "/{Bucket}")
        @readonly
        operation ListObjects { input := { @required @httpLabel Bucket: ResourceId }, output := {} }

        @http(method: "GET", uri: "/")
        @readonly
        operation ListBuckets { output := {} }

        string ResourceId

        @error("client")
        structure NotFound {}

        @error("client")
        structure NoSuchKey {}
    "#;
    let generated = |sdk_id: &str| {
        let model = BUCKETS.replace("S3", sdk_id);
        let generated = generate(&[("buckets.smithy", &model)], &Config::default());
        generated.expect("a model")
    };
    let s3 = generated("S3");
    let operations = text(&s3, "s3/operation.rs");
    for part in [".virtual_hosts(rt::VirtualHosts {", ".errors_in_success()"] {
        assert!(operations.contains(part), "{operations}");
    }
    assert_eq!(operations.matches("virtual_host: true").count(), 2);
    assert_eq!(operations.matches("prefixed_ids").count(), 0);
    let statuses = |generated: &Generated, module: &str| {
        let schemas = text(generated, &format!("{module}/schema.rs"));
        (
            schemas.matches("status: 404").count(),
            schemas.matches("status: 400").count(),
        )
    };
    assert_eq!(statuses(&s3, "s3"), (1, 1));

    let route_53 = generated("Route 53");
    let operations = text(&route_53, "route53/operation.rs");
    assert!(
        operations.contains("rt::Customizations::NONE,"),
        "{operations}"
    );
    assert_eq!(operations.matches("virtual_host").count(), 0);
    assert_eq!(operations.matches("prefixed_ids: &[0]").count(), 1);
    assert_eq!(statuses(&route_53, "route53"), (0, 2));

    for (sdk_id, customized) in [("S3", true), ("Route 53", true), ("Shop", false)] {
        let required = features::required(&generated(sdk_id).models, &Config::default());
        assert_eq!(required.contains(&"customizations"), customized, "{sdk_id}");
    }
}

#[test]
fn requests_of_services_that_aws_customizes_have_what_these_expect() {
    const ARCHIVES: &str = r#"
        $version: "2"
        namespace demo
        use aws.api#service
        use aws.auth#sigv4
        use aws.protocols#restJson1

        @service(sdkId: "Glacier")
        @sigv4(name: "archives")
        @restJson1
        service Archives { operations: [Upload, Complete, ListAll] }

        @http(method: "POST", uri: "/{accountId}/archives")
        operation Upload {
            input := {
                @httpHeader("X-Amz-SHA256-Tree-Hash") checksum: String
                @httpPayload body: Data = ""
                @required @httpLabel accountId: String
            }
            output := {}
        }

        @http(method: "POST", uri: "/archives")
        operation Complete {
            input := { @httpHeader("x-amz-sha256-tree-hash") checksum: String, accountId: String }
            output := {}
        }

        @http(method: "GET", uri: "/archives")
        @readonly
        operation ListAll { output := {} }

        @streaming
        blob Data
    "#;
    let generated = |sdk_id: &str| {
        let model = ARCHIVES.replace("Glacier", sdk_id);
        let generated = generate(&[("archives.smithy", &model)], &Config::default());
        let generated = generated.expect("a model");
        let required = features::required(&generated.models, &Config::default());
        let module = sdk_id.to_lowercase().replace(' ', "");
        let operations = text(&generated, &format!("{module}/operation.rs")).to_owned();
        assert_eq!(
            required.contains(&"customizations"),
            operations.contains(".headers("),
            "{sdk_id}"
        );
        operations
    };
    let parts = [
        r#".headers(&[("x-amz-glacier-version", "2012-06-01")])"#,
        r#"tree_hash: Some("x-amz-sha256-tree-hash")"#,
        r#"default_label: Some((2, "-"))"#,
        "payload_header: true",
        r#".headers(&[("accept", "application/json")])"#,
    ];
    for (sdk_id, counts) in [
        ("Glacier", [1, 1, 1, 1, 0]),
        ("API Gateway", [0, 0, 0, 0, 1]),
        ("Shop", [0, 0, 0, 0, 0]),
    ] {
        let operations = generated(sdk_id);
        let found = parts.map(|part| operations.matches(part).count());
        assert_eq!(found, counts, "{sdk_id}: {operations}");
    }
}

#[test]
fn operations_that_aws_never_authenticates_are_public_in_each_output() {
    const TOKENS: &str = r#"
        $version: "2"
        namespace demo
        use aws.api#service
        use aws.auth#sigv4
        use aws.protocols#restJson1

        @service(sdkId: "STS")
        @sigv4(name: "tokens")
        @restJson1
        service Tokens { operations: [AssumeRole, AssumeRoleWithWebIdentity] }

        @http(method: "POST", uri: "/role")
        operation AssumeRole {}

        @http(method: "POST", uri: "/identity")
        operation AssumeRoleWithWebIdentity {}
    "#;
    for (sdk_id, count) in [("STS", 1), ("Shop", 0)] {
        let model = TOKENS.replace("STS", sdk_id);
        let config = Config::default().outputs(vec![Box::new(Rust), Box::new(OpenApi)]);
        let generated = generate(&[("tokens.smithy", &model)], &config).expect("a model");
        let operations = text(
            &generated,
            &format!("{}/operation.rs", sdk_id.to_lowercase()),
        );
        assert_eq!(
            operations.matches("auth: Some(&[])").count(),
            count,
            "{operations}"
        );
        assert!(
            operations.contains("auth: &[rt::AuthScheme::SigV4]"),
            "{operations}"
        );
        let document = text(&generated, "Tokens.openapi.json");
        assert_eq!(
            document.matches(r#""security": []"#).count(),
            count,
            "{document}"
        );
        let required = features::required(&generated.models, &Config::default());
        assert!(!required.contains(&"customizations"), "{sdk_id}");
    }
}

#[test]
fn a_member_of_one_operation_is_the_endpoint_of_its_calls() {
    const MODELS: &str = r#"
        $version: "2"
        namespace demo
        use aws.api#service
        use aws.protocols#awsJson1_1

        @service(sdkId: "Machine Learning")
        @awsJson1_1
        service Models { operations: [Predict, Describe] }

        operation Predict { input := { id: String, PredictEndpoint: String } }
        operation Describe { input := { id: String, PredictEndpoint: String } }
    "#;
    for (model, count) in [
        (MODELS.to_owned(), 1),
        (
            MODELS.replace("PredictEndpoint: String", "PredictEndpoint: Integer"),
            0,
        ),
        (MODELS.replace("Machine Learning", "MachineLearning"), 0),
    ] {
        let generated = generate(&[("models.smithy", &model)], &Config::default());
        let generated = generated.expect("a model");
        let operations = text(&generated, "machinelearning/operation.rs");
        let found = operations.matches("endpoint_member: Some(1)").count();
        assert_eq!(found, count, "{operations}");
    }
}
