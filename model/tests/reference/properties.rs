//! Reads the sections that describe shapes and members.

use crate::documents::{Line, Place};
use crate::facts::{Limits, Member, Shape, Type, flag, is_name};

/// A name, its description, and the `Key: value` lines below it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) place: Place,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) attributes: Vec<(String, String)>,
}

impl Entry {
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(own, _)| own == key)
            .map(|(_, value)| value.as_str())
    }

    fn deprecated(&self) -> bool {
        self.description.starts_with("(DEPRECATED)")
    }
}

/// The lines as entries; `keys` are the attributes that may occur.
pub(crate) fn entries(lines: &[Line], keys: &[&str], problems: &mut Vec<String>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in lines.iter().filter(|line| !line.text.is_empty()) {
        let text = line.text.as_str();
        let attribute = text.split_once(':').filter(|(key, _)| keys.contains(key));
        let last = entries.last_mut();
        if let (Some((key, value)), Some(entry)) = (attribute, last) {
            if entry.get(key).is_some() {
                problems.push(format!(
                    "{}: {} has a second `{key}`",
                    line.place, entry.name
                ));
            }
            entry
                .attributes
                .push((key.to_owned(), value.trim().to_owned()));
        } else if let Some(list) = continued(&mut entries, text) {
            *list = format!("{list} {text}");
        } else if is_name(text) {
            entries.push(Entry {
                place: line.place.clone(),
                name: text.to_owned(),
                description: String::new(),
                attributes: Vec::new(),
            });
        } else if let Some(entry) = entries
            .last_mut()
            .filter(|entry| entry.attributes.is_empty())
        {
            entry.description = if entry.description.is_empty() {
                text.to_owned()
            } else {
                format!("{} {text}", entry.description)
            };
        } else {
            problems.push(format!("{}: `{text}` belongs to nothing", line.place));
        }
    }
    entries
}

/// The list of values that a line goes on with.
fn continued<'a>(entries: &'a mut [Entry], text: &str) -> Option<&'a mut String> {
    let (key, list) = entries.last_mut()?.attributes.last_mut()?;
    (key.ends_with("Values") && (text.starts_with('|') || list.ends_with('|'))).then_some(list)
}

/// Values between bars or, where a table cell could not hold bars, spaces.
pub(crate) fn values(list: &str) -> Vec<String> {
    list.split(['|', ' '])
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Sections of the long document: an entry with a type is a member, one with a description is a
/// shape, one with neither is a value of the shape above.
pub(crate) fn headings(lines: &[Line], problems: &mut Vec<String>) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = Vec::new();
    for entry in entries(
        lines,
        &["Type", "Required", "Values", "Format", "Minimum", "Maximum"],
        problems,
    ) {
        if entry.attributes.is_empty() && !entry.description.is_empty() {
            shapes.push(Shape {
                deprecated: entry.deprecated(),
                place: entry.place,
                name: entry.name,
                members: Vec::new(),
                values: Vec::new(),
            });
            continue;
        }
        let Some(shape) = shapes.last_mut() else {
            problems.push(format!(
                "{}: {} belongs to no shape",
                entry.place, entry.name
            ));
            continue;
        };
        if entry.attributes.is_empty() {
            shape.values.push(entry.name);
        } else {
            match member(&entry) {
                Ok(member) => shape.members.push(member),
                Err(problem) => problems.push(problem),
            }
        }
    }
    for shape in &shapes {
        if shape.members.is_empty() == shape.values.is_empty() {
            problems.push(format!(
                "{}: {} needs either members or values",
                shape.place, shape.name
            ));
        }
    }
    shapes
}

fn member(entry: &Entry) -> Result<Member, String> {
    let Entry {
        place,
        name,
        description,
        attributes: _,
    } = entry;
    if description.is_empty() {
        return Err(format!("{place}: {name} has no description"));
    }
    let ty = entry.get("Type").and_then(Type::parse);
    let ty = ty.ok_or_else(|| format!("{place}: {name} has no readable type"))?;
    let required = entry.get("Required").and_then(flag);
    let required =
        required.ok_or_else(|| format!("{place}: {name} does not say whether it is required"))?;
    if entry.get("Format") != (ty == Type::Integer).then_some("int32") {
        return Err(format!(
            "{place}: {name} has the type {ty:?} and the format {:?}",
            entry.get("Format")
        ));
    }
    let number = |key| {
        let parsed = entry.get(key).map(str::parse::<u64>).transpose();
        parsed.map_err(|_| format!("{place}: {name} has a {key} that is no number"))
    };
    Ok(Member {
        place: place.clone(),
        name: name.clone(),
        ty,
        required,
        values: entry.get("Values").map(values).unwrap_or_default(),
        range: (number("Minimum")?, number("Maximum")?),
        length: (None, None),
        pattern: None,
        deprecated: entry.deprecated(),
    })
}

