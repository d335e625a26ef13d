//! JSON and CBOR by schema, compared with serde derive on the same shapes: with `serde_json`, and
//! with ciborium and minicbor.
//!
//! Both sides read and write the same JSON, which is checked before anything is measured. In CBOR,
//! each side has its own document: ours has the names of the model, and ciborium half precision.
//! Ours keeps values that are newer than the model and locates errors; theirs rejects unknown enum
//! values and has no locations.

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
use drawplate_runtime::Cbor;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A list, as JSON and CBOR have it.
type List<T> = Vec<T>;
/// A list of values that XML has as texts.
type Texts<T> = Vec<T>;

/// A shape that both sides have.
trait Shape: 'static {
    type Ours: Json + Cbor + Sync;
    type Theirs: Serialize + DeserializeOwned + Sync;
    fn json() -> String;
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
    let json = S::json();
    let (ours, theirs) = (ours::<S>(&json), theirs::<S>(&json));
    assert_eq!(ours.to_json().expect("it has a wire form"), json);
    assert_eq!(serde_json::to_string(&theirs).expect("it is JSON"), json);
}

fn ours<S: Shape>(json: &str) -> S::Ours {
    S::Ours::from_json(json).expect("both sides read it")
}

fn theirs<S: Shape>(json: &str) -> S::Theirs {
    serde_json::from_str(json).expect("both sides read it")
}

#[divan::bench_group]
mod decode {
    use super::*;

    #[divan::bench(types = [Small, Nested, LargeList, ManyOptional, Escapes])]
    fn ours<S: Shape>(bencher: Bencher<'_, '_>) {
        let json = S::json().into_bytes();
        bencher
            .counter(BytesCount::of_slice(&json))
            .bench(|| S::Ours::from_json(black_box(&json)).expect("both sides read it"));
    }

    #[divan::bench(types = [Small, Nested, LargeList, ManyOptional, Escapes])]
    fn peer<S: Shape>(bencher: Bencher<'_, '_>) {
        let json = S::json().into_bytes();
        bencher.counter(BytesCount::of_slice(&json)).bench(|| {
            serde_json::from_slice::<S::Theirs>(black_box(&json)).expect("both sides read it")
        });
    }
}

#[divan::bench_group]
mod encode {
    use super::*;

    #[divan::bench(types = [Small, Nested, LargeList, ManyOptional, Escapes])]
    fn ours<S: Shape>(bencher: Bencher<'_, '_>) {
        let json = S::json();
        let value = super::ours::<S>(&json);
        bencher.counter(BytesCount::of_str(&json)).bench(|| {
            black_box(&value)
                .to_json_bytes()
                .expect("it has a wire form")
        });
    }

    #[divan::bench(types = [Small, Nested, LargeList, ManyOptional, Escapes])]
    fn peer<S: Shape>(bencher: Bencher<'_, '_>) {
        let json = S::json();
        let value = super::theirs::<S>(&json);
        bencher
            .counter(BytesCount::of_str(&json))
            .bench(|| serde_json::to_vec(black_box(&value)).expect("it is JSON"));
    }
}

#[divan::bench_group]
mod cbor_decode {
    use super::*;

    #[divan::bench(types = [Small, Nested, LargeList, ManyOptional, Escapes])]
    fn ours<S: Shape>(bencher: Bencher<'_, '_>) {
        let cbor = super::ours::<S>(&S::json()).to_cbor();
        let cbor = cbor.expect("it has a wire form");
        bencher
            .counter(BytesCount::of_slice(&cbor))
            .bench(|| S::Ours::from_cbor(black_box(&cbor)).expect("its own document"));
    }

    #[divan::bench(types = [Small, Nested, LargeList, ManyOptional, Escapes])]
    fn ciborium<S: Shape>(bencher: Bencher<'_, '_>) {
        let mut cbor = Vec::new();
        ::ciborium::into_writer(&super::theirs::<S>(&S::json()), &mut cbor).expect("it is CBOR");
        bencher.counter(BytesCount::of_slice(&cbor)).bench(|| {
            ::ciborium::from_reader::<S::Theirs, _>(&**black_box(&cbor)).expect("its own document")
        });
    }

    #[divan::bench(types = [Small, Nested, LargeList, ManyOptional, Escapes])]
    fn minicbor<S: Shape>(bencher: Bencher<'_, '_>) {
        let cbor = minicbor_serde::to_vec(super::theirs::<S>(&S::json())).expect("it is CBOR");
        bencher.counter(BytesCount::of_slice(&cbor)).bench(|| {
            minicbor_serde::from_slice::<S::Theirs>(black_box(&cbor)).expect("its own document")
        });
    }
}

#[divan::bench_group]
mod cbor_encode {
    use super::*;

    #[divan::bench(types = [Small, Nested, LargeList, ManyOptional, Escapes])]
    fn ours<S: Shape>(bencher: Bencher<'_, '_>) {
        let value = super::ours::<S>(&S::json());
        bencher.bench(|| black_box(&value).to_cbor().expect("it has a wire form"));
    }

    #[divan::bench(types = [Small, Nested, LargeList, ManyOptional, Escapes])]
    fn ciborium<S: Shape>(bencher: Bencher<'_, '_>) {
        let value = super::theirs::<S>(&S::json());
        bencher.bench(|| {
            let mut cbor = Vec::new();
            ::ciborium::into_writer(black_box(&value), &mut cbor).expect("it is CBOR");
            cbor
        });
    }

    #[divan::bench(types = [Small, Nested, LargeList, ManyOptional, Escapes])]
    fn minicbor<S: Shape>(bencher: Bencher<'_, '_>) {
        let value = super::theirs::<S>(&S::json());
        bencher.bench(|| minicbor_serde::to_vec(black_box(&value)).expect("it is CBOR"));
    }
}
