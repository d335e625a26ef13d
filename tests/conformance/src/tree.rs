//! Values as trees that can be compared and printed: JSON with the member names of the model, for
//! any protocol.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_runtime::schema::Kind;
use drawplate_runtime::shape::{EncodeList, EncodeMap, EncodeStream};
use drawplate_runtime::stream::ByteStream;
use drawplate_runtime::{
    Document, DocumentMap, DocumentNumber, EncodeError, EncodeMembers, Encoder, Member, Timestamp,
};

/// A structure or union. A stream in it is read to its end and appears as a blob.
pub(crate) fn of(
    structure: &dyn EncodeMembers,
) -> impl Future<Output = Result<Document, String>> + Send + use<> {
    let tree = with_streams(structure);
    async move {
        let (mut tree, streams) = tree?;
        for (name, stream) in streams {
            let bytes = stream.collect().await;
            let bytes =
                bytes.map_err(|error| format!("the stream `{name}` breaks off: {error}"))?;
            // A message without a body is the same as one with an empty body.
            if let Some(members) = tree.as_map_mut().filter(|_| !bytes.is_empty()) {
                members.insert(name, blob(&bytes));
            }
        }
        Ok(tree)
    }
}

/// The name of the set member of a union.
pub(crate) fn name_of_set(union: &dyn EncodeMembers) -> Option<String> {
    let (tree, _) = with_streams(union).ok()?;
    let mut names = tree.as_map()?.keys().map(str::to_owned);
    names.next()
}

/// Streams by the name of their member, in the outermost structure.
type Streams = Vec<(&'static str, ByteStream)>;

/// The tree without its streams, and the streams.
fn with_streams(structure: &dyn EncodeMembers) -> Result<(Document, Streams), String> {
    let mut tree = Tree::new(Frame::Object(DocumentMap::new(), None));
    structure
        .encode_members(&mut tree)
        .map_err(|error| error.to_string())?;
    let streams = std::mem::take(&mut tree.streams);
    Ok((tree.into_value(), streams))
}

/// Collects the values of a structure, list or map.
struct Tree {
    frame: Frame,
    streams: Streams,
}

enum Frame {
    /// With the key of the next entry, in a map.
    Object(DocumentMap, Option<String>),
    List(Vec<Document>),
}

impl Tree {
    fn new(frame: Frame) -> Self {
        Self {
            frame,
            streams: Vec::new(),
        }
    }

    fn into_value(self) -> Document {
        match self.frame {
            Frame::Object(members, _) => Document::Map(members),
            Frame::List(elements) => Document::List(elements),
        }
    }

    fn put(&mut self, member: &'static Member, value: Document) {
        match &mut self.frame {
            Frame::Object(members, key) => {
                let name = key.take().unwrap_or_else(|| member.name.to_owned());
                members.insert(name, value);
            }
            Frame::List(elements) => elements.push(value),
        }
    }
}

/// The bytes as text, if they are UTF-8.
fn blob(bytes: &[u8]) -> Document {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => format!("(base64) {}", STANDARD.encode(bytes)).into(),
    }
}

/// JSON has no numbers for NaN and the infinities.
fn number(value: f64) -> Document {
    DocumentNumber::from_f64(value).map_or_else(
        || Document::from(format!("{value}").replace("inf", "Infinity")),
        Document::Number,
    )
}

impl Encoder for Tree {
    fn none(&mut self, member: &'static Member) -> Result<(), EncodeError> {
        // A missing member is left out; an element or entry is null.
        if !matches!(&self.frame, Frame::Object(_, None)) {
            self.put(member, Document::Null);
        }
        Ok(())
    }

    fn null(&mut self, member: &'static Member) -> Result<(), EncodeError> {
        self.put(member, Document::Null);
        Ok(())
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Result<(), EncodeError> {
        self.put(member, value.into());
        Ok(())
    }

    fn integer(&mut self, member: &'static Member, value: i64) -> Result<(), EncodeError> {
        self.put(member, value.into());
        Ok(())
    }

    fn float(&mut self, member: &'static Member, value: f32) -> Result<(), EncodeError> {
        // By its digits: 1.1 is printed as 1.1.
        let value = value.to_string().parse().unwrap_or(f64::from(value));
        self.put(member, number(value));
        Ok(())
    }

    fn double(&mut self, member: &'static Member, value: f64) -> Result<(), EncodeError> {
        self.put(member, number(value));
        Ok(())
    }

    fn number(&mut self, member: &'static Member, digits: &str) -> Result<(), EncodeError> {
        // By value: 2.5e-8 and 2.5E-8 are equal.
        let number = digits.parse::<DocumentNumber>();
        let number = number.map_err(|error| EncodeError::new(error.to_string()))?;
        self.put(member, number.into());
        Ok(())
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), EncodeError> {
        self.put(member, value.into());
        Ok(())
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Result<(), EncodeError> {
        self.put(member, blob(value));
        Ok(())
    }

    fn stream(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeStream,
    ) -> Result<(), EncodeError> {
        // Events are read by their type elsewhere.
        if member.target.kind == Kind::Blob {
            let stream = ByteStream::try_from(value.take()?);
            let stream = stream.map_err(|_| EncodeError::new("a stream of events"))?;
            self.streams.push((member.name, stream));
        }
        Ok(())
    }

    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Result<(), EncodeError> {
        self.put(member, value.to_string().into());
        Ok(())
    }

    fn document(&mut self, member: &'static Member, value: &Document) -> Result<(), EncodeError> {
        self.put(member, value.clone());
        Ok(())
    }

    fn list(&mut self, member: &'static Member, value: &dyn EncodeList) -> Result<(), EncodeError> {
        let mut elements = Tree::new(Frame::List(Vec::new()));
        value.encode_elements(member.target.element(), &mut elements)?;
        self.put(member, elements.into_value());
        Ok(())
    }

    fn map(&mut self, member: &'static Member, value: &dyn EncodeMap) -> Result<(), EncodeError> {
        let mut entries = Tree::new(Frame::Object(DocumentMap::new(), None));
        let (key, entry) = member.target.entry();
        value.encode_entries(key, entry, &mut entries)?;
        self.put(member, entries.into_value());
        Ok(())
    }

    fn key(&mut self, _: &'static Member, text: &str) -> Result<(), EncodeError> {
        if let Frame::Object(_, key) = &mut self.frame {
            *key = Some(text.to_owned());
        }
        Ok(())
    }

    fn structure(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeMembers,
    ) -> Result<(), EncodeError> {
        let mut members = Tree::new(Frame::Object(DocumentMap::new(), None));
        value.encode_members(&mut members)?;
        self.put(member, members.into_value());
        Ok(())
    }

    fn unknown(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        if let Frame::Object(members, _) = &mut self.frame {
            members.insert(format!("(unknown) {name}"), value.clone());
        }
        Ok(())
    }
}
