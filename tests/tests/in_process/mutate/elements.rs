//! Changes elements of XML at random.

use super::{NUMBERS, TEXTS};
use crate::xml::{Content, Element, is_allowed};
use drawplate_tests::random::Random;

/// Changes an element or one within it.
pub(super) fn change(random: &mut Random, element: &mut Element) {
    let indexes = element.content.iter().enumerate();
    let inner = indexes.filter_map(|(index, part)| match part {
        Content::Element(_) => Some(index),
        Content::Text(_) | Content::Escaped(_) => None,
    });
    let inner = inner.collect::<Vec<_>>();
    if !inner.is_empty()
        && !random.once_in(4)
        && let Content::Element(child) = &mut element.content[*random.pick(&inner)]
    {
        return change(random, child);
    }
    match random.below(12) {
        0 if !element.content.is_empty() => {
            let at = random.below(element.content.len());
            let part = element.content[at].clone();
            let place = random.below(element.content.len() + 1);
            element.content.insert(place, part);
        }
        1 if !element.content.is_empty() => {
            element.content.remove(random.below(element.content.len()));
        }
        2 => {
            let names = [
                "member", "entry", "key", "value", "Item", "Name", "message", "x:text", "\u{e9}",
            ];
            (*random.pick(&names)).clone_into(&mut element.name);
        }
        3 => element.name = format!("{}:{}", random.pick(&["a", "x", "xml"]), element.local()),
        4 => element.set_nil(),
        5 => attribute(random, element),
        6 => element.content = vec![Content::Text((*random.pick(&NUMBERS)).to_owned())],
        7 => element.content.clear(),
        8 => {
            let inner = element.clone();
            element.content = vec![Content::Element(inner)];
        }
        9 => {
            let space = Content::Escaped((*random.pick(&[" ", ""])).to_owned());
            element.content.push(space);
        }
        10 if element.content.len() > 1 => {
            let (left, right) = (
                random.below(element.content.len()),
                random.below(element.content.len()),
            );
            element.content.swap(left, right);
        }
        _ => {
            let text = *random.pick(&TEXTS);
            let allowed = text.chars().filter(|character| is_allowed(*character));
            element.content.push(Content::Text(allowed.collect()));
        }
    }
}

fn attribute(random: &mut Random, element: &mut Element) {
    if !element.attributes.is_empty() && random.once_in(2) {
        let at = random.below(element.attributes.len());
        if random.once_in(3) {
            element.attributes.remove(at);
        } else {
            (*random.pick(&["", " 7 ", "red", "a\tb"])).clone_into(&mut element.attributes[at].1);
        }
        return;
    }
    let names = [
        "level", "x:color", "color", "y:color", "label", "name", "xmlns", "a:nil",
    ];
    let name = *random.pick(&names);
    if element.attributes.iter().all(|(other, _)| other != name) {
        let value = *random.pick(&["red", "7", "true", "\"&<"]);
        element.attributes.push((name.to_owned(), value.to_owned()));
    }
}
