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
use drawplate_prerequisites as prerequisites;

/// A published service.
struct Published {
    /// Its model.
    model: &'static str,
    /// The name of the generated modules, and of the service's program in `tests/interop/programs`.
    name: &'static str,
    operations: Operations,
    parts: Side,
}

/// What is generated of a service.
#[derive(Clone, Copy)]
enum Side {
    Client,
    /// A client, a server and its mock.
    Both,
    /// A server for callers that do not send a query at the end of a URI in the model, which is
    /// removed from it.
    ServerWithout(&'static str),
}

/// The operations that the suites need.
enum Operations {
    All,
    /// Of the service, these.
    These(&'static str, &'static [&'static str]),
    /// Those of the crate that the program of the service uses.
    OfProgram,
}

const PUBLISHED: [Published; 12] = [
    Published {
        model: "aws-models/sts.json",
        name: "sts",
        operations: Operations::All,
        parts: Side::Client,
    },
    Published {
        model: "published/sns.json",
        name: "sns",
        operations: Operations::All,
        parts: Side::Client,
    },
    Published {
        model: "published/route-53.json",
        name: "route53",
        operations: Operations::All,
        parts: Side::Both,
    },
    Published {
        model: "aws-models/s3.json",
        name: "s3",
        operations: Operations::These("AmazonS3", &S3_OPERATIONS),
        parts: Side::Client,
    },
    Published {
        model: "aws-models/dynamodb.json",
        name: "dynamodb",
        operations: Operations::OfProgram,
        parts: Side::Client,
    },
    Published {
        model: "aws-models/sqs.json",
        name: "sqs",
        operations: Operations::OfProgram,
        parts: Side::Client,
    },
    Published {
        model: "aws-models/lambda.json",
        name: "lambda",
        operations: Operations::OfProgram,
        parts: Side::Client,
    },
    Published {
        model: "aws-models/kms.json",
        name: "kms",
        operations: Operations::OfProgram,
        parts: Side::Client,
    },
    Published {
        model: "published/ecs.json",
        name: "ecs",
        operations: Operations::OfProgram,
        parts: Side::Client,
    },
    Published {
        model: "published/cloudformation.json",
        name: "cloudformation",
        operations: Operations::OfProgram,
        parts: Side::Client,
    },
    // boto3 sends no `x-id`, by which the model tells `PutObject` and `UploadPart` apart.
    Published {
        model: "aws-models/s3.json",
        name: "s3-objects",
        operations: Operations::These("AmazonS3", &["DeleteObjects", "PutObject"]),
        parts: Side::ServerWithout("?x-id=PutObject"),
    },
    Published {
        model: "aws-models/s3.json",
        name: "s3-uploads",
        operations: Operations::These(
            "AmazonS3",
            &[
                "CompleteMultipartUpload",
                "CreateMultipartUpload",
                "UploadPart",
            ],
        ),
        parts: Side::ServerWithout("?x-id=UploadPart"),
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

fn main() -> Result<(), Box<dyn error::Error>> {
    println!("cargo::rerun-if-env-changed=DRAWPLATE_SHARED");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(shared, python)");
    let variable = |name| env::var_os(name).map(PathBuf::from);
    let package = variable("CARGO_MANIFEST_DIR").ok_or("this is a build script")?;
    let root = package.join("../..");
    let out = variable("OUT_DIR").ok_or("this is a build script")?;

    let shared = prerequisites::shared(&root);
    let programs = root.join("tests/interop/programs");
    let models = PUBLISHED.map(|published| (shared.join(published.model), published));
    let full = env::var_os("CARGO_FEATURE_FULL").is_some();
    // A model that is missing in it fails the build.
    let present = prerequisites::has_shared(&root);
    // Cargo reruns a build script as long as a file that it depends on is missing.
    if present || full {
        for (model, _) in &models {
            println!("cargo::rerun-if-changed={}", model.display());
        }
    }
    if present {
        println!("cargo::rustc-cfg=shared");
        for (model, published) in &models {
            generate(model, published, &programs, &out)?;
        }
    }
    if full {
        let packages = prerequisites::PYTHON;
        for file in [packages.list, packages.stamp] {
            println!("cargo::rerun-if-changed={}", root.join(file).display());
        }
        if packages.are_installed(&root) {
            println!("cargo::rustc-cfg=python");
        }
    }
    Ok(())
}

/// Writes the code of a service, and the list of its operations.
fn generate(
    model: &Path,
    published: &Published,
    programs: &Path,
    out: &Path,
) -> Result<(), Box<dyn error::Error>> {
    let Published {
        model: _,
        name,
        ref operations,
        parts,
    } = *published;
    let file = format!("{name}.rs");
    let mut model = model.to_owned();
    if let Side::ServerWithout(literal) = parts {
        let text = fs::read_to_string(&model)?;
        model = out.join(&file).with_extension("json");
        fs::write(&model, text.replace(&format!("{literal}\""), "\""))?;
    }
    let unreadable = |_| format!("cannot read {}", model.display());
    let mut sources = Sources::read(std::slice::from_ref(&model)).map_err(unreadable)?;
    let selected = match *operations {
        Operations::All => Config::default(),
        Operations::These(service, operations) => {
            Config::default().operations(service, operations.iter().copied())
        }
        Operations::OfProgram => {
            let path = programs.join(name).join("drawplate.toml");
            println!("cargo::rerun-if-changed={}", path.display());
            let mut config = Config::default();
            let read = sources.read_beside(&path);
            let read = read.and_then(|file| config.read(&sources, file));
            read.map_err(|report| report.render(&sources, false))?;
            config
        }
    };
    let config = Config {
        layout: Layout::file(&*file),
        parts: Parts {
            client: !matches!(parts, Side::ServerWithout(_)),
            server: !matches!(parts, Side::Client),
            mock: matches!(parts, Side::Both),
            ..Parts::TYPES
        },
        outputs: vec![Box::new(Rust), Box::new(lists::Lists)],
        docs: false,
        package: None,
        ..selected
    };
    let generated = pipeline::run(&sources, &config);
    let Generated { files, .. } = generated.map_err(|report| report.render(&sources, false))?;
    for (path, text) in files.iter() {
        // `include!` accepts no documentation of the file itself.
        let lines = text.lines().filter(|line| !line.starts_with("//!"));
        let lines = lines.collect::<Vec<_>>().join("\n");
        let path = if path == file {
            out.join(path)
        } else {
            out.join(format!("lists-{file}"))
        };
        fs::write(path, lines)?;
    }
    Ok(())
}
