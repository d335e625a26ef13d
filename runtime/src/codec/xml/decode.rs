//! Decodes values from the elements of a document.
//!
//! The decoder does not go through serde, which has neither attributes nor lists whose elements are
//! scattered among the members of a structure. It shares with the other formats what decides about
//! members and values: which are missing, duplicate, unknown or invalid.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::LEVELS;
use super::tree::{self, ElementId, Siblings, Tree, is_space};
use crate::codec::decode::seed::{ValuePosition, ValueResult, note, segment_of_key};
use crate::codec::decode::structure::{Key, Progress};
use crate::codec::decode::{DecodeContext, Mode, base64, instant};
use crate::codec::scalar;
use crate::error::{DecodeError, Problem};
use crate::schema::{Binding, Kind, Member, TimestampFormat};
use crate::shape::{DecodeList, DecodeMap, DecodeMembers, Decoder};
use crate::value::{Blob, Document, Timestamp};

/// The source of a value.
#[derive(Clone, Copy)]
enum Source<'t> {
    /// The root element.
    Root(ElementId),
    /// An element.
    Element(ElementId),
    /// The elements of a flattened list or map: those with the name of the first one, among
    /// it and the elements after it.
    Flattened(Siblings<'t>),
    /// An attribute.
    Attribute(&'t str),
}

/// Decodes one value.
pub(super) struct XmlDecoder<'t> {
    tree: &'t Tree<'t>,
    context: &'t DecodeContext,
    source: Source<'t>,
    /// Whether the value is missing: the element is empty, and so is no value of the member.
    missing: bool,
}

impl<'t> XmlDecoder<'t> {
    /// A decoder of a value that is a whole document: the element is not that of a member.
    pub(super) fn root(tree: &'t Tree<'t>, root: ElementId, context: &'t DecodeContext) -> Self {
        Self::new(tree, context, Source::Root(root))
    }

    fn new(tree: &'t Tree<'t>, context: &'t DecodeContext, source: Source<'t>) -> Self {
        Self {
            tree,
            context,
            source,
            missing: false,
        }
    }

    /// Decodes the value at a position.
    #[inline]
    fn value(&self, mut position: ValuePosition<'_>, source: Source<'_>) -> ValueResult {
        let (tree, context) = (self.tree, self.context);
        let result = match source {
            Source::Element(element) if tree.is_nil(element) => position.receive_null(context),
            source => {
                let mut decoder = XmlDecoder::new(tree, context, source);
                match position.fill(&mut decoder) {
                    Err(_) if decoder.missing => position.fill_null(context),
                    result => result.map(|()| true),
                }
            }
        };
        result.map_err(|error| position.locate(context.names, error))
    }

    /// Whether decoding ends, because the values need too much memory.
    fn is_stopped(&self) -> bool {
        self.context.memory.exceeded().is_some()
    }

