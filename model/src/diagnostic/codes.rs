//! The table of rules.
//!
//! Numbers are stable: the number of a removed rule is not used again. `explain` prints the file
//! `explanations/<number>.md`, which has a bad and a good example. A rule without that file does
//! not compile.

use std::str::FromStr;

use super::Severity;

macro_rules! codes {
    ($($variant:ident $number:literal $summary:literal;)*) => {
        /// A rule. The command `explain` prints its [`explanation`](Code::explanation).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!($number, ": ", $summary, ".")] $variant,)*
        }

        impl Code {
            /// Every rule, by number.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The number, such as `E0103`.
            pub fn number(self) -> &'static str {
                match self { $(Code::$variant => $number,)* }
            }

            /// What breaks the rule, in one line.
            pub fn summary(self) -> &'static str {
                match self { $(Code::$variant => $summary,)* }
            }

            /// What breaks the rule, why that is wrong, and a bad and a good example, in Markdown.
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Code::$variant => include_str!(concat!("explanations/", $number, ".md")),)*
                }
            }
        }
    };
}

codes! {
    // E00xx: files and front ends.
    MissingFile "E0001" "a file does not exist";
    // E0002 was a folder in place of a file: folders are read.
    UnreadableFile "E0003" "a file cannot be read";
    WrongEncoding "E0004" "a file is not UTF-8";
    EmptyFile "E0005" "a file is empty";
    BrokenJson "E0006" "a file is not JSON";
    DuplicateKey "E0007" "an object has the same key twice, or a shape the same member";
    TooDeep "E0008" "a value is nested too deeply";
    WrongJsonType "E0009" "a value has the wrong type";
    MissingVersion "E0010" "a file lacks the version of Smithy that it is written in";
    UnsupportedVersion "E0011" "a file is written in a version of Smithy that is not supported";
    MissingProperty "E0012" "a shape or member lacks a required property";
    UnknownShapeType "E0013" "a shape has an unknown type";
    InvalidShapeId "E0014" "a shape id is invalid";
    InvalidMemberName "E0015" "a member name is invalid";
    NoFiles "E0016" "there is no model to read";
    SinceVersion2 "E0018" "a file of Smithy 1.0 uses what Smithy 2.0 introduced";
    RemovedInVersion2 "E0019" "a file of Smithy 2.0 uses what Smithy 2.0 removed";
    BrokenIdl "E0020" "the syntax of a file in the Smithy IDL is wrong";
    WrongControl "E0021" "a control statement is repeated or has a wrong value";
    ConflictingImport "E0022" "the name of an import is already used";
    ElidedTarget "E0023" "a member without a target has none in a mixin or resource";
    ConflictingMetadata "E0024" "metadata has two different values";
    InvalidBuildFile "E0025" "a `smithy-build.json` is invalid";

    // E01xx: resolve.
    ConflictingShapes "E0101" "two files define the same shape differently";
    ConflictingTraits "E0102" "a shape gets the same trait with different values";
    DanglingTarget "E0103" "a shape id refers to a shape that does not exist";
    WrongTarget "E0104" "a shape id refers to a shape of the wrong kind";
    DanglingApply "E0105" "traits are applied to a shape or member that does not exist";
    MixinCycle "E0106" "a mixin contains itself";
    NotAMixin "E0107" "a shape uses a mixin that it cannot use";
    MixinConflict "E0108" "a member differs from the member of a mixin with the same name";
    MalformedTrait "E0109" "the value of a trait is invalid";
    WrongDefault "E0110" "a default is not a value of its shape";
    EmptyEnum "E0111" "an enum has no values";
    MalformedUri "E0112" "a URI pattern is invalid";
    UnknownLabel "E0113" "a label does not name a member of the input";
    MalformedHostPrefix "E0114" "a host prefix is invalid";
    UnknownPath "E0115" "a path does not name a member";
    NoService "E0116" "the model has no service";
    UnsupportedProtocol "E0117" "a service has no supported protocol";
    NoProtocol "E0118" "a service has no protocol";
    UnsupportedTrait "E0119" "a trait changes what is sent and is not supported";
    // E0120 was the clash of a shape with the structure for a missing input or output.
    MalformedBasePath "E0121" "a base path is invalid";
    CaseParameters "E0122" "the parameters of a test case cannot be expanded";
    ResourceCycle "E0123" "a resource contains itself";
    AppliedToPrelude "E0124" "a trait is applied to a shape of the prelude";
    UnknownTrait "E0125" "a trait of Smithy does not exist";
    PrivateShape "E0126" "a private shape is used in another namespace";
    EndpointRules "E0127" "an endpoint rule or the use of its parameter is invalid";

    // E02xx: check, HTTP bindings.
    MissingHttp "E0201" "an operation lacks the `http` trait that its protocol requires";
    InvalidMethod "E0202" "an HTTP method is invalid";
    StatusOutOfRange "E0203" "an HTTP status is invalid";
    RepeatedLabel "E0204" "a URI pattern has the same label twice";
    UnboundLabel "E0206" "a member that a label names lacks `httpLabel`";
    UnusedLabel "E0207" "a member has `httpLabel`, but the URI pattern has no such label";
    OptionalLabel "E0208" "a member in the path is not required";
    LabelTarget "E0209" "the value of a label cannot be written in a path";
    QueryTarget "E0210" "a value cannot be written as a query parameter";
    RepeatedQuery "E0211" "two members are bound to the same query parameter";
    RepeatedQueryLiteral "E0212" "a query literal occurs twice or is also bound to a member";
    HeaderTarget "E0213" "a value cannot be written in a header";
    RepeatedHeader "E0214" "two members are bound to the same header";
    InvalidHeaderName "E0215" "the name of a header or query parameter is invalid";
    PrefixHeadersTarget "E0216" "a member bound to prefixed headers is not a map of strings";
    PrefixConflict "E0217" "a header starts with the prefix of `httpPrefixHeaders`";
    QueryParamsTarget "E0218"
        "a member bound to all query parameters is not a map of strings or lists of strings";
    RepeatedBinding "E0219" "two members have a trait that only one may have";
    UnboundBesidePayload "E0220" "a member without a binding is beside a payload";
    StatusCodeTarget "E0221" "a member bound to the status code is not an integer";
    SeveralBindings "E0222" "two traits exclude each other";
    AmbiguousRoutes "E0223" "two operations have the same route";
    UnboundHostLabel "E0225" "the labels of a host prefix do not match the `hostLabel` members";
    OptionalHostLabel "E0226" "a member in the host name is not required";
    HostLabelTarget "E0227" "a host label is not a string";
    PayloadTarget "E0228" "a value cannot be the payload of its protocol";

    // E03xx: check, shapes and services.
    RepeatedEnumValue "E0301" "two members of an enum have the same value";
    EmptyEnumValue "E0302" "an enum value is empty";
    LengthOrder "E0303" "the minimum of a length is greater than the maximum";
    RangeOrder "E0304" "the minimum of a range is greater than the maximum";
    NoBounds "E0305" "a length or range has no bounds";
    RangeBound "E0306" "a bound of whole numbers has a fraction";
    InvalidPattern "E0307" "a pattern is not a regular expression";
    UniqueItemsTarget "E0308" "items that must be unique cannot be compared";
    MisplacedTrait "E0309" "a trait is applied where it is not allowed";
    SparseUniqueItems "E0310" "items that must be unique may be null";
    RepeatedJsonName "E0311" "two members have the same JSON name";
    DefaultOutsideConstraints "E0312" "a default violates the constraints of its member";
    PaginationToken "E0313" "a pagination token is not an optional string or map";
    PaginationItems "E0314" "the items of a paginated operation are not a list or map";
    PaginationPageSize "E0315" "the page size of a paginated operation is not an integer";
    EndlessStructure "E0316" "a structure requires itself";
    EndlessUnion "E0317" "every member of a union leads back to the union";
    EndlessCollection "E0318"
        "a list or map contains itself without a structure or union in between";
    ConflictingNames "E0319" "two shapes of a service have the same name";
    InvalidRename "E0320" "the `rename` of a service is invalid";
    UnusableValidationError "E0321" "the error for invalid requests is not usable";
    EventTarget "E0322" "an event is not a structure";
    EventBinding "E0323" "the members of an event have the wrong bindings";
    MisplacedStream "E0324" "a stream is not a member of an input or output";
    RepeatedStream "E0325" "a structure has more than one stream";
    OptionalStream "E0326" "a stream of bytes is optional";
    UnboundStream "E0327" "a stream is not the payload of its HTTP message";
    EmptyUnion "E0328" "a union has no members";
    RepeatedCase "E0329" "two test cases have the same id";
    CaseValue "E0330" "a value of a test case is not a value of its shape";
    InvalidMediaType "E0331" "a media type is invalid";
    TooDeepValues "E0332" "values are nested too deeply";
    MisusedMessage "E0333" "the input or output of one operation is used elsewhere";
    OtherDefault "E0334" "a member lacks the default of its target";
    BoundTwice "E0335" "a service has an operation or resource twice";
    LifecycleTraits "E0336" "a lifecycle operation has the wrong traits";
    ResourceIdentifiers "E0337" "the identifiers of a resource are not those of its operations";
    IncompatibleShape "E0338" "a trait forbids a shape";
    DiscriminatedMember "E0339" "a member of a discriminated union cannot have its discriminator";
    UnusableAuth "E0340" "an operation has no authentication scheme that can be used";
    InvalidJmespath "E0345" "a JMESPath expression is invalid";
    UnusableWaiter "E0346" "a waiter cannot work";
    RepeatedWaiter "E0347" "two waiters of a service have the same name";
    RepeatedWireName "E0350" "two members have the same name in XML or in a form";

    // W04xx: Rust names. E0401 to E0405 were errors until every model got names.
    NameCollision "W0406" "two names are the same in Rust, and one is changed";
    GeneratedNameTaken "W0407" "a name of the model is one that the generator makes up";
    ReservedModule "W0408" "a service cannot have a module of its name";
    Nameless "W0409" "a name has no letter or digit";

    // W05xx: warnings of all stages.
    UnknownKey "W0502" "a key is unknown";
    BodyUnexpected "W0510" "a request without a body has members in the body";
    UnusualStatus "W0511" "the status of a success is not 2xx";
    BodyWithoutContent "W0512" "a response without a body has members in the body";
    PatternNotEnforced "W0513" "a pattern is not enforced";
    RestrictedHeader "W0514" "a header is reserved for HTTP itself";
    ZeroOutsideRange "W0515" "a default of zero is outside the range of its member";
    UnusedEventBinding "W0516" "a member has an event binding outside an event";
    AllHeaders "W0517" "a header is bound to a member beside a map of all headers";
    GreedyLabelNotLast "W0518" "a greedy label is not the last label of its URI pattern";
    UnusualErrorStatus "W0519" "the HTTP status of an error does not match its fault";
    OwnRejection "W0520" "an error has the name of a rejection of the server";
    BoundOutsideType "W0521" "a bound is outside the values of the constrained number";
    UndefinedTrait "W0522" "a trait is not defined";
    UnreachableMember "W0523" "a member of an untagged union is always read as another";
    IgnoredAuth "W0524" "an authentication scheme is ignored";
    UnknownHttpVersion "W0525" "a version of HTTP is unknown or not supported";
    UnknownControl "W0530" "a control statement is unknown";
    StrayDocs "W0531" "a documentation comment documents nothing";
    DanglingImport "W0532" "an import refers to a shape that does not exist";
    IgnoredBuildSetting "W0533" "a setting of `smithy-build.json` is ignored";
    UnknownDependency "W0534" "a dependency of `smithy-build.json` is not built in";
    MismatchedJmespath "W0545" "a JMESPath expression does not fit the model";
    UnknownWaiterError "W0546" "a waiter looks for an error that the operation does not have";
    RequiredNextToken "W0547" "the token of the next page is required";

    // W06xx: outputs other than Rust.
    NotInOpenApi "W0601" "the OpenAPI document cannot express a part of the model";
    NoOpenApi "E0602" "the service has no protocol that OpenAPI can describe";

    // E07xx: configuration.
    InvalidConfig "E0701" "the configuration is invalid";
    UnusedName "E0702" "a name is chosen for nothing";
    UnusableName "E0703" "a chosen name cannot be used";
    UnusedRule "E0704" "a rule of the configuration matches nothing";
    UnusableRule "E0705" "a rule of the configuration cannot be followed";

    // 072x: manifests of crates with generated code.
    InvalidManifest "E0720" "a manifest cannot be used";
    IncompleteManifest "W0721" "a manifest lacks what generated code needs";
    NotAMember "W0722" "a crate is not a member of the workspace around it";
    OtherName "W0723" "a crate has another name than the one that was given";
}

