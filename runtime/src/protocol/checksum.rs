//! Checksums of requests (Smithy, "AWS customizations", "httpChecksum trait").

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};

use super::content::Content;
use super::service::{OperationTraits, RequestChecksum};
use crate::error::EncodeError;
use crate::http::checksum::{AWS_CHUNKED, ChecksumAlgorithm, DECODED_LENGTH, TRAILER, is_present};

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");
/// The value that asks for a checksum of the response.
const ENABLED: HeaderValue = HeaderValue::from_static("ENABLED");

/// What the checksums of a request add to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Added {
    /// The headers that no input asked for. Presigned requests do not have them.
    pub(crate) defaults: Vec<HeaderName>,
    /// The algorithm of a checksum after the body.
    pub(crate) trailer: Option<ChecksumAlgorithm>,
}

/// Adds the checksum of a body, with the algorithm that the input names, or else CRC-32, and asks
/// for that of the response. A checksum that the input has is sent as it is.
pub(super) fn add(
    traits: &OperationTraits,
    body: Option<&Content>,
    headers: &mut HeaderMap,
) -> Result<Added, EncodeError> {
    let mut added = Added::default();
    if let Some(checksum) = &traits.checksum {
        of_request(checksum, body, headers, &mut added)?;
    }
    if let Some(response) = &traits.response_checksum
        && let name = HeaderName::from_static(response.mode)
        && !headers.contains_key(&name)
    {
        headers.insert(name.clone(), ENABLED);
        added.defaults.push(name);
    }
    Ok(added)
}

fn of_request(
    checksum: &RequestChecksum,
    body: Option<&Content>,
    headers: &mut HeaderMap,
    added: &mut Added,
) -> Result<(), EncodeError> {
    if is_present(headers) || headers.contains_key(CONTENT_MD5) {
        return Ok(());
    }
    let header = checksum.algorithm.map(HeaderName::from_static);
    let chosen = header.as_ref().and_then(|name| headers.get(name));
    let chosen = chosen.map(|name| name.to_str().unwrap_or_default());
    let algorithm = match chosen {
        None => ChecksumAlgorithm::default(),
        Some(name) => ChecksumAlgorithm::find(name).ok_or_else(|| {
            EncodeError::new(format!(
                "the checksum {name} is not computed: choose one of {}, or set the member with the \
                 checksum",
                ChecksumAlgorithm::names()
            ))
        })?,
    };
    let is_default = chosen.is_none();
    let bytes = match body {
        None => &[][..],
        Some(Content::Bytes(bytes)) => bytes,
        Some(Content::Events(_)) => return Ok(()),
        // The service need not understand the coding of a body with a trailer.
        Some(Content::Stream(_)) if is_default && !checksum.required => return Ok(()),
        Some(Content::Stream(_)) => {
            added.trailer = Some(algorithm);
            &[]
        }
    };
    let mut insert = |name: HeaderName, value: HeaderValue| {
        headers.insert(name.clone(), value);
        if is_default {
            added.defaults.push(name);
        }
    };
    if added.trailer.is_none() {
        let value = HeaderValue::try_from(algorithm.of(bytes))
            .map_err(|_| EncodeError::new("the checksum is not a valid header"))?;
        insert(algorithm.header(), value);
    }
    if let Some(name) = header {
        insert(name, HeaderValue::from_static(algorithm.name()));
    }
    Ok(())
}

