//! AWS Lambda, without running functions: moto would need containers.

use std::collections::BTreeMap;
use std::time::Duration;

use drawplate_published::lambda::error::GetFunctionError;
use drawplate_published::lambda::input::{
    CreateFunctionRequest, CreateFunctionRequestRequired, DeleteFunctionRequest,
    GetFunctionConfigurationRequest, GetFunctionRequest, ListFunctionsRequest, ListTagsRequest,
    TagResourceRequest,
};
use drawplate_published::lambda::types::{FunctionCode, PackageType};
use drawplate_published::lambda::{Client, Error};

use crate::server::Moto;

const MINUTE: Duration = Duration::from_mins(1);

pub(crate) fn a_function() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/forecast:1";
    let input = CreateFunctionRequest::new(CreateFunctionRequestRequired {
        function_name: "forecast",
        role: "arn:aws:iam::123456789012:role/forecast",
        code: FunctionCode::new().image_uri(image),
    });
    let input = input
        .package_type(PackageType::Image)
        .description("rain & <sun>");
    let created = moto.run(client.create_function(input)).expect("a function");
    let arn = created.function_arn.expect("its ARN");

    let described = GetFunctionConfigurationRequest::new("forecast");
    let waiter = client.wait_until_function_active(described);
    let response = moto.run(waiter.max_wait(MINUTE)).expect("it is active");
    let description = response.output().and_then(|it| it.description.as_deref());
    assert_eq!(description, Some("rain & <sun>"));

    let input = TagResourceRequest::new(&*arn, [("team", "a=b"), ("empty", "")]);
    moto.run(client.tag_resource(input)).expect("tags");
    let tags = moto.run(client.list_tags(ListTagsRequest::new(&*arn)));
    let tags = tags.expect("a list").tags.unwrap_or_default();
    let expected = [("empty", ""), ("team", "a=b")];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(tags, BTreeMap::from(expected));

    let listed = moto.run(client.list_functions(ListFunctionsRequest::new()));
    let listed = listed.expect("a list").functions.unwrap_or_default();
    let names = listed
        .iter()
        .map(|function| function.function_name.as_deref());
    assert_eq!(names.collect::<Vec<_>>(), [Some("forecast")]);
    moto.run(client.delete_function(DeleteFunctionRequest::new("forecast")))
        .expect("it is deleted");
}

pub(crate) fn errors() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let failed = moto.run(client.get_function(GetFunctionRequest::new("missing")));
    let failed = failed.expect_err("there is no such function");
    assert_eq!(failed.status(), Some(404));
    assert!(
        matches!(
            failed,
            Error::Service(GetFunctionError::ResourceNotFoundException(_))
        ),
        "{failed:?}"
    );
}
