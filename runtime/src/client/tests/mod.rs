//! Tests of calls over a scripted transport in memory.

#[cfg(feature = "sigv4")]
mod aws;
mod builder;
#[cfg(all(feature = "checksums", feature = "sigv4"))]
mod checksums;
#[cfg(all(feature = "customizations", feature = "xml"))]
mod customizations;
#[cfg(all(feature = "auth", feature = "endpoints", feature = "sigv4"))]
mod endpoint_auth;
#[cfg(feature = "endpoints")]
mod endpoints;
#[cfg(all(feature = "auth", feature = "endpoints", feature = "sigv4"))]
mod identities;
mod pages;
#[cfg(feature = "sigv4")]
mod presigned;
#[cfg(feature = "query")]
mod query;
#[cfg(all(
    feature = "customizations",
    feature = "endpoints",
    feature = "sigv4",
    feature = "xml"
))]
mod regions;
mod responses;
mod retries;
mod script;
#[cfg(all(feature = "aws-config", feature = "endpoints"))]
mod sdk_config;

use crate::UnmodeledError;
use crate::protocol::service::{
    Customizations, Operation, OperationTraits, Paginated, Route, Segment, Service,
};
use crate::schema::{self as s, ErrorSchema, Fault, Member, Schema};

use self::script::{Script, client, response};

static THING: Schema = Schema::structure(
    "a#Thing",
    &[
        Member::new("id", &s::STRING).required().label(),
        Member::new("token", &s::STRING).query("token"),
        Member::new("secret", &s::STRING).sensitive(),
    ],
);

/// The input of every operation in these tests.
#[derive(Clone, PartialEq)]
struct Thing {
    id: String,
    token: Option<String>,
    secret: Option<String>,
}
crate::structure!(Thing: THING { 0: id, 1: token, 2: secret });

fn thing() -> Thing {
    Thing {
        id: "x".to_owned(),
        token: None,
        secret: None,
    }
}

static NAMES: Schema = Schema::list("a#Names", &[Member::new("member", &s::STRING)]);
static PAGE: Schema = Schema::structure(
    "a#Page",
    &[
        Member::new("names", &NAMES).required(),
        Member::new("next", &s::STRING),
        Member::new("size", &s::INTEGER).required(),
    ],
);

/// The output of every operation in these tests.
#[derive(Clone, PartialEq)]
struct Page {
    names: Vec<String>,
    next: Option<String>,
    size: i32,
}
crate::structure!(Page: PAGE { 0: names, 1: next, 2: size });

const fn status(status: u16, retryable: bool, throttling: bool) -> ErrorSchema {
    ErrorSchema {
        fault: Fault::Client,
        status,
        retryable,
        throttling,
    }
}
static MISSING: Schema = Schema::error(
    "a#Missing",
    status(404, false, false),
    &[
        Member::new("message", &s::STRING),
        Member::new("kind", &s::STRING).header("X-Kind"),
    ],
);
static SLOW: Schema = Schema::error("a#Slow", status(400, true, true), &[]);
static BROKEN: Schema = Schema::error(
    "a#Broken",
    status(400, true, false),
    &[Member::new("Message", &s::STRING)],
);

#[derive(Clone, PartialEq)]
struct Missing {
    message: Option<String>,
    kind: Option<String>,
    origin: crate::service_error::Origin,
}
crate::structure!(Missing: MISSING { 0: message, 1: kind } with origin);
crate::modeled_error!(Missing, message: message, origin: origin);

#[derive(Clone, PartialEq)]
struct Slow {
    origin: crate::service_error::Origin,
}
crate::structure!(Slow: SLOW {} with origin);
crate::modeled_error!(Slow, origin: origin);

#[derive(Clone, PartialEq)]
struct Broken {
    message: Option<String>,
    origin: crate::service_error::Origin,
}
crate::structure!(Broken: BROKEN { 0: message } with origin);
crate::modeled_error!(Broken, message: message, origin: origin);

enum ThingError {
    Missing(Missing),
    Slow(Slow),
    Broken(Broken),
    Unmodeled(UnmodeledError),
}
crate::service_error!(ThingError { Missing, Slow, Broken } else Unmodeled);

macro_rules! operations {
    ($($operation:ident $name:literal $method:literal $traits:expr;)*) => {
        $(pub(super) static $operation: Operation = Operation {
            name: $name,
            input: &THING,
            output: &PAGE,
            errors: &[&MISSING, &SLOW, &BROKEN],
            route: Some(&Route {
                operation: $name,
                method: $method,
                path: &[Segment::Literal("things"), Segment::Label(0)],
                query: &[],
                status: 200,
            }),
            traits: $traits,
        };)*
    };
}

operations! {
    GET "GetThing" "POST" OperationTraits { readonly: true, ..OperationTraits::NONE };
    POST "PostThing" "POST" OperationTraits::NONE;
    LIST "ListThings" "POST" OperationTraits {
        readonly: true,
        paginated: Some(Paginated { input_token: 1, output_token: &[1], items: Some(&[0]), page_size: None }),
        ..OperationTraits::NONE
    };
}

pub(super) static SERVICE: Service = Service {
    id: "a#Things",
    version: "2024-01-01",
    sdk_id: None,
    repeats_any: false,
    protocols: &[&crate::protocol::REST_JSON_1],
    http_versions: &[],
    query_compatible: false,
    auth: &[crate::protocol::service::AuthScheme::SigV4],
    signing: Some(crate::protocol::service::Signing::new("things")),
    endpoint_prefix: Some("things"),
    base_path: "/prod",
    cors: None,
    validation_error: None,
    customizations: Customizations::NONE,
    operations: &[&GET, &POST, &LIST],
};
