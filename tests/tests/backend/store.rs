//! The state in a folder.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use amplify_admin::amplifybackend::client::Error;
use amplify_admin::amplifybackend::input::{
    CreateBackendInput, CreateBackendInputRequired, GetBackendInput,
};
use amplify_admin::amplifybackend::{Client, input};
use tokio::sync::mpsc;

use crate::process::Backend;

pub(crate) fn data(folder: &Path) -> [&OsStr; 2] {
    ["--data".as_ref(), folder.as_os_str()]
}

/// A backend in a new app.
pub(crate) fn new_app(id: &str) -> CreateBackendInput {
    CreateBackendInput::new(CreateBackendInputRequired {
        app_name: "notes",
        app_id: id,
        backend_environment_name: "staging",
    })
}

pub(crate) async fn exists(client: &Client, app: &str) -> bool {
    client.get_backend(GetBackendInput::new(app)).await.is_ok()
}

/// The changes that each round waits for before it kills the process. All rounds together create
/// fewer apps than the service allows.
const CHANGES: usize = 60;

#[tokio::test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "builds the example; run by `cargo xtask test`"
)]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut known = Vec::new();
    for round in 0..3 {
        let backend = Backend::start(&data(folder.path()));
        let (sender, mut acknowledged) = mpsc::unbounded_channel();
        // Each caller ends with the error of its last call, which it makes while or after the
        // process is killed.
        let callers = (0..4).map(|caller| {
            let client = backend.client();
            let sender = sender.clone();
            tokio::spawn(async move {
                let mut number = 0;
                loop {
                    let app = format!("d{round}-{caller}-{number}");
                    if let Err(error) = client.create_backend(new_app(&app)).await {
                        return error;
                    }
                    sender.send(app).expect("the apps are collected");
                    number += 1;
                }
            })
        });
        let callers = callers.collect::<Vec<_>>();
        drop(sender);
        for _ in 0..CHANGES {
            let app = acknowledged.recv().await;
            known.push(app.expect("calls are in progress"));
        }
        backend.kill();
        for caller in callers {
            let error = caller.await.expect("no caller panics");
            assert!(matches!(error, Error::Transport(_)), "{error}");
        }
        while let Some(app) = acknowledged.recv().await {
            known.push(app);
        }
        let backend = Backend::start(&data(folder.path()));
        let client = backend.client();
        for app in &known {
            assert!(exists(&client, app).await, "{app} was acknowledged");
        }
    }
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
