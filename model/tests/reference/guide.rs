//! Reads chapters of the Amplify Admin UI reference: the long document has thirty, each short page
//! is one.
//!
//! Heading marks and emphasis came out of text recognition at random, so nothing here depends on
//! them: a line that is one identifier is a name, and what follows it says what it names.

use regex::Regex;

use crate::documents::Line;
use crate::facts::{Facts, Operation, Shape, is_name};
use crate::properties;
use crate::sample::{self, Sample};

/// Where the documents differ in their typography.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// The long document: a heading over each sample, a heading and `**Type:**` lines for each
    /// property.
    Headings,
    /// The short pages: samples in the order of the responses, properties as tables.
    Tables,
}

/// Everything that the document states.
pub(crate) fn read(lines: &[Line], layout: Layout) -> Facts {
    let mut facts = Facts::default();
    let starts: Vec<usize> = (0..lines.len())
        .filter(|&index| lines[index].text == "URI")
        .collect();
    for (number, &start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(lines.len());
        let before = if number == 0 { 0 } else { starts[number - 1] };
        if let Err(problem) = chapter(
            &lines[before..start],
            &lines[start..end],
            layout,
            &mut facts,
        ) {
            facts.problems.push(problem);
        }
    }
    if layout == Layout::Headings {
        contents(&lines[..starts.first().copied().unwrap_or(0)], &mut facts);
    }
    facts
}

/// The list of operations and the list of resources at the front name what the chapters describe,
/// no more, no less.
fn contents(front: &[Line], facts: &mut Facts) {
    let mut topics = false;
    let (mut operations, mut resources) = (Vec::new(), Vec::new());
    for line in front {
        topics |= line.text == "Topics";
        if let Some(entry) = line
            .text
            .strip_prefix("- [")
            .and_then(|entry| entry.strip_suffix("](#)"))
        {
            if topics {
                resources.push(entry.to_owned());
            } else {
                operations.push(entry.to_owned());
            }
        }
    }
    resources.sort();
    operations.sort();
    let mut described: Vec<String> = facts
        .operations
        .iter()
        .map(|operation| operation.name.clone())
        .collect();
    described.sort();
    if operations != described {
        facts.problems.push(format!(
            "the list of operations {operations:?} is not what the chapters have, {described:?}"
        ));
    }
    let mut titles: Vec<String> = facts.cors.iter().map(|uri| title(uri)).collect();
    titles.sort();
    if resources != titles {
        facts.problems.push(format!(
            "the list of resources {resources:?} is not what the chapters have, {titles:?}"
        ));
    }
}

/// `/prod/backend/{appId}/api` is the chapter `Backend appId Api`.
fn title(uri: &str) -> String {
    let words = uri
        .split('/')
        .filter(|segment| !segment.is_empty() && *segment != "prod")
        .map(|segment| {
            if let Some(label) = segment.strip_prefix('{') {
                return label.trim_end_matches('}').to_owned();
            }
            segment[..1].to_uppercase() + &segment[1..]
        });
    words.collect::<Vec<_>>().join(" ")
}

struct Method {
    verb: String,
    operation: Operation,
}

