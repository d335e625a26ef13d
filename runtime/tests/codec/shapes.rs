//! Types in the form of generated code, with one member per kind of shape.

use std::collections::BTreeMap;

use drawplate_runtime as rt;
use drawplate_runtime::schema::{self as s, Literal, Member, Schema, TimestampFormat};
use drawplate_runtime::{
    BigDecimal, BigInteger, Blob, Document, Timestamp, UnknownMember, UnknownValue,
};

/// Defines a structure in the form of generated code: fields in the order of the schema's members.
macro_rules! shape {
    ($type:ident: $schema:ident { $($field:ident: $kind:ty = $empty:expr),* $(,)? }) => {
        #[derive(Clone, PartialEq)]
        pub struct $type { $(pub $field: $kind),* }
        rt::structure!($type: $schema);
        impl rt::Structure for $type {
            fn empty() -> Self {
                Self { $($field: $empty),* }
            }
        }
        impl rt::EncodeMembers for $type {
            fn encode_members(&self, encoder: &mut dyn rt::Encoder) -> Result<(), rt::EncodeError> {
                let mut members = $schema.members.iter();
                $(rt::Encode::encode(&self.$field, members.next().expect("a member per field"), encoder)?;)*
                Ok(())
            }
        }
        impl rt::DecodeMembers for $type {
            fn decode_member(&mut self, index: usize, decoder: &mut dyn rt::Decoder) -> Result<(), rt::DecodeError> {
                let member = &$schema.members[index];
                let mut at = 0;
                $(
                    if index == at {
                        self.$field = rt::Decode::decode(member, decoder)?;
                    }
                    at += 1;
                )*
                assert!(index < at);
                Ok(())
            }
        }
    };
}

pub static MODE: Schema = Schema::string_enum("test#Mode", &["A_B", "C"]);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    AB,
    C,
    Unknown(UnknownValue),
}
rt::string_enum!(Mode: MODE { AB = "A_B", C = "C" });

pub static LEVEL: Schema = Schema::int_enum("test#Level", &[1, 2]);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Low,
    High,
    Unknown(i32),
}
rt::int_enum!(Level: LEVEL { Low = 1, High = 2 });

pub static STRINGS: Schema = Schema::list("test#Strings", &[Member::new("member", &s::STRING)]);
pub static SPARSE_STRINGS: Schema =
    Schema::sparse_list("test#SparseStrings", &[Member::new("member", &s::STRING)]);
pub static BYTES: Schema = Schema::list("test#Bytes", &[Member::new("member", &s::BYTE)]);
pub static LISTS: Schema = Schema::list("test#Lists", &[Member::new("member", &BYTES)]);
pub static DOCUMENTS: Schema =
    Schema::list("test#Documents", &[Member::new("member", &s::DOCUMENT)]);
pub static BY_MODE: Schema = Schema::map(
    "test#ByMode",
    &[Member::new("key", &MODE), Member::new("value", &s::INTEGER)],
);
pub static SPARSE_MAP: Schema = Schema::sparse_map(
    "test#SparseMap",
    &[Member::new("key", &s::STRING), Member::new("value", &LEVEL)],
);
pub static CHOICES: Schema = Schema::list("test#Choices", &[Member::new("member", &CHOICE)]);
pub static TREES: Schema = Schema::map(
    "test#Trees",
    &[Member::new("key", &s::STRING), Member::new("value", &TREE)],
);

pub static KINDS: Schema = Schema::structure(
    "test#Kinds",
    &[
        Member::new("boolean", &s::BOOLEAN),
        Member::new("byte", &s::BYTE),
        Member::new("short", &s::SHORT),
        Member::new("integer", &s::INTEGER),
        Member::new("long", &s::LONG),
        Member::new("float", &s::FLOAT),
        Member::new("double", &s::DOUBLE),
        Member::new("bigInteger", &s::BIG_INTEGER),
        Member::new("bigDecimal", &s::BIG_DECIMAL),
        Member::new("string", &s::STRING).json_name("st\"ring"),
        Member::new("blob", &s::BLOB),
        Member::new("epoch", &s::TIMESTAMP),
        Member::new("dateTime", &s::TIMESTAMP).timestamp_format(TimestampFormat::DateTime),
        Member::new("httpDate", &s::TIMESTAMP).timestamp_format(TimestampFormat::HttpDate),
        Member::new("document", &s::DOCUMENT),
        Member::new("mode", &MODE),
        Member::new("level", &LEVEL),
        Member::new("strings", &STRINGS),
        Member::new("sparseStrings", &SPARSE_STRINGS),
        Member::new("lists", &LISTS),
        Member::new("documents", &DOCUMENTS),
        Member::new("byMode", &BY_MODE),
        Member::new("sparseMap", &SPARSE_MAP),
        Member::new("choices", &CHOICES),
        Member::new("trees", &TREES),
    ],
);

