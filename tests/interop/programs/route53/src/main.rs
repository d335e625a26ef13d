//! Creates zones, records and health checks in Amazon Route 53.

use std::collections::BTreeSet;
use std::env;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use route53::route53::client::EnvironmentCredentials;
use route53::route53::error::{
    ChangeResourceRecordSetsError, DeleteHostedZoneError, GetHealthCheckError, GetHostedZoneError,
};
use route53::route53::input::{
    ChangeResourceRecordSetsRequest, CreateHealthCheckRequest, CreateHostedZoneRequest,
    CreateHostedZoneRequestRequired, DeleteHealthCheckRequest, DeleteHostedZoneRequest,
    GetChangeRequest, GetHealthCheckRequest, GetHostedZoneRequest, ListHostedZonesRequest,
    ListResourceRecordSetsRequest,
};
use route53::route53::types::{
    Change, ChangeAction, ChangeBatch, HealthCheckConfig, HealthCheckType, HostedZoneConfig,
    ResourceRecord, ResourceRecordSet, RrType,
};
use route53::route53::{Client, Error};

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let client = client()?;
    records(&client).await.context("a zone has records")?;
    pages(&client).await.context("zones are listed")?;
    health_checks(&client).await.context("health is checked")
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

/// Creates a zone, and returns its ID, which starts with `/hostedzone/`.
async fn create(client: &Client, name: &str) -> anyhow::Result<String> {
    let required = CreateHostedZoneRequestRequired {
        name,
        caller_reference: name,
    };
    let config = HostedZoneConfig::new().comment("rain & <sun>");
    let input = CreateHostedZoneRequest::new(required).hosted_zone_config(config);
    let created = client.create_hosted_zone(input).await?;
    ensure!(created.location.contains("/hostedzone/"), "{created:?}");
    ensure!(created.hosted_zone.id.starts_with("/hostedzone/"));
    Ok(created.hosted_zone.id)
}

/// A change of the addresses of a name.
fn change(
    zone: &str,
    action: ChangeAction,
    set: &ResourceRecordSet,
) -> ChangeResourceRecordSetsRequest {
    let changes = ChangeBatch::new([Change::new(action, set.clone())]);
    ChangeResourceRecordSetsRequest::new(zone, changes)
}

async fn records(client: &Client) -> anyhow::Result<()> {
    let name = "rain.weather.example.";
    let zone = &*create(client, "weather.example.").await?;
    let found = client.get_hosted_zone(GetHostedZoneRequest::new(zone));
    let found = found.await?.hosted_zone;
    ensure!((&*found.id, &*found.name) == (zone, "weather.example."));
    let comment = found.config.and_then(|config| config.comment);
    ensure!(comment.as_deref() == Some("rain & <sun>"));

    let addresses = ["192.0.2.1", "192.0.2.2"].map(ResourceRecord::new);
    let set = ResourceRecordSet::new(name, RrType::A)
        .ttl(300)
        .resource_records(addresses);
    let create = || change(zone, ChangeAction::Create, &set);
    let changed = client.change_resource_record_sets(create()).await?;
    let id = changed.change_info.id;
    ensure!(id.starts_with("/change/"), "{id}");
    let waiter = client.wait_until_resource_record_sets_changed(GetChangeRequest::new(&*id));
    waiter.max_wait(MINUTE).await?;
    client.get_change(GetChangeRequest::new(id)).await?;
    let list = ListResourceRecordSetsRequest::new(zone).start_record_name(name);
    let mut sets = client
        .list_resource_record_sets(list)
        .await?
        .resource_record_sets
        .into_iter();
    let found = sets.find(|found| found.name == name);
    let found = found.context("the records are listed")?;
    ensure!((found.r#type, found.ttl) == (RrType::A, Some(300)));
    ensure!(found.resource_records == set.resource_records);

    match client.change_resource_record_sets(create()).await {
        Err(Error::Service(ChangeResourceRecordSetsError::InvalidChangeBatch(_))) => {}
        other => bail!("the records exist: {other:?}"),
    }
    let delete = || client.delete_hosted_zone(DeleteHostedZoneRequest::new(zone));
    match delete().await {
        Err(Error::Service(DeleteHostedZoneError::HostedZoneNotEmpty(error))) => {
            ensure!(error.message.is_some_and(|message| !message.is_empty()));
        }
        other => bail!("the zone has records: {other:?}"),
    }
    let remove = change(zone, ChangeAction::Delete, &set);
    client.change_resource_record_sets(remove).await?;
    delete().await?;
    match client
        .get_hosted_zone(GetHostedZoneRequest::new(zone))
        .await
    {
        Err(error @ Error::Service(GetHostedZoneError::NoSuchHostedZone(_))) => {
            ensure!(error.status() == Some(404));
            Ok(())
        }
        other => bail!("the zone is deleted: {other:?}"),
    }
}

async fn pages(client: &Client) -> anyhow::Result<()> {
    let mut zones = BTreeSet::new();
    for index in 0..12 {
        zones.insert(create(client, &format!("zone{index:02}.example.")).await?);
    }
    let mut pages = client.list_hosted_zones_pages(ListHostedZonesRequest::new().max_items(5));
    let (mut count, mut listed) = (0, BTreeSet::new());
    while let Some(page) = pages.next().await {
        listed.extend(page?.hosted_zones.into_iter().map(|zone| zone.id));
        count += 1;
    }
    ensure!(count == 3);
    ensure!(listed == zones);
    for zone in zones {
        let input = DeleteHostedZoneRequest::new(zone);
        client.delete_hosted_zone(input).await?;
    }
    Ok(())
}

async fn health_checks(client: &Client) -> anyhow::Result<()> {
    let config = HealthCheckConfig::new(HealthCheckType::Http)
        .ip_address("192.0.2.1")
        .port(80)
        .resource_path("/health?a=1&b=2")
        .request_interval(10)
        .failure_threshold(3);
    let input = CreateHealthCheckRequest::new("check", config.clone());
    let created = client.create_health_check(input).await?;
    let id = &*created.health_check.id;
    let get = || client.get_health_check(GetHealthCheckRequest::new(id));
    let found = get().await?.health_check.health_check_config;
    ensure!(found.resource_path == config.resource_path);
    ensure!((found.port, found.failure_threshold) == (Some(80), Some(3)));
    let input = DeleteHealthCheckRequest::new(id);
    client.delete_health_check(input).await?;
    match get().await {
        Err(Error::Service(GetHealthCheckError::NoSuchHealthCheck(_))) => Ok(()),
        other => bail!("the check is deleted: {other:?}"),
    }
}
