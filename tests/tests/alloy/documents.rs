//! Values in documents: discriminated unions, nulls and unknown members.

use drawplate_fixtures::zoo::input::PatchAnimalInput;
use drawplate_fixtures::zoo::types::{
    Animal, Bird, Cat, Food, Meal, OpenAnimal, Patched, Song, Stone,
};
use drawplate_runtime::json::Json;
use drawplate_runtime::{Document, DocumentMap, Nullable};

fn document(json: &str) -> Document {
    json.parse().expect(json)
}

/// A value is written as JSON and read from it, on both sides.
#[track_caller]
fn check<T: Json + PartialEq + std::fmt::Debug>(value: &T, json: &str) {
    assert_eq!(value.to_json().expect(json), json);
    assert_eq!(T::from_json(json).as_ref(), Ok(value), "{json}");
    assert_eq!(T::from_json_strict(json).as_ref(), Ok(value), "{json}");
}

/// A server rejects the JSON with these violations.
#[track_caller]
fn rejects<T: Json + std::fmt::Debug>(json: &str, expected: &[&str]) {
    let error = T::from_json_strict(json).expect_err(json);
    let violations = error.violations().iter().map(ToString::to_string);
    assert_eq!(violations.collect::<Vec<_>>(), expected, "{json}");
}