shape!(Kinds: KINDS {
    boolean: Option<bool> = None,
    byte: Option<i8> = None,
    short: Option<i16> = None,
    integer: Option<i32> = None,
    long: Option<i64> = None,
    float: Option<f32> = None,
    double: Option<f64> = None,
    big_integer: Option<BigInteger> = None,
    big_decimal: Option<BigDecimal> = None,
    string: Option<String> = None,
    blob: Option<Blob> = None,
    epoch: Option<Timestamp> = None,
    date_time: Option<Timestamp> = None,
    http_date: Option<Timestamp> = None,
    document: Option<Document> = None,
    mode: Option<Mode> = None,
    level: Option<Level> = None,
    strings: Option<Vec<String>> = None,
    sparse_strings: Option<Vec<Option<String>>> = None,
    lists: Option<Vec<Vec<i8>>> = None,
    documents: Option<Vec<Document>> = None,
    by_mode: Option<BTreeMap<Mode, i32>> = None,
    sparse_map: Option<BTreeMap<String, Option<Level>>> = None,
    choices: Option<Vec<Choice>> = None,
    trees: Option<BTreeMap<String, Tree>> = None,
});

pub static TREE: Schema = Schema::structure(
    "test#Tree",
    &[
        Member::new("name", &s::STRING).required(),
        Member::new("mode", &MODE)
            .required()
            .default(Literal::String("C")),
        Member::new("next", &TREE),
        Member::new("choice", &CHOICE).required(),
    ],
);

shape!(Tree: TREE {
    name: String = rt::Decode::empty(),
    mode: Mode = Mode::C,
    next: Option<Box<Tree>> = None,
    choice: Box<Choice> = rt::Decode::empty(),
});

pub static CHOICE: Schema = Schema::union(
    "test#Choice",
    &[
        Member::new("text", &s::STRING),
        Member::new("tree", &TREE),
        Member::new("secret", &s::STRING).sensitive(),
        Member::new("many", &STRINGS),
    ],
);

#[derive(Clone, PartialEq)]
pub enum Choice {
    Text(String),
    Tree(Box<Tree>),
    Secret(String),
    Many(Vec<String>),
    Unknown(UnknownMember),
}
rt::union!(Choice: CHOICE);
impl rt::Structure for Choice {
    fn empty() -> Self {
        Self::Unknown(UnknownMember::default())
    }
}
impl rt::EncodeMembers for Choice {
    fn encode_members(&self, encoder: &mut dyn rt::Encoder) -> Result<(), rt::EncodeError> {
        let member = CHOICE.members;
        match self {
            Self::Text(value) => rt::Encode::encode(value, &member[0], encoder),
            Self::Tree(value) => rt::Encode::encode(value, &member[1], encoder),
            Self::Secret(value) => rt::Encode::encode(value, &member[2], encoder),
            Self::Many(value) => rt::Encode::encode(value, &member[3], encoder),
            Self::Unknown(unknown) => unknown.encode(encoder),
        }
    }
}
impl rt::DecodeMembers for Choice {
    fn decode_member(
        &mut self,
        index: usize,
        decoder: &mut dyn rt::Decoder,
    ) -> Result<(), rt::DecodeError> {
        let member = &CHOICE.members[index];
        *self = match index {
            0 => Self::Text(rt::Decode::decode(member, decoder)?),
            1 => Self::Tree(rt::Decode::decode(member, decoder)?),
            2 => Self::Secret(rt::Decode::decode(member, decoder)?),
            _ => Self::Many(rt::Decode::decode(member, decoder)?),
        };
        Ok(())
    }
    fn decode_unknown(&mut self, name: &str, value: Document) {
        *self = Self::Unknown(UnknownMember::new(name, value));
    }
}

