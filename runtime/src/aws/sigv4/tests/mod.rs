//! Signatures that others have published or computed.

mod properties;
mod vectors;

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{HOST, HeaderName};
use http::{Method, Request, Uri};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::*;
use vectors::{VECTORS, Vector};

/// 2015-08-30T12:36:00Z, the time of AWS's test suite.
const TIME: Duration = Duration::from_secs(1_440_938_160);

const NOT_IN_URI: &AsciiSet = &CONTROLS.add(b' ');

fn at(time: Duration) -> SystemTime {
    SystemTime::UNIX_EPOCH + time
}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime starts").block_on(future)
}

fn signer(credentials: Credentials, signing: Signing) -> Signer {
    Signer::new(Box::new(credentials), "us-east-1".to_owned(), signing)
}

fn request<B>(method: &str, uri: &str, headers: &[(&str, &str)], body: B) -> Request<B> {
    let mut request = Request::new(body);
    *request.method_mut() = method.parse::<Method>().expect("a method");
    *request.uri_mut() = uri.parse::<Uri>().expect("a URI");
    for (name, value) in headers {
        let name = name.parse::<HeaderName>().expect("a name");
        request
            .headers_mut()
            .append(name, value.parse().expect("a value"));
    }
    request
}

fn credentials(signer: &Signer, now: SystemTime) -> Credentials {
    block_on(signer.credentials(now)).expect("the credentials are their own source")
}

fn sign(
    signer: &Signer,
    request: &mut Request<Body>,
    payload: Payload<'_>,
    now: SystemTime,
) -> Result<RequestSignature, BoxError> {
    signer.sign(request, payload, credentials(signer, now), now)
}

fn presign(
    signer: &Signer,
    request: Request<Option<Bytes>>,
    payload: Payload<'_>,
    expires_in: Duration,
    now: SystemTime,
) -> Result<PresignedRequest, BoxError> {
    signer.presign(request, payload, expires_in, &credentials(signer, now), now)
}

/// The signature that a request gets in a header.
fn in_header(signer: &Signer, mut request: Request<Body>, body: &Bytes, time: Duration) -> String {
    let result = sign(signer, &mut request, Payload::Bytes(body), at(time));
    let signature = result.expect("a signature").signature;
    let authorization = request.headers()[AUTHORIZATION]
        .to_str()
        .expect("visible characters");
    assert!(
        authorization.ends_with(&format!("Signature={signature}")),
        "{authorization}"
    );
    signature
}

/// The request with a signature in its query.
fn in_query(
    signer: &Signer,
    request: Request<Option<Bytes>>,
    body: &Bytes,
    expires_in: u64,
    time: Duration,
) -> PresignedRequest {
    let expires_in = Duration::from_secs(expires_in);
    let payload = Payload::Bytes(body);
    presign(signer, request, payload, expires_in, at(time)).expect("a signature")
}

fn signature_of(presigned: &PresignedRequest) -> &str {
    let query = presigned.uri().query().expect("a query");
    query
        .rsplit("X-Amz-Signature=")
        .next()
        .expect("a signature")
}

/// The suite encodes paths once. Therefore one with characters that a URI cannot have is signed as
/// it is sent.
#[test]
fn the_test_suite_of_aws_passes() {
    for vector in VECTORS {
        let Vector {
            name,
            method,
            target,
            headers,
            body,
            session_token,
            normalized,
            payload_header,
            in_header: expected_in_header,
            in_query: expected_in_query,
        } = vector;
        let mut credentials =
            Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        if let Some(token) = session_token {
            credentials = credentials.session_token(token);
        }
        let encoded = utf8_percent_encode(target, NOT_IN_URI).to_string();
        let signing = Signing {
            raw_path: !normalized || encoded != target,
            payload_header,
            ..Signing::new("service")
        };
        let signer = signer(credentials, signing);
        let uri = format!("https://example.amazonaws.com{encoded}");
        let body = Bytes::from(body);
        let request_in_header = request(method, &uri, headers, Body::from(body.clone()));
        let signature = in_header(&signer, request_in_header, &body, TIME);
        assert_eq!(signature, expected_in_header, "{name} in a header");
        let request_in_query = request(method, &uri, headers, Some(body.clone()));
        let presigned = in_query(&signer, request_in_query, &body, 3600, TIME);
        assert_eq!(
            signature_of(&presigned),
            expected_in_query,
            "{name} in the query"
        );
    }
}

/// "Signature calculations for the Authorization header: transferring payload in a single chunk"
/// and "Authenticating requests: using query parameters" in the API reference of Amazon S3.
mod examples_of_s3 {
    use super::*;

    /// 2013-05-24T00:00:00Z.
    const TIME: Duration = Duration::from_secs(1_369_353_600);
    const BUCKET: &str = "https://examplebucket.s3.amazonaws.com";
    const S3: Signing = Signing {
        name: "s3",
        raw_path: true,
        payload_header: true,
        unsigned_presigned: true,
    };

