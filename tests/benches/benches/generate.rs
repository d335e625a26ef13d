//! From JSON to the files of a crate, stage by stage, over a model of 0.1, one of 1.1 and one of 3.3 MB.

#[path = "by_hand/models.rs"]
mod models;

use std::fs;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::BytesCount;
use drawplate_codegen::{Draft, Names, Unit};
use drawplate_model::model::Model;
use drawplate_model::source::Sources;
use models::Case;

/// What each stage begins with.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let published = models::published().into_iter().flat_map(|folder| {
        ["dynamodb", "sagemaker"].map(|name| Case::new(folder.join(format!("{name}.json"))))
    });
    [models::shipped()].into_iter().chain(published).collect()
});

fn main() {
    divan::main();
}

fn cases() -> impl Iterator<Item = Case> {
    CASES.iter().cloned()
}

fn sources(case: &Case) -> (Sources, BytesCount) {
    let text = fs::read_to_string(&case.path).expect("a model can be read");
    let bytes = BytesCount::of_str(&text);
    (Sources::from_texts([(case.path.clone(), text)]), bytes)
}

fn model(sources: &Sources) -> Model {
    match drawplate_model::build(sources) {
        Ok((model, _)) => model,
        Err(report) => panic!("{}", report.render(sources, false)),
    }
}

fn unit(model: &Model) -> [Unit<'_>; 1] {
    [Unit {
        model,
        origin: "model.json",
    }]
}

fn names(model: &Model) -> Names {
    drawplate_codegen::allot(&unit(model)).unwrap_or_else(|_| panic!("its names do not collide"))
}

fn drafts(model: &Model) -> Vec<Draft> {
    drawplate_codegen::generate(&unit(model), &names(model))
}

#[divan::bench(args = cases(), max_time = 5)]
fn a_load(bencher: Bencher<'_, '_>, case: &Case) {
    let (sources, bytes) = sources(case);
    bencher
        .counter(bytes)
        .bench_local(|| drawplate_model::load(&sources).map(drop).is_ok());
}

#[divan::bench(args = cases(), max_time = 5)]
fn b_resolve(bencher: Bencher<'_, '_>, case: &Case) {
    let (sources, bytes) = sources(case);
    let load = || drawplate_model::load(&sources).unwrap_or_else(|_| panic!("it is a model"));
    bencher
        .counter(bytes)
        .with_inputs(load)
        .bench_local_values(drawplate_model::resolve);
}

#[divan::bench(args = cases(), max_time = 5)]
fn c_check(bencher: Bencher<'_, '_>, case: &Case) {
    let (sources, bytes) = sources(case);
    let model = model(&sources);
    bencher
        .counter(bytes)
        .bench_local(|| drawplate_model::check(&model));
}

#[divan::bench(args = cases(), max_time = 5)]
fn d_allot(bencher: Bencher<'_, '_>, case: &Case) {
    let (sources, bytes) = sources(case);
    let model = model(&sources);
    bencher.counter(bytes).bench_local(|| names(&model));
}

#[divan::bench(args = cases(), max_time = 5)]
fn e_generate(bencher: Bencher<'_, '_>, case: &Case) {
    let (sources, bytes) = sources(case);
    let model = model(&sources);
    let (units, names) = (unit(&model), names(&model));
    bencher
        .counter(bytes)
        .bench_local(|| drawplate_codegen::generate(&units, &names));
}

#[divan::bench(args = cases(), max_time = 5)]
fn f_render(bencher: Bencher<'_, '_>, case: &Case) {
    let (sources, bytes) = sources(case);
    let model = model(&sources);
    bencher
        .counter(bytes)
        .with_inputs(|| drafts(&model))
        .bench_local_values(drawplate_codegen::render);
}

#[divan::bench(args = cases(), max_time = 5)]
fn g_all_stages(bencher: Bencher<'_, '_>, case: &Case) {
    let (sources, bytes) = sources(case);
    bencher
        .counter(bytes)
        .bench_local(|| drawplate_codegen::render(drafts(&model(&sources))));
}
