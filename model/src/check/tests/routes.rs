//! Routes and host prefixes.

use super::*;

/// The codes that are reported for a service whose operations have these methods, URIs and host
/// prefixes.
fn routes(routes: &[(&str, &str, Option<&str>)]) -> Vec<&'static str> {
    let mut shapes = String::new();
    let mut links = Vec::new();
    for (index, (method, uri, host)) in routes.iter().enumerate() {
        let labels = uri
            .split(['{', '}'])
            .skip(1)
            .step_by(2)
            .map(|label| label.trim_end_matches('+'));
        let member = |label| {
            format!(
                r#""{label}": {{"target": "smithy.api#String", "traits": {{"smithy.api#required": {{}}, "smithy.api#httpLabel": {{}}}}}}"#
            )
        };
        let members: Vec<_> = labels.map(member).collect();
        let endpoint = host.map_or(String::new(), |host| {
            format!(r#", "smithy.api#endpoint": {{"hostPrefix": "{host}"}}"#)
        });
        write!(
            shapes,
            r#"
            "demo#Op{index}": {{
                "type": "operation",
                "input": {{"target": "demo#In{index}"}},
                "traits": {{"smithy.api#http": {{"method": "{method}", "uri": "{uri}"}}{endpoint}}}
            }},
            "demo#In{index}": {{"type": "structure", "members": {{{}}}}},
            "#,
            members.join(",")
        )
        .expect("writing to a string cannot fail");
        links.push(format!(r#"{{"target": "demo#Op{index}"}}"#));
    }
    codes(&format!(
        r#"{shapes}
        "demo#Shop": {{
            "type": "service",
            "version": "1",
            "operations": [{}],
            "traits": {{"aws.protocols#restJson1": {{}}}}
        }}"#,
        links.join(",")
    ))
}

#[test]
fn routes_that_differ_somewhere_are_no_conflict() {
    assert_eq!(
        routes(&[("GET", "/a/{b}", None), ("GET", "/a/b", None)]),
        [""; 0]
    );
    assert_eq!(
        routes(&[("GET", "/a/{b}", None), ("GET", "/a/{b+}", None)]),
        [""; 0]
    );
    assert_eq!(
        routes(&[("GET", "/a/{b}", None), ("PUT", "/a/{c}", None)]),
        [""; 0]
    );
    assert_eq!(
        routes(&[
            ("GET", "/a?x", None),
            ("GET", "/a?x=1", None),
            ("GET", "/a", None)
        ]),
        [""; 0]
    );
    assert_eq!(
        routes(&[("GET", "/a", None), ("GET", "/a", Some("data."))]),
        [""; 0]
    );
    assert_eq!(routes(&[("GET", "/A", None), ("GET", "/a", None)]), [""; 0]);
    assert_eq!(
        routes(&[("GET", "/a%2Fb", None), ("GET", "/a/b", None)]),
        [""; 0]
    );
}

#[test]
fn routes_that_differ_in_names_and_order_only_are_a_conflict() {
    assert_eq!(
        routes(&[("GET", "/a/{b}/c", None), ("GET", "/a/{x}/c", None)]),
        ["E0223"]
    );
    assert_eq!(
        routes(&[("GET", "/{b+}", None), ("GET", "/{x+}", None)]),
        ["E0223"]
    );
    assert_eq!(
        routes(&[("GET", "/a?x&y=1", None), ("GET", "/a?y=1&x", None)]),
        ["E0223"]
    );
    assert_eq!(
        routes(&[("GET", "/a%62", None), ("GET", "/ab", None)]),
        ["E0223"]
    );
    assert_eq!(
        routes(&[("GET", "/a?x=%31", None), ("GET", "/a?x=1", None)]),
        ["E0223"]
    );
    assert_eq!(
        routes(&[("GET", "/a", Some("data.")), ("GET", "/a", Some("data."))]),
        ["E0223"]
    );
}

#[test]
fn host_prefixes_tell_routes_apart_by_their_literals() {
    let hosts = |first: Option<&'static str>, second: Option<&'static str>| {
        let labelled = |host: Option<&str>| host.is_some_and(|host| host.contains('{'));
        let member = r#""x": {"target": "smithy.api#String", "traits": {"smithy.api#required": {}, "smithy.api#hostLabel": {}}}"#;
        let operation = |index: usize, host: Option<&str>| {
            let endpoint = host.map_or(String::new(), |host| {
                format!(r#", "smithy.api#endpoint": {{"hostPrefix": "{host}"}}"#)
            });
            let members = if labelled(host) { member } else { "" };
            format!(
                r#""demo#Op{index}": {{"type": "operation", "input": {{"target": "demo#In{index}"}},
                    "traits": {{"smithy.api#http": {{"method": "POST", "uri": "/a"}}{endpoint}}}}},
                "demo#In{index}": {{"type": "structure", "members": {{{members}}}}}"#
            )
        };
        codes(&format!(
            r#""demo#Shop": {{"type": "service", "operations": [{{"target": "demo#Op0"}}, {{"target": "demo#Op1"}}],
                "traits": {{"aws.protocols#restJson1": {{}}}}}}, {}, {}"#,
            operation(0, first),
            operation(1, second)
        ))
    };
    assert_eq!(hosts(Some("one."), Some("two.")), [""; 0]);
    assert_eq!(hosts(None, Some("two.")), [""; 0]);
    assert_eq!(hosts(Some("{x}."), Some("data.")), [""; 0]);
    assert_eq!(hosts(None, Some("{x}-data.")), [""; 0]);
    assert_eq!(hosts(None, Some("{x}.")), ["E0223"]);
    assert_eq!(hosts(Some("Data."), Some("data.")), ["E0223"]);
    assert_eq!(hosts(Some("{x}."), Some("{x}-.")), ["E0223"]);
    assert_eq!(hosts(Some("{x}.data."), Some("{x}.data.")), ["E0223"]);
}

