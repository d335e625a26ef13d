//! The store: a database in a folder, with a row in JSON for each app and each bucket.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{error, fmt, fs, io};

use redb::{Database, DatabaseError, ReadableTable as _, TableDefinition, WriteTransaction};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::state::{Content, Touched};

/// The file in the folder.
const FILE: &str = "backend.redb";

/// The version of the tables and their rows. A change of them needs another one.
const SCHEMA_VERSION: u64 = 1;
const VERSION: TableDefinition<'_, &str, u64> = TableDefinition::new("version");

type Rows<'t> = TableDefinition<'t, &'static str, &'static [u8]>;
const APPS: Rows<'_> = TableDefinition::new("apps");
const BUCKETS: Rows<'_> = TableDefinition::new("buckets");

/// An open store. No other process can open it meanwhile.
pub(crate) struct Store(Database);

/// Why a store cannot be used.
#[derive(Debug)]
pub(crate) enum StoreError {
    /// The folder cannot be created.
    Folder(PathBuf, io::Error),
    /// Another process has opened the store.
    InUse(PathBuf),
    /// Another version of this program has written it.
    SchemaVersion(u64),
    /// A row is not what this program writes.
    Row(String, serde_json::Error),
    /// The database fails.
    Database(Box<redb::Error>),
}

impl Store {
    /// Opens the store in a folder, which is created if it does not exist.
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(|error| StoreError::Folder(folder.to_owned(), error))?;
        match Database::create(folder.join(FILE)) {
            Ok(database) => Ok(Self(database)),
            Err(DatabaseError::DatabaseAlreadyOpen) => Err(StoreError::InUse(folder.to_owned())),
            Err(error) => Err(database(error)),
        }
    }

    /// The content of the store; `None` if it is new.
    pub(crate) fn load(&self) -> Result<Option<Content>, StoreError> {
        let transaction = self.0.begin_read().map_err(database)?;
        let version = match transaction.open_table(VERSION) {
            Ok(table) => table.get("schema").map_err(database)?,
            Err(redb::TableError::TableDoesNotExist(_)) => None,
            Err(error) => return Err(database(error)),
        };
        match version.map(|version| version.value()) {
            None => Ok(None),
            Some(SCHEMA_VERSION) => {
                let rows = |table| transaction.open_table(table).map_err(database);
                Ok(Some(Content {
                    apps: read(&rows(APPS)?)?,
                    buckets: read(&rows(BUCKETS)?)?,
                }))
            }
            Some(other) => Err(StoreError::SchemaVersion(other)),
        }
    }

    /// Writes the first content, all of it or nothing.
    pub(crate) fn initialize(&self, content: &Content) -> Result<(), StoreError> {
        self.write(|transaction| {
            let mut version = transaction.open_table(VERSION).map_err(database)?;
            let inserted = version.insert("schema", SCHEMA_VERSION);
            inserted.map_err(database)?;
            for (key, app) in &content.apps {
                set(transaction, APPS, key, Some(app))?;
            }
            for (key, bucket) in &content.buckets {
                set(transaction, BUCKETS, key, Some(bucket))?;
            }
            // A store without rows has the tables as well.
            transaction.open_table(APPS).map_err(database)?;
            transaction.open_table(BUCKETS).map_err(database)?;
            Ok(true)
        })
    }

    /// A store in a database that is not a file.
    #[cfg(test)]
    pub(crate) fn of_database(database: Database) -> Self {
        Self(database)
    }

    /// Writes what has changed among the touched content. It is on the disk afterwards. After an
    /// error, the content is not what the store has.
    pub(super) fn commit(&self, content: &Content, touched: &Touched) -> Result<(), StoreError> {
        if touched.apps.is_empty() && touched.buckets.is_empty() {
            return Ok(());
        }
        self.write(|transaction| {
            let mut changed = false;
            for key in &touched.apps {
                changed |= set(transaction, APPS, key, content.apps.get(key))?;
            }
            for key in &touched.buckets {
                changed |= set(transaction, BUCKETS, key, content.buckets.get(key))?;
            }
            Ok(changed)
        })
    }

    /// Runs a transaction, which is committed if it has changed anything.
    fn write(
        &self,
        change: impl FnOnce(&WriteTransaction) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let transaction = self.0.begin_write().map_err(database)?;
        if change(&transaction)? {
            transaction.commit().map_err(database)
        } else {
            transaction.abort().map_err(database)
        }
    }
}

/// The rows of a table.
fn read<T: DeserializeOwned>(
    table: &redb::ReadOnlyTable<&'static str, &'static [u8]>,
) -> Result<BTreeMap<String, T>, StoreError> {
    let rows = table.iter().map_err(database)?;
    let rows = rows.map(|row| {
        let (key, row) = row.map_err(database)?;
        let key = key.value().to_owned();
        match serde_json::from_slice(row.value()) {
            Ok(value) => Ok((key, value)),
            Err(error) => Err(StoreError::Row(key, error)),
        }
    });
    rows.collect()
}

/// Replaces or removes a row. Returns whether this changes it.
fn set<T: Serialize>(
    transaction: &WriteTransaction,
    table: Rows<'_>,
    key: &str,
    value: Option<&T>,
) -> Result<bool, StoreError> {
    let mut table = transaction.open_table(table).map_err(database)?;
    let Some(value) = value else {
        let removed = table.remove(key).map_err(database)?;
        return Ok(removed.is_some());
    };
    let row = serde_json::to_vec(value);
    let row = row.map_err(|error| StoreError::Row(key.to_owned(), error))?;
    let known = table.get(key).map_err(database)?;
    let is_known = known.is_some_and(|known| known.value() == row);
    if !is_known {
        table.insert(key, &*row).map_err(database)?;
    }
    Ok(!is_known)
}

fn database(error: impl Into<redb::Error>) -> StoreError {
    StoreError::Database(Box::new(error.into()))
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder, error) => {
                write!(f, "cannot create the folder {}: {error}", folder.display())
            }
            Self::InUse(folder) => write!(
                f,
                "another process uses the store in {}: stop it, or choose another folder",
                folder.display()
            ),
            Self::SchemaVersion(found) => write!(
                f,
                "the store has schema version {found}, and this program reads {SCHEMA_VERSION}: use \
                 the program that has written it, or another folder"
            ),
            Self::Row(key, error) => write!(f, "the row `{key}` of the store is invalid: {error}"),
            Self::Database(error) => write!(f, "the store fails: {error}"),
        }
    }
}

impl error::Error for StoreError {}

/// Timestamps as texts (RFC 3339).
pub(super) mod timestamp {
    use drawplate_runtime::Timestamp;
    use serde::de::{Deserialize as _, Deserializer, Error as _};
    use serde::ser::Serializer;

    pub(in super::super) fn serialize<S: Serializer>(
        value: &Timestamp,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}