    fn signer() -> Signer {
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        super::signer(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret), S3)
    }

    #[test]
    fn headers() {
        let check =
            |method, target: &str, headers: &[(&str, &str)], body: &'static str, expected| {
                let uri = format!("{BUCKET}{target}");
                let body = Bytes::from_static(body.as_bytes());
                let request = request(method, &uri, headers, Body::from(body.clone()));
                let signature = in_header(&signer(), request, &body, TIME);
                assert_eq!(signature, expected, "{method} {target}");
            };
        check(
            "GET",
            "/test.txt",
            &[("Range", "bytes=0-9")],
            "",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        );
        check(
            "PUT",
            "/test%24file.text",
            &[
                ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ],
            "Welcome to Amazon S3.",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        );
        check(
            "GET",
            "/?lifecycle",
            &[],
            "",
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        );
        check(
            "GET",
            "/?max-keys=2&prefix=J",
            &[],
            "",
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        );
    }

    #[test]
    fn query() {
        let uri = format!("{BUCKET}/test.txt");
        let body = Bytes::new();
        let request = request("GET", &uri, &[], Some(body.clone()));
        let presigned = in_query(&signer(), request, &body, 86_400, TIME);
        assert_eq!(
            presigned.uri().to_string(),
            "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
             &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
             &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
             &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
        );
        assert!(presigned.headers().is_empty());
        assert_eq!(
            presigned.expires_at(),
            at(TIME + Duration::from_secs(86_400))
        );
    }
}

/// The key in "Deriving the signing key" of an earlier edition of the reference.
#[test]
fn keys_are_derived() {
    let scope = scope("20150830", "us-east-1", "iam");
    let key = key::derive("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope);
    let text = b"AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n\
        f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59";
    assert_eq!(
        hexadecimal(&hmac(&*key, text)),
        "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    );
}

fn scope<'s>(date: &'s str, region: &'s str, name: &'s str) -> Scope<'s> {
    Scope { date, region, name }
}

#[test]
fn the_cache_of_keys_is_bounded_and_tells_all_origins_apart() {
    let keys = KeyCache::default();
    let mut seen = BTreeSet::new();
    for (secret, scope) in [
        ("SECRET", scope("20150830", "us-east-1", "a")),
        ("SECRET", scope("20150831", "us-east-1", "a")),
        ("SECRET", scope("20150830", "us-east-2", "a")),
        ("SECRET", scope("20150830", "us-east-1", "b")),
        ("SECRET", scope("20150830", "us-east-1a", "")),
        ("aSECRET", scope("20150830", "us-east-1", "")),
        ("OTHER", scope("20150830", "us-east-1", "a")),
    ] {
        let derived = key::derive(secret, scope);
        for _ in 0..2 {
            assert_eq!(keys.key(secret, scope), derived);
        }
        assert!(seen.insert(*derived));
    }
    assert_eq!(keys.len(), 7);
    for day in 0..100 {
        let date = format!("201508{day}");
        keys.key("SECRET", scope(&date, "us-east-1", "a"));
        assert!(keys.len() <= KeyCache::CAPACITY);
    }
}