#[test]
fn a_greedy_label_is_the_last_label() {
    assert_eq!(routes(&[("GET", "/a/{b+}/c/d", None)]), [""; 0]);
    assert_eq!(routes(&[("GET", "/{a}/{b+}/c", None)]), [""; 0]);
    assert_eq!(routes(&[("GET", "/{b+}/c/{d}", None)]), ["W0518"]);
    assert_eq!(routes(&[("GET", "/{b+}/c/{d+}", None)]), ["W0518"]);
}

#[test]
fn a_label_may_name_a_resource_identifier() {
    let label = |label: &str| {
        codes(&format!(
            r#""demo#Shop": {{"type": "service", "operations": [{{"target": "demo#Op"}}], "traits": {{"aws.protocols#restJson1": {{}}}}}},
            "demo#Op": {{"type": "operation", "input": {{"target": "demo#In"}},
                "traits": {{"smithy.api#http": {{"method": "GET", "uri": "/a/{{{label}}}"}}}}}},
            "demo#In": {{"type": "structure", "members": {{"id": {{"target": "smithy.api#String", "traits": {{
                "smithy.api#required": {{}}, "smithy.api#httpLabel": {{}}, "smithy.api#resourceIdentifier": "cityId"}}}}}}}}"#
        ))
    };
    assert_eq!(label("cityId"), [""; 0]);
    assert_eq!(label("id"), [""; 0]);
    assert_eq!(label("city"), ["E0113"]);
}

#[test]
fn host_prefixes_are_the_start_of_a_host() {
    let host = |host: &str| {
        codes(&format!(
            r#""demo#Shop": {{"type": "service", "operations": [{{"target": "demo#Op"}}], "traits": {{"aws.protocols#restJson1": {{}}}}}},
            "demo#Op": {{"type": "operation", "traits": {{
                "smithy.api#http": {{"method": "GET", "uri": "/a"}}, "smithy.api#endpoint": {{"hostPrefix": "{host}"}}}}}}"#
        ))
    };
    let label = "a".repeat(63);
    for valid in ["a.", "a-b.c", "1.", &format!("{label}.{label}.{label}.")] {
        assert_eq!(host(valid), [""; 0], "{valid}");
    }
    let labels = format!("{label}.").repeat(4);
    for invalid in [
        "",
        ".",
        ".a.",
        "-a.",
        "a..b.",
        &format!("a{label}."),
        &labels,
    ] {
        assert_eq!(host(invalid), ["E0114"], "{invalid}");
    }
}
