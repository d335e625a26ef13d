//! Signatures of the chunks of a body and of its trailer (Amazon S3 API reference, "Signature
//! calculations for the Authorization header: transferring payload in multiple chunks with
//! trailing headers"). Each covers the previous signature; the first one follows that of the
//! request.

use std::time::SystemTime;

use http::Request;
#[cfg(feature = "server")]
use sha2::{Digest as _, Sha256};

#[cfg(feature = "server")]
use super::key;
use super::key::{SigningKey, hmac};
#[cfg(feature = "server")]
use super::received::bytes_of;
use super::time::SigningTime;
use super::{RequestSignature, Signer, hexadecimal, sha256};
use crate::http::checksum::{ChecksumAlgorithm, SignChunks, with_trailer};
#[cfg(feature = "server")]
use crate::http::chunked::VerifyChunks;
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

/// Signatures that each cover the previous one.
struct Chain {
    key: SigningKey,
    /// The scope of the signature of the request.
    scope: String,
    /// The time of the signature of the request.
    time: String,
    /// The signature of the request, then of the latest part of its body.
    previous: String,
}

impl Chain {
    /// The text that the signature of a chunk covers.
    fn chunk(&self, hash: &str) -> String {
        self.text(
            "AWS4-HMAC-SHA256-PAYLOAD",
            &format!("{}\n{hash}", sha256(b"")),
        )
    }

    /// The text that the signature of a trailer covers, which is the line `name:value`.
    fn trailer(&self, line: &str) -> String {
        let hash = sha256(format!("{line}\n").as_bytes());
        self.text("AWS4-HMAC-SHA256-TRAILER", &hash)
    }

    fn text(&self, algorithm: &str, hashes: &str) -> String {
        let Self {
            key: _,
            scope,
            time,
            previous,
        } = self;
        format!("{algorithm}\n{time}\n{scope}\n{previous}\n{hashes}")
    }
}

struct SignedChunks(Chain);

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
        Ok(Self(Chain {
            key: keys.key(credentials.secret_access_key(), scope),
            scope: scope.to_string(),
            time: time.text.clone(),
            previous: signature,
        }))
    }

    fn sign(&mut self, text: &str) -> String {
        let Self(chain) = self;
        chain.previous = hexadecimal(&hmac(&*chain.key, text.as_bytes()));
        chain.previous.clone()
    }
}

impl SignChunks for SignedChunks {
    fn chunk(&mut self, data: &[u8]) -> String {
        let text = self.0.chunk(&sha256(data));
        self.sign(&text)
    }

    fn trailer(&mut self, line: &str) -> String {
        let text = self.0.trailer(line);
        self.sign(&text)
    }
}

/// Verifies the signatures of chunks that a server receives.
#[cfg(feature = "server")]
pub(crate) struct ReceivedChunks {
    chain: Chain,
    /// The hash of the current chunk so far.
    hash: Sha256,
}

#[cfg(feature = "server")]
impl ReceivedChunks {
    /// The chunks after a verified signature of a request.
    pub(super) fn new(key: SigningKey, time: String, scope: String, signature: &[u8; 32]) -> Self {
        Self {
            chain: Chain {
                key,
                scope,
                time,
                previous: hexadecimal(signature),
            },
            hash: Sha256::new(),
        }
    }

    fn verify(&mut self, text: &str, signature: &str) -> bool {
        let Some(bytes) = bytes_of(signature) else {
            return false;
        };
        self.chain.previous = hexadecimal(&bytes);
        key::verify(&*self.chain.key, text.as_bytes(), &bytes)
    }
}

#[cfg(feature = "server")]
impl VerifyChunks for ReceivedChunks {
    fn update(&mut self, data: &[u8]) {
        self.hash.update(data);
    }

    fn verify_chunk(&mut self, signature: &str) -> bool {
        let hash = hexadecimal(&self.hash.finalize_reset());
        let text = self.chain.chunk(&hash);
        self.verify(&text, signature)
    }

    fn verify_trailer(&mut self, line: &str, signature: &str) -> bool {
        let text = self.chain.trailer(line);
        self.verify(&text, signature)
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
