//! A reader and a writer of CBOR (RFC 8949). They share no code with the server's.

use crate::json::Json;
use drawplate_tests::random::Random;

/// A data item.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cbor {
    /// An integer from -2^64 to 2^64 - 1.
    Integer(i128),
    Bytes(Vec<u8>),
    Text(String),
    List(Vec<Cbor>),
    /// Keys may be of any type, and may occur several times.
    Map(Vec<(Cbor, Cbor)>),
    Tag(u64, Box<Cbor>),
    Float(f64),
    /// A simple value besides the booleans and null, by its number.
    Simple(u8),
    Bool(bool),
    Null,
}

/// The deepest nesting of lists and maps that is read, which is more than a server reads.
const DEPTH: usize = 1000;

impl Cbor {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The item that the bytes are; `None` if they are not well-formed.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut parser = Parser { rest: bytes };
        let item = parser.item(0)?;
        parser.rest.is_empty().then_some(item)
    }

    /// The item and the tags around it, the outermost first.
    pub(crate) fn untagged(&self) -> (Vec<u64>, &Self) {
        let mut tags = Vec::new();
        let mut item = self;
        while let Self::Tag(tag, inner) = item {
            tags.push(*tag);
            item = inner;
        }
        (tags, item)
    }

    /// The number of lists and maps around its innermost item.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Self::List(elements) => 1 + elements.iter().map(Self::depth).max().unwrap_or(0),
            Self::Map(entries) => {
                let depths = entries
                    .iter()
                    .flat_map(|(key, value)| [key.depth(), value.depth()]);
                1 + depths.max().unwrap_or(0)
            }
            Self::Tag(_, inner) => inner.depth(),
            _ => 0,
        }
    }

    /// The item of a value whose type is unknown.
    pub(crate) fn open(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(digits) => Self::number(digits),
            Json::String(text) => Self::text(text),
            Json::Array(elements) => Self::List(elements.iter().map(Self::open).collect()),
            Json::Object(entries) => {
                let entries = entries.iter();
                Self::Map(
                    entries
                        .map(|(key, value)| (Self::text(key), Self::open(value)))
                        .collect(),
                )
            }
        }
    }

    /// The value without what JSON lacks: only texts, lists and maps keep their content.
    pub(crate) fn to_json(&self) -> Json {
        match self.untagged().1 {
            Self::Text(text) => Json::text(text),
            Self::List(elements) => Json::Array(elements.iter().map(Self::to_json).collect()),
            Self::Map(entries) => {
                let entries = entries.iter().filter_map(|(key, value)| match key {
                    Self::Text(key) => Some((key.clone(), value.to_json())),
                    _ => None,
                });
                Json::Object(entries.collect())
            }
            Self::Integer(value) => Json::number(value),
            Self::Bool(value) => Json::Bool(*value),
            _ => Json::Null,
        }
    }

    /// The shortest item of a number: an integer if it is one of at most 64 bits.
    pub(crate) fn number(digits: &str) -> Self {
        let integer = digits.parse::<i128>().ok();
        let integer = integer.filter(|value| (-(1 << 64)..1 << 64).contains(value));
        // Minus zero is not an integer.
        match integer.filter(|_| digits != "-0") {
            Some(value) => Self::Integer(value),
            None => Self::Float(digits.parse().expect("a number of JSON")),
        }
    }

    /// The item with definite lengths and the shortest heads.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        Writer::default().written(self)
    }

    /// The item in any of its encodings: with long heads, indefinite lengths and chunks.
    pub(crate) fn to_any_bytes(&self, random: &mut Random) -> Vec<u8> {
        let writer = Writer {
            random: Some(random),
            ..Writer::default()
        };
        writer.written(self)
    }
}

/// The end of an item of indefinite length.
const BREAK: u8 = 0xff;

/// Writes items in their usual encoding, or in a random one.
#[derive(Default)]
struct Writer<'r> {
    out: Vec<u8>,
    random: Option<&'r mut Random>,
}