fn chapter(
    before: &[Line],
    lines: &[Line],
    layout: Layout,
    facts: &mut Facts,
) -> Result<(), String> {
    let place = &lines[0].place;
    let section = |name: &str| {
        let index = lines.iter().position(|line| line.text == name);
        index.ok_or_else(|| format!("{place}: this chapter has no section `{name}`"))
    };
    let (methods_at, schemas_at) = (section("HTTP methods")?, section("Schemas")?);
    let (properties_at, end) = (section("Properties")?, section("See also")?);

    let mut methods = methods(&lines[methods_at..schemas_at], facts);
    let labels = methods
        .first()
        .map(|method| method.operation.labels.clone())
        .unwrap_or_default();
    let path: String = lines[1..methods_at]
        .iter()
        .map(|line| line.text.replace('*', ""))
        .collect();
    let segments = path.split('/').map(|segment| {
        if labels.iter().any(|label| label == segment) {
            format!("{{{segment}}}")
        } else {
            segment.to_owned()
        }
    });
    let uri = segments.collect::<Vec<_>>().join("/");
    if !before.iter().any(|line| line.text == title(&uri)) {
        facts.problems.push(format!(
            "{place}: no heading `{}` above this URI",
            title(&uri)
        ));
    }

    let options: Vec<Method> = methods
        .extract_if(.., |method| method.verb == "OPTIONS")
        .collect();
    for method in &methods {
        if method.operation.labels != labels {
            facts.problems.push(format!(
                "{place}: {} has other path parameters than OPTIONS",
                method.verb
            ));
        }
    }
    match options.as_slice() {
        [
            Method {
                verb: _,
                operation:
                    Operation {
                        labels: own,
                        responses,
                        ..
                    },
            },
        ] if *own == labels
            && matches!(responses.as_slice(), [(200, none, _)] if none == "None") =>
        {
            facts.cors.push(uri.clone());
        }
        _ => facts.problems.push(format!(
            "{place}: OPTIONS is not there once with these parameters and a bare 200"
        )),
    }

    let shapes = match layout {
        Layout::Headings => {
            properties::headings(&lines[properties_at + 1..end], &mut facts.problems)
        }
        Layout::Tables => properties::tables(&lines[properties_at + 1..end], &mut facts.problems),
    };
    let schemas = &lines[schemas_at + 1..properties_at];
    let (request_sample, response_samples) = match layout {
        Layout::Headings => titled_samples(schemas, &mut facts.problems),
        Layout::Tables => ordered_samples(schemas, &methods, &mut facts.problems),
    };
    if layout == Layout::Headings {
        let names_below = lines[end..]
            .iter()
            .map(|line| line.text.as_str())
            .take_while(|text| !starts_chapter(text));
        let listed: Vec<&str> = names_below.filter(|text| is_name(text)).collect();
        let named: Vec<&str> = methods
            .iter()
            .map(|method| method.operation.name.as_str())
            .collect();
        if listed != named {
            facts.problems.push(format!(
                "{}: see also lists {listed:?}, the chapter has {named:?}",
                lines[end].place
            ));
        }
    }
    assemble(
        methods,
        &uri,
        shapes,
        request_sample,
        &response_samples,
        facts,
    );
    Ok(())
}

/// Whether the links under `See also` end at this line.
fn starts_chapter(text: &str) -> bool {
    text == "S3Buckets" || text == "AWS Glossary" || text.starts_with("Backend ")
}

