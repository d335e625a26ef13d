//! An example of generated code, written by hand: the contract between the generator and the
//! runtime.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::must_use_candidate,
    clippy::return_self_not_must_use
)]

mod schema {
    use drawplate_runtime::schema::{self as s, Member, Schema};

    pub static GET_THING_INPUT: Schema = Schema::structure(
        "com.example#GetThingInput",
        &[
            Member::new("thingId", &s::STRING)
                .required()
                .label()
                .length(Some(1), Some(20))
                .pattern("^[a-z]+$"),
            Member::new("maxResults", &s::INTEGER).query("maxResults"),
            Member::new("mode", &MODE).default(s::Literal::String("A_B")),
            Member::new("tree", &TREE),
            Member::new("tags", &TAGS).sensitive(),
            Member::new("level", &LEVEL),
        ],
    );
    pub static MODE: Schema = Schema::string_enum("com.example#Mode", &["A_B", "C"]);
    pub static LEVEL: Schema = Schema::int_enum("com.example#Level", &[1, 2]);
    pub static TAGS: Schema = Schema::sparse_map(
        "com.example#Tags",
        &[
            Member::new("key", &s::STRING),
            Member::new("value", &s::STRING),
        ],
    );
    pub static TREE_LIST: Schema =
        Schema::list("com.example#TreeList", &[Member::new("member", &TREE)]);
    pub static TREE: Schema = Schema::structure(
        "com.example#Tree",
        &[
            Member::new("value", &s::TIMESTAMP)
                .required()
                .timestamp_format(s::TimestampFormat::DateTime),
            Member::new("next", &TREE),
            Member::new("children", &TREE_LIST),
            Member::new("choice", &CHOICE),
        ],
    );
    pub static CHOICE: Schema = Schema::union(
        "com.example#Choice",
        &[Member::new("text", &s::STRING), Member::new("tree", &TREE)],
    );
}

mod types {
    use super::schema;

    /// A direction.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    pub enum Mode {
        /// A or B.
        AB,
        /// C.
        C,
        /// A value that is newer than the model.
        Unknown(::drawplate_runtime::UnknownValue),
    }
    ::drawplate_runtime::string_enum!(Mode: schema::MODE { AB = "A_B", C = "C" });

    /// A level.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    pub enum Level {
        /// Low.
        Low,
        /// High.
        High,
        /// A value that is newer than the model.
        Unknown(i32),
    }
    ::drawplate_runtime::int_enum!(Level: schema::LEVEL { Low = 1, High = 2 });

    /// A tree.
    #[derive(Clone, PartialEq)]
    #[non_exhaustive]
    pub struct Tree {
        /// The time.
        pub value: ::drawplate_runtime::Timestamp,
        /// The next tree.
        pub next: ::std::option::Option<::std::boxed::Box<Tree>>,
        /// The trees below.
        pub children: ::std::option::Option<::std::vec::Vec<Tree>>,
        /// A choice.
        pub choice: ::std::option::Option<::std::boxed::Box<Choice>>,
    }
    impl Tree {
        /// Creates a `Tree` from its required members.
        pub fn new(value: impl ::std::convert::Into<::drawplate_runtime::Timestamp>) -> Self {
            Self {
                value: value.into(),
                next: None,
                children: None,
                choice: None,
            }
        }
        /// Sets `next`.
        pub fn next(mut self, value: impl ::std::convert::Into<::std::boxed::Box<Tree>>) -> Self {
            self.next = ::std::option::Option::Some(value.into());
            self
        }
    }
    ::drawplate_runtime::structure!(Tree: schema::TREE { 0: value, 1: next, 2: children, 3: choice });

    /// A choice.
    #[derive(Clone, PartialEq)]
    #[non_exhaustive]
    pub enum Choice {
        /// Text.
        Text(::std::string::String),
        /// A tree.
        Tree(::std::boxed::Box<Tree>),
        /// A member that is newer than the model.
        Unknown(::drawplate_runtime::UnknownMember),
    }
    ::drawplate_runtime::union!(Choice: schema::CHOICE { 0: Text, 1: Tree });
}

mod error {
    use drawplate_runtime as rt;
    use drawplate_runtime::schema::{self as s, ErrorSchema, Fault, Member, Schema};

    static NOT_FOUND: Schema = Schema::error(
        "com.example#NotFound",
        ErrorSchema {
            fault: Fault::Client,
            status: 404,
            retryable: false,
            throttling: false,
        },
        &[
            Member::new("message", &s::STRING),
            Member::new("resource", &s::STRING),
        ],
    );
    static BUSY: Schema = Schema::error(
        "com.example#Busy",
        ErrorSchema {
            fault: Fault::Client,
            status: 429,
            retryable: true,
            throttling: true,
        },
        &[],
    );

