//! The state in a folder.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use amplify_admin::amplifybackend::input::{
    CreateBackendInput, CreateBackendInputRequired, GetBackendInput,
};
use amplify_admin::amplifybackend::{Client, input};

use crate::process::Backend;

fn data(folder: &Path) -> [&OsStr; 2] {
    ["--data".as_ref(), folder.as_os_str()]
}

/// Creates a backend in a new app.
async fn create(client: &Client, app: &str) -> bool {
    let input = CreateBackendInput::new(CreateBackendInputRequired {
        app_name: "notes",
        app_id: app,
        backend_environment_name: "staging",
    });
    client.create_backend(input).await.is_ok()
}

async fn exists(client: &Client, app: &str) -> bool {
    client.get_backend(GetBackendInput::new(app)).await.is_ok()
}

#[tokio::test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "builds the example; run by `cargo xtask test`"
)]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    for round in 0..3 {
        let backend = Backend::start(&data(folder.path()));
        let callers = (0..4).map(|caller| {
            let client = backend.client();
            let acknowledged = Arc::clone(&acknowledged);
            tokio::spawn(async move {
                for number in 0..100 {
                    let app = format!("d{round}-{caller}-{number}");
                    if !create(&client, &app).await {
                        break;
                    }
                    acknowledged.lock().expect("no caller panics").push(app);
                }
            })
        });
        let callers = callers.collect::<Vec<_>>();
        tokio::time::sleep(Duration::from_millis(400)).await;
        backend.kill();
        for caller in callers {
            caller.abort();
        }
        let known = acknowledged.lock().expect("no caller panics").clone();
        assert!(known.len() > 3 * round, "calls were in progress");
        let backend = Backend::start(&data(folder.path()));
        let client = backend.client();
        for app in known {
            assert!(exists(&client, &app).await, "{app} was acknowledged");
        }
    }
}

#[tokio::test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "builds the example; run by `cargo xtask test`"
)]
async fn every_kind_of_state_survives() {
    let folder = tempfile::tempdir().expect("a folder");
    let backend = Backend::start(&data(folder.path()));
    let client = backend.client();
    assert!(create(&client, "d1").await);
    assert!(create(&client, "d2").await);
    let token = client
        .create_token(input::CreateTokenInput::new("d1"))
        .await;
    let token = token.expect("there is room").session_id;
    let remove = input::RemoveAllBackendsInput::new("d2").clean_amplify_app(true);
    client
        .remove_all_backends(remove)
        .await
        .expect("it is there");
    let jobs = || {
        input::ListBackendJobsInput::new(input::ListBackendJobsInputRequired {
            app_id: "d1",
            backend_environment_name: "staging",
        })
    };
    let ids = |jobs: amplify_admin::amplifybackend::output::ListBackendJobRespObj| {
        let jobs = jobs.jobs.into_iter().flatten();
        jobs.map(|job| job.job_id).collect::<Vec<_>>()
    };
    let before = ids(client.list_backend_jobs(jobs()).await.expect("a list"));
    backend.kill();

    let backend = Backend::start(&data(folder.path()));
    let client = backend.client();
    assert!(!exists(&client, "d2").await, "it was removed");
    let after = ids(client.list_backend_jobs(jobs()).await.expect("a list"));
    assert_eq!(before, after);
    let get = input::GetTokenInput::new(input::GetTokenInputRequired {
        app_id: "d1",
        session_id: &*token,
    });
    client.get_token(get).await.expect("it has not expired");
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "builds the example; run by `cargo xtask test`"
)]
fn a_store_belongs_to_one_process() {
    let folder = tempfile::tempdir().expect("a folder");
    let _first = Backend::start(&data(folder.path()));
    let error = Backend::fail(&data(folder.path()));
    assert!(error.contains("another process uses the store"), "{error}");
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "builds the example; run by `cargo xtask test`"
)]
fn a_store_of_another_kind_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("backend.redb");
    fs::write(&file, "not a database").expect("the folder can be written");
    let error = Backend::fail(&data(folder.path()));
    assert!(error.contains("the store fails"), "{error}");
    assert_eq!(fs::read(&file).expect("it is there"), b"not a database");
}

#[tokio::test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "builds the example; run by `cargo xtask test`"
)]
async fn a_new_store_has_the_seed() {
    const SEED: &str = r#"{
        "apps": { "d1": { "name": "notes", "environments": { "staging": {} } } },
        "buckets": { "photos": { "created": "2024-01-02T03:04:05Z", "managed": false } }
    }"#;
    let folder = tempfile::tempdir().expect("a folder");
    let seed = folder.path().join("seed.json");
    let store = folder.path().join("store");
    let arguments = [
        "--seed".as_ref(),
        seed.as_os_str(),
        "--data".as_ref(),
        store.as_os_str(),
    ];
    for (text, expected) in [
        (
            r#"{ "apps": { "d1": {} } }"#,
            "missing field `name` at line 1",
        ),
        (
            r#"{ "apps": { "d/1": { "name": "n" } } }"#,
            "the id of an app",
        ),
        (r#"{ "application": {} }"#, "unknown field `application`"),
    ] {
        fs::write(&seed, text).expect("the folder can be written");
        let error = Backend::fail(&arguments);
        assert!(error.contains(expected), "{error}");
    }
    fs::write(&seed, SEED).expect("the folder can be written");
    let backend = Backend::start(&arguments);
    let client = backend.client();
    assert!(exists(&client, "d1").await);
    let buckets = client
        .list_s3_buckets(input::ListS3BucketsInput::new())
        .await;
    let buckets = buckets.expect("a list").buckets;
    assert_eq!(buckets[0].name.as_deref(), Some("photos"));
    let remove = input::RemoveAllBackendsInput::new("d1").clean_amplify_app(true);
    client
        .remove_all_backends(remove)
        .await
        .expect("it is there");
    backend.kill();

    // A store that has a state keeps it.
    let backend = Backend::start(&arguments);
    assert!(!exists(&backend.client(), "d1").await);
}
