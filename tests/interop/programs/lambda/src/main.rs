//! Creates a function of AWS Lambda, changes it and deletes it. It is not called, for which moto
//! would need containers.

use std::collections::BTreeMap;
use std::env;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use lambda::lambda::client::EnvironmentCredentials;
use lambda::lambda::error::GetFunctionError;
use lambda::lambda::input::{
    CreateFunctionRequest, CreateFunctionRequestRequired, DeleteFunctionRequest,
    GetFunctionConfigurationRequest, GetFunctionRequest, ListFunctionsRequest, ListTagsRequest,
    PublishVersionRequest, TagResourceRequest, UpdateFunctionConfigurationRequest,
};
use lambda::lambda::types::{FunctionCode, PackageType};
use lambda::lambda::{Client, Error};

const FUNCTION: &str = "forecast";
const ROLE: &str = "arn:aws:iam::123456789012:role/forecast";
const MINUTE: Duration = Duration::from_mins(1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let client = client()?;
    let arn = create(&client).await.context("a function is created")?;
    change(&client).await.context("the function is changed")?;
    tag(&client, &arn).await.context("the function is tagged")?;
    delete(&client).await.context("the function is deleted")
}

/// A client with the settings of the environment.
fn client() -> anyhow::Result<Client> {
    let region = env::var("AWS_REGION").context("AWS_REGION is not set")?;
    let credentials = EnvironmentCredentials::new();
    let mut builder = Client::builder()
        .region(&*region)
        .sigv4(credentials, &*region);
    if let Ok(endpoint) = env::var("AWS_ENDPOINT_URL") {
        builder = builder.endpoint(endpoint);
    }
    Ok(builder.build()?)
}

/// Creates the function, waits until it is active, and returns its ARN.
async fn create(client: &Client) -> anyhow::Result<String> {
    let image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/forecast:1";
    let input = CreateFunctionRequest::new(CreateFunctionRequestRequired {
        function_name: FUNCTION,
        role: ROLE,
        code: FunctionCode::new().image_uri(image),
    });
    let input = input
        .package_type(PackageType::Image)
        .description("rain & <sun>");
    let created = client.create_function(input).await?;
    let described = GetFunctionConfigurationRequest::new(FUNCTION);
    let waiter = client.wait_until_function_active(described);
    let response = waiter.max_wait(MINUTE).await?;
    let description = response.output().and_then(|it| it.description.as_deref());
    ensure!(description == Some("rain & <sun>"));

    let mut names = Vec::new();
    let mut functions = client.list_functions_items(ListFunctionsRequest::new());
    while let Some(function) = functions.next().await {
        names.extend(function?.function_name);
    }
    ensure!(names == [FUNCTION]);
    created.function_arn.context("it has an ARN")
}

async fn change(client: &Client) -> anyhow::Result<()> {
    let input = UpdateFunctionConfigurationRequest::new(FUNCTION).memory_size(256);
    let changed = client.update_function_configuration(input).await?;
    ensure!(changed.memory_size == Some(256));
    let waiter = client.wait_until_function_updated_v2(GetFunctionRequest::new(FUNCTION));
    waiter.max_wait(MINUTE).await?;
    let published = client
        .publish_version(PublishVersionRequest::new(FUNCTION))
        .await?;
    ensure!(published.version.as_deref() == Some("1"));
    Ok(())
}

async fn tag(client: &Client, arn: &str) -> anyhow::Result<()> {
    let input = TagResourceRequest::new(arn, [("team", "a=b"), ("empty", "")]);
    client.tag_resource(input).await?;
    let tags = client.list_tags(ListTagsRequest::new(arn)).await?.tags;
    let expected = [("empty", ""), ("team", "a=b")];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    ensure!(tags == Some(BTreeMap::from(expected)));
    Ok(())
}

async fn delete(client: &Client) -> anyhow::Result<()> {
    let input = DeleteFunctionRequest::new(FUNCTION);
    client.delete_function(input).await?;
    match client.get_function(GetFunctionRequest::new(FUNCTION)).await {
        Err(error @ Error::Service(GetFunctionError::ResourceNotFoundException(_))) => {
            ensure!(error.status() == Some(404));
            Ok(())
        }
        other => bail!("it is deleted: {other:?}"),
    }
}
