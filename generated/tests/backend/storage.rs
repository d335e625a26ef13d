//! Storage has a bucket of its own, or one of the account's.

use amplify_admin::amplifybackend::input;
use amplify_admin::amplifybackend::types::{
    AuthenticatedElement, BackendStoragePermissions, CreateBackendStorageResourceConfig,
    GetBackendStorageResourceConfig, ServiceName, UpdateBackendStorageResourceConfig,
};
use futures_util::StreamExt as _;

use super::{APP, BUCKETS, ENVIRONMENT, World, rejected};

fn permissions(list: &[AuthenticatedElement]) -> BackendStoragePermissions {
    BackendStoragePermissions::new(list.to_vec())
}

fn create(bucket: Option<&str>) -> input::CreateBackendStorageInput {
    let read = permissions(&[AuthenticatedElement::Read]);
    let mut config = CreateBackendStorageResourceConfig::new(read, ServiceName::S3);
    config.bucket_name = bucket.map(str::to_owned);
    input::CreateBackendStorageInput::new(input::CreateBackendStorageInputRequired {
        app_id: APP,
        resource_config: config,
        resource_name: "Photos",
        backend_environment_name: ENVIRONMENT,
    })
}

fn update(name: &str, to: &[AuthenticatedElement]) -> input::UpdateBackendStorageInput {
    let config = UpdateBackendStorageResourceConfig::new(permissions(to), ServiceName::S3);
    input::UpdateBackendStorageInput::new(input::UpdateBackendStorageInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        resource_config: config,
        resource_name: name,
    })
}

fn delete(name: &str) -> input::DeleteBackendStorageInput {
    input::DeleteBackendStorageInput::new(input::DeleteBackendStorageInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        resource_name: name,
        service_name: ServiceName::S3,
    })
}

fn import(bucket: &str) -> input::ImportBackendStorageInput {
    let import = input::ImportBackendStorageInput::new(input::ImportBackendStorageInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        service_name: ServiceName::S3,
    });
    import.bucket_name(bucket)
}

/// The configuration of a storage, which is there.
async fn get(world: &World, environment: &str, name: &str) -> GetBackendStorageResourceConfig {
    let input = input::GetBackendStorageInput::new(input::GetBackendStorageInputRequired {
        app_id: APP,
        backend_environment_name: environment,
        resource_name: name,
    });
    let found = world.client.get_backend_storage(input).await;
    let found = found.expect("it is there");
    assert_eq!(found.resource_name.as_deref(), Some(name));
    found.resource_config.expect("it has a configuration")
}

/// All buckets of the account.
async fn buckets(world: &World) -> Vec<String> {
    let list = input::ListS3BucketsInput::new();
    let list = world.client.list_s3_buckets_items(list);
    let list = list.map(|bucket| bucket.expect("a bucket").name.expect("a name"));
    list.collect().await
}

pub(super) async fn storage_is_kept(world: &World) {
    let client = &world.client;
    let none = "there is no Storage Photos";
    let taken = client
        .create_backend_storage(create(Some("bucket-007")))
        .await;
    rejected(taken, 400, "bucket bucket-007 exists already");
    let created = client.create_backend_storage(create(None)).await;
    let created = created.expect("it is created");
    assert_eq!(created.status, "CREATED");
    assert_eq!(created.app_id, APP);
    assert_eq!(created.backend_environment_name, ENVIRONMENT);
    assert_eq!(world.status(&created.job_id).await, "CREATED");
    let again = client.create_backend_storage(create(None)).await;
    rejected(again, 400, "has storage Photos already");
    let found = get(world, ENVIRONMENT, "Photos").await;
    assert!(!found.imported);
    let read = permissions(&[AuthenticatedElement::Read]);
    assert_eq!(found.permissions, Some(read));

    let all = [AuthenticatedElement::Read, AuthenticatedElement::Delete];
    let updated = client.update_backend_storage(update("Photos", &all)).await;
    updated.expect("it is there");
    let found = get(world, ENVIRONMENT, "Photos").await;
    assert_eq!(found.permissions, Some(permissions(&all)));
    let other = client.update_backend_storage(update("Other", &all)).await;
    rejected(other, 404, "there is no Storage Other");

    let deleted = client.delete_backend_storage(delete("Photos")).await;
    deleted.expect("it is there");
    let again = client.delete_backend_storage(delete("Photos")).await;
    rejected(again, 404, none);
    let gone = input::GetBackendStorageInput::new(input::GetBackendStorageInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        resource_name: "Photos",
    });
    rejected(client.get_backend_storage(gone).await, 404, none);
}