/// Sections of the short pages: a name, a description, then a table with one member per row. A
/// section without a table lists values.
pub(crate) fn tables(lines: &[Line], problems: &mut Vec<String>) -> Vec<Shape> {
    let lines: Vec<&Line> = lines
        .iter()
        .filter(|line| !line.text.is_empty() && !line.text.starts_with("---"))
        .collect();
    let heads: Vec<usize> = (0..lines.len())
        .filter(|&index| lines[index].text.starts_with("Property "))
        .collect();
    let mut shapes = Vec::new();
    for (number, &head) in heads.iter().enumerate() {
        let Some(start) = head.checked_sub(2) else {
            problems.push(format!(
                "{}: a table without name and description",
                lines[head].place
            ));
            continue;
        };
        let end = heads.get(number + 1).map_or(lines.len(), |next| next - 2);
        let (rows, rest) = rows(&lines[head + 1..end]);
        let mut members = Vec::new();
        for (place, cells) in rows {
            match row(&place, &cells) {
                Ok(member) => members.push(member),
                Err(problem) => problems.push(problem),
            }
        }
        shapes.push(described(&lines[start..head], members, &[]));
        if let [_, _, values @ ..] = rest.as_slice() {
            shapes.push(described(&rest, Vec::new(), values));
        }
    }
    for line in shapes.iter().filter(|shape| !is_name(&shape.name)) {
        problems.push(format!(
            "{}: `{}` stands where a name is expected",
            line.place, line.name
        ));
    }
    shapes
}

fn described(lines: &[&Line], members: Vec<Member>, values: &[&Line]) -> Shape {
    Shape {
        place: lines[0].place.clone(),
        name: lines[0].text.clone(),
        members,
        values: values.iter().map(|line| line.text.clone()).collect(),
        deprecated: lines[1].text.starts_with("(DEPRECATED)"),
    }
}

type Rows = Vec<(Place, Vec<String>)>;

/// The rows of a table, and the lines after it. One page has its cells between bars, the others one
/// below the other.
fn rows<'a>(lines: &[&'a Line]) -> (Rows, Vec<&'a Line>) {
    if lines.iter().any(|line| line.text.contains(" | ")) {
        let (rows, rest): (Vec<&Line>, Vec<&Line>) =
            lines.iter().partition(|line| line.text.contains(" | "));
        let cells = |line: &Line| {
            line.text
                .split('|')
                .map(|cell| cell.trim().to_owned())
                .collect()
        };
        return (
            rows.iter()
                .map(|line| (line.place.clone(), cells(line)))
                .collect(),
            rest,
        );
    }
    let cells = |rows: &[&Line]| rows.iter().map(|line| line.text.clone()).collect();
    (
        lines
            .chunks(4)
            .map(|rows| (rows[0].place.clone(), cells(rows)))
            .collect(),
        Vec::new(),
    )
}

fn row(place: &Place, cells: &[String]) -> Result<Member, String> {
    let [name, ty, required, description, rest @ ..] = cells else {
        return Err(format!("{place}: a row of {} cells", cells.len()));
    };
    if !rest.iter().all(String::is_empty) || description.is_empty() {
        return Err(format!(
            "{place}: the cells {cells:?} are not name, type, required, description"
        ));
    }
    let (ty, values) = match ty.split_once(" Values:") {
        Some((ty, list)) => (ty, Some(values(list))),
        None => (ty.as_str(), None),
    };
    if values.as_ref().is_some_and(Vec::is_empty) {
        return Err(format!("{place}: the values of {name} are lost"));
    }
    Ok(Member {
        place: place.clone(),
        name: name.clone(),
        ty: Type::parse(ty).ok_or_else(|| format!("{place}: {name} has no readable type"))?,
        required: flag(required)
            .ok_or_else(|| format!("{place}: {name} does not say whether it is required"))?,
        values: values.unwrap_or_default(),
        range: (None, None),
        length: (None, None),
        pattern: None,
        deprecated: description.starts_with("(DEPRECATED)"),
    })
}

/// `Minimum length of 1. Maximum length of 128.`
pub(crate) fn length(text: &str) -> Limits {
    let after = |words: &str| {
        let rest = &text[text.find(words)? + words.len()..];
        rest.split('.').next()?.trim().parse().ok()
    };
    (after("Minimum length of"), after("Maximum length of"))
}
