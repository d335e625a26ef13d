//! boto3 uploads to our server of S3, with and without TLS and signatures.

use std::sync::{Arc, Mutex};

use drawplate_published::objects::s3 as objects;
use drawplate_published::uploads::s3 as uploads;
use drawplate_runtime::server::{
    AccessKey, RequestContext, Router, SigV4Verifier, TlsIdentity, Unauthenticated, VerifyError,
};
use drawplate_runtime::{ByteStream, UnmodeledError};
use drawplate_tests::python::{ACCESS_KEY, Python, REGION, SECRET_KEY, credentials};
use drawplate_tests::served::Served;
use serde_json::{Value, json};

/// The lengths of the bodies that an implementation has received.
type Received = Arc<Mutex<Vec<usize>>>;

#[derive(Clone, Default)]
struct Store(Received);

impl Store {
    /// Reads a body, and checks that it is the one that the script sends.
    async fn read(
        &self,
        body: Option<ByteStream>,
        length: Option<i64>,
        encoding: Option<&str>,
    ) -> Result<(), UnmodeledError> {
        let body = body.expect("boto3 sends a body");
        assert_eq!(
            body.length(),
            length.and_then(|length| length.try_into().ok())
        );
        assert_eq!(encoding, None);
        let body = body.collect().await.map_err(|error| {
            let error = std::error::Error::source(&error).map(ToString::to_string);
            UnmodeledError::new(400)
                .code("Damaged")
                .message(error.unwrap_or_default())
        })?;
        let is_valid = body
            .iter()
            .zip((0..251).cycle())
            .all(|(byte, expected)| *byte == expected);
        assert!(is_valid, "the body is another one");
        self.0.lock().expect("no test panics").push(body.len());
        Ok(())
    }
}

impl objects::server::AmazonS3 for Store {
    async fn put_object(
        &self,
        input: objects::input::PutObjectRequest,
        _: &RequestContext,
    ) -> Result<objects::output::PutObjectOutput, objects::error::PutObjectError> {
        self.read(
            input.body,
            input.content_length,
            input.content_encoding.as_deref(),
        )
        .await?;
        Ok(objects::output::PutObjectOutput::new())
    }

    async fn delete_objects(
        &self,
        input: objects::input::DeleteObjectsRequest,
        _: &RequestContext,
    ) -> Result<objects::output::DeleteObjectsOutput, objects::error::DeleteObjectsError> {
        let mut received = self.0.lock().expect("no test panics");
        received.push(input.delete.objects.len());
        Ok(objects::output::DeleteObjectsOutput::new())
    }
}

impl uploads::server::AmazonS3 for Store {
    async fn create_multipart_upload(
        &self,
        input: uploads::input::CreateMultipartUploadRequest,
        _: &RequestContext,
    ) -> Result<
        uploads::output::CreateMultipartUploadOutput,
        uploads::error::CreateMultipartUploadError,
    > {
        let output = uploads::output::CreateMultipartUploadOutput::new();
        Ok(output
            .bucket(input.bucket)
            .key(input.key)
            .upload_id("upload"))
    }

    async fn upload_part(
        &self,
        input: uploads::input::UploadPartRequest,
        _: &RequestContext,
    ) -> Result<uploads::output::UploadPartOutput, uploads::error::UploadPartError> {
        // The parts are 5 MiB, of which each starts elsewhere in the pattern.
        let body = input.body.expect("boto3 sends a body");
        let body = body.collect().await.expect("a valid body");
        let mut received = self.0.lock().expect("no test panics");
        received.push(body.len());
        let tag = format!("part {}", input.part_number);
        Ok(uploads::output::UploadPartOutput::new().e_tag(tag))
    }

    async fn complete_multipart_upload(
        &self,
        input: uploads::input::CompleteMultipartUploadRequest,
        _: &RequestContext,
    ) -> Result<
        uploads::output::CompleteMultipartUploadOutput,
        uploads::error::CompleteMultipartUploadError,
    > {
        let parts = input.multipart_upload.and_then(|upload| upload.parts);
        let mut received = self.0.lock().expect("no test panics");
        received.push(parts.unwrap_or_default().len());
        Ok(uploads::output::CompleteMultipartUploadOutput::new())
    }
}

/// A server, and how boto3 calls it.
struct Peer {
    tls: bool,
    signed: bool,
}

/// A verifier of the signatures of boto3.
fn verifier() -> SigV4Verifier<()> {
    SigV4Verifier::from_fn(|id| async move {
        if id.as_str() == ACCESS_KEY {
            Ok(AccessKey::new(SECRET_KEY, ()))
        } else {
            Err(VerifyError::invalid("no such key"))
        }
    })
}

