//! Builds of clients for a few operations of services of AWS, debug, compared with the crates of
//! the SDK, which have all operations.

use super::{Row, Workspace, clean};

const SERVICES: Workspace = Workspace("services");

/// A service, and the operations that its client has.
struct Published {
    /// The name in the crates of both sides.
    name: &'static str,
    /// The model, below ../shared.
    model: &'static str,
    /// The ID of the service.
    service: &'static str,
    operations: &'static [&'static str],
}

const PUBLISHED: [Published; 10] = [
    Published {
        name: "cloudformation",
        model: "published/cloudformation.json",
        service: "com.amazonaws.cloudformation#CloudFormation",
        operations: &[
            "CreateStack",
            "DeleteStack",
            "DescribeStackEvents",
            "DescribeStackResources",
            "DescribeStacks",
            "GetTemplate",
            "ListStackResources",
            "ListStacks",
            "UpdateStack",
            "ValidateTemplate",
        ],
    },
    Published {
        name: "dynamodb",
        model: "aws-models/dynamodb.json",
        service: "com.amazonaws.dynamodb#DynamoDB_20120810",
        operations: &[
            "BatchWriteItem",
            "CreateTable",
            "DeleteTable",
            "DescribeTable",
            "GetItem",
            "ListTables",
            "PutItem",
            "Query",
            "Scan",
            "UpdateItem",
        ],
    },
    Published {
        name: "ecs",
        model: "published/ecs.json",
        service: "com.amazonaws.ecs#AmazonEC2ContainerServiceV20141113",
        operations: &[
            "CreateCluster",
            "CreateService",
            "DeleteCluster",
            "DeleteService",
            "DescribeServices",
            "DescribeTasks",
            "RegisterTaskDefinition",
            "RunTask",
            "StopTask",
            "UpdateService",
        ],
    },
    Published {
        name: "kms",
        model: "aws-models/kms.json",
        service: "com.amazonaws.kms#TrentService",
        operations: &[
            "CreateAlias",
            "CreateKey",
            "Decrypt",
            "DescribeKey",
            "Encrypt",
            "GenerateDataKey",
            "GetPublicKey",
            "ListKeys",
            "ScheduleKeyDeletion",
            "Sign",
        ],
    },
    Published {
        name: "lambda",
        model: "aws-models/lambda.json",
        service: "com.amazonaws.lambda#AWSGirApiService",
        operations: &[
            "CreateFunction",
            "DeleteFunction",
            "GetFunction",
            "GetFunctionConfiguration",
            "Invoke",
            "ListFunctions",
            "ListTags",
            "PublishVersion",
            "TagResource",
            "UpdateFunctionConfiguration",
        ],
    },
    Published {
        name: "route53",
        model: "published/route-53.json",
        service: "com.amazonaws.route53#AWSDnsV20130401",
        operations: &[
            "ChangeResourceRecordSets",
            "CreateHealthCheck",
            "CreateHostedZone",
            "DeleteHealthCheck",
            "DeleteHostedZone",
            "GetChange",
            "GetHostedZone",
            "ListHostedZones",
            "ListHostedZonesByName",
            "ListResourceRecordSets",
        ],
    },
    Published {
        name: "s3",
        model: "aws-models/s3.json",
        service: "com.amazonaws.s3#AmazonS3",
        operations: &[
            "CompleteMultipartUpload",
            "CopyObject",
            "CreateBucket",
            "CreateMultipartUpload",
            "DeleteObject",
            "GetObject",
            "HeadObject",
            "ListObjectsV2",
            "PutObject",
            "UploadPart",
        ],
    },
    Published {
        name: "sns",
        model: "published/sns.json",
        service: "com.amazonaws.sns#AmazonSimpleNotificationService",
        operations: &[
            "CreateTopic",
            "DeleteTopic",
            "GetTopicAttributes",
            "ListSubscriptionsByTopic",
            "ListTopics",
            "Publish",
            "PublishBatch",
            "SetTopicAttributes",
            "Subscribe",
            "Unsubscribe",
        ],
    },
    Published {
        name: "sqs",
        model: "aws-models/sqs.json",
        service: "com.amazonaws.sqs#AmazonSQS",
        operations: &[
            "CreateQueue",
            "DeleteMessage",
            "DeleteQueue",
            "GetQueueAttributes",
            "GetQueueUrl",
            "ListQueues",
            "ReceiveMessage",
            "SendMessage",
            "SendMessageBatch",
            "TagQueue",
        ],
    },
    Published {
        name: "sts",
        model: "aws-models/sts.json",
        service: "com.amazonaws.sts#AWSSecurityTokenServiceV20110615",
        operations: &[
            "AssumeRole",
            "AssumeRoleWithSAML",
            "AssumeRoleWithWebIdentity",
            "AssumeRoot",
            "DecodeAuthorizationMessage",
            "GetAccessKeyInfo",
            "GetCallerIdentity",
            "GetFederationToken",
            "GetSessionToken",
        ],
    },
];

/// Builds all crates of both sides once, and then each of them again.
pub(super) fn rows() -> anyhow::Result<Vec<Row>> {
    let shared = super::shared();
    for published in &PUBLISHED {
        let model = shared.join(published.model);
        if !model.is_file() {
            eprintln!("skipped: services of AWS: {} is missing", model.display());
            return Ok(Vec::new());
        }
        let Published {
            name,
            service,
            operations,
            ..
        } = published;
        let folder = crate::root().join(format!("target/peers/services/subset-{name}"));
        clean::generate_subset(&model, service, operations, &folder)?;
    }
    SERVICES.cargo(&["fetch"])?;
    let [ours, sdk] = ["drawplate", "sdk"].map(|name| SERVICES.clean(name, "services"));
    let clean = "clean build, ten services, CPU";
    let mut rows = vec![Row::new(
        clean,
        "ten crates aws-sdk-*",
        ours?,
        sdk?,
        "s",
        None,
    )];
    for Published {
        name, operations, ..
    } in &PUBLISHED
    {
        let ours = SERVICES.rebuild("drawplate", &format!("subset-{name}"))?;
        let library = format!("aws-sdk-{name}");
        let sdk = SERVICES.rebuild("sdk", &library)?;
        let what = format!(
            "build of the client alone, {} operations, CPU",
            operations.len()
        );
        rows.push(Row::new(what, &library, ours, sdk, "s", None));
    }
    Ok(rows)
}
