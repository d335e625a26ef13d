//! Error codes that the services of AWS share, and what they say about another attempt.

#[cfg(feature = "sigv4")]
use std::time::Duration;

/// The codes of requests that were throttled (AWS SDKs and Tools Reference Guide, "Retry
/// behavior": throttling errors of the standard mode).
const THROTTLING: [&str; 14] = [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];

/// The codes of requests that may succeed when they are repeated (same source: transient errors of
/// the standard mode).
const TRANSIENT: [&str; 2] = ["RequestTimeout", "RequestTimeoutException"];

/// Whether the service has throttled the request, and not processed it.
pub(crate) fn is_throttling(code: &str) -> bool {
    THROTTLING.contains(&code)
}

/// Whether the request may succeed when it is repeated.
pub(crate) fn is_transient(code: &str) -> bool {
    TRANSIENT.contains(&code)
}

/// The codes of credentials that have expired or are unknown, whose status is 400 or 403 (AWS IAM
/// API reference, "Common error types"; AWS STS API reference, "Common error types"; Amazon S3 API
/// reference, "List of error codes").
#[cfg(feature = "sigv4")]
const REJECTIONS: [&str; 5] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
];

/// Whether the service rejects the credentials, which others may remedy.
#[cfg(feature = "sigv4")]
pub(crate) fn is_rejection(code: &str) -> bool {
    REJECTIONS.contains(&code)
}

/// The codes of requests whose time is too far from that of the service (AWS IAM user guide,
/// "Troubleshoot Signature Version 4 signing for AWS API requests"; Amazon S3 API reference, "List
/// of error codes").
#[cfg(feature = "sigv4")]
const OF_TIME: [&str; 3] = [
    "RequestExpired",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
];

/// The codes of invalid signatures, the time being one of the reasons (same sources).
#[cfg(feature = "sigv4")]
const OF_SIGNATURE: [&str; 3] = [
    "AuthFailure",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
];

/// By how much a clock must be wrong for that to explain an error of a signed request; `None` if it
/// has another reason. Services accept requests for five minutes or longer.
#[cfg(feature = "sigv4")]
pub(crate) fn clock_tolerance(status: u16, code: Option<&str>) -> Option<Duration> {
    const CERTAIN: Duration = Duration::from_secs(10);
    const POSSIBLE: Duration = Duration::from_secs(4 * 60);
    match code {
        Some(code) if OF_TIME.contains(&code) => Some(CERTAIN),
        Some(code) if OF_SIGNATURE.contains(&code) => Some(POSSIBLE),
        // The response to a `HEAD` request has no code.
        None if matches!(status, 400 | 403) => Some(POSSIBLE),
        _ => None,
    }
}