    /// The text of a string.
    #[inline]
    fn source_text(&self) -> Result<Cow<'t, str>, DecodeError> {
        match self.source {
            Source::Attribute(source) => Ok(tree::attribute_value(source)),
            Source::Root(element) | Source::Element(element)
                if !self.tree.has_children(element) =>
            {
                Ok(self.tree.text(element))
            }
            _ => Err(DecodeError::mismatch("a text", "elements")),
        }
    }

    /// The text of a value that is not a string. White space around it does not matter (XML Schema
    /// part 2, section 4.3.6).
    #[inline]
    fn scalar(&mut self) -> Result<Cow<'t, str>, DecodeError> {
        let text = match self.source_text()? {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(is_space)),
            Cow::Owned(text) => Cow::Owned(text.trim_matches(is_space).to_owned()),
        };
        if text.is_empty() && self.context.mode == Mode::Lenient {
            self.missing = true;
            return Err(DecodeError::mismatch("a value", "an empty text"));
        }
        Ok(text)
    }

    /// The element of a list, map or structure.
    fn container(&self, expected: &'static str) -> Result<ElementId, DecodeError> {
        match self.source {
            Source::Root(element) | Source::Element(element)
                if self.context.mode == Mode::Lenient || !self.tree.has_text(element) =>
            {
                Ok(element)
            }
            _ => Err(DecodeError::mismatch(expected, "a text")),
        }
    }

    /// Decodes a list, map or structure.
    #[inline]
    fn nested(
        &mut self,
        decode: impl FnOnce(&mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let context = self.context;
        if context.depth.get() == LEVELS
            && let Source::Root(element) | Source::Element(element) = self.source
        {
            return Err(self.tree.too_deep(element));
        }
        context.nested(|| decode(self))
    }

    /// Decodes the members in an element.
    fn members(
        &mut self,
        element: ElementId,
        structure: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        let (tree, schema) = (self.tree, structure.schema());
        let mut progress = Progress::new(self.context, structure);
        if schema.layout.xml_attribute {
            for (name, value) in tree.attributes(element) {
                let mut indexes = 0..schema.members.len();
                let found = indexes.find(|index| {
                    is_attribute(&schema.members[*index], name)
                        && progress.structure.expects(*index)
                });
                if let Some(index) = found {
                    progress.index = index;
                    let position =
                        ValuePosition::Member(progress.structure, &schema.members[index], index);
                    let result = self.value(position, Source::Attribute(value));
                    progress.known(result);
                }
            }
            progress.index = 0;
        }
        let children = tree.children(element);
        let mut unknown = HashSet::new();
        for child in children {
            let name = tree.name(child);
            match schema.members.get(progress.index) {
                Some(member)
                    if is_element(member, name) && progress.structure.expects(progress.index) =>
                {
                    progress.key = Key::Known;
                }
                // A member that is bound to another part of the message may have the same name.
                _ => progress.search(name, &|progress, index| {
                    is_element(&schema.members[index], name) && progress.structure.expects(index)
                }),
            }
            match progress.key {
                Key::Known => {
                    let index = progress.index;
                    let member = &schema.members[index];
                    if member.xml.flattened {
                        self.flattened(&mut progress, children.starting_at(child));
                        continue;
                    }
                    let position = ValuePosition::Member(progress.structure, member, index);
                    match self.value(position, Source::Element(child)) {
                        Ok(true) => progress.decoded(),
                        result => progress.known(result),
                    }
                }
                Key::Unknown => {
                    if unknown.insert(name) {
                        let document = self.open_contents(children.starting_at(child));
                        progress.unknown(document);
                    }
                }
                Key::Ignored => {}
            }
            if self.is_stopped() {
                break;
            }
        }
        if self.context.mode == Mode::Strict && schema.layout.xml_flattened {
            self.empty_lists(&mut progress, children);
        }
        progress.finish().map_or(Ok(()), Err)
    }

    /// Decodes a flattened list or map, of which the first element was found.
    fn flattened(&self, progress: &mut Progress<'_, '_>, children: Siblings<'_>) {
        let index = progress.index;
        progress.index += 1;
        if progress.see(index) {
            let member = &progress.structure.schema().members[index];
            let position = ValuePosition::Member(progress.structure, member, index);
            let result = self.value(position, Source::Flattened(children));
            progress.collected(result);
        }
    }

    /// Decodes required lists and maps that are flattened and have no element: they are empty and
    /// not missing.
    fn empty_lists(&self, progress: &mut Progress<'_, '_>, children: Siblings<'_>) {
        let schema = progress.structure.schema();
        if schema.kind == Kind::Union {
            return;
        }
        for (index, member) in schema.members.iter().enumerate() {
            let is_empty = member.xml.flattened && member.required && !progress.was_seen(index);
            if is_empty && progress.structure.expects(index) {
                progress.index = index;
                self.flattened(progress, children.ended());
            }
        }
    }

    /// Decodes the elements of a list.
    fn elements(
        &mut self,
        member: &'static Member,
        list: &mut dyn DecodeList,
    ) -> Result<(), DecodeError> {
        let tree = self.tree;
        let element = member.target.element();
        let mut index = 0;
        let mut decode = |child| {
            let position = ValuePosition::Element(list, member, index);
            index += 1;
            self.value(position, Source::Element(child)).map(drop)
        };
        if let Source::Flattened(children) = self.source {
            return self.each(of_one_name(tree, children), decode);
        }
        let container = self.container("a list")?;
        let name = element.xml.name.unwrap_or("member");
        self.each(tree.children(container).into_iter(), |child| {
            if is_local_name(name, tree.name(child)) {
                decode(child)
            } else {
                self.unexpected(name)
            }
        })
    }

    /// Decodes the entries of a map.
    fn entries(
        &mut self,
        member: &'static Member,
        map: &mut dyn DecodeMap,
    ) -> Result<(), DecodeError> {
        const NAME: &str = "entry";
        let tree = self.tree;
        let mut decode = |entry| self.entry(member, map, entry);
        if let Source::Flattened(children) = self.source {
            return self.each(of_one_name(tree, children), decode);
        }
        let container = self.container("a map")?;
        self.each(tree.children(container).into_iter(), |child| {
            if tree.name(child) == NAME {
                decode(child)
            } else {
                self.unexpected(NAME)
            }
        })
    }

    /// Decodes each of some elements, and returns the errors in all of them.
    fn each(
        &self,
        elements: impl Iterator<Item = ElementId>,
        mut decode: impl FnMut(ElementId) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let mut errors = None;
        for element in elements {
            if let Err(error) = decode(element) {
                note(&mut errors, error);
            }
            if self.is_stopped() {
                break;
            }
        }
        errors.map_or(Ok(()), Err)
    }

    /// Skips an element between those that are named `expected`. Servers reject it.
    fn unexpected(&self, expected: &str) -> Result<(), DecodeError> {
        match self.context.mode {
            Mode::Lenient => Ok(()),
            Mode::Strict => {
                let expected = format!("elements named {expected}");
                Err(DecodeError::mismatch(expected, "another element"))
            }
        }
    }

    /// Decodes an entry of a map: an element with a key and a value.
    fn entry(
        &self,
        member: &'static Member,
        map: &mut dyn DecodeMap,
        entry: ElementId,
    ) -> Result<(), DecodeError> {
        let tree = self.tree;
        if self.context.mode == Mode::Strict && tree.has_text(entry) {
            return Err(DecodeError::mismatch("an entry", "a text"));
        }
        let (key, value) = member.target.entry();
        let child = |member: &Member, default| {
            let name = member.xml.name.unwrap_or(default);
            let mut children = tree.children(entry).into_iter();
            children.find(|child| is_local_name(name, tree.name(*child)))
        };
        let key = match child(key, "key") {
            Some(key) if !tree.has_children(key) => tree.text(key),
            Some(_) => return Err(DecodeError::mismatch("a key", "elements")),
            None => return Err(DecodeError::mismatch("an entry with a key", "none")),
        };
        let Some(child) = child(value, "value") else {
            let position = &mut ValuePosition::Entry(map, member, &key);
            let result = position.receive_null(self.context);
            return result
                .map(drop)
                .map_err(|error| position.locate(self.context.names, error));
        };
        let before = map.len();
        let position = ValuePosition::Entry(map, member, &key);
        let found = self.value(position, Source::Element(child))?;
        if found && map.len() == before && self.context.mode == Mode::Strict {
            let duplicate = DecodeError::new(Problem::Duplicate);
            return Err(duplicate.inside(&segment_of_key(member, &key)));
        }
        Ok(())
    }

    /// The content of the elements with the name of the first one: a list if there are several.
    fn open_contents(&self, elements: Siblings<'t>) -> Result<Document, DecodeError> {
        let contents = of_one_name(self.tree, elements).map(|element| self.open_content(element));
        contents.collect::<Result<Vec<_>, _>>().map(one_or_list)
    }

    /// The content of an element that the schema does not describe: a text, or the elements by
    /// their names. Elements of the same name are a list.
    fn open_content(&self, element: ElementId) -> Result<Document, DecodeError> {
        const SIZE: usize = 2 * size_of::<(String, Document)>();
        if !self.context.memory.allocate(SIZE) {
            return Err(DecodeError::mismatch("a value", "too much memory"));
        }
        let tree = self.tree;
        if !tree.has_children(element) {
            return Ok(tree.text(element).into_owned().into());
        }
        let mut indexes = HashMap::new();
        let mut entries = Vec::<(String, Vec<Document>)>::new();
        for child in tree.children(element) {
            let (name, value) = (tree.name(child), self.open_content(child)?);
            let index = *indexes.entry(name).or_insert(entries.len());
            match entries.get_mut(index) {
                Some((_, values)) => values.push(value),
                None => entries.push((name.to_owned(), vec![value])),
            }
        }
        let entries = entries
            .into_iter()
            .map(|(name, values)| (name, one_or_list(values)));
        Ok(Document::Map(entries.collect()))
    }
}

