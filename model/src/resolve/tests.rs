//! Facts of small models, described in a line for each member.

use std::fmt::Write as _;

use crate::diagnostic::Severity;
use crate::model::{Kind, Member, Model, Presence, Role};
use crate::source::Sources;
use crate::{Report, load, resolve};

mod facts;
mod findings;

/// The shapes and a service `a#S` with the operations.
fn service(operations: &str, shapes: &str) -> String {
    let targets: Vec<String> = operations
        .split_whitespace()
        .map(|name| format!(r#"{{"target": "a#{name}"}}"#))
        .collect();
    let operations = targets.join(", ");
    format!(
        r#"{{"smithy": "2.0", "shapes": {{
            "a#S": {{"type": "service", "operations": [{operations}], "traits": {{"aws.protocols#restJson1": {{}}}}}},
            {shapes}
        }}}}"#
    )
}

fn files(texts: &[&str]) -> Sources {
    let name = |index| format!("{index}.json").into();
    let texts = texts.iter().enumerate();
    Sources::from_texts(texts.map(|(index, text)| (name(index), (*text).to_owned())))
}

fn resolved(sources: &Sources) -> Result<(Model, Report), Report> {
    resolve(load(sources)?)
}

/// Resolves the shapes and compares the description of one of them.
#[track_caller]
fn check(shapes: &str, shape: &str, expected: &[&str]) {
    check_files(&[&service("", shapes)], shape, expected);
}

#[track_caller]
fn check_files(texts: &[&str], shape: &str, expected: &[&str]) {
    let sources = files(texts);
    match resolved(&sources) {
        Ok((model, _)) => assert_eq!(describe(&model, shape), expected),
        Err(report) => panic!("{}", report.render(&sources, false)),
    }
}

/// Resolves the files and compares the codes and locations of the errors.
#[track_caller]
fn check_errors(texts: &[&str], expected: &[&str]) {
    let sources = files(texts);
    let report = match resolved(&sources) {
        Ok((_, report)) | Err(report) => report,
    };
    let line = |it: &&crate::Diagnostic| {
        let file = it
            .location
            .source
            .map_or("-".into(), |id| sources[id].path.display().to_string());
        format!(
            "{} {file} {}",
            it.code,
            it.location.pointer().unwrap_or_default()
        )
    };
    let errors = report.diagnostics();
    let errors: Vec<String> = errors
        .iter()
        .filter(|it| it.severity() == Severity::Error)
        .map(line)
        .collect();
    assert_eq!(errors, expected, "\n{}", report.render(&sources, false));
    // Every report can be rendered.
    assert!(report.render(&sources, true).contains("error") || expected.is_empty());
}

fn describe(model: &Model, name: &str) -> Vec<String> {
    let found = model
        .shapes
        .values()
        .find(|shape| shape.name.as_str() == name);
    let shape = found.unwrap_or_else(|| panic!("the model has no {name}"));
    let docs = shape
        .docs
        .text
        .as_deref()
        .map(|text| format!("docs {text}"));
    let members: Vec<String> = match &shape.kind {
        Kind::Simple(simple) => vec![format!("{simple:?}")],
        Kind::Enum(values) => values
            .iter()
            .map(|value| format!("{} {:?}", value.name, value.value))
            .collect(),
        Kind::IntEnum(values) => values
            .iter()
            .map(|value| format!("{} {}", value.name, value.value))
            .collect(),
        Kind::List(list) => vec![member(model, &list.member)],
        Kind::Map(map) => vec![member(model, &map.key), member(model, &map.value)],
        Kind::Structure(structure) => {
            let role = (structure.role != Role::Plain).then(|| format!("{:?}", structure.role));
            role.into_iter()
                .chain(structure.members.iter().map(|it| member(model, it)))
                .collect()
        }
        Kind::Union(union) => union.members.iter().map(|it| member(model, it)).collect(),
    };
    docs.into_iter().chain(members).collect()
}

fn member(model: &Model, member: &Member) -> String {
    let mut line = format!(
        "{}: {}",
        member.name,
        model.shapes[member.target].name.name()
    );
    match &member.presence {
        Presence::Required => line.push_str(" required"),
        Presence::Default(value) => {
            write!(line, " = {value:?}").expect("writing to a string cannot fail");
        }
        Presence::Optional(Some(value)) => {
            write!(line, " optional, else {value:?}").expect("writing to a string cannot fail");
        }
        Presence::Optional(None) => {}
    }
    if member.boxed {
        line.push_str(" boxed");
    }
    if member.sensitive {
        line.push_str(" sensitive");
    }
    if let Some(length) = member.constraints.length {
        write!(line, " length {:?}..{:?}", length.min, length.max)
            .expect("writing to a string cannot fail");
    }
    if let Some(text) = &member.docs.text {
        write!(line, " docs {text}").expect("writing to a string cannot fail");
    }
    line
}
