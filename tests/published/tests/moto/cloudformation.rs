//! AWS CloudFormation, with its waiters.

use std::time::Duration;

use drawplate_published::cloudformation::Client;
use drawplate_published::cloudformation::client::WaitError;
use drawplate_published::cloudformation::input::{
    CreateStackInput, DeleteStackInput, DescribeStacksInput, GetTemplateInput,
    ListStackResourcesInput,
};
use drawplate_published::cloudformation::types::Parameter;

use crate::server::Moto;

const STACK: &str = "weather";
const MINUTE: Duration = Duration::from_mins(1);
const TEMPLATE: &str = r#"{
    "Parameters": { "Name": { "Type": "String" } },
    "Resources": {
        "Queue": { "Type": "AWS::SQS::Queue", "Properties": { "QueueName": { "Ref": "Name" } } }
    }
}"#;

pub(crate) fn a_stack() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let name = Parameter::new()
        .parameter_key("Name")
        .parameter_value("rain");
    let input = CreateStackInput::new(STACK)
        .template_body(TEMPLATE)
        .parameters([name.clone()]);
    let created = moto.run(client.create_stack(input)).expect("a stack");
    let id = created.stack_id.expect("its ID");

    let described = || DescribeStacksInput::new().stack_name(STACK);
    let waiter = client.wait_until_stack_create_complete(described());
    let response = moto.run(waiter.max_wait(MINUTE)).expect("it is created");
    let stacks = response
        .output()
        .and_then(|output| output.stacks.as_deref());
    let [stack] = stacks.unwrap_or_default() else {
        panic!("{stacks:?}");
    };
    assert_eq!(stack.stack_id.as_deref(), Some(&*id));
    assert_eq!(stack.parameters.as_deref(), Some(&[name][..]));

    let found = moto.run(client.get_template(GetTemplateInput::new().stack_name(STACK)));
    let found = found.expect("a template").template_body.expect("its body");
    assert!(found.contains("AWS::SQS::Queue"), "{found}");
    let resources = moto.run(async {
        let mut resources = Vec::new();
        let mut found = client.list_stack_resources_items(ListStackResourcesInput::new(STACK));
        while let Some(resource) = found.next().await {
            resources.push(resource.expect("a resource").logical_resource_id);
        }
        resources
    });
    assert_eq!(resources, ["Queue"]);

    moto.run(client.delete_stack(DeleteStackInput::new(STACK)))
        .expect("it is deleted");
    let described = DescribeStacksInput::new().stack_name(&*id);
    let waiter = client.wait_until_stack_delete_complete(described);
    moto.run(waiter.max_wait(MINUTE)).expect("it is gone");
}

pub(crate) fn errors() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let missing = DescribeStacksInput::new().stack_name(STACK);
    let failed = moto.run(client.describe_stacks(missing.clone()));
    let failed = failed.expect_err("there is no such stack");
    assert_eq!(
        (failed.status(), failed.code()),
        (Some(400), Some("ValidationError"))
    );
    // Its error is what one waiter waits for, and a failure for the other.
    let waiter = client.wait_until_stack_create_complete(missing.clone());
    let error = moto.run(waiter.max_wait(MINUTE)).expect_err("no stack");
    assert!(matches!(error, WaitError::Failure { .. }), "{error}");
    let waiter = client.wait_until_stack_delete_complete(missing);
    moto.run(waiter.max_wait(MINUTE)).expect("no stack");
}
