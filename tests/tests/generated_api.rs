//! The parts of the generated API that are for its callers alone: errors that can be imported and
//! converted, constructors that take members by name, and setters that accept the usual
//! collections.

use std::collections::{BTreeMap, HashMap};

use amplify_admin::cognitoidentityprovider::types::{
    ContextDataType, ContextDataTypeRequired, HttpHeader,
};
use drawplate_fixtures::kitchen_sink::client::Error;
use drawplate_fixtures::kitchen_sink::error::GetThingError::{self, NotFound, Unmodeled};
use drawplate_fixtures::kitchen_sink::error::{
    self, KitchenSinkError, PutEverythingError, Throttled,
};
use drawplate_fixtures::kitchen_sink::input::{BindInput, BindInputRequired};
use drawplate_fixtures::kitchen_sink::types::Choice;
use drawplate_runtime::{OperationError as _, Timestamp, UnmodeledError};

fn input() -> BindInput {
    BindInput::new(BindInputRequired {
        id: "a",
        when: Timestamp::UNIX_EPOCH,
        rest: "b",
    })
}

#[test]
fn required_members_are_passed_by_name_and_converted() {
    // Without type parameters, the structure holds the members' own types.
    let owned: BindInputRequired = BindInputRequired {
        rest: "b".to_owned(),
        id: "a".to_owned(),
        when: Timestamp::UNIX_EPOCH,
    };
    assert_eq!(BindInput::new(owned), input());
    let rest = String::from("b");
    let mixed = BindInput::new(BindInputRequired {
        id: "a",
        when: Timestamp::UNIX_EPOCH,
        rest,
    });
    assert_eq!(mixed, input());
    assert_eq!((mixed.id.as_str(), mixed.rest.as_str()), ("a", "b"));
}

#[test]
fn required_collections_are_passed_as_any_collection() {
    let header = || HttpHeader::new().header_name("Host");
    let context = ContextDataType::new(ContextDataTypeRequired {
        ip_address: "192.0.2.1",
        server_name: "example.com",
        server_path: "/",
        http_headers: [header()],
    });
    assert_eq!(context.http_headers, vec![header()]);
    let again = ContextDataType::new(ContextDataTypeRequired {
        ip_address: "192.0.2.1",
        server_name: "example.com",
        server_path: "/",
        http_headers: std::iter::once(header()),
    });
    assert_eq!(again, context);
}

#[test]
fn a_list_is_set_from_any_collection() {
    let expected = Some(vec!["a".to_owned(), "b".to_owned()]);
    let owned = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(input().words(["a", "b"]).words, expected);
    assert_eq!(input().words(vec!["a", "b"]).words, expected);
    assert_eq!(input().words(&owned).words, expected);
    assert_eq!(input().words(owned).words, expected);
    assert_eq!(input().words("a b".split(' ')).words, expected);
}

#[test]
fn a_map_is_set_from_any_collection_of_pairs() {
    let expected = Some(BTreeMap::from([("k".to_owned(), "v".to_owned())]));
    assert_eq!(input().others([("k", "v")]).others, expected);
    assert_eq!(input().others(vec![("k", "v".to_owned())]).others, expected);
    let map = HashMap::from([("k", "v")]);
    assert_eq!(
        input()
            .others(&HashMap::from([("k".to_owned(), "v".to_owned())]))
            .others,
        expected
    );
    assert_eq!(input().others(map).others, expected);
    assert_eq!(
        input().others(BTreeMap::from([("k", "v")])).others,
        expected
    );
}

#[test]
fn the_errors_of_an_operation_convert_into_those_of_the_service() {
    let missing = error::NotFound::new().message("gone");
    let of_operation = Error::Service(GetThingError::from(missing.clone()));
    assert!(matches!(&of_operation, Error::Service(NotFound(_))));
    let Error::Service(of_service) = of_operation.convert::<KitchenSinkError>() else {
        panic!("the service responded with the error")
    };
    assert_eq!(of_service, KitchenSinkError::NotFound(missing));
    let again = GetThingError::from(of_service.clone());
    assert_eq!(KitchenSinkError::from(again.clone()), of_service);
    assert_eq!(format!("{again:?}"), format!("{of_service:?}"));
    assert_ne!(again, NotFound(error::NotFound::new()));
}

#[test]
fn an_error_that_an_operation_does_not_list_is_unmodeled_there() {
    let throttled = KitchenSinkError::from(Throttled::new().message("slow down"));
    let Unmodeled(error) = GetThingError::from(throttled.clone()) else {
        panic!("GetThing does not list the error")
    };
    let expected = UnmodeledError::new(429)
        .code("Throttled")
        .message("slow down");
    assert_eq!(error, expected);
    assert!(PutEverythingError::from(throttled).as_modeled().is_some());
}

#[test]
fn a_union_says_which_member_is_set() {
    let text = Choice::Text("a".to_owned());
    assert!(text.is_text() && !text.is_number());
    assert_eq!((text.as_text(), text.as_number()), (Some("a"), None));
    let list = Choice::List(vec!["a".to_owned()]);
    assert_eq!(list.as_list(), Some(&["a".to_owned()][..]));
    let boxed = Choice::Choice(Box::new(list.clone()));
    assert_eq!(boxed.as_choice(), Some(&list));
}

/// A program that returns an error from `main` prints its `Debug` form.
#[test]
fn errors_are_readable_in_both_forms() {
    use drawplate_names::match_::Error;
    use drawplate_names::match_::error::{FindThingError, FindThingError_, MatchError, Unmodeled};

    let error = FindThingError::new().message("no thing").retry_after(3);
    assert_eq!(error.to_string(), "FindThingError: no thing");
    assert_eq!(
        format!("{error:?}"),
        "FindThingError: no thing { retryAfter: 3 }"
    );
    let fields = "FindThingError {\n    message: \"no thing\",\n    retryAfter: 3,\n}";
    assert_eq!(format!("{error:#?}"), fields);
    let error = FindThingError_::from(error);
    assert_eq!(
        format!("{error:?}"),
        "FindThingError: no thing { retryAfter: 3 }"
    );
    let error = MatchError::from(error);
    assert_eq!(
        format!("{error:?}"),
        "FindThingError: no thing { retryAfter: 3 }"
    );
    let call = Error::Service(error);
    assert_eq!(format!("{call:?}"), call.to_string());

    let silent = FindThingError_::from(Unmodeled::new().secret("hush"));
    let redacted = "Unmodeled { secret: *** redacted *** }";
    assert_eq!(format!("{silent:?}"), redacted);
    assert!(!format!("{silent:#?}").contains("hush"));

    let unmodeled = drawplate_names::UnmodeledError::new(418)
        .code("Teapot")
        .body("hush");
    let unmodeled = FindThingError_::from(unmodeled);
    assert_eq!(format!("{unmodeled:?}"), "Teapot (status 418)");
    assert!(!format!("{unmodeled:#?}").contains("hush"));
}