impl Peer {
    const ALL: [Self; 4] = [
        Self::new(true, true),
        Self::new(true, false),
        Self::new(false, true),
        Self::new(false, false),
    ];

    const fn new(tls: bool, signed: bool) -> Self {
        Self { tls, signed }
    }

    /// Lets boto3 call a router.
    fn run(&self, router: Router, calls: &Value) -> Vec<Value> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("certificate.pem");
        let served = if self.tls {
            let signed = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]);
            let rcgen::CertifiedKey { cert, signing_key } = signed.expect("a certificate");
            std::fs::write(&path, cert.pem()).expect("a new file");
            let identity = TlsIdentity::from_pem(cert.pem(), signing_key.serialize_pem());
            Served::start_with_tls(router, identity.expect("a usable identity"))
        } else {
            Served::start(router)
        };
        let task = json!({
            "region": REGION,
            "credentials": if self.signed { credentials(None) } else { Value::Null },
            "endpoint": served.url,
            "certificate": if self.tls { json!(path) } else { Value::Null },
            "calls": calls,
        });
        let outcomes = Python::installed().run("upload.py", &task);
        outcomes.as_array().expect("a list").clone()
    }
}

fn call(method: &str, size: usize, arguments: &Value) -> Value {
    let mut arguments = arguments.clone();
    arguments["Bucket"] = json!("bucket");
    json!({ "method": method, "size": size, "arguments": arguments })
}

pub(crate) fn objects() {
    let key = json!({ "Key": "a key/ä" });
    let sums = |algorithm| json!({ "Key": "key", "ChecksumAlgorithm": algorithm });
    let mut calls = vec![
        call("put_object", 0, &key),
        call("put_object", 1000, &key),
        call("put_object from a file", 3_000_000, &key),
        call("upload_fileobj", 70_000, &key),
        call("put_object", 1000, &sums("SHA1")),
        call("put_object", 1000, &sums("SHA256")),
        call("delete_objects", 3, &json!({})),
    ];
    let uploads = calls.len() - 1;
    let expected = [0, 1000, 3_000_000, 70_000, 1000, 1000, 3];
    let mut changed = call("put_object from a file", 1000, &key);
    changed["change"] = json!(true);
    calls.push(changed);
    for peer in Peer::ALL {
        let store = Store::default();
        let router = if peer.signed {
            let sigv4 = verifier();
            objects::server::router(store.clone(), objects::server::Verifiers { sigv4 })
        } else {
            objects::server::router(store.clone(), Unauthenticated)
        };
        let router = router.body_limit_of(&objects::operation::PUT_OBJECT, 3_000_000);
        let outcomes = peer.run(router, &json!(calls));
        let (damaged, valid) = outcomes.split_last().expect("an outcome per call");
        for (outcome, call) in valid.iter().zip(&calls) {
            assert_eq!(outcome["error"], Value::Null, "{call}: {outcome:#}");
        }
        let received = std::mem::take(&mut *store.0.lock().expect("no test panics"));
        assert_eq!(received, expected);
        // boto3 signs no chunks: without TLS, the checksum is in a header.
        let has_trailer = peer.tls;
        for outcome in &valid[..uploads] {
            let [request] = &outcome["requests"].as_array().expect("a list")[..] else {
                panic!("{outcome:#}");
            };
            assert_eq!(
                request.get("X-Amz-Trailer").is_some(),
                has_trailer,
                "{request:#}"
            );
            assert_eq!(
                request.get("Authorization").is_some(),
                peer.signed,
                "{request:#}"
            );
            if has_trailer {
                let payload = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
                assert_eq!(request["X-Amz-Content-SHA256"], payload, "{request:#}");
            }
        }
        assert_eq!(damaged["error"], "Damaged", "{damaged:#}");
    }
}

pub(crate) fn parts() {
    for peer in Peer::ALL {
        let store = Store::default();
        let router = if peer.signed {
            let sigv4 = verifier();
            uploads::server::router(store.clone(), uploads::server::Verifiers { sigv4 })
        } else {
            uploads::server::router(store.clone(), Unauthenticated)
        };
        let calls = json!([call("upload_fileobj", 11 << 20, &json!({ "Key": "large" }))]);
        let outcomes = peer.run(router, &calls);
        assert_eq!(outcomes[0]["error"], Value::Null, "{outcomes:#?}");
        let received = std::mem::take(&mut *store.0.lock().expect("no test panics"));
        assert_eq!(received, [5 << 20, 5 << 20, 1 << 20, 3]);
    }
}