impl Writer<'_> {
    fn written(mut self, item: &Cbor) -> Vec<u8> {
        self.item(item);
        self.out
    }

    /// A random number below `end`, or 0.
    fn below(&mut self, end: usize) -> usize {
        self.random.as_mut().map_or(0, |random| random.below(end))
    }

    /// True once in `times` if the encoding is random.
    fn once_in(&mut self, times: usize) -> bool {
        let random = self.random.as_mut();
        random.is_some_and(|random| random.once_in(times))
    }

    fn item(&mut self, item: &Cbor) {
        match item {
            Cbor::Integer(value) => {
                let (major, argument) = if *value < 0 {
                    (1, -1 - value)
                } else {
                    (0, *value)
                };
                self.head(
                    major,
                    u64::try_from(argument).expect("integers have 64 bits"),
                );
            }
            Cbor::Bytes(bytes) => self.string(2, bytes),
            Cbor::Text(text) => self.string(3, text.as_bytes()),
            Cbor::List(elements) => self.items(4, elements.len(), |writer| {
                for element in elements {
                    writer.item(element);
                }
            }),
            Cbor::Map(entries) => self.items(5, entries.len(), |writer| {
                for (key, value) in entries {
                    writer.item(key);
                    writer.item(value);
                }
            }),
            Cbor::Tag(tag, inner) => {
                self.head(6, *tag);
                self.item(inner);
            }
            Cbor::Float(value) => self.float(*value),
            Cbor::Simple(value @ ..24) => self.out.push(0xe0 | value),
            Cbor::Simple(value) => self.out.extend([0xf8, *value]),
            Cbor::Bool(value) => self.out.push(if *value { 0xf5 } else { 0xf4 }),
            Cbor::Null => self.out.push(0xf6),
        }
    }

    /// Writes a head; in any of the lengths that hold the argument if the encoding is random.
    fn head(&mut self, major: u8, argument: u64) {
        let shortest = match argument {
            ..24 => 0,
            24..0x100 => 1,
            0x100..0x1_0000 => 2,
            0x1_0000..0x1_0000_0000 => 3,
            _ => 4,
        };
        let longer = if self.once_in(4) {
            self.below(5 - shortest)
        } else {
            0
        };
        let bytes = argument.to_be_bytes();
        match shortest + longer {
            0 => self.out.push(major << 5 | bytes[7]),
            length => {
                self.out.push(major << 5 | [24, 25, 26, 27][length - 1]);
                self.out
                    .extend_from_slice(&bytes[8 - (1 << (length - 1))..]);
            }
        }
    }

    fn items(&mut self, major: u8, length: usize, write: impl FnOnce(&mut Self)) {
        if self.once_in(4) {
            self.out.push(major << 5 | 31);
            write(self);
            self.out.push(BREAK);
        } else {
            self.head(major, length as u64);
            write(self);
        }
    }

    /// Writes a string, whose bytes may be in chunks. Each chunk of a text is text.
    fn string(&mut self, major: u8, bytes: &[u8]) {
        let ascii = bytes.is_ascii();
        if self.once_in(4) && (major == 2 || ascii) {
            self.out.push(major << 5 | 31);
            for chunk in bytes.chunks(1 + self.below(3)) {
                self.head(major, chunk.len() as u64);
                self.out.extend_from_slice(chunk);
            }
            self.out.push(BREAK);
        } else {
            self.head(major, bytes.len() as u64);
            self.out.extend_from_slice(bytes);
        }
    }

    /// Writes a float in double precision, or in single precision if that represents it.
    fn float(&mut self, value: f64) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "compared with the original"
        )]
        let single = value as f32;
        let exact = f64::from(single).to_bits() == value.to_bits();
        if exact && !self.once_in(2) {
            self.out.push(0xfa);
            self.out.extend_from_slice(&single.to_be_bytes());
        } else {
            self.out.push(0xfb);
            self.out.extend_from_slice(&value.to_be_bytes());
        }
    }
}

