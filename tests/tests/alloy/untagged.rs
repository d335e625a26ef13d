//! Untagged unions: the first member that a value fits, and the bounds of the search.

use std::time::Instant;

use drawplate_fixtures::zoo::types::{Food, Meal, Mix, Size};
use drawplate_runtime::json::Json;

#[track_caller]
fn check(json: &str, expected: &Food) {
    assert_eq!(Food::from_json(json).as_ref(), Ok(expected), "{json}");
    assert_eq!(
        Food::from_json_strict(json).as_ref(),
        Ok(expected),
        "{json}"
    );
    assert_eq!(expected.to_json().as_deref(), Ok(json));
}

#[test]
fn the_first_member_that_fits_is_the_value() {
    check(r#""small""#, &Food::Size(Size::Small));
    check(r#""hay""#, &Food::Text("hay".to_owned()));
    check("5", &Food::Grams(5));
    check("5.5", &Food::Exact(5.5));
    check("5000000000.0", &Food::Exact(5e9));
    check("[]", &Food::List(Vec::new()));
    check(
        r#"[1,["a"],{"salt":true}]"#,
        &Food::List(vec![
            Food::Grams(1),
            Food::List(vec![Food::Text("a".to_owned())]),
            Food::By([("salt".to_owned(), true)].into()),
        ]),
    );
    check(r#"{"parts":[1]}"#, &Food::Mix(Mix::new([Food::Grams(1)])));
    check(
        r#"{"at":"12:00:00"}"#,
        &Food::Meal(Box::new(Meal::new("12:00:00"))),
    );
    // It has the required member of a later one, too.
    let both = r#"{"at":"12:00:00","parts":[]}"#;
    assert_eq!(
        Food::from_json(both),
        Ok(Food::Mix(Mix::new(Vec::<Food>::new())))
    );
}

#[test]
fn a_value_that_fits_no_member_is_kept_by_clients() {
    for json in ["true", r#"{"parts":1}"#, r#"[{"salt":1}]"#, r#"{"a":"b"}"#] {
        let food = Food::from_json(json).expect(json);
        let kept = format!("{food:?}");
        assert_eq!(food.to_json().as_deref(), Ok(json), "{kept}");
        assert!(Food::from_json_strict(json).is_err(), "{json}");
    }
}

#[test]
fn the_errors_are_those_of_the_only_member_of_the_type() {
    let check = |json: &str, expected: &[&str]| {
        let error = Food::from_json_strict(json).expect_err(json);
        let violations = error.violations().iter().map(ToString::to_string);
        assert_eq!(violations.collect::<Vec<_>>(), expected, "{json}");
    };
    check(
        "[1,true,[false]]",
        &[
            "/1: expected a value of a member of the union, found a boolean",
            "/2/0: expected a value of a member of the union, found a boolean",
        ],
    );
    check(
        r#"{"parts":1}"#,
        &["expected a value of a member of the union, found an object"],
    );
}

#[test]
fn the_search_is_bounded() {
    // Each level is read as each of three members, so that all of them would be read 3^n times.
    for levels in [10, 40, 60] {
        let (open, close) = (r#"{"at":"x","food":{"parts":["#, "]}}");
        let json = format!("{}true{}", open.repeat(levels), close.repeat(levels));
        let start = Instant::now();
        let error = Food::from_json_strict(&json).expect_err("a boolean is no food");
        assert!(start.elapsed().as_secs() < 20, "{levels}: {error}");
    }
}

#[test]
fn values_are_nested_no_deeper_than_in_other_documents() {
    let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    assert!(Food::from_json_strict(nested(100)).is_ok());
    for levels in [128, 1000, 100_000] {
        let error = Food::from_json(nested(levels)).expect_err("it is too deep");
        assert!(error.to_string().contains("recursion limit"), "{error}");
    }
}

#[test]
fn values_that_are_dropped_take_no_memory() {
    // The list is read as the parts of a mixture, and then as an unknown member of a meal. Both
    // together need more than the limit of 4 MiB.
    let many = vec!["1"; 60_000].join(",");
    let json = format!(r#"{{"parts":[{many},true],"at":"12:00:00"}}"#);
    let food = Food::from_json(&json).expect("a meal");
    assert!(matches!(food, Food::Meal(_)));
}

#[test]
fn texts_that_are_not_unicode_are_rejected_where_they_are() {
    let error = Food::from_json("[1,\n \"a\\ud800\"]").expect_err("half of a pair");
    let text = error.to_string();
    assert!(text.contains("line 2"), "{text}");
}
