//! The programs in `tests/interop/programs`. The suite `programs` includes this file, too.

use std::path::{Path, PathBuf};

/// A program that calls a service of AWS with a generated crate.
pub(crate) struct Program {
    /// The name of its folder and of the generated crate.
    pub(crate) name: &'static str,
    /// The model, below the reference material.
    pub(crate) model: &'static str,
}

/// All programs.
pub(crate) const PROGRAMS: [Program; 10] = [
    Program {
        name: "cloudformation",
        model: "published/cloudformation.json",
    },
    Program {
        name: "dynamodb",
        model: "aws-models/dynamodb.json",
    },
    Program {
        name: "ecs",
        model: "published/ecs.json",
    },
    Program {
        name: "kms",
        model: "aws-models/kms.json",
    },
    Program {
        name: "lambda",
        model: "aws-models/lambda.json",
    },
    Program {
        name: "route53",
        model: "published/route-53.json",
    },
    Program {
        name: "s3",
        model: "aws-models/s3.json",
    },
    Program {
        name: "sns",
        model: "published/sns.json",
    },
    Program {
        name: "sqs",
        model: "aws-models/sqs.json",
    },
    Program {
        name: "sts",
        model: "aws-models/sts.json",
    },
];

/// The workspace of the programs, relative to the root of the repository.
pub(crate) const WORKSPACE: &str = "tests/interop/programs";

impl Program {
    /// The file that selects the operations of the service.
    pub(crate) fn config(&self, root: &Path) -> PathBuf {
        root.join(WORKSPACE).join(self.name).join("drawplate.toml")
    }

    /// The folder of the generated crate.
    pub(crate) fn generated(&self, root: &Path) -> PathBuf {
        root.join("target/programs/crates").join(self.name)
    }

    /// The arguments with which `drawplate` generates the crate.
    pub(crate) fn arguments(&self, root: &Path, shared: &Path) -> Vec<PathBuf> {
        vec![
            "generate".into(),
            shared.join(self.model),
            "--out".into(),
            self.generated(root),
            "--config".into(),
            self.config(root),
            "--quiet".into(),
        ]
    }
}