#[test]
fn signed_requests_show_no_secrets() {
    let credentials = Credentials::new("AKID", "SECRET").session_token("SESSION");
    let signer = signer(credentials, Signing::new("service"));
    let body = Bytes::new();
    let mut header = request(
        "GET",
        "https://a.example/b?c=d",
        &[("x-a", "b")],
        Body::empty(),
    );
    let result = sign(&signer, &mut header, Payload::Bytes(&body), at(TIME));
    let signature = result.expect("a signature").signature;
    let query = request("GET", "https://a.example/b?c=d", &[("x-a", "b")], None);
    let presigned = in_query(&signer, query, &body, 60, TIME);
    for shown in [
        format!("{signer:?}"),
        format!("{header:?}"),
        format!("{presigned:?}"),
    ] {
        let secrets = [
            "AKID",
            "SECRET",
            "SESSION",
            &signature,
            signature_of(&presigned),
        ];
        for secret in secrets {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[test]
fn keys_that_cannot_be_sent_are_errors_without_the_key() {
    let check = |credentials: Credentials, expected: &str| {
        let signer = signer(credentials, Signing::new("service"));
        let mut request = request("GET", "https://a.example", &[], Body::empty());
        let result = sign(&signer, &mut request, Payload::Unsigned, at(TIME));
        let error = result.err().expect("no signature").to_string();
        assert_eq!(error, expected);
    };
    check(
        Credentials::new("AKID\n", "SECRET"),
        "the access key ID or the region has characters that a header cannot contain, such as a \
         line break",
    );
    check(
        Credentials::new("AKID", "SECRET").session_token("SESSION\n"),
        "the session token has characters that a header cannot contain, such as a line break",
    );
}

#[test]
fn presigned_requests_last_for_a_second_to_seven_days() {
    let expiry_of = |expires_in: Duration, credentials: Credentials| {
        let signer = signer(credentials, Signing::new("service"));
        let request = request("GET", "https://a.example", &[], None);
        let presigned = presign(&signer, request, Payload::Unsigned, expires_in, at(TIME));
        presigned.map(|presigned| presigned.expires_at())
    };
    let keys = || Credentials::new("AKID", "SECRET");
    let week = Duration::from_secs(604_800);
    for valid in [Duration::from_secs(1), week] {
        assert_eq!(
            expiry_of(valid, keys()).expect("a signature"),
            at(TIME + valid)
        );
    }
    let short = Duration::from_millis(999);
    for invalid in [Duration::ZERO, short, week + Duration::from_nanos(1)] {
        let error = expiry_of(invalid, keys())
            .expect_err("no signature")
            .to_string();
        assert!(
            error.ends_with(&format!("at most 7 days, not for {invalid:?}")),
            "{error}"
        );
    }
    let expiry = at(TIME + Duration::from_secs(90));
    let temporary = keys().expires_at(expiry);
    assert_eq!(expiry_of(week, temporary).expect("a signature"), expiry);
}

#[test]
fn a_host_header_of_the_caller_is_signed_as_it_is() {
    let body = Bytes::new();
    let signer = signer(Credentials::new("AKID", "SECRET"), Signing::new("service"));
    let signature = |uri, host: Option<&'static str>| {
        let mut request = request("GET", uri, &[], Body::empty());
        if let Some(host) = host {
            request
                .headers_mut()
                .insert(HOST, HeaderValue::from_static(host));
        }
        in_header(&signer, request, &body, TIME)
    };
    let plain = signature("https://a.example/", None);
    assert_eq!(signature("https://a.example:443/", None), plain);
    assert_eq!(signature("http://a.example:80/", None), plain);
    assert_eq!(signature("https://b.example/", Some("a.example")), plain);
    assert_ne!(signature("https://a.example:80/", None), plain);
    assert_ne!(signature("http://a.example:443/", None), plain);
}

#[test]
fn endpoints_change_the_scope_and_the_path_of_signatures() {
    let service = Signing::new("service");
    let with = |signing| signer(Credentials::new("AKID", "SECRET"), signing);
    let signature = |signer: &Signer, path: &str| {
        let uri = format!("https://a.example{path}");
        let request = request("GET", &uri, &[], Body::empty());
        in_header(signer, request, &Bytes::new(), TIME)
    };
    let path = "/b%3A/./c";
    let signer = Arc::new(with(service));
    let endpoint = |double_encoding: bool, normalize_path: bool| EndpointSigning {
        region: None,
        name: None,
        disable_double_encoding: !double_encoding,
        disable_normalize_path: !normalize_path,
    };
    let raw = with(Signing {
        raw_path: true,
        ..service
    });
    for (double_encoding, normalize_path, expected) in [
        (true, true, "/b%253A/c"),
        (false, true, "/b%3A/c"),
        (true, false, "/b%253A/./c"),
        (false, false, "/b%3A/./c"),
    ] {
        let other = signer.for_endpoint(Some(&endpoint(double_encoding, normalize_path)));
        assert_eq!(
            signature(&other, path),
            signature(&raw, expected),
            "{expected}"
        );
    }
    let scoped = EndpointSigning {
        region: Some("west".to_owned()),
        name: Some("other".to_owned()),
        ..endpoint(true, true)
    };
    let time = SigningTime::new(at(TIME)).expect("a time");
    let other = signer.for_endpoint(Some(&scoped));
    assert!(
        other
            .scope(&time)
            .to_string()
            .ends_with("/west/other/aws4_request")
    );
    let keys = signer.secrets.keys.len();
    signature(&other, path);
    assert_eq!(
        signer.secrets.keys.len(),
        keys + 1,
        "they share the cache of keys"
    );
}

/// The string to sign is that of a test of `aws-sigv4`.
#[test]
fn events_are_signed() {
    let credentials = Credentials::new("AKID", "SECRET");
    let signer = signer(credentials.clone(), Signing::new("testservice"));
    let previous = RequestSignature {
        credentials,
        signature: sha256(b"last message sts"),
    };
    let message = crate::stream::event::Message::new(&b"test payload"[..]);
    let frame = message
        .header("some-header", "value")
        .encode()
        .expect("a frame");
    let time = SigningTime::new(at(Duration::new(123_456_789, 1234))).expect("a time");
    let result = signer.sign_event(frame.clone(), &previous, &time);
    let (message, signature) = result.expect("a signature");
    let text = "AWS4-HMAC-SHA256-PAYLOAD\n\
        19731129T213309Z\n\
        19731129/us-east-1/testservice/aws4_request\n\
        be1f8c7d79ef8e1abc5254a2c70e4da3bfaf4f07328f527444e1fc6ea67273e2\n\
        0c0e3b3bf66b59b976181bd7d401927bbd624107303c713fd1e5f3d3c8dd1b1e\n\
        f2eba0f2e95967ee9fbc6db5e678d2fd599229c0d04b11e4fc8e0f2a02a806c6";
    let key = key::derive("SECRET", signer.scope(&time));
    assert_eq!(signature, hexadecimal(&hmac(&*key, text.as_bytes())));
    assert_eq!(message.payload(), &frame);
    let names = message.headers().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names, [":chunk-signature", ":date"]);
}
