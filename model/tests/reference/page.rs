//! Reads the page on Amazon Cognito's `AdminRespondToAuthChallenge`.

use crate::documents::Line;
use crate::facts::{Facts, Limits, Member, Operation, Shape, Type, flag};
use crate::properties::{Entry, entries, length, values};
use crate::sample;

const KEYS: [&str; 6] = [
    "Type",
    "Required",
    "Valid Values",
    "Length Constraints",
    "Pattern",
    "HTTP Status Code",
];

/// Everything that the page states. It leaves input, output and the members of errors nameless;
/// `Request` and `Response` after the operation's name and `message` are what the published client
/// calls them.
pub(crate) fn read(lines: &[Line]) -> Facts {
    let mut facts = Facts::default();
    if let Err(problem) = page(lines, &mut facts) {
        facts.problems.push(problem);
    }
    facts
}

fn page(lines: &[Line], facts: &mut Facts) -> Result<(), String> {
    let section = |name: &str| {
        let index = lines.iter().position(|line| line.text == name);
        index.ok_or_else(|| format!("{}: no section `{name}`", lines[0].place.document))
    };
    let (request_at, parameters_at) = (section("Request Syntax")?, section("Request Parameters")?);
    let (response_at, elements_at) = (section("Response Syntax")?, section("Response Elements")?);
    let (errors_at, end) = (section("Errors")?, section("See Also")?);

    let title = lines[..request_at]
        .iter()
        .find(|line| crate::facts::is_name(&line.text) && line.text != "Menu");
    let title = title.ok_or("the page has no title")?;
    let request = shape(
        lines,
        parameters_at,
        response_at,
        &format!("{}Request", title.text),
        facts,
    );
    let response = shape(
        lines,
        elements_at,
        errors_at,
        &format!("{}Response", title.text),
        facts,
    );
    let mut responses = vec![(200, response.name.clone(), response.place.clone())];
    for entry in entries(
        from_first_name(&lines[errors_at + 1..end]),
        &KEYS,
        &mut facts.problems,
    ) {
        let status = entry
            .get("HTTP Status Code")
            .and_then(|status| status.parse().ok());
        match status.filter(|_| entry.attributes.len() == 1 && !entry.description.is_empty()) {
            Some(status) => responses.push((status, entry.name.clone(), entry.place.clone())),
            None => facts.problems.push(format!(
                "{}: {} is not an error with a status",
                entry.place, entry.name
            )),
        }
        facts.shapes.push(error(&entry));
    }
    let read = |from: usize, to: usize| {
        let lines: Vec<&Line> = lines[from + 1..to]
            .iter()
            .filter(|line| line.raw.starts_with('{'))
            .collect();
        sample::samples(&lines).map(|mut samples| samples.pop())
    };
    facts.operations.push(Operation {
        place: title.place.clone(),
        name: title.text.clone(),
        route: None,
        labels: Vec::new(),
        request: Some(request),
        request_sample: read(request_at, parameters_at)?,
        responses,
        response_samples: read(response_at, elements_at)?
            .into_iter()
            .map(|sample| (response.name.clone(), sample))
            .collect(),
    });
    facts.shapes.push(response);
    Ok(())
}

/// The lines without the sentences between a heading and the first entry.
fn from_first_name(lines: &[Line]) -> &[Line] {
    let first = lines
        .iter()
        .position(|line| crate::facts::is_name(&line.text))
        .unwrap_or(lines.len());
    &lines[first..]
}

fn shape(lines: &[Line], from: usize, to: usize, name: &str, facts: &mut Facts) -> Shape {
    let mut members = Vec::new();
    for entry in entries(
        from_first_name(&lines[from + 1..to]),
        &KEYS,
        &mut facts.problems,
    ) {
        match member(&entry) {
            Ok(member) => members.push(member),
            Err(problem) => facts.problems.push(problem),
        }
    }
    Shape {
        place: lines[from].place.clone(),
        name: name.to_owned(),
        members,
        values: Vec::new(),
        deprecated: false,
    }
}

fn member(entry: &Entry) -> Result<Member, String> {
    let Entry {
        place,
        name,
        description,
        attributes: _,
    } = entry;
    let ty = entry.get("Type").and_then(Type::parse);
    let required = entry.get("Required").map_or(Some(false), flag);
    let length = entry.get("Length Constraints").map_or((None, None), length);
    if entry.get("Length Constraints").is_some() != (length.0.is_some() && length.1.is_some()) {
        return Err(format!("{place}: the length of {name} has no two ends"));
    }
    Ok(Member {
        place: place.clone(),
        name: name.clone(),
        ty: ty.ok_or_else(|| format!("{place}: {name} has no readable type"))?,
        required: required
            .ok_or_else(|| format!("{place}: {name} does not say whether it is required"))?,
        values: entry.get("Valid Values").map(values).unwrap_or_default(),
        range: (None, None),
        length,
        pattern: entry.get("Pattern").map(str::to_owned),
        deprecated: description.starts_with("(DEPRECATED)"),
    })
}

fn error(entry: &Entry) -> Shape {
    let none: Limits = (None, None);
    let message = Member {
        place: entry.place.clone(),
        name: "message".to_owned(),
        ty: Type::String,
        required: false,
        values: Vec::new(),
        range: none,
        length: none,
        pattern: None,
        deprecated: false,
    };
    Shape {
        place: entry.place.clone(),
        name: entry.name.clone(),
        members: vec![message],
        values: Vec::new(),
        deprecated: false,
    }
}
