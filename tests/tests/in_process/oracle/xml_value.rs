//! Judges values in XML (Smithy, "AWS restXml protocol", "XML shape serialization").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_model::model::{Kind, Member, Simple, TimestampFormat};

use super::document::{duplicate, is_moment};
use super::{Oracle, Verdict, Violation, inside, integers, mismatch, missing, shown};
use crate::json::Json;
use crate::valid::is_needed;
use crate::xml::{Element, is_space, local};

/// The nesting of elements up to which the limits of a server do not matter.
const LEVELS: usize = 120;

/// The source of a value.
#[derive(Clone, Copy)]
enum Source<'e> {
    Element(&'e Element),
    /// The elements of a flattened list or map.
    Flattened(&'e [&'e Element]),
    Attribute(&'e str),
}

/// Whether there was a value, even an invalid one. Null is none.
type IsPresent = bool;

impl Oracle<'_> {
    /// Reads a body as XML; `None` if it is invalid. A body without members may be empty.
    pub(super) fn xml(body: &[u8], verdict: &mut Verdict<'_>) -> Option<Element> {
        let body = if body.is_empty() { b"<_/>" } else { body };
        let root = Element::parse(body);
        match &root {
            None => verdict.refuse(400),
            Some(root) if root.depth() > LEVELS => {
                verdict.unsure("elements near or beyond the limit of their nesting");
            }
            Some(_) => {}
        }
        root
    }

    /// Judges the members of a structure.
    pub(super) fn xml_structure(
        &self,
        members: &[&Member],
        element: &Element,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        if element.has_text() {
            let mismatch = mismatch(pointer, "elements", "a text");
            verdict.violations.push(mismatch);
            return;
        }
        let mut taken = Vec::<&str>::new();
        self.xml_attributes(members, element, pointer, &mut taken, verdict);
        let children = element.children().collect::<Vec<_>>();
        for (index, child) in children.iter().enumerate() {
            let Some(member) = element_member(members, child) else {
                continue;
            };
            self.xml_member(member, &children[index..], pointer, &mut taken, verdict);
        }
        for member in members {
            let name = verdict.name(member);
            if taken.contains(&name) {
                continue;
            }
            if member.xml.flattened && member.required {
                // Without elements, it is empty.
                let source = Source::Flattened(&[]);
                self.xml_value(member, source, &inside(pointer, name), verdict);
            } else if is_needed(member) {
                verdict.violations.push(missing(&inside(pointer, name)));
            }
        }
    }

    fn xml_attributes<'m>(
        &self,
        members: &[&'m Member],
        element: &Element,
        pointer: &str,
        taken: &mut Vec<&'m str>,
        verdict: &mut Verdict<'_>,
    ) {
        for (name, value) in &element.attributes {
            let declaration = name == "xmlns" || name.starts_with("xmlns:");
            let found = members.iter().find(|member| {
                let own = verdict.name(member);
                let prefixed = own.contains(':') == name.contains(':');
                member.xml.attribute && prefixed && local(own) == local(name)
            });
            let Some(member) = found.filter(|_| !declaration) else {
                continue;
            };
            let own = verdict.name(member);
            let pointer = inside(pointer, own);
            self.xml_value(member, Source::Attribute(value), &pointer, verdict);
            take(own, &pointer, taken, verdict);
        }
    }

    /// Judges the member of the first of some elements. A flattened one has further elements among
    /// them. Returns whether it counts as a member that is set.
    fn xml_member<'m>(
        &self,
        member: &'m Member,
        elements: &[&Element],
        pointer: &str,
        taken: &mut Vec<&'m str>,
        verdict: &mut Verdict<'_>,
    ) -> IsPresent {
        let name = verdict.name(member);
        let pointer = inside(pointer, name);
        if member.xml.flattened {
            if taken.contains(&name) {
                return false;
            }
            taken.push(name);
            let same = elements.iter().copied();
            let same = same.filter(|element| element.local() == elements[0].local());
            let same = same.collect::<Vec<_>>();
            self.xml_value(member, Source::Flattened(&same), &pointer, verdict);
            return true;
        }
        self.xml_value(member, Source::Element(elements[0]), &pointer, verdict)
            && take(name, &pointer, taken, verdict)
    }

    /// Adds the violations of a value. Everything in a sensitive value is redacted.
    fn xml_value(
        &self,
        member: &Member,
        source: Source<'_>,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) -> IsPresent {
        if let Source::Element(element) = source
            && element.is_nil()
        {
            return false;
        }
        self.redacted(member, verdict, |verdict| {
            self.xml_any_value(member, source, pointer, verdict);
        });
        true
    }

    /// Adds the violations of the document that is a payload.
    pub(super) fn xml_payload(
        &self,
        member: &Member,
        root: &Element,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        self.redacted(member, verdict, |verdict| {
            self.xml_any_value(member, Source::Element(root), pointer, verdict);
        });
    }

    fn xml_any_value(
        &self,
        member: &Member,
        source: Source<'_>,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let kind = &self.peer.model.shapes[member.target].kind;
        match (kind, source) {
            (Kind::List(_), source) => self.xml_list(member, source, pointer, verdict),
            (Kind::Map(_), source) => self.xml_map(member, source, pointer, verdict),
            (Kind::Structure(structure), Source::Element(element)) => {
                let members = structure.members.iter().collect::<Vec<_>>();
                self.xml_structure(&members, element, pointer, verdict);
            }
            (Kind::Union(union), Source::Element(element)) => {
                let members = union.members.iter().collect::<Vec<_>>();
                self.xml_union(&members, element, pointer, verdict);
            }
            (Kind::Simple(Simple::Document), _) => verdict.unsure("a document in XML"),
            (_, Source::Attribute(text)) => self.xml_simple(member, text, pointer, verdict),
            (_, Source::Element(element)) if element.children().next().is_none() => {
                self.xml_simple(member, &element.text(), pointer, verdict);
            }
            _ => {
                let mismatch = mismatch(pointer, "a text", "elements");
                verdict.violations.push(mismatch);
            }
        }
    }

    fn xml_union(
        &self,
        members: &[&Member],
        element: &Element,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        if element.has_text() {
            let mismatch = mismatch(pointer, "elements", "a text");
            verdict.violations.push(mismatch);
            return;
        }
        let mut taken = Vec::new();
        let mut set = 0;
        let mut others = Vec::<&str>::new();
        let children = element.children().collect::<Vec<_>>();
        for (index, child) in children.iter().enumerate() {
            match element_member(members, child) {
                Some(member) => {
                    let rest = &children[index..];
                    set += usize::from(self.xml_member(member, rest, pointer, &mut taken, verdict));
                }
                None if others.contains(&child.local()) => {}
                None => {
                    others.push(child.local());
                    set += 1;
                    let pointer = inside(pointer, child.local());
                    let other = mismatch(&pointer, "a member of the union", "another");
                    verdict.violations.push(other);
                }
            }
        }
        if set != 1 {
            let found = if set == 0 { "none" } else { "several" };
            let mismatch = mismatch(pointer, "a union with exactly one member", found);
            verdict.violations.push(mismatch);
        }
    }

    /// The elements of a list or map with a name, in an element or flattened. Adds a violation for
    /// each other element, and returns whether there is one.
    fn xml_container<'e>(
        source: Source<'e>,
        (noun, name): (&str, &str),
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) -> Option<(Vec<&'e Element>, bool)> {
        match source {
            Source::Flattened(elements) => Some((elements.to_vec(), false)),
            Source::Element(element) if !element.has_text() => {
                let is_own = |child: &&Element| child.local() == local(name);
                let (own, others) = element.children().partition::<Vec<_>, _>(is_own);
                for _ in &others {
                    let expected = format!("elements named {name}");
                    let mismatch = mismatch(pointer, &expected, "another element");
                    verdict.violations.push(mismatch);
                }
                Some((own, !others.is_empty()))
            }
            _ => {
                let mismatch = mismatch(pointer, noun, "a text");
                verdict.violations.push(mismatch);
                None
            }
        }
    }

    fn xml_list(
        &self,
        member: &Member,
        source: Source<'_>,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let Kind::List(list) = &self.peer.model.shapes[member.target].kind else {
            return;
        };
        let name = list.member.xml.name.as_deref().unwrap_or("member");
        let container = Self::xml_container(source, ("a list", name), pointer, verdict);
        let Some((elements, has_others)) = container else {
            return;
        };
        let mut good = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let pointer = inside(pointer, &index.to_string());
            let before = verdict.violations.len();
            self.xml_slot(&list.member, list.sparse, element, &pointer, verdict);
            if verdict.violations.len() == before {
                good.push(*element);
            }
        }
        if !has_others {
            Self::length(&member.constraints, elements.len(), pointer, verdict);
        }
        if member.constraints.unique_items {
            self.xml_unique(&list.member, &good, pointer, verdict);
        }
    }

    fn xml_unique(
        &self,
        member: &Member,
        elements: &[&Element],
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let kind = &self.peer.model.shapes[member.target].kind;
        let text = matches!(kind, Kind::Simple(Simple::String) | Kind::Enum(_));
        if !text {
            verdict.unsure("elements that may be equal without looking so");
            return;
        }
        let mut texts = elements.iter().map(|element| element.text());
        let mut seen = Vec::new();
        if texts.any(|text| {
            seen.contains(&text) || {
                seen.push(text);
                false
            }
        }) {
            let unique = Violation::new(pointer, "Member must have unique values");
            verdict.violations.push(unique);
        }
    }

    /// An element or entry, which may be null only if the list or map is sparse.
    fn xml_slot(
        &self,
        member: &Member,
        sparse: bool,
        element: &Element,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let present = self.xml_value(member, Source::Element(element), pointer, verdict);
        if !present && !sparse {
            let mismatch = mismatch(pointer, "a value", "null");
            verdict.violations.push(mismatch);
        }
    }

    fn xml_map(
        &self,
        member: &Member,
        source: Source<'_>,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let Kind::Map(map) = &self.peer.model.shapes[member.target].kind else {
            return;
        };
        let container = Self::xml_container(source, ("a map", "entry"), pointer, verdict);
        let Some((entries, mut other)) = container else {
            return;
        };
        let mut taken = Vec::<String>::new();
        for entry in &entries {
            let name = |member: &Member, default: &str| {
                local(member.xml.name.as_deref().unwrap_or(default)).to_owned()
            };
            let key = match entry.child(&name(&map.key, "key")) {
                _ if entry.has_text() => Err(mismatch(pointer, "an entry", "a text")),
                Some(key) if key.children().next().is_none() => Ok(key.text()),
                Some(_) => Err(mismatch(pointer, "a key", "elements")),
                None => Err(mismatch(pointer, "an entry with a key", "none")),
            };
            let key = match key {
                Ok(key) => key,
                Err(mismatch) => {
                    other = true;
                    verdict.violations.push(mismatch);
                    continue;
                }
            };
            let hidden = self.peer.model.shapes[member.target].sensitive || map.key.sensitive;
            let pointer_to_entry = inside(pointer, if hidden { "*" } else { &key });
            let before = verdict.violations.len();
            let nil = Element::nil("value");
            let value = entry.child(&name(&map.value, "value")).unwrap_or(&nil);
            self.xml_slot(&map.value, map.sparse, value, &pointer_to_entry, verdict);
            if verdict.violations.len() == before {
                if taken.contains(&key) {
                    verdict.violations.push(duplicate(&pointer_to_entry));
                }
                taken.push(key.clone());
            }
            self.string(&map.key, &key, pointer, verdict);
        }
        if !other {
            Self::length(&member.constraints, entries.len(), pointer, verdict);
        }
    }

    /// A value that is a text.
    fn xml_simple(&self, member: &Member, text: &str, pointer: &str, verdict: &mut Verdict<'_>) {
        let kind = &self.peer.model.shapes[member.target].kind;
        if let Kind::Simple(Simple::String) | Kind::Enum(_) = kind {
            self.string(member, text, pointer, verdict);
            return;
        }
        let text = text.trim_matches(is_space);
        let secret = self.is_sensitive(member);
        let found = if secret {
            "another text".to_owned()
        } else {
            shown(member, text, "")
        };
        let mut wrong = |expected: &str, found: &str| {
            verdict.violations.push(mismatch(pointer, expected, found));
        };
        if let Some((least, most, expected)) = integers(kind) {
            match text.parse::<i128>() {
                #[expect(clippy::cast_precision_loss, reason = "ranges are compared as doubles")]
                Ok(value) if !text.starts_with('+') && (least..=most).contains(&value) => {
                    self.range(member, value as f64, pointer, verdict);
                }
                _ => wrong(expected, &found),
            }
            return;
        }
        match kind {
            Kind::Simple(Simple::Boolean) if matches!(text, "true" | "false") => {}
            Kind::Simple(Simple::Boolean) => wrong("true or false", &found),
            Kind::Simple(Simple::Blob) => match STANDARD.decode(text) {
                Ok(bytes) => Self::length(&member.constraints, bytes.len(), pointer, verdict),
                Err(_) => wrong("base64 text", "other text"),
            },
            Kind::Simple(Simple::Float | Simple::Double) => {
                self.xml_double(member, text, &found, pointer, verdict);
            }
            Kind::Simple(Simple::Timestamp) => {
                let format = member.timestamp_format.unwrap_or(TimestampFormat::DateTime);
                let expected = match format {
                    TimestampFormat::DateTime => "a timestamp such as 1985-04-12T23:20:50.52Z",
                    TimestampFormat::HttpDate => {
                        "a timestamp such as Tue, 29 Apr 2014 18:30:38 GMT"
                    }
                    TimestampFormat::EpochSeconds => "a timestamp in seconds since 1970",
                };
                match is_moment(text, format) {
                    Some(true) => {}
                    Some(false) => wrong(expected, &shown(member, text, "another value")),
                    None => verdict.unsure("a moment near the end of time"),
                }
            }
            _ => self.xml_big(member, text, pointer, verdict),
        }
    }

    fn xml_double(
        &self,
        member: &Member,
        text: &str,
        found: &str,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let single = matches!(
            self.peer.model.shapes[member.target].kind,
            Kind::Simple(Simple::Float)
        );
        let value = match text {
            "NaN" => f64::NAN,
            "Infinity" => f64::INFINITY,
            "-Infinity" => f64::NEG_INFINITY,
            text => match Json::parse(text.as_bytes()) {
                Ok(Json::Number(digits)) if digits == text => {
                    let value = digits.parse::<f64>().expect("a number of JSON");
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "it is asked how it is held"
                    )]
                    let held = if single {
                        f64::from(value as f32)
                    } else {
                        value
                    };
                    if held.is_infinite() {
                        let expected = if single {
                            "a number of single precision"
                        } else {
                            "a number of double precision"
                        };
                        let found = shown(member, text, "another value");
                        verdict.violations.push(mismatch(pointer, expected, &found));
                        return;
                    }
                    value
                }
                _ => {
                    verdict
                        .violations
                        .push(mismatch(pointer, "a number", found));
                    return;
                }
            },
        };
        self.range(member, value, pointer, verdict);
    }

    /// A number of any size; bounds are compared with it as a double.
    fn xml_big(&self, member: &Member, text: &str, pointer: &str, verdict: &mut Verdict<'_>) {
        let kind = &self.peer.model.shapes[member.target].kind;
        let integer = matches!(kind, Kind::Simple(Simple::BigInteger));
        match Json::parse(text.as_bytes()) {
            Ok(Json::Number(digits)) if digits == text => {
                if integer && digits.contains(['.', 'e', 'E']) {
                    verdict.unsure("an integer of any size with a fraction or an exponent");
                }
                let value = digits.parse().expect("a number of JSON");
                self.range(member, value, pointer, verdict);
            }
            _ => {
                let expected = if integer { "an integer" } else { "a number" };
                let found = shown(member, text, "another value");
                verdict.violations.push(mismatch(pointer, expected, &found));
            }
        }
    }
}

/// Records a member that is present; false if it was before.
fn take<'m>(
    name: &'m str,
    pointer: &str,
    taken: &mut Vec<&'m str>,
    verdict: &mut Verdict<'_>,
) -> bool {
    let first = !taken.contains(&name);
    if !first {
        verdict.violations.push(duplicate(pointer));
    }
    taken.push(name);
    first
}

/// The member that is an element of this name, whatever its prefix.
fn element_member<'m>(members: &[&'m Member], element: &Element) -> Option<&'m Member> {
    let mut members = members.iter().copied();
    members.find(|member| {
        let name = member.xml.name.as_deref().unwrap_or(&member.name);
        !member.xml.attribute && local(name) == element.local()
    })
}