impl Code {
    /// The severity, which the letter of the number gives.
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

/// The text is not the number of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCode(String);

impl std::fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`{}` is not a diagnostic code; a code looks like `E0103`",
            self.0
        )
    }
}

impl std::error::Error for UnknownCode {}

impl FromStr for Code {
    type Err = UnknownCode;

    /// Parses a number, in upper or lower case.
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let known = |code: &&Code| code.number().eq_ignore_ascii_case(text.trim());
        Code::ALL
            .iter()
            .find(known)
            .copied()
            .ok_or_else(|| UnknownCode(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn numbers_are_unique_and_parse() {
        let numbers: BTreeSet<_> = Code::ALL.iter().map(|code| code.number()).collect();
        assert_eq!(numbers.len(), Code::ALL.len());
        for code in Code::ALL {
            assert_eq!(code.number().to_lowercase().parse(), Ok(*code));
        }
    }

    #[test]
    fn every_code_is_explained_with_a_bad_and_a_good_example() {
        use Code::{EmptyFile, MissingFile, NoFiles, UnreadableFile, WrongEncoding};
        for code in Code::ALL {
            let explanation = code.explanation();
            let is_long = explanation.len() > 80 && explanation.ends_with('\n');
            assert!(is_long, "{code}: {explanation}");
            // These are about whole files, which an example cannot show.
            let whole_file = [
                MissingFile,
                UnreadableFile,
                WrongEncoding,
                EmptyFile,
                NoFiles,
            ];
            if whole_file.contains(code) {
                continue;
            }
            let (bad, good) = explanation
                .split_once("\nGood:\n")
                .unwrap_or_else(|| panic!("{code} has no good example"));
            let has_bad = ["json", "smithy", "toml"]
                .iter()
                .any(|language| bad.contains(&format!("\nBad:\n\n```{language}\n")));
            assert!(has_bad, "{code} has no bad example");
            if bad.contains("```toml") {
                continue;
            }
            if bad.contains("```smithy") {
                assert!(parses_as_idl(good), "{code}, good");
                continue;
            }
            if let Err(error) = parse(bad) {
                let is_about_json = [Code::BrokenJson, Code::TooDeep];
                assert!(is_about_json.contains(code), "{code}, bad: {error}");
            }
            if let Err(error) = parse(good) {
                panic!("{code}, good: {error}");
            }
        }
    }

    #[test]
    fn the_severity_of_each_error_is_compared_with_smithy() {
        let table = include_str!("../../SEVERITIES.md");
        let rows = table.lines().filter(|line| line.starts_with("| E"));
        let mut rows = rows.map(|line| line.split(" | ").collect::<Vec<_>>());
        for code in Code::ALL
            .iter()
            .filter(|code| code.severity() == Severity::Error)
        {
            let row = rows.next().unwrap_or_default();
            let [number, event, severity, summary] = row[..] else {
                panic!("{code} has no row in SEVERITIES.md");
            };
            assert_eq!(number, format!("| {code}"));
            assert_eq!(summary, format!("{} |", code.summary()));
            match severity {
                "the same (ERROR)" => assert_ne!(event, "none", "{code}"),
                "no counterpart" => assert_eq!(event, "none", "{code}"),
                other => assert_eq!(other, "stricter here", "{code}"),
            }
            let words: Vec<&str> = code.explanation().split_whitespace().collect();
            let says_so = words.join(" ").contains("stricter than Smithy");
            assert_eq!(says_so, severity == "stricter here", "{code}");
        }
        assert_eq!(rows.next(), None, "no row is left over");
    }

    #[test]
    fn explanations_are_wrapped_at_100_columns() {
        for code in Code::ALL {
            let explanation = code.explanation();
            let prose = explanation.split("Bad:\n").next().unwrap_or_default();
            for line in prose.lines() {
                assert!(line.chars().count() <= 100, "{code}: {line}");
            }
        }
    }

    /// Whether the example in a half of an explanation has no error of syntax.
    fn parses_as_idl(half: &str) -> bool {
        let example = half.split("```smithy\n").nth(1);
        let example = example.and_then(|rest| rest.split("```").next());
        let text = example.unwrap_or_default().to_owned();
        let sources = crate::Sources::from_texts([("example.smithy".into(), text)]);
        let report = crate::load(&sources).err().unwrap_or_default();
        let found = report.diagnostics();
        !found.iter().any(|it| it.code == Code::BrokenIdl)
    }

    /// Parses the example in a half of an explanation; it may be the inside of an object.
    fn parse(half: &str) -> Result<serde_json::Value, serde_json::Error> {
        let example = half.split("```json\n").nth(1);
        let example = example.and_then(|rest| rest.split("```").next());
        let example = example.unwrap_or_default();
        if example.trim_start().starts_with(['{', '[']) {
            serde_json::from_str(example)
        } else {
            serde_json::from_str(&format!("{{{example}}}"))
        }
    }
}
