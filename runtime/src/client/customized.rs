//! Requests as customized services expect them, although their models do not say so.

use http::header::{HeaderName, HeaderValue};
use sha2::{Digest as _, Sha256};

use super::build_error::BuildError;
use super::endpoint::Endpoint;
use crate::error::EncodeError;
use crate::protocol::request::RequestParts;
use crate::protocol::service::{Operation, Service};
use crate::schema::{Member, Schema};
use crate::shape::path::value_at;
use crate::shape::visitor::{ValueRef, ValueVisitor};
use crate::shape::{EncodeMembers, Encoder, Shape, private::Sealed};
use crate::value::Document;

/// An input without the prefixes of IDs that the service returns with a prefix, and with the
/// default of a label.
pub(super) struct CustomizedInput<'i> {
    input: &'i dyn EncodeMembers,
    /// The members with IDs, by index.
    ids: &'static [usize],
    default_label: Option<(usize, &'static str)>,
}

impl<'i> CustomizedInput<'i> {
    pub(super) fn new(operation: &Operation, input: &'i dyn EncodeMembers) -> Self {
        Self {
            input,
            ids: operation.traits.prefixed_ids,
            default_label: operation.traits.default_label,
        }
    }
}

impl Sealed for CustomizedInput<'_> {}

impl Shape for CustomizedInput<'_> {
    fn schema(&self) -> &'static Schema {
        self.input.schema()
    }
}

impl EncodeMembers for CustomizedInput<'_> {
    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        if self.ids.is_empty() && self.default_label.is_none() {
            return self.input.encode_members(encoder);
        }
        self.input.encode_members(&mut Customizer {
            encoder,
            schema: self.schema(),
            ids: self.ids,
            default_label: self.default_label,
        })
    }
}

/// Passes on the members of an input.
struct Customizer<'e> {
    encoder: &'e mut dyn Encoder,
    schema: &'static Schema,
    ids: &'static [usize],
    default_label: Option<(usize, &'static str)>,
}

impl ValueVisitor for Customizer<'_> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        let is_at = |index| self.schema.is_at(index, member);
        let value = match (value, self.default_label) {
            (ValueRef::String(""), Some((index, text))) if is_at(index) => ValueRef::String(text),
            (ValueRef::String(text), _) if self.ids.iter().any(|index| is_at(*index)) => {
                ValueRef::String(text.rsplit('/').next().unwrap_or(text))
            }
            (value, _) => value,
        };
        value.encode(member, self.encoder)
    }

    fn unknown_member(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        self.encoder.unknown(name, value)
    }
}

/// The endpoint in an input; `None` if the operation has no member for it, or it is not set.
pub(super) fn endpoint(
    operation: &Operation,
    input: &dyn EncodeMembers,
) -> Result<Option<Endpoint>, EncodeError> {
    let Some(index) = operation.traits.endpoint_member else {
        return Ok(None);
    };
    let mut endpoint = None;
    value_at(input, &[index], &mut |member, value| {
        if let ValueRef::String(url) = value {
            let parsed = Endpoint::parse(url, "").map_err(|error| {
                // The value may be confidential.
                let why = match error {
                    BuildError::Endpoint { why, .. } => why,
                    other => other.to_string(),
                };
                EncodeError::new(format!(
                    "`{}` is not the URL of an endpoint, which the call is sent to: {why}",
                    member.name
                ))
            })?;
            endpoint = Some(parsed);
        }
        Ok(())
    })?;
    Ok(endpoint)
}

/// A request with the headers that the service expects.
pub(super) fn with_headers(
    service: &Service,
    operation: &Operation,
    mut request: RequestParts,
) -> Result<RequestParts, EncodeError> {
    for (name, value) in service.customizations.headers {
        let name = HeaderName::from_static(name);
        let header = request.headers.entry(name);
        header.or_insert(HeaderValue::from_static(value));
    }
    let Some(name) = operation.traits.tree_hash else {
        return Ok(request);
    };
    let name = HeaderName::from_static(name);
    if request.headers.contains_key(&name) {
        return Ok(request);
    }
    match request.body.buffered() {
        // A presigned request leaves the body to its sender.
        Some(bytes) if bytes.is_empty() => Ok(request),
        Some(bytes) => {
            let hash = HeaderValue::try_from(tree_hash(bytes));
            let hash = hash.expect("hexadecimal digits are visible ASCII characters");
            request.headers.insert(name, hash);
            Ok(request)
        }
        None => Err(EncodeError::new(
            "the operation needs a hash of the body before it is sent: give bytes instead of a \
             stream",
        )),
    }
}