pub static SECRETS: Schema = Schema::structure(
    "test#Secrets",
    &[
        Member::new("open", &s::STRING),
        Member::new("token", &s::STRING)
            .sensitive()
            .json_name("Token"),
        Member::new("list", &SECRET_LIST),
        Member::new("map", &SECRET_MAP),
        Member::new("keys", &SECRET_KEYS),
        Member::new("count", &s::INTEGER).sensitive(),
        Member::new("at", &s::TIMESTAMP)
            .sensitive()
            .timestamp_format(TimestampFormat::DateTime),
        Member::new("choice", &CHOICE),
        Member::new("vault", &VAULT),
        Member::new("big", &s::BIG_INTEGER).sensitive(),
    ],
);
pub static SECRET_LIST: Schema = Schema::list(
    "test#SecretList",
    &[Member::new("member", &s::STRING).sensitive()],
);
pub static SECRET_MAP: Schema = Schema::sparse_map(
    "test#SecretMap",
    &[
        Member::new("key", &s::STRING),
        Member::new("value", &s::STRING).sensitive(),
    ],
);
pub static SECRET_KEYS: Schema = Schema::map(
    "test#SecretKeys",
    &[
        Member::new("key", &s::STRING).sensitive(),
        Member::new("value", &s::INTEGER),
    ],
);
pub static VAULT: Schema =
    Schema::structure("test#Vault", &[Member::new("content", &s::STRING)]).sensitive();

shape!(Secrets: SECRETS {
    open: Option<String> = None,
    token: Option<String> = None,
    list: Option<Vec<String>> = None,
    map: Option<BTreeMap<String, Option<String>>> = None,
    keys: Option<BTreeMap<String, i32>> = None,
    count: Option<i32> = None,
    at: Option<Timestamp> = None,
    choice: Option<Choice> = None,
    vault: Option<Vault> = None,
    big: Option<BigInteger> = None,
});

shape!(Vault: VAULT { content: Option<String> = None });

/// A `Kinds` with a value for each member.
pub fn every_kind() -> Kinds {
    let text = |text: &str| text.to_owned();
    let at = |seconds, nanoseconds| Timestamp::new(seconds, nanoseconds).expect("a timestamp");
    Kinds {
        boolean: Some(true),
        byte: Some(-128),
        short: Some(32767),
        integer: Some(-2_147_483_648),
        long: Some(i64::MAX),
        float: Some(0.1),
        double: Some(-1.5e300),
        big_integer: Some(
            "123456789012345678901234567890"
                .parse()
                .expect("an integer"),
        ),
        big_decimal: Some(
            "0.10000000000000000000000000000000000001"
                .parse()
                .expect("a number"),
        ),
        string: Some(text("a \"quoted\" \\ line\n\u{1}\u{1F600}é")),
        blob: Some(Blob::from(&[0, 255, 16])),
        epoch: Some(at(1_515_531_081, 123_000_000)),
        date_time: Some(at(482_196_050, 520_000_000)),
        http_date: Some(at(1_398_796_238, 0)),
        document: Some(serde_json::json!({"a": [1, -2.5, null, "x"], "b": {}}).into()),
        mode: Some(Mode::AB),
        level: Some(Level::High),
        strings: Some(vec![text(""), text("b")]),
        sparse_strings: Some(vec![None, Some(text("x")), None]),
        lists: Some(vec![vec![], vec![1, -1]]),
        documents: Some(vec![Document::Null, Document::Bool(false)]),
        by_mode: Some(BTreeMap::from([(Mode::AB, 1), (Mode::from("new"), 2)])),
        sparse_map: Some(BTreeMap::from([
            (text("a"), None),
            (text("b"), Some(Level::Unknown(7))),
        ])),
        choices: Some(vec![
            Choice::Text(text("t")),
            Choice::Unknown(UnknownMember::new("newer", [1])),
            Choice::Many(vec![]),
        ]),
        trees: Some(BTreeMap::from([(
            text("root"),
            Tree {
                name: text("n"),
                mode: Mode::from("newer"),
                next: Some(Box::new(Tree {
                    name: text("m"),
                    mode: Mode::C,
                    next: None,
                    choice: Box::new(Choice::Text(text("leaf"))),
                })),
                choice: Box::new(Choice::Secret(text("s"))),
            },
        )])),
    }
}
