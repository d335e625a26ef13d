//! Checksums of requests in headers (Smithy, "AWS customizations", "httpChecksum trait").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{HeaderMap, HeaderName, HeaderValue};

use super::content::Content;
use super::service::RequestChecksum;
use crate::error::EncodeError;

/// The header with the algorithm that is computed here.
const CRC_32: HeaderName = HeaderName::from_static("x-amz-checksum-crc32");
/// The name of that algorithm.
const CRC_32_NAME: &str = "CRC32";
/// The headers with the checksums of other algorithms, which callers compute.
const OTHERS: [HeaderName; 5] = [
    HeaderName::from_static("x-amz-checksum-crc32c"),
    HeaderName::from_static("x-amz-checksum-crc64nvme"),
    HeaderName::from_static("x-amz-checksum-sha1"),
    HeaderName::from_static("x-amz-checksum-sha256"),
    HeaderName::from_static("content-md5"),
];

/// Adds the checksum of a body: with the algorithm that the input names, or else with CRC-32 if the
/// operation requires one. A checksum that the input has is sent as it is.
pub(super) fn add(
    checksum: &RequestChecksum,
    body: Option<&Content>,
    headers: &mut HeaderMap,
) -> Result<(), EncodeError> {
    let RequestChecksum {
        algorithm,
        required,
    } = *checksum;
    let is_present = |name: &HeaderName| headers.contains_key(name);
    if is_present(&CRC_32) || OTHERS.iter().any(is_present) {
        return Ok(());
    }
    let chosen = algorithm.and_then(|name| headers.get(name));
    match chosen.map(|name| name.to_str().unwrap_or_default()) {
        None if !required => return Ok(()),
        None | Some(CRC_32_NAME) => {}
        Some(other) => {
            return Err(EncodeError::new(format!(
                "the checksum {other} is not computed: choose {CRC_32_NAME}, or set the member with \
                 the checksum",
            )));
        }
    }
    let bytes = match body {
        None => &[][..],
        Some(Content::Bytes(bytes)) => bytes,
        Some(Content::Stream(_) | Content::Events(_)) => {
            return Err(EncodeError::new(
                "the checksum of a stream is not computed: set the member with the checksum, or \
                 give bytes instead of a stream",
            ));
        }
    };
    let value = STANDARD.encode(crc32fast::hash(bytes).to_be_bytes());
    let value = HeaderValue::try_from(value)
        .map_err(|_| EncodeError::new("the checksum is not a valid header"))?;
    headers.insert(CRC_32, value);
    if let Some(name) = algorithm {
        headers.insert(name, HeaderValue::from_static(CRC_32_NAME));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::ByteStream;

    const ALGORITHM: &str = "x-amz-sdk-checksum-algorithm";

    fn check(
        required: bool,
        given: &[(&'static str, &'static str)],
        body: Option<&Content>,
    ) -> Result<Vec<(String, String)>, String> {
        let given = given.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        let mut headers = given.collect::<HeaderMap>();
        let checksum = RequestChecksum {
            algorithm: Some(ALGORITHM),
            required,
        };
        add(&checksum, body, &mut headers).map_err(|error| error.to_string())?;
        let text = |value: &HeaderValue| value.to_str().expect("a text").to_owned();
        let headers = headers.iter();
        let mut headers = headers
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect::<Vec<_>>();
        headers.sort_unstable();
        Ok(headers)
    }

    #[test]
    fn a_checksum_is_added_where_it_is_required_or_chosen() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let body = Content::Bytes("123456789".into());
        let added = Ok(vec![
            pair("x-amz-checksum-crc32", "y/Q5Jg=="),
            pair(ALGORITHM, "CRC32"),
        ]);
        assert_eq!(check(true, &[], Some(&body)), added);
        assert_eq!(check(false, &[(ALGORITHM, "CRC32")], Some(&body)), added);
        assert_eq!(check(false, &[], Some(&body)), Ok(Vec::new()));
        let empty = check(true, &[], None).expect("headers");
        assert_eq!(empty[0], pair("x-amz-checksum-crc32", "AAAAAA=="));
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
    fn what_is_not_computed_is_an_error() {
        let body = Content::Bytes("123456789".into());
        let other = check(false, &[(ALGORITHM, "SHA1")], Some(&body));
        assert!(other.is_err_and(|error| error.starts_with("the checksum SHA1")));
        let stream = Content::Stream(ByteStream::new(crate::http::Body::empty()));
        let stream = check(true, &[], Some(&stream));
        assert!(stream.is_err_and(|error| error.contains("stream")));
    }
}