/// The root of a tree of SHA-256 hashes in hexadecimal. Its leaves are the hashes of mebibytes, and
/// a node without a sibling is passed on to the level above.
fn tree_hash(bytes: &[u8]) -> String {
    const MIB: usize = 1024 * 1024;
    let mut level = bytes.chunks(MIB).map(Sha256::digest).collect::<Vec<_>>();
    while level.len() > 1 {
        let pairs = level.chunks(2).map(|pair| match pair {
            [left, right] => Sha256::new()
                .chain_update(left)
                .chain_update(right)
                .finalize(),
            // A chunk has one element or two.
            _ => pair[0],
        });
        level = pairs.collect();
    }
    let root = level.pop().unwrap_or_else(|| Sha256::digest([]));
    format!("{root:x}")
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, Method};

    use super::*;
    use crate::client::tests::{GET, SERVICE};
    use crate::http::Body;
    use crate::protocol::content::Content;
    use crate::protocol::request;
    use crate::protocol::service::Customizations;
    use crate::protocol::service::OperationTraits;
    use crate::stream::ByteStream;

    const HASH: &str = "x-tree-hash";

    static CUSTOMIZED: Service = Service {
        customizations: Customizations::NONE.headers(&[("accept", "text/x"), ("version", "1")]),
        ..SERVICE
    };

    static UPLOAD: Operation = Operation {
        traits: OperationTraits {
            tree_hash: Some(HASH),
            ..OperationTraits::NONE
        },
        ..GET
    };

    /// The headers of a request with a body, of those that are customized, or the error.
    fn headers(
        operation: &Operation,
        body: Content,
        set: &[(&'static str, &'static str)],
    ) -> Result<[Option<String>; 3], String> {
        let set = set.iter().map(|(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        let headers = set.collect::<HeaderMap>();
        let target = "/".to_owned();
        let made = request::finish(
            operation,
            Method::POST,
            target,
            &[],
            headers,
            Some(body),
            None,
        );
        let request = with_headers(&CUSTOMIZED, operation, made.expect("a request"));
        let request = request.map_err(|error| error.to_string())?;
        Ok(["accept", "version", HASH].map(|name| {
            let value = request.headers.get(name)?;
            Some(value.to_str().expect("text").to_owned())
        }))
    }

    fn bytes(bytes: impl Into<Bytes>) -> Content {
        Content::Bytes(bytes.into())
    }

    #[test]
    fn headers_are_added_unless_the_input_sets_them() {
        let usual = [Some("text/x".to_owned()), Some("1".to_owned()), None];
        assert_eq!(headers(&GET, bytes("x"), &[]), Ok(usual));
        let set = [Some("other".to_owned()), Some("1".to_owned()), None];
        assert_eq!(headers(&GET, bytes("x"), &[("accept", "other")]), Ok(set));
    }

    #[test]
    fn a_body_in_memory_has_a_tree_hash() {
        let hash = |body, set: &[_]| headers(&UPLOAD, body, set).map(|[.., hash]| hash);
        let one = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
        assert_eq!(hash(bytes("x"), &[]), Ok(Some(one.to_owned())));
        assert_eq!(hash(bytes("x"), &[(HASH, "1")]), Ok(Some("1".to_owned())));
        assert_eq!(hash(bytes(""), &[]), Ok(None));
        let stream = || Content::Stream(ByteStream::new(Body::empty()));
        assert_eq!(
            hash(stream(), &[]),
            Err("the operation needs a hash of the body before it is sent: give bytes instead of a \
                 stream"
                .to_owned())
        );
        assert_eq!(hash(stream(), &[(HASH, "1")]), Ok(Some("1".to_owned())));
    }

    /// The hashes are those of botocore (`calculate_tree_hash`).
    #[test]
    fn tree_hashes_are_those_of_botocore() {
        const MIB: usize = 1024 * 1024;
        for (body, expected) in [
            (
                vec![0; MIB],
                "30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58",
            ),
            (
                vec![0; MIB + 1],
                "28638dab8d5e1754a4ecb38b0ebe6df66c844f94aed142d4d0283d208bb786cd",
            ),
            (
                vec![b'a'; 3 * MIB],
                "70239f4f2ead7561f69d48b956b547edef52a1280a93c262c0b582190be7db17",
            ),
            (
                [b"abcdefgh".repeat(5 * MIB / 8), vec![b'z'; MIB / 2]].concat(),
                "0d5053492c5e0e1527e7b8deaf87e080c9727ae6e1ffab5083f61dc126098051",
            ),
        ] {
            assert_eq!(tree_hash(&body), expected);
        }
    }
}
