//! The names in generated code: what a model names keeps its name, what loses has one that can be
//! chosen, and the code works with all of them.

use std::path::PathBuf;

use drawplate_codegen::pipeline::{self, Generated};
use drawplate_codegen::{Config, Models, config};
use drawplate_model::Sources;
use drawplate_names::match_::error::{
    FindThingError, FindThingOperationError, FindThingOperationOperationError, Unmodeled,
};
use drawplate_names::match_::output::{
    FindThingOperationOutput, ListMarksOutput, ListNotesOutput, ListNotesPagesOutput, PingOutput,
};
use drawplate_names::match_::server::{Mock, router};
use drawplate_names::match_::types::{Kind, Level, Thing};
use drawplate_names::match_::{Client, error, input};
use drawplate_names::{Document, Json, OperationError, Timestamp};
use drawplate_tests as support;

/// The models whose names collide, and the names that are chosen for them.
fn fixtures() -> (Vec<PathBuf>, PathBuf) {
    let folder = support::root().join("tests/fixtures/names");
    (support::model_files(&folder), folder.join(config::FILE))
}

fn generate(configured: bool) -> Generated {
    let (models, file) = fixtures();
    let mut sources = Sources::read(&models).expect("the fixtures can be read");
    let mut config = Config {
        models: Models::Separate,
        ..Config::default()
    };
    if configured {
        let file = sources.read_beside(&file).expect("the file can be read");
        config.read(&sources, file).expect("it is valid");
    }
    pipeline::run(&sources, &config)
        .unwrap_or_else(|report| panic!("{}", report.render(&sources, false)))
}

/// The lines that warnings about names tell to add to the configuration.
fn lines(generated: &Generated) -> Vec<String> {
    let found = generated.warnings.diagnostics();
    let found = found
        .into_iter()
        .filter(|found| found.code.number().starts_with("W04"));
    let lines = found.map(|found| {
        let help = found.help.as_deref().expect("there is a line to add");
        let line = help.split('`').nth(1).expect("the line is code");
        line.to_owned()
    });
    let mut lines = lines.collect::<Vec<_>>();
    lines.sort();
    lines
}

#[test]
fn a_warning_prints_the_line_that_keeps_each_name() {
    let free = generate(false);
    let (_, file) = fixtures();
    let text = std::fs::read_to_string(file).expect("the file can be read");
    let chosen = text.lines().filter(|line| line.starts_with('"'));
    let chosen = chosen.map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(chosen, lines(&free));
    let fixed = generate(true);
    assert_eq!(lines(&fixed), [""; 0]);
    assert_eq!(free.files.len(), fixed.files.len());
    for (path, text) in free.files.iter() {
        let same = fixed.files.get(path) == Some(text);
        assert!(same, "{path} differs");
    }
}

#[test]
fn a_value_that_is_called_unknown_differs_from_one_that_is() {
    assert_eq!(Kind::from("unknown"), Kind::Unknown);
    assert_eq!(Kind::from("unknown value"), Kind::UnknownValue);
    let Kind::Unknown_(other) = Kind::from("else") else {
        panic!("the model does not know the value");
    };
    assert_eq!(other.as_str(), "else");
    assert_eq!(Level::from(7), Level::Unknown);
    assert_eq!(Level::from(8), Level::UnknownValue(8));
    let thing = Thing::from_json(br#"{"unknown": "a"}"#).expect("a member of the union");
    assert_eq!(thing.as_unknown(), Some("a"));
    let other = Thing::from_json(br#"{"new": "a"}"#).expect("a member of a newer model");
    assert!(matches!(other, Thing::Unknown_(_)));
}

#[test]
fn the_accessors_of_a_variant_are_called_as_it_is() {
    let thing = Thing::Ab1_("a".to_owned());
    assert_eq!((thing.as_ab1_(), thing.as_ab1()), (Some("a"), None));
    assert!(Thing::Ab1(1).is_ab1());
}

#[test]
fn fields_of_one_spelling_are_different_members() {
    let input = input::PingInput::new()
        .unit_price(1)
        .unit_price_(2)
        .unit_price__(3)
        .new_("4");
    assert_eq!(input.new.as_deref(), Some("4"));
    let json = input.to_json().expect("JSON");
    for part in [
        r#""unit_price":1"#,
        r#""unitPrice":2"#,
        r#""UnitPrice":3"#,
        r#""new":"4""#,
    ] {
        assert!(json.contains(part), "{json}");
    }
    let output = PingOutput::from_json(br#"{"type_": "a", "self": "b", "_self": "c"}"#);
    let output = output.expect("the members are strings");
    let values = [
        output.r#type,
        output.type_,
        output.self_,
        output.self__,
        output.self___,
    ];
    let values = values.map(Option::unwrap_or_default);
    assert_eq!(values, ["", "a", "b", "", "c"]);
}

#[tokio::test]
async fn errors_of_the_model_keep_their_names() {
    let mock = Mock::new()
        .on_find_thing_(|_| Err(FindThingError::new().message("nothing").into()))
        .on_find_thing_operation(|_| Ok(FindThingOperationOutput::new()));
    let client = Client::client_in_process(router(mock));
    let input = input::FindThingInput::new(input::FindThingInputRequired {
        first: "a",
        second: "b",
    });
    let found = client.find_thing_(input).await.expect_err("an error");
    let Some(error::FindThingError_::FindThingError(found)) = found.as_service_error() else {
        panic!("the modelled error is expected: {found}");
    };
    assert_eq!(found.message.as_deref(), Some("nothing"));
    client.find_thing_operation().await.expect("no error");
    let modeled = error::FindThingError_::from(Unmodeled::new());
    assert!(matches!(modeled, error::FindThingError_::Unmodeled(_)));
    let other = FindThingOperationOperationError::from(drawplate_names::UnmodeledError::new(418));
    let FindThingOperationOperationError::UnmodeledError(other) = other else {
        panic!("the operation has no modelled errors");
    };
    assert_eq!(other.status, Some(418));
    assert!(
        error::MatchError::from(FindThingOperationError::new())
            .as_modeled()
            .is_some()
    );
}

#[tokio::test]
async fn items_of_every_type_are_listed() {
    let time = Timestamp::from_millis(1000).expect("a timestamp");
    let mock = Mock::new()
        .on_list_notes(|_| Ok(ListNotesOutput::new().notes([Document::from("a")])))
        .on_list_notes_pages(|_| Ok(ListNotesPagesOutput::new()))
        .on_list_marks(move |_| Ok(ListMarksOutput::new().marks([("a".to_owned(), vec![time])])));
    let client = Client::client_in_process(router(mock));
    let notes = client.list_notes_items(input::ListNotesInput::new());
    let notes = notes.collect().await.expect("one page");
    assert_eq!(notes, [Document::from("a")]);
    let marks = client.list_marks_items(input::ListMarksInput::new());
    let marks = marks.collect().await.expect("one page");
    assert_eq!(marks, [("a".to_owned(), vec![time])]);
    client.list_notes_pages().await.expect("an operation");
}