/// The value of elements of the same name.
fn one_or_list(mut values: Vec<Document>) -> Document {
    match values.len() {
        1 => values.swap_remove(0),
        _ => Document::List(values),
    }
}

/// The elements with the name of the first one.
fn of_one_name<'t>(
    tree: &'t Tree<'t>,
    siblings: Siblings<'t>,
) -> impl Iterator<Item = ElementId> + use<'t> {
    let mut elements = siblings.into_iter();
    let first = elements.next();
    let name = first.map(|first| tree.name(first));
    let others = elements.filter(move |element| Some(tree.name(*element)) == name);
    first.into_iter().chain(others)
}

/// Whether a qualified name has a local name. The prefix does not matter, because documents choose
/// their own.
#[inline]
fn is_local_name(qualified: &str, local: &str) -> bool {
    qualified == local
        || qualified
            .strip_suffix(local)
            .is_some_and(|prefix| prefix.ends_with(':'))
}

/// Whether a member is an element with a name.
#[inline]
fn is_element(member: &Member, name: &str) -> bool {
    !member.xml.attribute && is_local_name(member.name_in_xml(), name)
}

/// Whether a member is an attribute with a name. An attribute without a prefix has no namespace.
fn is_attribute(member: &Member, name: &str) -> bool {
    let split = |name| match str::split_once(name, ':') {
        Some((_, local)) => (true, local),
        None => (false, name),
    };
    member.xml.attribute && split(member.name_in_xml()) == split(name)
}

