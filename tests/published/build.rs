//! Generates clients, and a server, from the models in `../shared`, or in the folder that
//! `DRAWPLATE_SHARED` names. Where they are missing, the crate is empty and its tests are ignored.
//!
//! `cfg(shared)` is set if the models are there, `cfg(python)` if the packages of
//! `tests/interop/requirements.txt` are installed.

#[path = "../../xtask/src/lists.rs"]
mod lists;

use std::path::{Path, PathBuf};
use std::{env, error, fs};

use drawplate_codegen::pipeline::{self, Generated};
use drawplate_codegen::{Config, Layout, Parts, Rust};
use drawplate_model::source::Sources;

/// A published service.
struct Published {
    /// Its model.
    model: &'static str,
    /// The file of the generated modules.
    file: &'static str,
    /// The service and the operations that the suites need, if those are not all.
    operations: Option<(&'static str, &'static [&'static str])>,
    server: bool,
}

const PUBLISHED: [Published; 10] = [
    Published {
        model: "aws-models/sts.json",
        file: "sts.rs",
        operations: None,
        server: false,
    },
    Published {
        model: "published/sns.json",
        file: "sns.rs",
        operations: None,
        server: false,
    },
    Published {
        model: "published/route-53.json",
        file: "route53.rs",
        operations: None,
        server: true,
    },
    Published {
        model: "aws-models/s3.json",
        file: "s3.rs",
        operations: Some(("AmazonS3", &S3_OPERATIONS)),
        server: false,
    },
    Published {
        model: "aws-models/dynamodb.json",
        file: "dynamodb.rs",
        operations: Some(("DynamoDB_20120810", &DYNAMODB_OPERATIONS)),
        server: false,
    },
    Published {
        model: "aws-models/sqs.json",
        file: "sqs.rs",
        operations: Some(("AmazonSQS", &SQS_OPERATIONS)),
        server: false,
    },
    Published {
        model: "aws-models/lambda.json",
        file: "lambda.rs",
        operations: Some(("AWSGirApiService", &LAMBDA_OPERATIONS)),
        server: false,
    },
    Published {
        model: "aws-models/kms.json",
        file: "kms.rs",
        operations: Some(("TrentService", &KMS_OPERATIONS)),
        server: false,
    },
    Published {
        model: "published/ecs.json",
        file: "ecs.rs",
        operations: Some(("AmazonEC2ContainerServiceV20141113", &ECS_OPERATIONS)),
        server: false,
    },
    Published {
        model: "published/cloudformation.json",
        file: "cloudformation.rs",
        operations: Some(("CloudFormation", &CLOUDFORMATION_OPERATIONS)),
        server: false,
    },
];

/// Those of buckets and objects that differ most in their bindings and documents.
const S3_OPERATIONS: [&str; 44] = [
    "AbortMultipartUpload",
    "CompleteMultipartUpload",
    "CopyObject",
    "CreateBucket",
    "CreateMultipartUpload",
    "DeleteBucket",
    "DeleteBucketCors",
    "DeleteBucketTagging",
    "DeleteObject",
    "DeleteObjects",
    "GetBucketAcl",
    "GetBucketCors",
    "GetBucketLifecycleConfiguration",
    "GetBucketLocation",
    "GetBucketPolicy",
    "GetBucketTagging",
    "GetBucketVersioning",
    "GetObject",
    "GetObjectAttributes",
    "GetObjectTagging",
    "HeadBucket",
    "HeadObject",
    "ListBuckets",
    "ListMultipartUploads",
    "ListObjectVersions",
    "ListObjectsV2",
    "ListParts",
    "PutBucketAcl",
    "PutBucketCors",
    "PutBucketInventoryConfiguration",
    "PutBucketLifecycleConfiguration",
    "PutBucketNotificationConfiguration",
    "PutBucketPolicy",
    "PutBucketReplication",
    "PutBucketTagging",
    "PutBucketVersioning",
    "PutBucketWebsite",
    "PutObject",
    "PutObjectAcl",
    "PutObjectTagging",
    "RestoreObject",
    "SelectObjectContent",
    "UploadPart",
    "UploadPartCopy",
];

const DYNAMODB_OPERATIONS: [&str; 10] = [
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
];

const SQS_OPERATIONS: [&str; 10] = [
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
];

const LAMBDA_OPERATIONS: [&str; 10] = [
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
];

const KMS_OPERATIONS: [&str; 10] = [
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
];

const ECS_OPERATIONS: [&str; 10] = [
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
];

const CLOUDFORMATION_OPERATIONS: [&str; 10] = [
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
];

fn main() -> Result<(), Box<dyn error::Error>> {
    println!("cargo::rerun-if-env-changed=DRAWPLATE_SHARED");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(shared, python)");
    let variable = |name| env::var_os(name).map(PathBuf::from);
    let package = variable("CARGO_MANIFEST_DIR").ok_or("this is a build script")?;
    let root = package.join("../..");
    let out = variable("OUT_DIR").ok_or("this is a build script")?;

    let shared = variable("DRAWPLATE_SHARED").unwrap_or_else(|| root.join("../shared"));
    let models = PUBLISHED.map(|published| (shared.join(published.model), published));
    let full = env::var_os("CARGO_FEATURE_FULL").is_some();
    let present = models.iter().all(|(model, _)| model.exists());
    // Cargo reruns a build script as long as a file that it depends on is missing.
    if present || full {
        for (model, _) in &models {
            println!("cargo::rerun-if-changed={}", model.display());
        }
    }
    if present {
        println!("cargo::rustc-cfg=shared");
        for (model, published) in &models {
            generate(model, published, &out)?;
        }
    }
    let listed = root.join("tests/interop/requirements.txt");
    let installed = root.join("target/interop/requirements.txt");
    if full {
        println!("cargo::rerun-if-changed={}", installed.display());
        println!("cargo::rerun-if-changed={}", listed.display());
        if fs::read(installed).is_ok_and(|installed| Some(installed) == fs::read(listed).ok()) {
            println!("cargo::rustc-cfg=python");
        }
    }
    Ok(())
}

/// Writes the code of a service, and the list of its operations.
fn generate(model: &Path, published: &Published, out: &Path) -> Result<(), Box<dyn error::Error>> {
    let Published {
        model: _,
        file,
        operations,
        server,
    } = *published;
    let unreadable = |_| format!("cannot read {}", model.display());
    let sources = Sources::read(&[model.to_owned()]).map_err(unreadable)?;
    let config = Config {
        layout: Layout::file(file),
        parts: Parts {
            client: true,
            server,
            mock: server,
            ..Parts::TYPES
        },
        outputs: vec![Box::new(Rust), Box::new(lists::Lists)],
        docs: false,
        ..Config::default()
    };
    let config = match operations {
        Some((service, operations)) => config.operations(service, operations.iter().copied()),
        None => config,
    };
    let generated = pipeline::run(&sources, &config);
    let Generated { files, .. } = generated.map_err(|report| report.render(&sources, false))?;
    for (path, text) in files.iter() {
        // `include!` accepts no documentation of the file itself.
        let lines = text.lines().filter(|line| !line.starts_with("//!"));
        let lines = lines.collect::<Vec<_>>().join("\n");
        let path = if path == file {
            out.join(file)
        } else {
            out.join(format!("lists-{file}"))
        };
        fs::write(path, lines)?;
    }
    Ok(())
}