#[test]
fn a_discriminator_is_a_member_of_its_object() {
    let bird = Animal::Bird(Bird::new(2.5).song(Song::Notes(vec!["a".to_owned()])));
    check(
        &bird,
        r#"{"kind":"bird","wingspan":2.5,"song":{"notes":["a"]}}"#,
    );
    let friend = Animal::Cat(Box::new(Cat::new().lives(9).friend(Box::new(bird))));
    check(
        &friend,
        r#"{"kind":"big-cat","lives":9,"friend":{"kind":"bird","wingspan":2.5,"song":{"notes":["a"]}}}"#,
    );
    check(&Animal::Stone(Stone::new()), r#"{"kind":"stone"}"#);
    // It may be anywhere in its object.
    let last = r#"{ "wingspan": 1, "extra": [{"kind": "cat"}], "kind": "\u0062ird" }"#;
    let bird = Animal::Bird(Bird::new(1.0));
    assert_eq!(Animal::from_json_strict(last), Ok(bird));
}

#[test]
fn an_unknown_discriminator_is_kept_by_clients() {
    let json = r#"{"kind":"fish","fins":[2,null]}"#;
    let animal = Animal::from_json(json).expect(json);
    let Animal::Unknown(unknown) = &animal else {
        panic!("{animal:?}")
    };
    assert_eq!(unknown.name(), Some("fish"));
    assert_eq!(unknown.value(), Some(&document(r#"{"fins":[2,null]}"#)));
    assert_eq!(animal.to_json().as_deref(), Ok(json));
    rejects::<Animal>(
        json,
        &["/kind: expected the name of a member of the union, found another"],
    );
    // An object without a discriminator is kept as well.
    let json = r#"{"fins":2}"#;
    let animal = Animal::from_json(json).expect(json);
    assert!(matches!(animal, Animal::Unknown(_)), "{animal:?}");
    assert_eq!(animal.to_json().as_deref(), Ok(json));
}

#[test]
fn a_wrong_discriminator_is_rejected() {
    rejects::<Animal>(r#"{"wingspan":1}"#, &["/kind: a required value is missing"]);
    rejects::<Animal>(
        r#"{"kind":1,"wingspan":1}"#,
        &["/kind: expected a string, found a number"],
    );
    rejects::<Animal>(
        r#"{"kind":"bird","kind":"stone","wingspan":1}"#,
        &["/kind: the key occurs twice"],
    );
    rejects::<Animal>("[1]", &["expected an object, found a list"]);
    rejects::<Animal>(
        r#"{"kind":"big-cat","friend":{"kind":"bird","wingspan":"a","song":{}}}"#,
        &[
            "/friend/wingspan: expected a number, found a string",
            "/friend/song: expected a union with exactly one member, found none",
        ],
    );
    // The name in the model is not that in JSON.
    assert!(Animal::from_json_strict(r#"{"kind":"cat"}"#).is_err());
}

#[test]
fn an_open_union_keeps_the_whole_object() {
    let other = document(r#"{"kind":"fish","fins":2}"#);
    check(&OpenAnimal::Other(other), r#"{"kind":"fish","fins":2}"#);
    let song = Song::Other(document(r#"{"beats":{"per":"minute"}}"#));
    check(&song, r#"{"beats":{"per":"minute"}}"#);
    // A member that is called like the one for unknown members is unknown.
    check(&Song::Other(document(r#"{"other":1}"#)), r#"{"other":1}"#);
    rejects::<Song>(
        r#"{"a":1,"b":2}"#,
        &["expected a union with exactly one member, found several"],
    );
    rejects::<Song>(r#"{"a":1,"a":2}"#, &["/a: the key occurs twice"]);
    let last = Song::from_json(r#"{"a":1,"a":2}"#).expect("a client takes the last");
    assert_eq!(last, Song::Other(document(r#"{"a":2}"#)));
    for (value, why) in [
        ("1", "the unknown member of `Song` is not an object"),
        (
            r#"{"notes":[]}"#,
            "`notes` is a member of `Song` and cannot be an unknown one",
        ),
    ] {
        let error = Song::Other(document(value)).to_json().expect_err(value);
        assert_eq!(error.to_string(), why);
    }
    let error = OpenAnimal::Other(document(r#"{"kind":"bird"}"#)).to_json();
    assert!(error.is_err(), "{error:?}");
}

#[test]
fn null_differs_from_a_missing_member() {
    let id = "51216269-c0c8-454a-871e-329513e54e23";
    let input = PatchAnimalInput::new(id, Nullable::Null);
    check(&input, &format!(r#"{{"id":"{id}","food":null}}"#));
    let named = input
        .clone()
        .name("Ada")
        .friends(vec![Animal::Stone(Stone::new())]);
    check(
        &named,
        &format!(r#"{{"id":"{id}","name":"Ada","food":null,"friends":[{{"kind":"stone"}}]}}"#),
    );
    let removed = input.name(Nullable::Null).keeper_since(Nullable::Null);
    check(
        &removed,
        &format!(r#"{{"id":"{id}","name":null,"food":null,"keeperSince":null}}"#),
    );
    // It is required, and null is a value.
    rejects::<PatchAnimalInput>(
        &format!(r#"{{"id":"{id}"}}"#),
        &["/food: a required value is missing"],
    );
    // Another member may be null, which is no value.
    let json = format!(r#"{{"id":"{id}","food":null,"keeper":null}}"#);
    assert_eq!(
        PatchAnimalInput::from_json_strict(json),
        Ok(PatchAnimalInput::new(id, Nullable::Null))
    );
    assert_eq!(Nullable::from(None::<i32>), Nullable::<i32>::Null);
    assert_eq!(Nullable::Value(1).into_option(), Some(1));
}

#[test]
fn unknown_members_are_kept_in_order() {
    let json = r#"{"name":null,"z":1,"a":{"b":[null]},"n":null}"#;
    let patched = Patched::from_json_strict(json).expect(json);
    let names = patched.others.keys().collect::<Vec<_>>();
    assert_eq!(names, ["z", "a", "n"]);
    check(&patched, json);
    // A member of the same name as that for unknown members is unknown.
    let json = r#"{"name":"x","others":{"a":1}}"#;
    check(&Patched::from_json(json).expect(json), json);
    // So is null, as any other unknown member of a structure. That of a union is not set.
    let json = r#"{"name":"x","others":null}"#;
    check(&Patched::from_json(json).expect(json), json);
    // So is the key that is ignored in a union.
    let json = r#"{"name":"x","__type":"y"}"#;
    check(&Patched::from_json(json).expect(json), json);
    rejects::<Patched>(
        r#"{"name":"x","__type":1,"__type":1}"#,
        &["/__type: the key occurs twice"],
    );
    let none = "expected a union with exactly one member, found none";
    rejects::<Song>(r#"{"other":null}"#, &[none]);
    rejects::<Song>(r#"{"newer":null}"#, &[none]);
    // The member is never missing.
    let none = Patched::new("x", DocumentMap::new());
    check(&none, r#"{"name":"x"}"#);
    rejects::<Patched>(
        r#"{"name":null,"z":1,"z":1}"#,
        &["/z: the key occurs twice"],
    );
    let known = [("name".to_owned(), Document::from(1))];
    let error = Patched::new("x", known).to_json().expect_err("a conflict");
    assert_eq!(
        error.to_string(),
        "`name` is a member of `Patched` and cannot be an unknown one"
    );
}

#[test]
fn unknown_members_of_a_discriminated_structure_lack_the_discriminator() {
    // A structure that keeps unknown members can be the member of a union.
    let json = r#"{"at":"12:00:00","food":{"at":"13:00:00","x":1},"y":2}"#;
    let food = Food::from_json_strict(json).expect(json);
    assert!(matches!(food, Food::Meal(_)), "{food:?}");
    check(&food, json);
}

#[test]
fn debug_shows_the_members_by_their_names() {
    let friend = Box::new(Animal::Stone(Stone::new()));
    let cat = Animal::Cat(Box::new(Cat::new().fur(Nullable::Null).friend(friend)));
    assert_eq!(
        format!("{cat:?}"),
        "Animal { cat: Cat { friend: Animal { stone: Stone }, fur: Null } }"
    );
    let meal = Meal::new("12:00:00")
        .food(Box::new(Food::Grams(5)))
        .others([("secret".to_owned(), Document::from(1))]);
    assert_eq!(
        format!("{meal:?}"),
        r#"Meal { at: "12:00:00", food: Food { grams: 5 }, secret: *** redacted *** }"#
    );
}

/// Formats that describe themselves contain the same as JSON. Others contain such a union as JSON
/// text.
#[test]
fn serde_has_the_same_forms() {
    let cat = Cat::new()
        .lives(3)
        .fur(Nullable::Null)
        .friend(Box::new(Animal::Bird(Bird::new(0.5))));
    let animal = Animal::Cat(Box::new(cat));
    let json = serde_json::to_string(&animal).expect("JSON");
    assert_eq!(
        json,
        r#"{"kind":"big-cat","lives":3,"friend":{"kind":"bird","wingspan":0.5},"fur":null}"#
    );
    assert_eq!(serde_json::from_str::<Animal>(&json).expect(&json), animal);
    let meal = Meal::new("12:00:00").food(Box::new(Food::List(vec![
        Food::Grams(5),
        Food::Text("hay".to_owned()),
    ])));
    let json = serde_json::to_string(&meal).expect("JSON");
    assert_eq!(json, r#"{"at":"12:00:00","food":[5,"hay"]}"#);
    assert_eq!(serde_json::from_str::<Meal>(&json).expect(&json), meal);
    let bytes = postcard::to_extend(&animal, Vec::new()).expect("bytes");
    assert_eq!(
        postcard::from_bytes::<Animal>(&bytes).expect("a value"),
        animal
    );
    let bytes = postcard::to_extend(&meal, Vec::new()).expect("bytes");
    assert_eq!(postcard::from_bytes::<Meal>(&bytes).expect("a value"), meal);
}
