//! Clients and servers of published services. Without their models, there is nothing here.
#![cfg(shared)]
#![allow(missing_docs, reason = "they are generated without documentation")]

include!(concat!(env!("OUT_DIR"), "/sts.rs"));
include!(concat!(env!("OUT_DIR"), "/sns.rs"));
include!(concat!(env!("OUT_DIR"), "/route53.rs"));
include!(concat!(env!("OUT_DIR"), "/s3.rs"));
include!(concat!(env!("OUT_DIR"), "/dynamodb.rs"));
include!(concat!(env!("OUT_DIR"), "/sqs.rs"));
include!(concat!(env!("OUT_DIR"), "/lambda.rs"));
include!(concat!(env!("OUT_DIR"), "/kms.rs"));
include!(concat!(env!("OUT_DIR"), "/ecs.rs"));
include!(concat!(env!("OUT_DIR"), "/cloudformation.rs"));
include!(concat!(env!("OUT_DIR"), "/lists-sts.rs"));
include!(concat!(env!("OUT_DIR"), "/lists-sns.rs"));
include!(concat!(env!("OUT_DIR"), "/lists-route53.rs"));
include!(concat!(env!("OUT_DIR"), "/lists-s3.rs"));
include!(concat!(env!("OUT_DIR"), "/lists-dynamodb.rs"));
include!(concat!(env!("OUT_DIR"), "/lists-sqs.rs"));
include!(concat!(env!("OUT_DIR"), "/lists-lambda.rs"));
include!(concat!(env!("OUT_DIR"), "/lists-kms.rs"));
include!(concat!(env!("OUT_DIR"), "/lists-ecs.rs"));
include!(concat!(env!("OUT_DIR"), "/lists-cloudformation.rs"));

pub mod input;

/// A server of objects of Amazon S3.
pub mod objects {
    include!(concat!(env!("OUT_DIR"), "/s3-objects.rs"));
}

/// A server of uploads in parts of Amazon S3.
pub mod uploads {
    include!(concat!(env!("OUT_DIR"), "/s3-uploads.rs"));
}

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

/// Calls an operation of Amazon DynamoDB by its name, with JSON.
pub async fn call_dynamodb(client: &dynamodb::Client, operation: &str, json: &str) -> Called {
    dynamodb_operations!(call! dynamodb, client, operation, json);
    Ok(())
}

/// Calls an operation of Amazon SQS by its name, with JSON.
pub async fn call_sqs(client: &sqs::Client, operation: &str, json: &str) -> Called {
    sqs_operations!(call! sqs, client, operation, json);
    Ok(())
}

/// Calls an operation of AWS Lambda by its name, with JSON.
pub async fn call_lambda(client: &lambda::Client, operation: &str, json: &str) -> Called {
    lambda_operations!(call! lambda, client, operation, json);
    Ok(())
}

/// Calls an operation of AWS KMS by its name, with JSON.
pub async fn call_kms(client: &kms::Client, operation: &str, json: &str) -> Called {
    kms_operations!(call! kms, client, operation, json);
    Ok(())
}

/// Calls an operation of Amazon ECS by its name, with JSON.
pub async fn call_ecs(client: &ecs::Client, operation: &str, json: &str) -> Called {
    ecs_operations!(call! ecs, client, operation, json);
    Ok(())
}

/// Calls an operation of AWS CloudFormation by its name, with JSON.
pub async fn call_cloudformation(
    client: &cloudformation::Client,
    operation: &str,
    json: &str,
) -> Called {
    cloudformation_operations!(call! cloudformation, client, operation, json);
    Ok(())
}
