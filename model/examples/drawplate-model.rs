//! Loads, resolves and checks the models that are named, and prints what was found and how long each stage took.
use std::path::PathBuf;
use std::time::Instant;

use drawplate_model::source::Sources;
use drawplate_model::{Report, check, load, resolve};

fn main() {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let start = Instant::now();
    let sources = match Sources::read(&paths) {
        Ok(sources) => sources,
        Err(report) => return fail(&report, &Sources::default()),
    };
    let read = start.elapsed();
    let ast = match load(&sources) {
        Ok(ast) => ast,
        Err(report) => return fail(&report, &sources),
    };
    let loaded = start.elapsed();
    let (model, warnings) = match resolve(ast) {
        Ok(resolved) => resolved,
        Err(report) => return fail(&report, &sources),
    };
    let resolved = start.elapsed();
    print!("{}", warnings.render(&sources, false));
    match check(&model) {
        Ok(warnings) => print!("{}", warnings.render(&sources, false)),
        Err(report) => return fail(&report, &sources),
    }
    let checked = start.elapsed();
    println!(
        "{} shapes, {} operations, {} services: read {read:.1?}, load {:.1?}, resolve {:.1?}, check {:.1?}",
        model.shapes.len(),
        model.operations.len(),
        model.services.len(),
        loaded - read,
        resolved - loaded,
        checked - resolved,
    );
}

fn fail(report: &Report, sources: &Sources) {
    print!("{}", report.render(sources, false));
    std::process::exit(1);
}
