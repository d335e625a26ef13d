//! Our clients of the query protocols send what botocore sends: every operation with random inputs,
//! on a socket that records the requests.

#[test]
#[cfg_attr(
    not(all(shared, python)),
    ignore = "needs ../shared, and botocore: `cargo xtask test` installs it"
)]
fn requests_of_sts_are_those_of_botocore() {
    #[cfg(shared)]
    peer::check(
        "sts",
        &drawplate_published::sts::operation::SERVICE,
        drawplate_published::sts::Client::builder(),
        &drawplate_published::call_sts,
    );
}

#[test]
#[cfg_attr(
    not(all(shared, python)),
    ignore = "needs ../shared, and botocore: `cargo xtask test` installs it"
)]
fn requests_of_sns_are_those_of_botocore() {
    #[cfg(shared)]
    peer::check(
        "sns",
        &drawplate_published::sns::operation::SERVICE,
        drawplate_published::sns::Client::builder(),
        &drawplate_published::call_sns,
    );
}

#[cfg(shared)]
mod peer {
    use drawplate_published::Called;
    use drawplate_runtime::client::{Builder, Inner};
    use drawplate_runtime::service::Service;
    use drawplate_tests::arbitrary::Arbitrary;
    use drawplate_tests::python::Python;
    use drawplate_tests::recorder::{Received, Recorder};
    use serde_json::{Value, json};

    /// The inputs per operation.
    const CASES: u64 = 40;

    pub(super) fn check<C: From<Inner>>(
        name: &str,
        service: &'static Service,
        builder: Builder<C>,
        call: &impl AsyncFn(&C, &str, &str) -> Called,
    ) {
        let recorder = Recorder::start();
        let client = builder.endpoint(recorder.url()).build();
        let client = client.expect("an endpoint is all that a client needs");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime starts");
        let mut botocore = Python::installed().converse("forms.py");
        for operation in service.operations {
            let inputs = (0..CASES).map(|seed| Arbitrary::new(seed).shape(operation.input));
            let inputs = inputs.collect::<Vec<_>>();
            let task = json!({ "service": name, "operation": operation.name, "inputs": inputs });
            let theirs = botocore.ask(&task);
            let theirs = theirs.as_array().expect("a list of requests");
            assert_eq!(theirs.len(), inputs.len());
            for (input, theirs) in inputs.iter().zip(theirs) {
                // The recorder does not respond with XML, which does not matter here.
                let _ = runtime.block_on(call(&client, operation.name, &input.to_string()));
                let [ours] = <[_; 1]>::try_from(recorder.take()).expect("one request");
                compare(operation.name, input, &ours, theirs);
            }
        }
    }

    fn compare(operation: &str, input: &Value, ours: &Received, theirs: &Value) {
        let body = std::str::from_utf8(&ours.body).expect("a form is ASCII");
        assert_eq!(theirs["method"], ours.method, "{operation}");
        assert_eq!(theirs["path"], ours.target, "{operation}");
        let theirs_type = theirs["content_type"].as_str().unwrap_or_default();
        let ours_type = ours.header("content-type").unwrap_or_default();
        assert!(theirs_type.starts_with(ours_type), "{theirs_type}");
        assert_eq!(
            ours.header("content-length"),
            Some(&*body.len().to_string())
        );
        // botocore encodes a space as a plus sign. The order of the members does not matter.
        let theirs = theirs["body"]
            .as_str()
            .unwrap_or_default()
            .replace('+', "%20");
        let sorted = |body: &str| {
            let mut pairs = body.split('&').map(str::to_owned).collect::<Vec<_>>();
            pairs.sort();
            pairs
        };
        assert_eq!(sorted(body), sorted(&theirs), "{operation}: {input:#}");
    }
}
