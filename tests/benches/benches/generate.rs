//! From JSON to the files of a crate, stage by stage, over a model of 0.1, one of 1.1 and one of
//! 3.3 MB.

#[path = "by_hand/models.rs"]
mod models;

use std::fs;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::BytesCount;
use drawplate_codegen::{
    CheckedModel, ChosenNames, Config, Models, SourceFile, Text, assign_names, pipeline,
};
use drawplate_model::diagnostic::Report;
use drawplate_model::source::Sources;
use models::Case;

/// The models.
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

fn checked(sources: &Sources) -> Vec<CheckedModel> {
    match pipeline::models(sources, &Config::default()) {
        Ok((models, _)) => models,
        Err(report) => panic!("{}", report.render(sources, false)),
    }
}

/// Runs a stage that reports nothing worse than warnings.
fn stage<T>(stage: impl FnOnce(&mut Report) -> T) -> T {
    let mut report = Report::new();
    let value = stage(&mut report);
    assert!(!report.has_errors(), "the model is valid");
    value
}

fn files<'a>(models: &'a [CheckedModel], config: &'a Config) -> Vec<SourceFile<'a>> {
    stage(|report| pipeline::generate(models, config, report))
}

#[divan::bench(args = cases(), max_time = 5)]
fn a_load(bencher: Bencher<'_, '_>, case: &Case) {
    let (sources, bytes) = sources(case);
    bencher
        .counter(bytes)
        .bench_local(|| stage(|report| pipeline::load(&sources, Models::Merged, report).len()));
}

#[divan::bench(args = cases(), max_time = 5)]
fn b_resolve(bencher: Bencher<'_, '_>, case: &Case) {
    let (sources, bytes) = sources(case);
    bencher
        .counter(bytes)
        .with_inputs(|| stage(|report| pipeline::load(&sources, Models::Merged, report)))
        .bench_local_values(|asts| stage(|report| pipeline::resolve(asts, report)));
}

#[divan::bench(args = cases(), max_time = 5)]
fn c_check(bencher: Bencher<'_, '_>, case: &Case) {
    let (sources, bytes) = sources(case);
    let models = checked(&sources);
    let models = models.into_iter().map(|model| model.model);
    let models = models.collect::<Vec<_>>();
    bencher
        .counter(bytes)
        .bench_local(|| stage(|report| pipeline::check(&models, report)));
}

#[divan::bench(args = cases(), max_time = 5)]
fn d_assign_names(bencher: Bencher<'_, '_>, case: &Case) {
    let (sources, bytes) = sources(case);
    let models = checked(&sources);
    bencher.counter(bytes).bench_local(|| {
        let names = assign_names(&models, &ChosenNames::default(), &mut Report::default());
        names.expect("the names do not collide")
    });
}

/// Names and tokens, without their text.
#[divan::bench(args = cases(), max_time = 5)]
fn e_emit(bencher: Bencher<'_, '_>, case: &Case) {
    let (sources, bytes) = sources(case);
    let (models, config) = (checked(&sources), Config::default());
    bencher.counter(bytes).bench_local(|| {
        let files = files(&models, &config).into_iter();
        let tokens = files.filter_map(|file| match file.text {
            Text::Rust(emit) => Some(emit()),
            Text::Sections(_) | Text::Plain(_) | Text::Initial(_) => None,
        });
        tokens.collect::<Vec<_>>()
    });
}

/// Tokens and their text.
#[divan::bench(args = cases(), max_time = 5)]
fn f_render(bencher: Bencher<'_, '_>, case: &Case) {
    let (sources, bytes) = sources(case);
    let (models, config) = (checked(&sources), Config::default());
    bencher
        .counter(bytes)
        .with_inputs(|| files(&models, &config))
        .bench_local_values(pipeline::render);
}

#[divan::bench(args = cases(), max_time = 5)]
fn g_all_stages(bencher: Bencher<'_, '_>, case: &Case) {
    let (sources, bytes) = sources(case);
    bencher
        .counter(bytes)
        .bench_local(|| pipeline::run(&sources, &Config::default()).is_ok());
}
