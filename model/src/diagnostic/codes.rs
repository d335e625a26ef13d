//! The table of rules.
//!
//! Numbers are stable: a rule that goes leaves its number unused. What `explain` prints stands in
//! `explanations/<number>.md`, with a bad and a good example each; a rule without that file does not compile.

use std::str::FromStr;

use super::Severity;

macro_rules! codes {
    ($($variant:ident $number:literal $summary:literal;)*) => {
        /// The rules. `cargo xtask explain CODE` prints [`Code::explanation`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!($number, ": ", $summary, ".")] $variant,)*
        }

        impl Code {
            /// Every rule, by number.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// Its number, `E0103`.
            pub fn number(self) -> &'static str {
                match self { $(Code::$variant => $number,)* }
            }

            /// What it finds, in one line.
            pub fn summary(self) -> &'static str {
                match self { $(Code::$variant => $summary,)* }
            }

            /// What it finds, why that is wrong, a bad and a good example: Markdown.
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Code::$variant => include_str!(concat!("explanations/", $number, ".md")),)*
                }
            }
        }
    };
}

codes! {
    // E00xx: sources and JSON (read, load).
    MissingFile "E0001" "a file does not exist";
    NotAFile "E0002" "a directory stands where a file is meant";
    UnreadableFile "E0003" "a file cannot be read";
    WrongEncoding "E0004" "a file is not UTF-8";
    EmptyFile "E0005" "a file is empty";
    BrokenJson "E0006" "a file is not JSON";
    DuplicateKey "E0007" "an object has a key twice";
    TooDeep "E0008" "JSON is nested too deeply";
    WrongJsonType "E0009" "a value has another JSON type than the format says";
    MissingVersion "E0010" "a file does not say which version of Smithy it is in";
    UnsupportedVersion "E0011" "a file is in a version of Smithy that is not read";
    MissingProperty "E0012" "a shape or member lacks what it cannot be without";
    UnknownShapeType "E0013" "a shape has a type that there is not";
    InvalidShapeId "E0014" "a shape id is not written as one";
    InvalidMemberName "E0015" "a member name is not an identifier";
    NoFiles "E0016" "there is no file to read";
    NumberTooLarge "E0017" "a number is too large to be read";

    // E01xx: resolve.
    ConflictingShapes "E0101" "two files define the same shape differently";
    ConflictingTraits "E0102" "two places give a shape the same trait with different values";
    DanglingTarget "E0103" "a shape id names no shape";
    WrongTarget "E0104" "a shape id names a shape of the wrong kind";
    DanglingApply "E0105" "traits are applied to what there is not";
    MixinCycle "E0106" "mixins contain one another";
    NotAMixin "E0107" "a shape is mixed in that is not a mixin for it";
    MixinConflict "E0108" "a member and a mixin's member of the same name differ";
    MalformedTrait "E0109" "a trait's value is not what the trait takes";
    WrongDefault "E0110" "a default is not a value of its shape";
    EmptyEnum "E0111" "an enum has no values";
    MalformedUri "E0112" "a URI pattern is not written as one";
    UnknownLabel "E0113" "a label names no member of the operation's input";
    MalformedHostPrefix "E0114" "a host prefix is not written as one";
    UnknownPath "E0115" "a path names no member";
    NoService "E0116" "the model has no service";
    UnsupportedProtocol "E0117" "a service speaks no protocol that is generated";
    NoProtocol "E0118" "a service has no protocol";
    UnsupportedTrait "E0119" "a trait changes what is sent in a way that is not generated";
    SyntheticClash "E0120" "an operation's own structure gets the name of another shape";
    MalformedBasePath "E0121" "a base path is not a plain path";
    CaseParameters "E0122" "the parameters of a test case cannot be put into it";
    ResourceCycle "E0123" "a resource contains itself";

    // E02xx: check, HTTP bindings.
    MissingHttp "E0201" "an operation has no `http` trait, and its service's protocol needs one";
    InvalidMethod "E0202" "an HTTP method is not a token";
    StatusOutOfRange "E0203" "an HTTP status is not one of three digits";
    RepeatedLabel "E0204" "a URI pattern has a label twice";
    MisplacedGreedyLabel "E0205" "a greedy label is not the last segment of its URI pattern";
    UnboundLabel "E0206" "a label's member is not bound with `httpLabel`";
    UnusedLabel "E0207" "a member is bound with `httpLabel`, and the URI pattern has no such label";
    OptionalLabel "E0208" "a label's member is not required";
    LabelTarget "E0209" "a label's member cannot be written as a path segment";
    QueryTarget "E0210" "a query parameter's member cannot be written as one";
    RepeatedQuery "E0211" "two members are bound to the same query parameter";
    RepeatedQueryLiteral "E0212" "a query literal is bound by a member too, or stands twice";
    HeaderTarget "E0213" "a header's member cannot be written as one";
    RepeatedHeader "E0214" "two members are bound to the same header";
    InvalidHeaderName "E0215" "the name of a header or a query parameter is not a valid one";
    PrefixHeadersTarget "E0216" "a member bound to prefixed headers is not a map of strings";
    PrefixConflict "E0217" "a header starts with the prefix of `httpPrefixHeaders`";
    QueryParamsTarget "E0218" "a member bound to all query parameters is not a map of strings or of lists of strings";
    RepeatedBinding "E0219" "two members of a structure have a binding that only one can have";
    UnboundBesidePayload "E0220" "a member is bound to nothing, and the body belongs to another";
    StatusCodeTarget "E0221" "a member bound to the status code is not an integer of an output";
    SeveralBindings "E0222" "a member is bound to several parts of a message";
    AmbiguousRoutes "E0223" "two operations have the same route";
    WrongErrorStatus "E0224" "an error's HTTP status does not fit its fault";
    UnboundHostLabel "E0225" "a label of a host prefix and the input's `hostLabel` members do not fit together";
    OptionalHostLabel "E0226" "a host label's member is not required";
    HostLabelTarget "E0227" "a host label's member is not a string";

    // E03xx: check, shapes and services.
    RepeatedEnumValue "E0301" "two members of an enum have the same value";
    EmptyEnumValue "E0302" "an enum value is empty";
    LengthOrder "E0303" "a length's minimum is greater than its maximum";
    RangeOrder "E0304" "a range's minimum is greater than its maximum";
    NoBounds "E0305" "a length or a range has neither a minimum nor a maximum";
    RangeBound "E0306" "a bound of a range is not a value of the number that it bounds";
    InvalidPattern "E0307" "a pattern is not a regular expression";
    UniqueItemsTarget "E0308" "items that cannot be compared are to be unique";
    MisplacedTrait "E0309" "a trait is applied where it means nothing";
    SparseUniqueItems "E0310" "a list is sparse, and its items are to be unique";
    RepeatedJsonName "E0311" "two members have the same name in JSON";
    DefaultOutsideConstraints "E0312" "a default breaks the constraints of its member";
    PaginationToken "E0313" "a token of a paginated operation is not an optional string or map";
    PaginationItems "E0314" "the items of a paginated operation are not a list or map";
    PaginationPageSize "E0315" "the page size of a paginated operation is not an integer";
    EndlessStructure "E0316" "a structure cannot be made because it requires itself";
    EndlessUnion "E0317" "a union cannot be made because each of its members leads back to it";
    EndlessCollection "E0318" "a list or map contains itself without a structure or union between";
    ConflictingNames "E0319" "two shapes of a service have the same name";
    InvalidRename "E0320" "a service gives a shape a new name that it cannot have";
    UnusableValidationError "E0321" "the error that answers invalid requests cannot be made";
    EventTarget "E0322" "a member of an event stream is not a structure";
    EventBinding "E0323" "the parts of an event are not bound to headers and one payload";
    MisplacedStream "E0324" "a stream stands elsewhere than at the top of an operation's input or output";
    RepeatedStream "E0325" "a structure has more than one stream";
    OptionalStream "E0326" "a member that is a stream of bytes may be absent";
    UnboundStream "E0327" "a stream is not the payload of its HTTP message";
    EmptyUnion "E0328" "a union has no members";
    RepeatedCase "E0329" "two test cases have the same id";
    CaseValue "E0330" "the values of a test case are not those of its shape";

    // E04xx: Rust names.
    TypeCollision "E0401" "two shapes get the same Rust type name";
    MemberCollision "E0402" "two members get the same Rust field or variant name";
    OperationCollision "E0403" "two operations get the same Rust method name";
    ModuleCollision "E0404" "two services get the same Rust module name";
    Unspellable "E0405" "a name has no Rust spelling";

    // W05xx: warnings of all stages.
    UnknownKey "W0502" "a key is not part of the format";
    BodyUnexpected "W0510" "a method that has no body gets one";
    UnusualStatus "W0511" "the status of a success is not 2xx";
    BodyWithoutContent "W0512" "a status that has no body gets one";
    PatternNotEnforced "W0513" "a pattern is not enforced";
    RestrictedHeader "W0514" "a header belongs to HTTP itself";
    ZeroOutsideRange "W0515" "a default of zero breaks the range of its member";
    UnusedEventBinding "W0516" "a member is bound to a part of an event, and its structure is none";
    AllHeaders "W0517" "a map takes all headers, and another member is bound to one";

    // W06xx: outputs other than Rust.
    NotInOpenApi "W0601" "the OpenAPI document cannot express a part of the model";
}

impl Code {
    /// Whether it forbids generation: as the letter of its number says.
    pub fn severity(self) -> Severity {
        if self.number().starts_with('W') {
            Severity::Warning
        } else {
            Severity::Error
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.number())
    }
}

/// There is no rule of that number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCode(String);

impl std::fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "there is no code `{}`; codes are written like `E0103`",
            self.0
        )
    }
}

impl std::error::Error for UnknownCode {}

impl FromStr for Code {
    type Err = UnknownCode;

    /// Reads a number, in any case.
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let known = |code: &&Code| code.number().eq_ignore_ascii_case(text.trim());
        Code::ALL
            .iter()
            .find(known)
            .copied()
            .ok_or_else(|| UnknownCode(text.to_owned()))
    }
}