impl Decoder for XmlDecoder<'_> {
    fn is_null(&self) -> bool {
        false
    }

    fn allocate(&mut self, bytes: usize) -> Result<(), DecodeError> {
        if self.context.memory.allocate(bytes) {
            Ok(())
        } else {
            Err(DecodeError::mismatch("a value", "too much memory"))
        }
    }

    fn boolean(&mut self, member: &'static Member) -> Result<bool, DecodeError> {
        scalar::boolean(member, &self.scalar()?)
    }

    fn integer(&mut self, member: &'static Member) -> Result<i64, DecodeError> {
        scalar::integer(member, &self.scalar()?)
    }

    fn double(&mut self, member: &'static Member) -> Result<f64, DecodeError> {
        let mode = self.context.mode;
        scalar::double(member, &self.scalar()?, mode)
    }

    fn number(&mut self, _: &'static Member) -> Result<String, DecodeError> {
        self.scalar().map(Cow::into_owned)
    }

    fn text(&mut self, _: &'static Member, take: &mut dyn FnMut(&str)) -> Result<(), DecodeError> {
        take(&self.source_text()?);
        Ok(())
    }

    fn string(&mut self, _: &'static Member) -> Result<String, DecodeError> {
        self.source_text().map(Cow::into_owned)
    }

    fn blob(&mut self, _: &'static Member) -> Result<Blob, DecodeError> {
        let text = self.source_text()?;
        let text = text.trim_matches(is_space);
        // Long texts are often wrapped.
        if self.context.mode == Mode::Lenient && text.contains(is_space) {
            return base64(&text.replace(is_space, ""), Mode::Lenient);
        }
        base64(text, self.context.mode)
    }

    fn timestamp(&mut self, member: &'static Member) -> Result<Timestamp, DecodeError> {
        let format = member.timestamp_format.unwrap_or(TimestampFormat::DateTime);
        let mode = self.context.mode;
        instant(member, &self.scalar()?, format, mode)
    }

    fn document(&mut self, _: &'static Member) -> Result<Document, DecodeError> {
        match self.source {
            Source::Root(element) | Source::Element(element) => self.open_content(element),
            _ => self.source_text().map(|text| text.into_owned().into()),
        }
    }

    fn list(
        &mut self,
        member: &'static Member,
        list: &mut dyn DecodeList,
    ) -> Result<(), DecodeError> {
        self.nested(|decoder| decoder.elements(member, list))
    }

    fn map(&mut self, member: &'static Member, map: &mut dyn DecodeMap) -> Result<(), DecodeError> {
        self.nested(|decoder| decoder.entries(member, map))
    }

    fn structure(
        &mut self,
        _: &'static Member,
        structure: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        let schema = structure.schema();
        if let (true, Source::Root(root)) = (schema.xml.unwrapped, self.source) {
            let in_document = |member: &Member| member.binding == Binding::Document;
            let Some(index) = schema.members.iter().position(in_document) else {
                return Ok(());
            };
            let position = ValuePosition::Member(structure, &schema.members[index], index);
            return self.value(position, Source::Element(root)).map(drop);
        }
        let element = self.container("elements")?;
        self.nested(|decoder| decoder.members(element, structure))
    }
}
