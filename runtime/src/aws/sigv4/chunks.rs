//! Signatures of the chunks of a body and of its trailer (Amazon S3 API reference, "Signature
//! calculations for the Authorization header: transferring payload in multiple chunks with
//! trailing headers"). Each covers the previous signature; the first one follows that of the
//! request.

use std::time::SystemTime;

use http::Request;

use super::key::{SigningKey, hmac};
use super::time::SigningTime;
use super::{RequestSignature, Signer, hexadecimal, sha256};
use crate::http::checksum::{ChecksumAlgorithm, SignChunks, with_trailer};
use crate::http::{Body, BoxError};

/// Encodes the body of a request that was signed at a time, with signed chunks and the checksum as
/// a signed trailer.
pub(crate) fn sign_chunks(
    signer: &Signer,
    previous: RequestSignature,
    time: SystemTime,
    algorithm: ChecksumAlgorithm,
    request: &mut Request<Body>,
) -> Result<(), BoxError> {
    let chunks = SignedChunks::new(signer, previous, time)?;
    let body = std::mem::take(request.body_mut());
    *request.body_mut() = with_trailer(body, algorithm, Some(Box::new(chunks)));
    Ok(())
}

struct SignedChunks {
    key: SigningKey,
    scope: String,
    /// The signature of the request, then of the latest chunk.
    previous: String,
    time: SigningTime,
}

impl SignedChunks {
    fn new(
        signer: &Signer,
        previous: RequestSignature,
        time: SystemTime,
    ) -> Result<Self, BoxError> {
        let RequestSignature {
            credentials,
            signature,
        } = previous;
        let time = SigningTime::new(time)?;
        let scope = signer.scope(&time);
        let keys = &signer.secrets.keys;
        Ok(Self {
            key: keys.key(credentials.secret_access_key(), scope),
            scope: scope.to_string(),
            previous: signature,
            time,
        })
    }

    /// Signs the hashes of something.
    fn sign(&mut self, algorithm: &str, hashes: &str) -> String {
        let Self {
            key,
            scope,
            previous,
            time,
        } = self;
        let text = format!("{algorithm}\n{}\n{scope}\n{previous}\n{hashes}", time.text);
        *previous = hexadecimal(&hmac(&**key, text.as_bytes()));
        previous.clone()
    }
}

impl SignChunks for SignedChunks {
    fn chunk(&mut self, data: &[u8]) -> String {
        let hashes = format!("{}\n{}", sha256(b""), sha256(data));
        self.sign("AWS4-HMAC-SHA256-PAYLOAD", &hashes)
    }

    fn trailer(&mut self, line: &str) -> String {
        let hash = sha256(format!("{line}\n").as_bytes());
        self.sign("AWS4-HMAC-SHA256-TRAILER", &hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::credentials::Credentials;
    use crate::protocol::service::Signing;

    #[test]
    fn signatures_are_those_of_the_example_of_s3() {
        let credentials = Credentials::new(
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        );
        let signer = Signer::new(
            Box::new(credentials.clone()),
            "us-east-1".to_owned(),
            Signing::new("s3"),
        );
        // 2013-05-24T00:00:00Z
        let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_369_353_600);
        let previous = RequestSignature {
            credentials,
            signature: "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
                .to_owned(),
        };
        let mut chunks = SignedChunks::new(&signer, previous, time).expect("a time");
        for (data, expected) in [
            (
                "a".repeat(65536).as_bytes(),
                "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
            ),
            (
                "a".repeat(1024).as_bytes(),
                "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
            ),
            (
                &[],
                "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
            ),
        ] {
            assert_eq!(chunks.chunk(data), expected);
        }
        assert_eq!(
            chunks.trailer("x-amz-checksum-crc32c:sOO8/Q=="),
            "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"
        );
    }
}
