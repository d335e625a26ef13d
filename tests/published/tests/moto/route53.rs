//! Amazon Route 53.

use std::collections::BTreeSet;

use drawplate_published::route53::error::{
    ChangeResourceRecordSetsError, DeleteHostedZoneError, GetHealthCheckError, GetHostedZoneError,
};
use drawplate_published::route53::input::{
    ChangeResourceRecordSetsRequest, ChangeTagsForResourceRequest, CreateHealthCheckRequest,
    CreateHostedZoneRequest, CreateHostedZoneRequestRequired, DeleteHostedZoneRequest,
    GetChangeRequest, GetHealthCheckRequest, GetHostedZoneRequest, ListHostedZonesRequest,
    ListResourceRecordSetsRequest, ListTagsForResourceRequest,
};
use drawplate_published::route53::types::{
    Change, ChangeAction, ChangeBatch, HealthCheckConfig, HealthCheckType, HostedZoneConfig,
    ResourceRecord, ResourceRecordSet, RrType, Tag, TagResourceType,
};
use drawplate_published::route53::{Client, Error};

use crate::server::Moto;

/// Creates a zone and returns its ID, which starts with `/hostedzone/`.
fn create(moto: &Moto, client: &Client, name: &str) -> String {
    let required = CreateHostedZoneRequestRequired {
        name,
        caller_reference: name,
    };
    let config = HostedZoneConfig::new().comment("rain & <sun>");
    let input = CreateHostedZoneRequest::new(required).hosted_zone_config(config);
    let created = moto.run(client.create_hosted_zone(input)).expect("a zone");
    assert!(created.location.contains("/hostedzone/"), "{created:?}");
    created.hosted_zone.id
}

fn address(name: &str, addresses: &[&str]) -> ResourceRecordSet {
    let records = addresses
        .iter()
        .map(|address| ResourceRecord::new(*address));
    ResourceRecordSet::new(name, RrType::A)
        .ttl(300)
        .resource_records(records)
}

fn change(
    zone: &str,
    action: ChangeAction,
    set: ResourceRecordSet,
) -> ChangeResourceRecordSetsRequest {
    ChangeResourceRecordSetsRequest::new(zone, ChangeBatch::new([Change::new(action, set)]))
}