fn methods(lines: &[Line], facts: &mut Facts) -> Vec<Method> {
    let parameter = Regex::new(r"^(?:<i>)?(\w+)(?:</i>)?[ |]+String[ |]+(\w+)\b")
        .expect("the pattern is well formed");
    let response = Regex::new(r##"^(\d{3})[ |]+(?:<a href="#">)?(\w+)(?:</a>)?"##)
        .expect("the pattern is well formed");
    let mut methods: Vec<Method> = Vec::new();
    let (mut parameter_tables, mut response_tables) = (0, 0);
    for line in lines {
        let text = line.text.as_str();
        if ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(&text) {
            (parameter_tables, response_tables) = (0, 0);
            let operation = Operation {
                place: line.place.clone(),
                name: String::new(),
                route: None,
                labels: Vec::new(),
                request: None,
                request_sample: None,
                responses: Vec::new(),
                response_samples: Vec::new(),
            };
            methods.push(Method {
                verb: text.to_owned(),
                operation,
            });
            continue;
        }
        let Some(method) = methods.last_mut() else {
            continue;
        };
        if let Some(name) = text.strip_prefix("Operation ID: ") {
            name.clone_into(&mut method.operation.name);
            method.operation.place = line.place.clone();
        } else if text.starts_with("Name ") && text.contains("Required") {
            parameter_tables += 1;
        } else if text.starts_with("Status code") {
            response_tables += 1;
        } else if let Some(row) = parameter.captures(text) {
            if &row[2] != "True" {
                facts
                    .problems
                    .push(format!("{}: a path parameter is not required", line.place));
            }
            method.operation.labels.push(row[1].to_owned());
        } else if let Some(row) = response.captures(text).filter(|row| &row[2] != "response") {
            let status = row[1].parse().expect("three digits are a number");
            method
                .operation
                .responses
                .push((status, row[2].to_owned(), line.place.clone()));
        }
        if parameter_tables > 1 || response_tables > 1 {
            facts.problems.push(format!(
                "{}: a table is split, its head is printed again",
                line.place
            ));
            (parameter_tables, response_tables) = (parameter_tables.min(1), response_tables.min(1));
        }
    }
    methods
}

type Samples = (Option<Sample>, Vec<(String, Sample)>);

/// Samples under headings `POST schema` and `<shape> schema`.
fn titled_samples(lines: &[Line], problems: &mut Vec<String>) -> Samples {
    let mut groups: Vec<(&str, Vec<&Line>)> = Vec::new();
    let mut fenced = false;
    for line in lines.iter().filter(|line| !line.text.is_empty()) {
        if line.raw.starts_with("```") {
            fenced = !fenced;
        } else if let Some(title) = line.text.strip_suffix(" schema").filter(|_| !fenced) {
            groups.push((title, Vec::new()));
        } else if let Some((_, group)) = groups.last_mut().filter(|_| fenced) {
            group.push(line);
        } else if !["Request bodies", "Response bodies"].contains(&line.text.as_str()) {
            problems.push(format!("{}: `{}` among the samples", line.place, line.text));
        }
    }
    let (mut request, mut responses) = (None, Vec::new());
    for (title, lines) in groups {
        match sample::samples(&lines).map(<[Sample; 1]>::try_from) {
            Ok(Ok([sample])) if title == "POST" => request = Some(sample),
            Ok(Ok([sample])) => responses.push((title.to_owned(), sample)),
            Ok(Err(samples)) => {
                problems.push(format!("the sample {title} is {} samples", samples.len()));
            }
            Err(problem) => problems.push(format!("{problem} (sample {title})")),
        }
    }
    (request, responses)
}

/// Samples without headings: the request's, then one for each response.
fn ordered_samples(lines: &[Line], methods: &[Method], problems: &mut Vec<String>) -> Samples {
    let split = lines
        .iter()
        .position(|line| line.text == "Response bodies")
        .unwrap_or(0);
    let mut read = |lines: &[Line]| {
        let lines: Vec<&Line> = lines
            .iter()
            .filter(|line| line.raw.starts_with('{'))
            .collect();
        sample::samples(&lines).unwrap_or_else(|problem| {
            problems.push(problem);
            Vec::new()
        })
    };
    let (request, responses) = (read(&lines[..split]).pop(), read(&lines[split..]));
    let names: Vec<String> = methods
        .iter()
        .flat_map(|method| {
            method
                .operation
                .responses
                .iter()
                .map(|(_, name, _)| name.clone())
        })
        .collect();
    if names.len() != responses.len() {
        let place = &lines[split].place;
        problems.push(format!(
            "{place}: {} samples for {} responses",
            responses.len(),
            names.len()
        ));
    }
    (request, names.into_iter().zip(responses).collect())
}

/// Joins what a chapter says in four places, and names what appears in one of them only.
fn assemble(
    methods: Vec<Method>,
    uri: &str,
    mut shapes: Vec<Shape>,
    request_sample: Option<Sample>,
    response_samples: &[(String, Sample)],
    facts: &mut Facts,
) {
    let answered = |name: &str| {
        methods.iter().any(|method| {
            method
                .operation
                .responses
                .iter()
                .any(|(_, shape, _)| shape == name)
        })
    };
    let used: Vec<String> = shapes
        .iter()
        .flat_map(|shape| {
            shape
                .members
                .iter()
                .filter_map(|member| member.ty.named().map(str::to_owned))
        })
        .collect();
    for name in &used {
        if !shapes.iter().any(|shape| shape.name == *name) {
            facts.problems.push(format!(
                "{uri}: a member is of type {name}, which no section describes"
            ));
        }
    }
    for (name, sample) in response_samples {
        if !answered(name) {
            facts.problems.push(format!(
                "{}: sample of {name}, which answers nothing here",
                sample.place
            ));
        }
    }
    let mut requests: Vec<Shape> = shapes
        .extract_if(.., |shape| {
            !used.contains(&shape.name) && !answered(&shape.name)
        })
        .collect();
    if requests.len() != usize::from(request_sample.is_some()) {
        let names: Vec<&String> = requests.iter().map(|shape| &shape.name).collect();
        facts.problems.push(format!(
            "{uri}: {names:?} are described but used nowhere, or the request is not described"
        ));
    }
    let mut request = requests.pop().zip(request_sample);
    for Method {
        verb,
        mut operation,
    } in methods
    {
        for (status, name, place) in &operation.responses {
            let samples = response_samples
                .iter()
                .filter(|(sample, _)| sample == name)
                .count();
            let sections = shapes.iter().filter(|shape| shape.name == *name).count();
            if (samples, sections) != (1, 1) {
                facts.problems.push(format!(
                    "{place}: {status} is answered by {name}, which has {samples} samples and {sections} sections"
                ));
            }
        }
        if verb == "POST" {
            (operation.request, operation.request_sample) = request.take().unzip();
        }
        operation.response_samples = response_samples.to_vec();
        operation.route = Some((verb, uri.to_owned()));
        facts.operations.push(operation);
    }
    if request.is_some() {
        facts
            .problems
            .push(format!("{uri}: a request body without POST"));
    }
    facts.shapes.extend(shapes);
}
