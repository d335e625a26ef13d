//! Runs tasks and a service in a cluster of Amazon ECS, and waits for them.

use std::env;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use ecs::ecs::client::{EnvironmentCredentials, WaitError};
use ecs::ecs::error::DescribeServicesError;
use ecs::ecs::input::{
    CreateClusterRequest, CreateServiceRequest, DeleteClusterRequest, DeleteServiceRequest,
    DescribeServicesRequest, DescribeTasksRequest, RegisterTaskDefinitionRequest, RunTaskRequest,
    StopTaskRequest, UpdateServiceRequest,
};
use ecs::ecs::types::{ContainerDefinition, LaunchType};
use ecs::ecs::{Client, Error};

const CLUSTER: &str = "weather";
const SERVICE: &str = "forecast";
const TASK: &str = "station";
const MINUTE: Duration = Duration::from_mins(1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let client = client()?;
    create(&client).await.context("a cluster is created")?;
    service(&client).await.context("a service runs")?;
    tasks(&client).await.context("tasks run")?;
    delete(&client).await.context("the cluster is deleted")
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

/// Creates a cluster, and the definition of a task that it can run.
async fn create(client: &Client) -> anyhow::Result<()> {
    let input = DescribeServicesRequest::new([SERVICE]).cluster(CLUSTER);
    match client.describe_services(input).await {
        Err(Error::Service(DescribeServicesError::ClusterNotFoundException(_))) => {}
        other => bail!("there is no such cluster: {other:?}"),
    }
    let input = CreateClusterRequest::new().cluster_name(CLUSTER);
    client.create_cluster(input).await?;
    let container = ContainerDefinition::new()
        .name(TASK)
        .image("example/station")
        .memory(64);
    let input = RegisterTaskDefinitionRequest::new(TASK, [container]);
    let task = client.register_task_definition(input).await?;
    let containers = task.task_definition.and_then(|it| it.container_definitions);
    ensure!(containers.map(|containers| containers.len()) == Some(1));
    Ok(())
}

async fn service(client: &Client) -> anyhow::Result<()> {
    let input = CreateServiceRequest::new(SERVICE)
        .cluster(CLUSTER)
        .task_definition(TASK)
        .desired_count(1);
    client.create_service(input).await?;
    let described = || DescribeServicesRequest::new([SERVICE]).cluster(CLUSTER);
    let waiter = client
        .wait_until_services_stable(described())
        .min_delay(Duration::from_millis(10))
        .max_delay(Duration::from_millis(20))
        .max_wait(Duration::from_millis(100));
    // moto starts the tasks of a service when their number changes.
    let Err(error) = waiter.await else {
        bail!("no task runs");
    };
    ensure!(error.is_timeout(), "{error}");

    let update = UpdateServiceRequest::new(SERVICE).cluster(CLUSTER);
    client.update_service(update.desired_count(2)).await?;
    let response = client
        .wait_until_services_stable(described())
        .max_wait(MINUTE)
        .await?;
    let output = response.output().context("it is described")?;
    let services = output.services.as_deref().unwrap_or_default().iter();
    let running = services.map(|service| service.running_count);
    ensure!(running.collect::<Vec<_>>() == [2]);

    let missing = DescribeServicesRequest::new(["missing"]).cluster(CLUSTER);
    let waiter = client.wait_until_services_stable(missing);
    match waiter.max_wait(MINUTE).await {
        Err(WaitError::Failure { .. }) => {}
        other => bail!("there is no such service: {other:?}"),
    }
    Ok(())
}

async fn tasks(client: &Client) -> anyhow::Result<()> {
    let input = RunTaskRequest::new(TASK)
        .cluster(CLUSTER)
        .launch_type(LaunchType::Fargate)
        .count(2);
    let started = client.run_task(input).await?.tasks.unwrap_or_default();
    let tasks = started.into_iter().filter_map(|task| task.task_arn);
    let tasks = tasks.collect::<Vec<_>>();
    ensure!(tasks.len() == 2);

    let described = || DescribeTasksRequest::new(tasks.clone()).cluster(CLUSTER);
    let waiter = client.wait_until_tasks_running(described());
    let response = waiter.max_wait(MINUTE).await?;
    let output = response.output().context("they are described")?;
    let running = output.tasks.as_deref().unwrap_or_default().iter();
    let states = running.map(|task| task.last_status.as_deref());
    ensure!(states.collect::<Vec<_>>() == [Some("RUNNING"); 2]);

    for task in &tasks {
        let input = StopTaskRequest::new(task)
            .cluster(CLUSTER)
            .reason("storm & <hail>");
        client.stop_task(input).await?;
    }
    let waiter = client.wait_until_tasks_stopped(described());
    waiter.max_wait(MINUTE).await?;
    // They cannot get another state.
    let waiter = client.wait_until_tasks_running(described());
    match waiter.max_wait(MINUTE).await {
        Err(WaitError::Failure { .. }) => {}
        other => bail!("they are stopped: {other:?}"),
    }
    Ok(())
}

async fn delete(client: &Client) -> anyhow::Result<()> {
    let update = UpdateServiceRequest::new(SERVICE).cluster(CLUSTER);
    client.update_service(update.desired_count(0)).await?;
    let input = DeleteServiceRequest::new(SERVICE).cluster(CLUSTER);
    client.delete_service(input).await?;
    let described = DescribeServicesRequest::new([SERVICE]).cluster(CLUSTER);
    let waiter = client.wait_until_services_inactive(described);
    waiter.max_wait(MINUTE).await?;
    client
        .delete_cluster(DeleteClusterRequest::new(CLUSTER))
        .await?;
    Ok(())
}
