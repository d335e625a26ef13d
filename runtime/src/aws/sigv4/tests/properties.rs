//! Any request gets the signature that `aws-sigv4` gives it.

use aws_credential_types::Credentials as TheirCredentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// A request to sign, and with what.
#[derive(Debug)]
struct Case {
    method: &'static str,
    uri: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    region: String,
    raw_path: bool,
    payload_header: bool,
    unsigned: bool,
    time: u64,
    expires_in: u64,
}

fn segment() -> impl Strategy<Value = String> {
    let awkward = select(&[
        "",
        ".",
        "..",
        "...",
        ".a",
        "%2F",
        "%2e",
        "a%20b",
        "%E2%82%AC",
        "%25",
    ]);
    prop_oneof![
        awkward.prop_map(str::to_owned),
        "[a-zA-Z0-9._~!$&'()*+,;=:@-]{0,8}",
    ]
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(segment(), 0..6).prop_map(|segments| format!("/{}", segments.join("/")))
}

/// A name or value of a query parameter.
fn query_text() -> impl Strategy<Value = String> {
    let awkward = select(&[
        "",
        "a",
        "A",
        "a-",
        "a0",
        "%61",
        "%2b",
        "+",
        "a+b",
        "%E2%82%AC",
        "%",
        "%%41",
        "%zz",
    ]);
    prop_oneof![
        awkward.prop_map(str::to_owned),
        "[a-zA-Z0-9._~!$'()*+,;:@/?-]{0,8}",
        any::<String>().prop_map(|text| percent_encoding::utf8_percent_encode(
            &text,
            crate::codec::percent::RESERVED
        )
        .to_string()),
    ]
}

fn query() -> impl Strategy<Value = String> {
    let pair = prop_oneof![
        (query_text(), query_text()).prop_map(|(name, value)| format!("{name}={value}")),
        (query_text(), query_text()).prop_map(|(name, value)| format!("{name}=={value}")),
        query_text(),
    ];
    prop_oneof![
        Just(String::new()),
        prop::collection::vec(pair, 1..6).prop_map(|pairs| format!("?{}", pairs.join("&"))),
    ]
}

/// Without tabs, which `aws-sigv4` does not take for white space.
fn headers() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let name = select(&[
        "x-a",
        "x-a-b",
        "X-A0",
        "x-amz-meta-a",
        "content-type",
        "user-agent",
        "x-amzn-trace-id",
        "accept",
        "range",
        "host",
    ]);
    let value = prop_oneof![
        "[ -~]{0,16}",
        "[ a\u{e9}\u{20ac}]{0,8}",
        "( {0,3}[a,]){0,4} {0,3}"
    ];
    let header = (name, value);
    prop::collection::vec(header, 0..8).prop_map(|mut headers| {
        // A request has one host.
        let mut hosts = 0;
        headers.retain(|(name, _)| *name != "host" || std::mem::replace(&mut hosts, 1) == 0);
        headers
    })
}

fn case() -> impl Strategy<Value = Case> {
    let host = select(&[
        "a.example",
        "a.example:443",
        "a.example:8080",
        "127.0.0.1",
        "[::1]:80",
    ]);
    let uri = (select(&["http", "https"]), host, path(), query());
    let uri = uri.prop_map(|(scheme, host, path, query)| format!("{scheme}://{host}{path}{query}"));
    let request = (
        select(&["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"]),
        uri,
        headers(),
        prop::collection::vec(any::<u8>(), 0..200),
    );
    let keys = (
        "[!-~]{1,20}",
        any::<String>(),
        prop::option::of("[!-~]{1,100}"),
        "[a-z0-9-]{1,12}",
    );
    let settings = (any::<[bool; 3]>(), 0_u64..4_102_444_800, 1_u64..=604_800);
    (request, keys, settings).prop_map(|(request, keys, settings)| {
        let (method, uri, headers, body) = request;
        let (access_key_id, secret_access_key, session_token, region) = keys;
        let ([raw_path, payload_header, unsigned], time, expires_in) = settings;
        Case {
            method,
            uri,
            headers,
            body,
            access_key_id,
            secret_access_key,
            session_token,
            region,
            raw_path,
            payload_header,
            unsigned,
            time,
            expires_in,
        }
    })
}