pub(crate) fn a_zone() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let zone = create(&moto, &client, "weather.example.");
    assert!(zone.starts_with("/hostedzone/"), "{zone}");
    let found = moto.run(client.get_hosted_zone(GetHostedZoneRequest::new(&*zone)));
    let found = found.expect("a zone").hosted_zone;
    assert_eq!((&*found.id, &*found.name), (&*zone, "weather.example."));
    let comment = found.config.and_then(|config| config.comment);
    assert_eq!(comment.as_deref(), Some("rain & <sun>"));

    let set = address("rain.weather.example.", &["192.0.2.1", "192.0.2.2"]);
    let input = change(&zone, ChangeAction::Create, set.clone());
    let changed = moto
        .run(client.change_resource_record_sets(input))
        .expect("a change");
    let id = changed.change_info.id;
    assert!(id.starts_with("/change/"), "{id}");
    moto.run(client.get_change(GetChangeRequest::new(&*id)))
        .expect("the change");
    let list =
        ListResourceRecordSetsRequest::new(&*zone).start_record_name("rain.weather.example.");
    let listed = moto
        .run(client.list_resource_record_sets(list))
        .expect("a list");
    let found = listed
        .resource_record_sets
        .into_iter()
        .find(|found| found.name == set.name);
    let found = found.expect("the set");
    assert_eq!((found.r#type, found.ttl), (RrType::A, Some(300)));
    assert_eq!(found.resource_records, set.resource_records);

    let tag = |key: &str, value: &str| Tag::new().key(key).value(value);
    let tags = [tag("empty", ""), tag("team", "a=b")];
    let input = ChangeTagsForResourceRequest::new(
        TagResourceType::Hostedzone,
        &zone["/hostedzone/".len()..],
    );
    moto.run(client.change_tags_for_resource(input.add_tags(tags.clone())))
        .expect("tags");
    let input =
        ListTagsForResourceRequest::new(TagResourceType::Hostedzone, &zone["/hostedzone/".len()..]);
    let found = moto
        .run(client.list_tags_for_resource(input))
        .expect("tags");
    let mut found = found.resource_tag_set.tags.unwrap_or_default();
    found.sort_by(|a, b| a.key.cmp(&b.key));
    assert_eq!(found, tags);

    let input = change(&zone, ChangeAction::Delete, set);
    moto.run(client.change_resource_record_sets(input))
        .expect("a change");
    moto.run(client.delete_hosted_zone(DeleteHostedZoneRequest::new(&*zone)))
        .expect("it is deleted");
    let gone = moto.run(client.get_hosted_zone(GetHostedZoneRequest::new(&*zone)));
    let gone = gone.expect_err("the zone is gone");
    assert_eq!(gone.status(), Some(404));
    assert!(
        matches!(
            gone,
            Error::Service(GetHostedZoneError::NoSuchHostedZone(_))
        ),
        "{gone:?}"
    );
}

pub(crate) fn pages() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let zones = (0..12).map(|index| create(&moto, &client, &format!("zone{index:02}.example.")));
    let zones = zones.collect::<BTreeSet<_>>();
    let (pages, listed) = moto.run(async {
        let mut pages = client.list_hosted_zones_pages(ListHostedZonesRequest::new().max_items(5));
        let (mut count, mut listed) = (0, BTreeSet::new());
        while let Some(page) = pages.next().await {
            listed.extend(
                page.expect("a page")
                    .hosted_zones
                    .into_iter()
                    .map(|zone| zone.id),
            );
            count += 1;
        }
        (count, listed)
    });
    assert_eq!(pages, 3);
    assert_eq!(listed, zones);
}

pub(crate) fn health_checks() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let config = HealthCheckConfig::new(HealthCheckType::Http)
        .ip_address("192.0.2.1")
        .port(80)
        .resource_path("/health?a=1&b=2")
        .request_interval(10)
        .failure_threshold(3);
    let input = CreateHealthCheckRequest::new("check", config.clone());
    let created = moto
        .run(client.create_health_check(input))
        .expect("a check");
    let id = &*created.health_check.id;
    let found = moto.run(client.get_health_check(GetHealthCheckRequest::new(id)));
    let found = found.expect("the check").health_check.health_check_config;
    assert_eq!(found.resource_path, config.resource_path);
    assert_eq!((found.port, found.failure_threshold), (Some(80), Some(3)));

    let failed = moto.run(client.get_health_check(GetHealthCheckRequest::new("missing")));
    let failed = failed.expect_err("there is no such check");
    assert!(
        matches!(
            failed,
            Error::Service(GetHealthCheckError::NoSuchHealthCheck(_))
        ),
        "{failed:?}"
    );
}

pub(crate) fn errors() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let zone = create(&moto, &client, "errors.example.");
    let set = address("a.errors.example.", &["192.0.2.1"]);
    let create = || change(&zone, ChangeAction::Create, set.clone());
    moto.run(client.change_resource_record_sets(create()))
        .expect("a change");
    let failed = moto.run(client.change_resource_record_sets(create()));
    match failed.expect_err("the set exists") {
        Error::Service(ChangeResourceRecordSetsError::InvalidChangeBatch(_)) => {}
        other => panic!("{other:?}"),
    }
    let failed = moto.run(client.delete_hosted_zone(DeleteHostedZoneRequest::new(&*zone)));
    match failed.expect_err("the zone has a set") {
        Error::Service(DeleteHostedZoneError::HostedZoneNotEmpty(error)) => {
            assert!(error.message.is_some_and(|message| !message.is_empty()));
        }
        other => panic!("{other:?}"),
    }
}
