//! Amazon ECS, with its waiters.

use std::time::Duration;

use drawplate_published::ecs::client::WaitError;
use drawplate_published::ecs::error::DescribeServicesError;
use drawplate_published::ecs::input::{
    CreateClusterRequest, CreateServiceRequest, DescribeServicesRequest, DescribeTasksRequest,
    RegisterTaskDefinitionRequest, RunTaskRequest, StopTaskRequest, UpdateServiceRequest,
};
use drawplate_published::ecs::types::{ContainerDefinition, LaunchType};
use drawplate_published::ecs::{Client, Error};

use crate::server::Moto;

const CLUSTER: &str = "weather";
const MINUTE: Duration = Duration::from_mins(1);

/// Creates a cluster, and a task that it can run.
fn create(moto: &Moto, client: &Client) {
    let cluster = CreateClusterRequest::new().cluster_name(CLUSTER);
    moto.run(client.create_cluster(cluster)).expect("a cluster");
    let container = ContainerDefinition::new()
        .name("station")
        .image("example/station")
        .memory(64);
    let task = RegisterTaskDefinitionRequest::new("station", [container]);
    let registered = moto.run(client.register_task_definition(task));
    let registered = registered.expect("a definition").task_definition;
    let containers = registered.and_then(|task| task.container_definitions);
    assert_eq!(containers.map(|containers| containers.len()), Some(1));
}

pub(crate) fn services() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    create(&moto, &client);
    let input = CreateServiceRequest::new("forecast")
        .cluster(CLUSTER)
        .task_definition("station")
        .desired_count(1);
    moto.run(client.create_service(input)).expect("a service");

    let described = || DescribeServicesRequest::new(["forecast"]).cluster(CLUSTER);
    let waiter = client.wait_until_services_stable(described());
    let waiter = waiter.min_delay(Duration::from_millis(10));
    let waiter = waiter.max_delay(Duration::from_millis(20));
    let error = moto.run(waiter.max_wait(Duration::from_millis(100)));
    let error = error.expect_err("no task runs");
    assert!(error.is_timeout(), "{error}");

    // moto starts the tasks when their number changes.
    let input = UpdateServiceRequest::new("forecast")
        .cluster(CLUSTER)
        .desired_count(2);
    moto.run(client.update_service(input)).expect("an update");
    let response = moto.run(
        client
            .wait_until_services_stable(described())
            .max_wait(MINUTE),
    );
    let response = response.expect("its tasks run");
    let services = response
        .output()
        .and_then(|output| output.services.as_deref());
    let running = services.unwrap_or_default().iter();
    let running = running.map(|service| service.running_count);
    assert_eq!(running.collect::<Vec<_>>(), [2]);

    let missing = DescribeServicesRequest::new(["missing"]).cluster(CLUSTER);
    let error = moto.run(client.wait_until_services_stable(missing).max_wait(MINUTE));
    let error = error.expect_err("there is no such service");
    assert!(matches!(error, WaitError::Failure { .. }), "{error}");
}

pub(crate) fn tasks() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    create(&moto, &client);
    let input = RunTaskRequest::new("station")
        .cluster(CLUSTER)
        .launch_type(LaunchType::Fargate)
        .count(2);
    let started = moto.run(client.run_task(input)).expect("tasks");
    let started = started.tasks.unwrap_or_default();
    let tasks = started.into_iter().filter_map(|task| task.task_arn);
    let tasks = tasks.collect::<Vec<_>>();
    assert_eq!(tasks.len(), 2);

    let described = || DescribeTasksRequest::new(tasks.clone()).cluster(CLUSTER);
    let response = moto.run(
        client
            .wait_until_tasks_running(described())
            .max_wait(MINUTE),
    );
    let response = response.expect("they run");
    let running = response.output().and_then(|output| output.tasks.as_deref());
    let running = running.unwrap_or_default().iter();
    let states = running.map(|task| task.last_status.as_deref());
    assert_eq!(states.collect::<Vec<_>>(), [Some("RUNNING"); 2]);

    for task in &tasks {
        let input = StopTaskRequest::new(task)
            .cluster(CLUSTER)
            .reason("storm & <hail>");
        moto.run(client.stop_task(input)).expect("it is stopped");
    }
    moto.run(
        client
            .wait_until_tasks_stopped(described())
            .max_wait(MINUTE),
    )
    .expect("they are stopped");
    // They cannot get another state.
    let error = moto.run(
        client
            .wait_until_tasks_running(described())
            .max_wait(MINUTE),
    );
    let error = error.expect_err("they are stopped");
    assert!(matches!(error, WaitError::Failure { .. }), "{error}");
}

pub(crate) fn errors() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let input = DescribeServicesRequest::new(["forecast"]).cluster("missing");
    let failed = moto.run(client.describe_services(input));
    let failed = failed.expect_err("there is no such cluster");
    assert!(
        matches!(
            failed,
            Error::Service(DescribeServicesError::ClusterNotFoundException(_))
        ),
        "{failed:?}"
    );
}
