//! Clients of published services. Without their models, there is nothing here.
#![cfg(shared)]
#![allow(missing_docs, reason = "they are generated without documentation")]

include!(concat!(env!("OUT_DIR"), "/sts.rs"));
include!(concat!(env!("OUT_DIR"), "/sns.rs"));
include!(concat!(env!("OUT_DIR"), "/route53.rs"));
include!(concat!(env!("OUT_DIR"), "/s3.rs"));
include!(concat!(env!("OUT_DIR"), "/lists-sts.rs"));
include!(concat!(env!("OUT_DIR"), "/lists-sns.rs"));
include!(concat!(env!("OUT_DIR"), "/lists-route53.rs"));
include!(concat!(env!("OUT_DIR"), "/lists-s3.rs"));

pub mod input;

use drawplate_runtime::Json as _;
use drawplate_tests::call;
pub use drawplate_tests::calls::Called;

/// Calls an operation of AWS STS by its name, with JSON.
pub async fn call_sts(client: &sts::Client, operation: &str, json: &str) -> Called {
    sts_operations!(call! sts, client, operation, json);
    Ok(())
}

/// Calls an operation of Amazon SNS by its name, with JSON.
pub async fn call_sns(client: &sns::Client, operation: &str, json: &str) -> Called {
    sns_operations!(call! sns, client, operation, json);
    Ok(())
}

/// Calls an operation of Amazon Route 53 by its name, with JSON.
pub async fn call_route53(client: &route53::Client, operation: &str, json: &str) -> Called {
    route53_operations!(call! route53, client, operation, json);
    Ok(())
}

/// Calls an operation of Amazon S3 without a stream by its name, with JSON.
pub async fn call_s3(client: &s3::Client, operation: &str, json: &str) -> Called {
    s3_value_operations!(call! s3, client, operation, json);
    Ok(())
}
