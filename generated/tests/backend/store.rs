//! What a store does with what others have written. How it keeps state is tested with processes.

use std::sync::Arc;

use amplify_admin::amplifybackend::Client;
use amplify_admin::amplifybackend::input::{
    CreateBackendInput, CreateBackendInputRequired, GetBackendInput,
};
use amplify_admin::amplifybackend::server::{Unauthenticated, router};
use drawplate_runtime::Timestamp;
use redb::{Database, TableDefinition};
use tempfile::TempDir;

use super::service::{Backend, Content, Store};

/// A store with some content, which is closed.
fn stored() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).expect("the folder is empty");
    assert!(store.load().expect("it can be read").is_none());
    let content = Content::of_account(&["photos"], Timestamp::UNIX_EPOCH);
    store.initialize(&content).expect("it can be written");
    folder
}

/// The error of a store after a change by another program.
fn rejected(change: impl FnOnce(&redb::WriteTransaction)) -> String {
    let folder = stored();
    let database = Database::open(folder.path().join("backend.redb"));
    let transaction = database.expect("it is closed").begin_write();
    let transaction = transaction.expect("it can be written");
    change(&transaction);
    transaction.commit().expect("it can be written");
    let store = Store::open(folder.path()).expect("it is closed");
    let loaded = store.load();
    loaded.err().expect("it is rejected").to_string()
}

#[test]
fn a_store_of_another_version_is_rejected() {
    let error = rejected(|transaction| {
        let table = TableDefinition::<&str, u64>::new("version");
        let mut table = transaction.open_table(table).expect("the table exists");
        table.insert("schema", 2).expect("it can be written");
    });
    assert!(
        error.contains("schema version 2, and this program reads 1"),
        "{error}"
    );
}

#[test]
fn a_row_that_cannot_be_read_is_named() {
    let error = rejected(|transaction| {
        let table = TableDefinition::<&str, &[u8]>::new("apps");
        let mut table = transaction.open_table(table).expect("the table exists");
        table.insert("d1", &b"{}"[..]).expect("it can be written");
    });
    assert!(
        error.contains("the row `d1` of the store is invalid: missing field"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_in_the_store_when_it_is_acknowledged() {
    const CONTENT: &str = r#"{ "apps": { "d1": { "name": "notes" } } }"#;
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).expect("the folder is empty");
    let content = Content::from_json(CONTENT).expect("the content is valid");
    store.initialize(&content).expect("it can be written");
    let clock = Arc::new(|| Timestamp::UNIX_EPOCH);
    let client = Client::in_process(router(
        Backend::stored(clock, content, store),
        Unauthenticated,
    ));
    let input = CreateBackendInput::new(CreateBackendInputRequired {
        app_id: "d1",
        app_name: "notes",
        backend_environment_name: "staging",
    });
    client.create_backend(input).await.expect("there is room");
    drop(client);

    let store = Store::open(folder.path()).expect("it is closed");
    let content = store.load().expect("it can be read");
    let content = content.expect("it has been initialized");
    let client = Client::in_process(router(
        Backend::stored(Arc::new(|| Timestamp::UNIX_EPOCH), content, store),
        Unauthenticated,
    ));
    let found = client.get_backend(GetBackendInput::new("d1")).await;
    let environments = found.expect("the app is there").backend_environment_list;
    assert_eq!(environments, Some(vec!["staging".to_owned()]));
}