    /// The resource does not exist.
    #[derive(Clone, PartialEq)]
    #[non_exhaustive]
    pub struct NotFound {
        /// A message for humans.
        pub message: ::std::option::Option<::std::string::String>,
        /// The missing resource.
        pub resource: ::std::option::Option<::std::string::String>,
    }
    rt::structure!(NotFound: NOT_FOUND { 0: message, 1: resource });
    rt::modeled_error!(NotFound, message: message);

    /// The client sends requests too fast.
    #[derive(Clone, PartialEq)]
    #[non_exhaustive]
    pub struct Busy {}
    rt::structure!(Busy: BUSY {});
    rt::modeled_error!(Busy);

    /// The errors of `GetThing`.
    #[non_exhaustive]
    pub enum GetThingError {
        /// [`Busy`]
        Busy(Busy),
        /// [`NotFound`]
        NotFound(NotFound),
        /// An unmodeled error.
        Unmodeled(rt::UnmodeledError),
    }
    rt::service_error!(GetThingError { Busy, NotFound } else Unmodeled);
}

use std::error::Error as _;

use drawplate_runtime::schema::Fault;
use drawplate_runtime::{
    Json, ModeledError, OperationError, Structure, UnknownMember, UnmodeledError,
};

use self::error::{Busy, GetThingError, NotFound};
use self::types::{Choice, Level, Mode, Tree};

#[test]
fn modeled_errors_display_their_name_and_message() {
    let mut error = NotFound::empty();
    assert_eq!(error.to_string(), "NotFound");
    error.message = Some("no such thing".to_owned());
    assert_eq!(
        GetThingError::from(error.clone()).to_string(),
        "NotFound: no such thing"
    );
    assert_eq!(
        (
            error.name(),
            error.error_schema().status,
            error.error_schema().fault
        ),
        ("NotFound", 404, Fault::Client)
    );
}

#[test]
fn an_operations_error_is_found_by_index_and_filled_by_the_schema() {
    let busy = GetThingError::SCHEMAS
        .iter()
        .position(|schema| schema.name() == "Busy")
        .expect("Busy");
    let mut filled = None;
    let error = GetThingError::make(busy, &mut |error| filled = Some(error.schema().id));
    let error = error.expect("an error");
    assert_eq!(error, GetThingError::Busy(Busy {}));
    assert!(
        error
            .as_modeled()
            .is_some_and(|error| error.error_schema().retryable)
    );
    assert_eq!(filled, Some("com.example#Busy"));
    assert_eq!(GetThingError::make(2, &mut |_| ()), None);
}

#[test]
fn an_error_that_the_model_does_not_know_says_what_is_known() {
    let error = GetThingError::from(UnmodeledError::new(503).message("down"));
    assert_eq!(error.to_string(), "an unmodeled error: down (status 503)");
    assert!(
        error.as_modeled().is_none() && error.as_unmodeled().is_some() && error.source().is_none()
    );
}

#[test]
fn enums_keep_what_they_do_not_know() {
    assert_eq!(Mode::from("A_B"), Mode::AB);
    assert_eq!(Mode::from("new".to_owned()).to_string(), "new");
    assert_eq!("C".parse(), Ok(Mode::C));
    assert_eq!((Level::from(2), Level::from(3).as_i32()), (Level::High, 3));
    assert_eq!(
        (Mode::values(), Level::values()),
        (&["A_B", "C"][..], &[1, 2][..])
    );
}

#[test]
fn trees_are_read_and_written() {
    let json = r#"{"value":"1985-04-12T23:20:50Z","next":{"value":"1985-04-12T23:20:51Z","choice":{"text":"t"}}}"#;
    let tree = Tree::from_json(json).expect("a tree");
    assert_eq!(tree.to_json().expect("JSON"), json);
    let next = tree.next.clone().expect("a tree");
    assert!(matches!(next.choice.as_deref(), Some(Choice::Text(text)) if text == "t"));
    assert_eq!(Tree::new(tree.value).next(next), tree);
    assert_eq!(Choice::empty(), Choice::Unknown(UnknownMember::default()));
    assert_eq!(
        format!("{tree:?}"),
        "Tree { value: 1985-04-12T23:20:50Z, next: Tree { value: 1985-04-12T23:20:51Z, choice: Choice { text: \"t\" } } }"
    );
}
