//! The endpoints of calls of S3, found by the rules of its model without the cache of the client.
//! `cargo bench -p drawplate-published`; without the models in `../shared`, there is nothing.

fn main() {
    divan::main();
}

#[cfg(shared)]
mod rules {
    use divan::Bencher;
    use drawplate_published::s3::Client;
    use drawplate_runtime::endpoint::{ParameterValue, Rules};

    /// A name, and the value of the parameter `Bucket`.
    const BUCKETS: [(&str, &str); 6] = [
        ("virtual_host", "bucket"),
        ("path", "Bucket.with_dots"),
        (
            "access_point",
            "arn:aws:s3:us-west-2:123456789012:accesspoint:mine",
        ),
        (
            "multi_region",
            "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap",
        ),
        (
            "outpost",
            "arn:aws:s3-outposts:us-west-2:123456789012:outpost:op-01234567890123456:accesspoint:mine",
        ),
        (
            "object_lambda",
            "arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint:mine",
        ),
    ];

    fn values(rules: &'static Rules, bucket: &str) -> Vec<Option<ParameterValue>> {
        let mut values = rules.defaults();
        for (name, value) in [("Region", "us-west-2"), ("Bucket", bucket)] {
            let index = rules
                .parameter(name)
                .expect("a parameter of the rules of S3");
            values[index] = Some(value.into());
        }
        values
    }

    #[divan::bench(args = BUCKETS.map(|(name, _)| name))]
    fn resolve(bencher: Bencher<'_, '_>, name: &str) {
        let rules = Client::builder().rules().expect("S3 has rules");
        let mut buckets = BUCKETS.iter();
        let (_, bucket) = buckets.find(|(other, _)| *other == name).expect("a case");
        let values = values(rules, bucket);
        rules.resolve(&values).expect("an endpoint");
        bencher.bench(|| rules.resolve(divan::black_box(&values)));
    }
}
