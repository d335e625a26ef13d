//! A service as the generator would write it, whose routers take objects as streams or as a whole,
//! with and without signatures.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use drawplate_runtime::protocol::{Protocol, REST_XML};
use drawplate_runtime::schema::{self as s, Member, Schema};
use drawplate_runtime::server::{
    AccessKey, Authentication, Handler, RequestContext, Router, SigV4Verifier, VerifyError,
    VerifyScheme,
};
use drawplate_runtime::service::{
    AuthScheme, Customizations, Operation, OperationTraits, RequestChecksum, Route, Segment,
    Service, Signing,
};
use drawplate_runtime::{Blob, ByteStream, UnmodeledError};

pub const REGION: &str = "us-east-1";
/// The credentials of the examples of S3.
pub const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
pub const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

const fn members(body: Member) -> [Member; 6] {
    [
        Member::new("Bucket", &s::STRING).required().label(),
        Member::new("Key", &s::STRING).required().label(),
        Member::new("Encoding", &s::STRING).header("content-encoding"),
        Member::new("Algorithm", &s::STRING).header("x-amz-sdk-checksum-algorithm"),
        Member::new("Length", &s::LONG).header("content-length"),
        body,
    ]
}
static STREAM_INPUT: Schema = Schema::structure(
    "example.objects#Stream",
    const {
        &members(
            Member::new("Body", &s::BLOB)
                .required()
                .streaming()
                .payload(),
        )
    },
);
static WHOLE_INPUT: Schema = Schema::structure(
    "example.objects#Whole",
    const { &members(Member::new("Body", &s::BLOB).payload()) },
);
static RECEIPT: Schema = Schema::structure(
    "example.objects#Receipt",
    &[
        Member::new("Body", &s::BLOB).required(),
        Member::new("Encoding", &s::STRING),
        Member::new("Length", &s::LONG),
    ],
);

#[derive(Clone, Default, PartialEq)]
pub struct Stream {
    pub bucket: String,
    pub key: String,
    pub encoding: Option<String>,
    pub algorithm: Option<String>,
    pub length: Option<i64>,
    pub body: ByteStream,
}
drawplate_runtime::structure!(Stream: STREAM_INPUT {
    0: bucket, 1: key, 2: encoding, 3: algorithm, 4: length, 5: body,
});

#[derive(Clone, Default, PartialEq)]
pub struct Whole {
    pub bucket: String,
    pub key: String,
    pub encoding: Option<String>,
    pub algorithm: Option<String>,
    pub length: Option<i64>,
    pub body: Option<Blob>,
}
drawplate_runtime::structure!(Whole: WHOLE_INPUT {
    0: bucket, 1: key, 2: encoding, 3: algorithm, 4: length, 5: body,
});

/// What an implementation received.
#[derive(Clone, Default, PartialEq)]
pub struct Receipt {
    pub body: Blob,
    pub encoding: Option<String>,
    pub length: Option<i64>,
}
drawplate_runtime::structure!(Receipt: RECEIPT { 0: body, 1: encoding, 2: length });

pub enum PutError {
    Unmodeled(UnmodeledError),
}
drawplate_runtime::service_error!(PutError {} else Unmodeled);

const fn operation(input: &'static Schema) -> Operation {
    Operation {
        name: "Put",
        input,
        output: &RECEIPT,
        errors: &[],
        route: Some(&ROUTE),
        traits: OperationTraits {
            idempotent: true,
            checksum: Some(RequestChecksum {
                algorithm: Some("x-amz-sdk-checksum-algorithm"),
                required: true,
            }),
            ..OperationTraits::NONE
        },
    }
}
static ROUTE: Route = Route {
    operation: "Put",
    method: "PUT",
    path: &[Segment::Label(0), Segment::Greedy(1)],
    query: &[],
    status: 200,
};
static ROUTES: &[&Route] = &[&ROUTE];
pub static STREAM: Operation = operation(&STREAM_INPUT);
pub static WHOLE: Operation = operation(&WHOLE_INPUT);

const PROTOCOLS: &[&dyn Protocol] = &[&REST_XML];