/// Adds the headers of a body with a trailer.
pub(super) fn add_trailer(algorithm: ChecksumAlgorithm, headers: &mut HeaderMap) {
    let coding = headers.get(CONTENT_ENCODING).map(|coding| {
        let coding = String::from_utf8_lossy(coding.as_bytes());
        HeaderValue::try_from(format!("{coding},{AWS_CHUNKED}"))
    });
    let coding = coding.and_then(Result::ok);
    let coding = coding.unwrap_or(HeaderValue::from_static(AWS_CHUNKED));
    headers.insert(CONTENT_ENCODING, coding);
    headers.insert(TRAILER, HeaderValue::from(algorithm.header()));
    // The transport delimits the encoded body.
    if let Some(length) = headers.remove(CONTENT_LENGTH) {
        headers.insert(DECODED_LENGTH, length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::length;
    use crate::protocol::service::ResponseChecksum;
    use crate::stream::ByteStream;

    const ALGORITHM: &str = "x-amz-sdk-checksum-algorithm";

    fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
        let text = |value: &HeaderValue| value.to_str().expect("a text").to_owned();
        let headers = headers.iter();
        let mut headers = headers
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect::<Vec<_>>();
        headers.sort_unstable();
        headers
    }

    fn add_to(
        checksum: RequestChecksum,
        given: &[(&'static str, &'static str)],
        body: Option<&Content>,
    ) -> Result<(Vec<(String, String)>, Added), String> {
        let given = given.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        let mut headers = given.collect::<HeaderMap>();
        let traits = OperationTraits {
            checksum: Some(checksum),
            ..OperationTraits::NONE
        };
        let added = add(&traits, body, &mut headers).map_err(|error| error.to_string())?;
        Ok((pairs(&headers), added))
    }

    fn check(
        required: bool,
        given: &[(&'static str, &'static str)],
        body: Option<&Content>,
    ) -> Result<Vec<(String, String)>, String> {
        let checksum = RequestChecksum {
            algorithm: Some(ALGORITHM),
            required,
        };
        add_to(checksum, given, body).map(|(headers, _)| headers)
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_checksum_is_added_with_the_chosen_algorithm_or_crc_32() {
        let body = Content::Bytes("123456789".into());
        let crc_32 = Ok(vec![
            pair("x-amz-checksum-crc32", "y/Q5Jg=="),
            pair(ALGORITHM, "CRC32"),
        ]);
        assert_eq!(check(true, &[], Some(&body)), crc_32);
        assert_eq!(check(false, &[], Some(&body)), crc_32);
        assert_eq!(check(false, &[(ALGORITHM, "CRC32")], Some(&body)), crc_32);
        let crc_64 = check(false, &[(ALGORITHM, "CRC64NVME")], Some(&body));
        assert_eq!(
            crc_64.expect("headers")[0],
            pair("x-amz-checksum-crc64nvme", "rosUhgp5mIg=")
        );
        let empty = check(true, &[], None).expect("headers");
        assert_eq!(empty[0], pair("x-amz-checksum-crc32", "AAAAAA=="));
        // Without a member to choose by, a checksum is added only if it is required.
        let checksum = RequestChecksum {
            algorithm: None,
            required: true,
        };
        let (headers, added) = add_to(checksum, &[], Some(&body)).expect("headers");
        assert_eq!(headers, [pair("x-amz-checksum-crc32", "y/Q5Jg==")]);
        assert_eq!(added.defaults, ["x-amz-checksum-crc32"]);
    }

    #[test]
    fn a_given_checksum_is_kept() {
        let body = Content::Bytes("123456789".into());
        for name in [
            "x-amz-checksum-sha256",
            "x-amz-checksum-crc32",
            "content-md5",
        ] {
            let given = [(name, "given"), (ALGORITHM, "SHA256")];
            let found = check(true, &given, Some(&body)).expect("headers");
            assert_eq!(found.len(), 2, "{found:?}");
            assert!(found.contains(&(name.to_owned(), "given".to_owned())));
        }
    }

    #[test]
    fn an_unknown_algorithm_needs_a_given_checksum() {
        let body = Content::Bytes("x".into());
        let error =
            check(false, &[(ALGORITHM, "MD6")], Some(&body)).expect_err("no such algorithm");
        assert_eq!(
            error,
            "the checksum MD6 is not computed: choose one of CRC64NVME, CRC32C, CRC32, SHA1, \
             SHA256, or set the member with the checksum"
        );
    }

    #[test]
    fn the_checksum_of_a_stream_is_a_trailer() {
        let stream = || Content::Stream(ByteStream::new(crate::http::Body::empty()));
        let checksum = |required| RequestChecksum {
            algorithm: Some(ALGORITHM),
            required,
        };
        let (headers, added) = add_to(checksum(false), &[], Some(&stream())).expect("headers");
        assert!(headers.is_empty() && added.trailer.is_none());
        for (required, given) in [(true, &[][..]), (false, &[(ALGORITHM, "CRC32")])] {
            let (headers, added) =
                add_to(checksum(required), given, Some(&stream())).expect("headers");
            assert_eq!(headers, [pair(ALGORITHM, "CRC32")]);
            assert_eq!(added.trailer, Some(ChecksumAlgorithm::Crc32));
        }
    }

    #[test]
    fn a_trailer_is_announced() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_LENGTH, length::value(9));
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        add_trailer(ChecksumAlgorithm::Sha1, &mut headers);
        let expected = [
            pair("content-encoding", "gzip,aws-chunked"),
            pair("x-amz-decoded-content-length", "9"),
            pair("x-amz-trailer", "x-amz-checksum-sha1"),
        ];
        assert_eq!(pairs(&headers), expected);
    }

    #[test]
    fn a_checksum_of_the_response_is_asked_for() {
        const MODE: &str = "x-amz-checksum-mode";
        let traits = OperationTraits {
            response_checksum: Some(ResponseChecksum {
                mode: MODE,
                algorithms: &["CRC32"],
            }),
            ..OperationTraits::NONE
        };
        let mut headers = HeaderMap::new();
        let added = add(&traits, None, &mut headers).expect("headers");
        assert_eq!(pairs(&headers), [pair(MODE, "ENABLED")]);
        assert_eq!(added.defaults, [MODE]);
        let added = add(&traits, None, &mut headers).expect("headers");
        assert!(added.defaults.is_empty());
    }
}