pub(super) async fn buckets_go_with_what_they_were_made_for(world: &World) {
    let client = &world.client;
    let first = client.list_s3_buckets(input::ListS3BucketsInput::new());
    let first = first.await.expect("a page");
    assert_eq!(first.buckets.len(), 100);
    assert!(first.next_token.is_some());
    assert_eq!(buckets(world).await.len(), BUCKETS);

    let created = client.create_backend_storage(create(Some("own"))).await;
    created.expect("it is created");
    // A copy has a bucket of its own, with the same permissions.
    let clone = input::CloneBackendInput::new(input::CloneBackendInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        target_environment_name: "test",
    });
    client.clone_backend(clone).await.expect("it is copied");
    let copy = get(world, "test", "Photos").await;
    assert_eq!(
        copy.permissions,
        get(world, ENVIRONMENT, "Photos").await.permissions
    );
    let copied = copy.bucket_name.expect("it was given one");
    let all = buckets(world).await;
    assert_eq!(all.len(), BUCKETS + 2);
    assert!(all.is_sorted() && all.contains(&"own".to_owned()) && all.contains(&copied));

    let deleted = client.delete_backend_storage(delete("Photos")).await;
    deleted.expect("it is there");
    let left = buckets(world).await;
    assert!(!left.contains(&"own".to_owned()) && left.contains(&copied));
    let delete = input::DeleteBackendInput::new(input::DeleteBackendInputRequired {
        app_id: APP,
        backend_environment_name: "test",
    });
    client.delete_backend(delete).await.expect("it is there");
    assert_eq!(buckets(world).await.len(), BUCKETS);
}

pub(super) async fn a_bucket_is_taken_over(world: &World) {
    let client = &world.client;
    let created = client.create_backend_storage(create(Some("own"))).await;
    created.expect("it is created");
    let clone = input::CloneBackendInput::new(input::CloneBackendInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        target_environment_name: "test",
    });
    client.clone_backend(clone).await.expect("it is copied");
    let copied = get(world, "test", "Photos").await.bucket_name;
    let copied = copied.expect("it was given one");
    let deleted = client.delete_backend_storage(delete("Photos")).await;
    deleted.expect("it is there");

    let gone = client.import_backend_storage(import("own")).await;
    rejected(gone, 404, "there is no Bucket own");
    let foreign = client.import_backend_storage(import(&copied)).await;
    rejected(foreign, 400, "is that of a backend");
    let mut nameless = import("");
    nameless.bucket_name = None;
    let nameless = client.import_backend_storage(nameless).await;
    rejected(nameless, 400, "bucketName says which one");
    let imported = client.import_backend_storage(import("bucket-007")).await;
    imported.expect("it is the account's");
    let again = client.import_backend_storage(import("bucket-008")).await;
    rejected(again, 400, "already");
    let found = get(world, ENVIRONMENT, "bucket-007").await;
    assert!(found.imported);
    assert_eq!(found.permissions, None);
    let updated = client
        .update_backend_storage(update("bucket-007", &[]))
        .await;
    rejected(updated, 400, "imported");
    let meta = world.meta(ENVIRONMENT).await;
    assert_eq!(meta["storage"]["bucket-007"]["service"], "S3");

    // What was there before stays.
    let all = input::RemoveAllBackendsInput::new(APP);
    client.remove_all_backends(all).await.expect("it is there");
    let left = buckets(world).await;
    assert_eq!(left.len(), BUCKETS);
    assert!(left.contains(&"bucket-007".to_owned()));
}
