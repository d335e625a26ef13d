//! `aws.partition`: the partitions of AWS, as AWS publishes them for its SDKs.

use std::str::Split;

/// A partition: regions that share accounts and the suffix of their host names.
#[derive(Debug, PartialEq)]
pub(super) struct Partition {
    pub(super) name: &'static str,
    pub(super) dns_suffix: &'static str,
    pub(super) dual_stack_dns_suffix: &'static str,
    pub(super) implicit_global_region: &'static str,
    pub(super) supports_dual_stack: bool,
    pub(super) supports_fips: bool,
    /// What the names of its regions start with. The rest is a word and a number.
    prefixes: &'static [&'static str],
    /// The name that is used where a service has one endpoint for all regions.
    global_region: Option<&'static str>,
}

impl Partition {
    /// A partition whose regions support FIPS and dual stack, as all do that are published.
    const fn new(
        name: &'static str,
        [dns_suffix, dual_stack_dns_suffix]: [&'static str; 2],
        implicit_global_region: &'static str,
        prefixes: &'static [&'static str],
        global_region: Option<&'static str>,
    ) -> Self {
        Self {
            name,
            dns_suffix,
            dual_stack_dns_suffix,
            implicit_global_region,
            supports_dual_stack: true,
            supports_fips: true,
            prefixes,
            global_region,
        }
    }

    /// The partition without dual stack. The endpoint tests of most published models expect that
    /// there is none, although the list of partitions says otherwise (docs/conformance.md).
    const fn without_dual_stack(self) -> Self {
        Self {
            supports_dual_stack: false,
            ..self
        }
    }

    /// The partition of a region. A region that belongs to none is newer than this table, and
    /// most new regions are in the first partition.
    pub(super) fn of(region: &str) -> &'static Self {
        let mut partitions = PARTITIONS.iter();
        let found = partitions.find(|partition| partition.has(region));
        found.unwrap_or(&PARTITIONS[0])
    }

    fn has(&self, region: &str) -> bool {
        let is_region = |prefix: &&str| {
            let rest = region.strip_prefix(*prefix);
            let rest = rest.and_then(|rest| rest.strip_prefix('-'));
            rest.is_some_and(|rest| is_word_and_number(rest.split('-')))
        };
        Some(region) == self.global_region || self.prefixes.iter().any(is_region)
    }
}

fn is_word_and_number(mut parts: Split<'_, char>) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let mut next = |accepts: &dyn Fn(u8) -> bool| {
        let part = parts.next();
        part.is_some_and(|part| !part.is_empty() && part.bytes().all(accepts))
    };
    next(&is_word) && next(&is_digit) && parts.next().is_none()
}

static PARTITIONS: [Partition; 8] = [
    Partition::new(
        "aws",
        ["amazonaws.com", "api.aws"],
        "us-east-1",
        &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
        Some("aws-global"),
    ),
    Partition::new(
        "aws-us-gov",
        ["amazonaws.com", "api.aws"],
        "us-gov-west-1",
        &["us-gov"],
        Some("aws-us-gov-global"),
    ),
    Partition::new(
        "aws-cn",
        ["amazonaws.com.cn", "api.amazonwebservices.com.cn"],
        "cn-northwest-1",
        &["cn"],
        Some("aws-cn-global"),
    ),
    Partition::new(
        "aws-iso",
        ["c2s.ic.gov", "api.aws.ic.gov"],
        "us-iso-east-1",
        &["us-iso"],
        Some("aws-iso-global"),
    )
    .without_dual_stack(),
    Partition::new(
        "aws-iso-b",
        ["sc2s.sgov.gov", "api.aws.scloud"],
        "us-isob-east-1",
        &["us-isob"],
        Some("aws-iso-b-global"),
    )
    .without_dual_stack(),
    Partition::new(
        "aws-iso-e",
        ["cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"],
        "eu-isoe-west-1",
        &["eu-isoe"],
        None,
    ),
    Partition::new(
        "aws-iso-f",
        ["csp.hci.ic.gov", "api.aws.hci.ic.gov"],
        "us-isof-south-1",
        &["us-isof"],
        Some("aws-iso-f-global"),
    ),
    Partition::new(
        "aws-eusc",
        ["amazonaws.eu", "api.amazonwebservices.eu"],
        "eusc-de-east-1",
        &["eusc-de"],
        None,
    ),
];