const fn service(
    auth: &'static [AuthScheme],
    operations: &'static [&'static Operation],
) -> Service {
    Service {
        id: "example.objects#Objects",
        version: "1",
        sdk_id: None,
        repeats_any: false,
        protocols: PROTOCOLS,
        http_versions: &[],
        query_compatible: false,
        auth,
        signing: if auth.is_empty() {
            None
        } else {
            Some(Signing {
                raw_path: true,
                payload_header: true,
                unsigned_presigned: true,
                ..Signing::new("s3")
            })
        },
        endpoint_prefix: None,
        base_path: "",
        cors: None,
        validation_error: None,
        customizations: Customizations::NONE,
        operations,
    }
}
pub static SIGNED: Service = service(&[AuthScheme::SigV4], &[&STREAM]);
pub static SIGNED_WHOLE: Service = service(&[AuthScheme::SigV4], &[&WHOLE]);
pub static OPEN: Service = service(&[], &[&STREAM]);
pub static OPEN_WHOLE: Service = service(&[], &[&WHOLE]);

/// An implementation that counts its calls. The first ones fail.
#[derive(Default)]
pub struct Objects {
    pub failures: usize,
    pub calls: AtomicUsize,
}

impl Objects {
    fn count(&self) -> Result<(), PutError> {
        if self.calls.fetch_add(1, Ordering::Relaxed) < self.failures {
            let error = UnmodeledError::new(503).code("SlowDown").message("later");
            return Err(PutError::Unmodeled(error));
        }
        Ok(())
    }

    async fn stream(&self, input: Stream, _: &RequestContext) -> Result<Receipt, PutError> {
        self.count()?;
        let mut stream = input.body;
        let mut body = Vec::new();
        loop {
            match stream.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => {
                    let message = format!("after {} bytes: {error}", body.len());
                    let error = UnmodeledError::new(400).code("StreamFailed");
                    return Err(PutError::Unmodeled(error.message(message)));
                }
            }
        }
        Ok(Receipt {
            body: body.into(),
            encoding: input.encoding,
            length: input.length,
        })
    }

    #[expect(clippy::unused_async, reason = "the server waits for it")]
    async fn whole(&self, input: Whole, _: &RequestContext) -> Result<Receipt, PutError> {
        self.count()?;
        Ok(Receipt {
            body: input.body.unwrap_or_default(),
            encoding: input.encoding,
            length: input.length,
        })
    }
}

/// A server.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    pub signed: bool,
    pub streams: bool,
}

impl Server {
    pub const ALL: [Self; 4] = [
        Self::new(true, true),
        Self::new(true, false),
        Self::new(false, true),
        Self::new(false, false),
    ];

    pub const fn new(signed: bool, streams: bool) -> Self {
        Self { signed, streams }
    }

    pub fn router(self, objects: &Arc<Objects>) -> Router {
        self.router_with(objects, |verifier| verifier)
    }

    pub fn router_with(
        self,
        objects: &Arc<Objects>,
        set: impl FnOnce(SigV4Verifier<()>) -> SigV4Verifier<()>,
    ) -> Router {
        let service = match (self.signed, self.streams) {
            (true, true) => &SIGNED,
            (true, false) => &SIGNED_WHOLE,
            (false, true) => &OPEN,
            (false, false) => &OPEN_WHOLE,
        };
        let handlers: &'static [Handler<Objects>] = if self.streams {
            drawplate_runtime::server_handlers!(Objects: stream)
        } else {
            drawplate_runtime::server_handlers!(Objects: whole)
        };
        let router = Router::new(service, ROUTES, Arc::clone(objects), handlers);
        if !self.signed {
            return router;
        }
        let verifier = SigV4Verifier::from_fn(|id| async move {
            if id.as_str() == ACCESS_KEY {
                Ok(AccessKey::new(SECRET_KEY, ()))
            } else {
                Err(VerifyError::invalid("no such key"))
            }
        });
        let verifier: Box<dyn VerifyScheme<()>> = Box::new(set(verifier).region(REGION));
        router.authenticated(Authentication::new(vec![verifier]))
    }
}
