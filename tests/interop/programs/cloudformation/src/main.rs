//! Creates a stack in AWS CloudFormation, changes it and deletes it.

use std::env;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use cloudformation::cloudformation::Client;
use cloudformation::cloudformation::client::{EnvironmentCredentials, WaitError};
use cloudformation::cloudformation::input::{
    CreateStackInput, DeleteStackInput, DescribeStackEventsInput, DescribeStackResourcesInput,
    DescribeStacksInput, GetTemplateInput, ListStackResourcesInput, ListStacksInput,
    UpdateStackInput,
};
use cloudformation::cloudformation::types::{Parameter, StackStatus};

const STACK: &str = "weather";
const MINUTE: Duration = Duration::from_mins(1);
const TEMPLATE: &str = r#"{
    "Parameters": { "Name": { "Type": "String" } },
    "Resources": {
        "Queue": { "Type": "AWS::SQS::Queue", "Properties": { "QueueName": { "Ref": "Name" } } }
    }
}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let client = client()?;
    missing(&client).await.context("there is no stack")?;
    let id = create(&client).await.context("a stack is created")?;
    read(&client, &id).await.context("the stack is read")?;
    change(&client).await.context("the stack is changed")?;
    delete(&client, &id).await.context("the stack is deleted")
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

fn described() -> DescribeStacksInput {
    DescribeStacksInput::new().stack_name(STACK)
}

fn parameter(name: &str) -> Parameter {
    Parameter::new().parameter_key("Name").parameter_value(name)
}

/// Without a stack, its description is an error that a waiter for its end waits for, and that is a
/// failure of the others.
async fn missing(client: &Client) -> anyhow::Result<()> {
    let Err(error) = client.describe_stacks(described()).await else {
        bail!("it is described");
    };
    ensure!((error.status(), error.code()) == (Some(400), Some("ValidationError")));
    let waiter = client.wait_until_stack_create_complete(described());
    match waiter.max_wait(MINUTE).await {
        Err(WaitError::Failure { .. }) => {}
        other => bail!("{other:?}"),
    }
    let waiter = client.wait_until_stack_delete_complete(described());
    waiter.max_wait(MINUTE).await?;
    Ok(())
}

/// Creates the stack, and returns its ID.
async fn create(client: &Client) -> anyhow::Result<String> {
    let input = CreateStackInput::new(STACK)
        .template_body(TEMPLATE)
        .parameters([parameter("rain")]);
    let created = client.create_stack(input).await?;
    let id = created.stack_id.context("it has an ID")?;

    let waiter = client.wait_until_stack_create_complete(described());
    let response = waiter.max_wait(MINUTE).await?;
    let output = response.output().context("it is described")?;
    let [stack] = output.stacks.as_deref().unwrap_or_default() else {
        bail!("{output:?}");
    };
    ensure!(stack.stack_id.as_deref() == Some(&*id));
    ensure!(stack.parameters.as_deref() == Some(&[parameter("rain")][..]));
    Ok(id)
}

async fn read(client: &Client, id: &str) -> anyhow::Result<()> {
    let input = GetTemplateInput::new().stack_name(STACK);
    let template = client.get_template(input).await?.template_body;
    ensure!(template.is_some_and(|template| template.contains("AWS::SQS::Queue")));

    let mut names = Vec::new();
    let mut resources = client.list_stack_resources_items(ListStackResourcesInput::new(STACK));
    while let Some(resource) = resources.next().await {
        names.push(resource?.logical_resource_id);
    }
    ensure!(names == ["Queue"]);
    let input = DescribeStackResourcesInput::new().stack_name(STACK);
    let described = client.describe_stack_resources(input).await?;
    let types = described.stack_resources.unwrap_or_default();
    let types = types.iter().map(|resource| &*resource.resource_type);
    ensure!(types.collect::<Vec<_>>() == ["AWS::SQS::Queue"]);

    let mut count = 0;
    let mut events =
        client.describe_stack_events_items(DescribeStackEventsInput::new().stack_name(STACK));
    while let Some(event) = events.next().await {
        ensure!(event?.stack_id == id);
        count += 1;
    }
    ensure!(count > 0);
    Ok(())
}

async fn change(client: &Client) -> anyhow::Result<()> {
    let input = UpdateStackInput::new(STACK)
        .use_previous_template(true)
        .parameters([parameter("snow")]);
    client.update_stack(input).await?;
    let waiter = client.wait_until_stack_update_complete(described());
    let response = waiter.max_wait(MINUTE).await?;
    let stacks = response.output().and_then(|output| output.stacks.as_ref());
    let stack = stacks.and_then(|stacks| stacks.first());
    let parameters = stack.and_then(|stack| stack.parameters.as_deref());
    ensure!(parameters == Some(&[parameter("snow")][..]));
    Ok(())
}

async fn delete(client: &Client, id: &str) -> anyhow::Result<()> {
    client.delete_stack(DeleteStackInput::new(STACK)).await?;
    let described = DescribeStacksInput::new().stack_name(id);
    let waiter = client.wait_until_stack_delete_complete(described);
    waiter.max_wait(MINUTE).await?;

    let deleted = ListStacksInput::new().stack_status_filter([StackStatus::DeleteComplete]);
    let mut stacks = client.list_stacks_items(deleted);
    while let Some(stack) = stacks.next().await {
        if stack?.stack_id.as_deref() == Some(id) {
            return Ok(());
        }
    }
    bail!("it is not listed");
}
