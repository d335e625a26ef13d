//! What a store does with what others have written, and when the disk fails. How it keeps state is
//! tested with processes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use amplify_admin::amplifybackend::Client;
use amplify_admin::amplifybackend::input::{
    CreateBackendInput, CreateBackendInputRequired, GetBackendInput,
};
use amplify_admin::amplifybackend::server::{Unauthenticated, router};
use drawplate_runtime::Timestamp;
use redb::backends::InMemoryBackend;
use redb::{Database, StorageBackend, TableDefinition};
use tempfile::TempDir;

use super::rejected as call_rejected;
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
    client
        .create_backend(new_app("d1"))
        .await
        .expect("there is room");
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

/// A disk in memory, which rejects to flush from some time on.
#[derive(Debug, Default)]
struct Disk {
    memory: InMemoryBackend,
    fails: Arc<AtomicBool>,
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.memory.len()
    }

    fn read(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        self.memory.read(offset, len)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.memory.set_len(len)
    }

    fn sync_data(&self, eventual: bool) -> io::Result<()> {
        if self.fails.load(Ordering::Relaxed) {
            return Err(io::Error::other("the disk fails"));
        }
        self.memory.sync_data(eventual)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.memory.write(offset, data)
    }
}

/// A client of a backend with the app `d1`, whose disk fails once the switch is set. The database
/// reads nothing after an error, except for what is in its cache.
fn on_a_disk_that_fails(cache: usize) -> (Client, Arc<AtomicBool>) {
    const CONTENT: &str = r#"{ "apps": { "d1": { "name": "notes" } } }"#;
    let disk = Disk::default();
    let fails = Arc::clone(&disk.fails);
    let database = Database::builder()
        .set_cache_size(cache)
        .create_with_backend(disk);
    let store = Store::of_database(database.expect("the disk works"));
    let content = Content::from_json(CONTENT).expect("the content is valid");
    store.initialize(&content).expect("the disk works");
    let clock = Arc::new(|| Timestamp::UNIX_EPOCH);
    let backend = Backend::stored(clock, content, store);
    let client = Client::in_process(router(backend, Unauthenticated));
    (client, fails)
}

fn new_app(id: &str) -> CreateBackendInput {
    CreateBackendInput::new(CreateBackendInputRequired {
        app_id: id,
        app_name: "notes",
        backend_environment_name: "staging",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_cannot_be_written_is_undone() {
    let (client, fails) = on_a_disk_that_fails(1 << 20);
    fails.store(true, Ordering::Relaxed);
    let created = client.create_backend(new_app("d2")).await;
    call_rejected(created, 500, "the change cannot be written");
    let found = client.get_backend(GetBackendInput::new("d1")).await;
    found.expect("reads need no disk");
    let found = client.get_backend(GetBackendInput::new("d2")).await;
    call_rejected(found, 404, "there is no App d2");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_fails_after_a_change_that_cannot_be_undone() {
    let (client, fails) = on_a_disk_that_fails(0);
    client.create_backend(new_app("d2")).await.expect("a disk");
    fails.store(true, Ordering::Relaxed);
    let created = client.create_backend(new_app("d3")).await;
    call_rejected(created, 500, "the change cannot be written");
    for app in ["d1", "d2", "d3"] {
        let found = client.get_backend(GetBackendInput::new(app)).await;
        call_rejected(found, 500, "the store has failed");
    }
    // The disk works again, but the database reads nothing until it is opened again.
    fails.store(false, Ordering::Relaxed);
    let created = client.create_backend(new_app("d4")).await;
    call_rejected(created, 500, "the store has failed");
}