impl Case {
    fn headers(&self) -> Vec<(&str, &str)> {
        let headers = self.headers.iter();
        headers.map(|(name, value)| (*name, &**value)).collect()
    }

    fn signer(&self) -> Signer {
        let mut credentials = Credentials::new(&self.access_key_id, &self.secret_access_key);
        if let Some(token) = &self.session_token {
            credentials = credentials.session_token(token);
        }
        let signing = Signing {
            raw_path: self.raw_path,
            payload_header: self.payload_header,
            unsigned_presigned: self.unsigned,
            ..Signing::new("service")
        };
        Signer::new(Box::new(credentials), self.region.clone(), signing)
    }

    /// The headers or the query parameters that `aws-sigv4` adds.
    fn theirs(&self, location: SignatureLocation) -> Vec<(String, String)> {
        let mut settings = SigningSettings::default();
        if self.raw_path {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        }
        if self.payload_header || self.unsigned {
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        settings.signature_location = location;
        settings.expires_in = Some(Duration::from_secs(self.expires_in));
        let keys = TheirCredentials::new(
            &self.access_key_id,
            &self.secret_access_key,
            self.session_token.clone(),
            None,
            "tests",
        );
        let identity = keys.into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("service")
            .time(at(Duration::from_secs(self.time)))
            .settings(settings)
            .build()
            .expect("nothing is missing");
        let body = if self.unsigned {
            SignableBody::UnsignedPayload
        } else {
            SignableBody::Bytes(&self.body)
        };
        let headers = self.headers().into_iter();
        let request = SignableRequest::new(self.method, &*self.uri, headers, body);
        let signed = sign(request.expect("it can be signed"), &params.into());
        let (headers, parameters) = signed.expect("a signature").into_parts().0.into_parts();
        let headers = headers.iter();
        let headers = headers.map(|header| (header.name().to_owned(), header.value().to_owned()));
        let parameters = parameters.into_iter();
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.into_owned()));
        headers.chain(parameters).collect()
    }
}

proptest! {
    #[test]
    fn signatures_in_headers(case in case()) {
        let mut request = request(case.method, &case.uri, &case.headers(), Body::empty());
        let before = request.headers().clone();
        let body = Bytes::from(case.body.clone());
        let payload = if case.unsigned { Payload::Unsigned } else { Payload::Bytes(&body) };
        let time = at(Duration::from_secs(case.time));
        super::sign(&case.signer(), &mut request, payload, time).expect("a signature");
        let mut added = request.headers().clone();
        for name in before.keys() {
            added.remove(name);
        }
        let added = added.iter().map(|(name, value)| {
            (name.to_string(), value.to_str().expect("visible characters").to_owned())
        });
        let mut ours = added.collect::<Vec<_>>();
        let mut theirs = case.theirs(SignatureLocation::Headers);
        ours.sort();
        theirs.sort();
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn signatures_in_queries(case in case()) {
        let request = request(case.method, &case.uri, &case.headers(), None);
        let body = Bytes::from(case.body.clone());
        let signer = case.signer();
        let presigned = in_query(&signer, request, &body, case.expires_in, Duration::from_secs(case.time));
        let added = presigned.uri().query().expect("a query");
        let (_, added) = added.rsplit_once("X-Amz-Algorithm").expect("what signing adds");
        let added = format!("X-Amz-Algorithm{added}");
        let added = added.split('&').map(|pair| {
            let (name, value) = pair.split_once('=').expect("a value");
            let value = percent_encoding::percent_decode_str(value).decode_utf8().expect("UTF-8");
            (name.to_owned(), value.into_owned())
        });
        let mut ours = added.collect::<Vec<_>>();
        let mut theirs = case.theirs(SignatureLocation::QueryParams);
        ours.sort();
        theirs.sort();
        prop_assert_eq!(ours, theirs);
    }
}
