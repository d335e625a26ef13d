//! XML by schema, compared with serde derive and quick-xml on the shapes of the JSON bench.
//!
//! Both sides read and write the same bytes, which is checked before anything is measured. Lists
//! have an element around them, for which the shapes of serde need a type.

#![allow(
    clippy::wildcard_imports,
    reason = "a group of benches is a part of its file"
)]

#[macro_use]
#[path = "by_hand/compared.rs"]
mod compared;
#[path = "by_hand/shapes.rs"]
mod shapes;
#[path = "by_hand/texts.rs"]
mod texts;

use amplify_admin::Json;
use amplify_admin::amplifybackend::{output, types};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use drawplate_runtime::Xml;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A list with an element around it.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct List<T> {
    member: Vec<T>,
}

/// The same of values of enums. In a list, `quick-xml` reads the name of an element as the value,
/// unless the element is a type of its own.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Texts<T> {
    member: Vec<Text<T>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Text<T> {
    #[serde(rename = "$text")]
    text: T,
}

/// A shape that both sides have.
trait Shape: 'static {
    type Ours: Json + Xml + Sync;
    type Theirs: Serialize + DeserializeOwned + Sync;
    fn json() -> String;

    /// The value of ours.
    fn value() -> Self::Ours {
        Self::Ours::from_json(Self::json()).expect("it is JSON")
    }

    /// The document of both sides.
    fn xml() -> String {
        Self::value().to_xml().expect("it is XML")
    }
}

shapes! {
    Small: output::GetTokenRespObj, shapes::Token, texts::token;
    Nested: types::CreateBackendAuthResourceConfig, shapes::Auth, texts::auth;
    LargeList: output::ListBackendJobRespObj, shapes::Jobs, texts::jobs;
    ManyOptional: drawplate_fixtures::kitchen_sink::types::AwkwardMembers, shapes::Wide, texts::wide;
    Escapes: output::GetBackendApiModelsResponse, shapes::Models, texts::models;
}

fn main() {
    check_all();
    divan::main();
}

fn check<S: Shape>() {
    let xml = S::xml();
    let ours = S::Ours::from_xml(&xml).expect("both sides read it");
    assert_eq!(ours.to_xml().expect("it is XML"), xml);
    assert_eq!(written(&theirs::<S>(&xml)), body(&xml));
}

fn theirs<S: Shape>(xml: &str) -> S::Theirs {
    quick_xml::de::from_str(xml).expect("both sides read it")
}

fn written<T: Serialize>(value: &T) -> String {
    let xml = quick_xml::se::to_string_with_root("Root", value).expect("it is XML");
    body(&xml).to_owned()
}

/// The document without the tags of the root element.
fn body(xml: &str) -> &str {
    let (start, end) = (xml.find('>'), xml.rfind("</"));
    &xml[start.expect("a start tag") + 1..end.expect("an end tag")]
}

#[divan::bench_group]
mod decode {
    use super::*;

    #[divan::bench(types = [Small, Nested, LargeList, ManyOptional, Escapes])]
    fn ours<S: Shape>(bencher: Bencher<'_, '_>) {
        let xml = S::xml();
        bencher
            .counter(BytesCount::of_str(&xml))
            .bench(|| S::Ours::from_xml(black_box(&xml)).expect("both sides read it"));
    }

    #[divan::bench(types = [Small, Nested, LargeList, ManyOptional, Escapes])]
    fn peer<S: Shape>(bencher: Bencher<'_, '_>) {
        let xml = S::xml();
        bencher
            .counter(BytesCount::of_str(&xml))
            .bench(|| theirs::<S>(black_box(&xml)));
    }
}

#[divan::bench_group]
mod encode {
    use super::*;

    #[divan::bench(types = [Small, Nested, LargeList, ManyOptional, Escapes])]
    fn ours<S: Shape>(bencher: Bencher<'_, '_>) {
        let value = S::value();
        bencher
            .counter(BytesCount::of_str(&S::xml()))
            .bench(|| black_box(&value).to_xml().expect("it is XML"));
    }

    #[divan::bench(types = [Small, Nested, LargeList, ManyOptional, Escapes])]
    fn peer<S: Shape>(bencher: Bencher<'_, '_>) {
        let xml = S::xml();
        let value = theirs::<S>(&xml);
        bencher.counter(BytesCount::of_str(&xml)).bench(|| {
            quick_xml::se::to_string_with_root("Root", black_box(&value)).expect("it is XML")
        });
    }
}
