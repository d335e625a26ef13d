//! What AWS adds to its services outside their models, by the SDK ID of the service.
//!
//! **Invariant:** no other file of the generator or the runtime names a service. An entry that no
//! published model needs fails a test (`tests/tests/customizations.rs`).

/// What AWS adds to a service.
pub(crate) struct Customization {
    /// The ID of the service (`sdkId` of `aws.api#service`).
    pub(crate) sdk_id: &'static str,
    pub(crate) signing: SigningRules,
}

/// How signatures of a service differ from those of others.
#[derive(Clone, Copy)]
pub(crate) struct SigningRules {
    /// They cover the path as it is sent, not normalized and not encoded once more.
    pub(crate) raw_path: bool,
    /// They cover the header `x-amz-content-sha256`, with the hash of the body.
    pub(crate) payload_header: bool,
    /// In a query, they do not cover the body.
    pub(crate) unsigned_presigned: bool,
}

const CUSTOMIZATIONS: [Customization; 1] = [Customization {
    sdk_id: "S3",
    // API reference of Amazon S3, "Authenticating requests (AWS Signature Version 4)".
    signing: SigningRules {
        raw_path: true,
        payload_header: true,
        unsigned_presigned: true,
    },
}];

/// The SDK IDs of the services to which AWS adds something outside their models.
pub fn customized_services() -> impl Iterator<Item = &'static str> {
    CUSTOMIZATIONS
        .iter()
        .map(|customization| customization.sdk_id)
}

/// The customization of a service.
pub(crate) fn customization(sdk_id: Option<&str>) -> Option<&'static Customization> {
    let mut all = CUSTOMIZATIONS.iter();
    all.find(|customization| Some(customization.sdk_id) == sdk_id)
}