struct Parser<'b> {
    rest: &'b [u8],
}

impl<'b> Parser<'b> {
    fn take(&mut self, length: u64) -> Option<&'b [u8]> {
        let length = usize::try_from(length).ok()?;
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    /// The major type, the additional information, and the argument unless the length is
    /// indefinite.
    fn head(&mut self) -> Option<(u8, u8, Option<u64>)> {
        let first = self.take(1)?[0];
        let (major, info) = (first >> 5, first & 31);
        let argument = match info {
            0..24 => Some(info.into()),
            24..28 => {
                let bytes = self.take(1 << (info - 24))?;
                Some(
                    bytes
                        .iter()
                        .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
                )
            }
            31 if ![0, 1, 6].contains(&major) => None,
            _ => return None,
        };
        Some((major, info, argument))
    }

    fn is_end(&mut self) -> bool {
        let end = self.rest.first() == Some(&BREAK);
        if end {
            self.rest = &self.rest[1..];
        }
        end
    }

    fn item(&mut self, depth: usize) -> Option<Cbor> {
        if depth > DEPTH {
            return None;
        }
        let (major, info, argument) = self.head()?;
        Some(match major {
            0 => Cbor::Integer(argument?.into()),
            1 => Cbor::Integer(-1 - i128::from(argument?)),
            2 => Cbor::Bytes(self.string(2, argument)?),
            3 => Cbor::Text(String::from_utf8(self.string(3, argument)?).ok()?),
            4 => Cbor::List(self.items(argument, |parser| parser.item(depth + 1))?),
            5 => Cbor::Map(self.items(argument, |parser| {
                Some((parser.item(depth + 1)?, parser.item(depth + 1)?))
            })?),
            6 => Cbor::Tag(argument?, Box::new(self.item(depth + 1)?)),
            _ => simple(info, argument?)?,
        })
    }

    fn items<T>(
        &mut self,
        length: Option<u64>,
        read: impl Fn(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut items = Vec::new();
        match length {
            Some(length) => {
                for _ in 0..length {
                    items.push(read(self)?);
                }
            }
            None => {
                while !self.is_end() {
                    items.push(read(self)?);
                }
            }
        }
        Some(items)
    }

    fn string(&mut self, major: u8, length: Option<u64>) -> Option<Vec<u8>> {
        if let Some(length) = length {
            return self.take(length).map(<[u8]>::to_vec);
        }
        let mut bytes = Vec::new();
        while !self.is_end() {
            let (chunk, _, length) = self.head()?;
            let chunk = (chunk == major).then_some(self.take(length?)?)?;
            if major == 3 {
                std::str::from_utf8(chunk).ok()?;
            }
            bytes.extend_from_slice(chunk);
        }
        Some(bytes)
    }
}

fn simple(info: u8, argument: u64) -> Option<Cbor> {
    let [.., b4, b5, b6, b7] = argument.to_be_bytes();
    Some(match info {
        20 | 21 => Cbor::Bool(info == 21),
        22 => Cbor::Null,
        24 if b7 < 32 => return None,
        0..25 => Cbor::Simple(b7),
        25 => Cbor::Float(half(u16::from_be_bytes([b6, b7]))),
        26 => Cbor::Float(f32::from_be_bytes([b4, b5, b6, b7]).into()),
        _ => Cbor::Float(f64::from_bits(argument)),
    })
}

/// RFC 8949, appendix D.
fn half(bits: u16) -> f64 {
    let (exponent, mantissa) = (bits >> 10 & 0x1f, f64::from(bits & 0x3ff));
    let value = match exponent {
        0 => mantissa * 0.5_f64.powi(24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (mantissa + 1024.0) * 2_f64.powi(i32::from(exponent) - 25),
    };
    if bits & 0x8000 == 0 { value } else { -value }
}
