//! What the service remembers, what it calls things that are not there, and how much it remembers
//! at most.

use std::collections::{BTreeMap, BTreeSet};

use amplify_admin::amplifybackend::error::{
    BadRequestException, LimitExceededException, NotFoundException,
};
use drawplate_runtime::Timestamp;
use serde::{Deserialize, Serialize};

use super::Result;
use super::api::Api;
use super::auth::Auth;
use super::config::Config;
use super::jobs::Jobs;
use super::storage::{Bucket, Storage};
use super::tokens::Tokens;

/// With the limit of a request's size these bound the memory: to megabytes with requests as they
/// are, to gigabytes where each is as large as it may be.
const MOST_APPS: usize = 500;
const MOST_ENVIRONMENTS: usize = 10;
const LONGEST_NAME: usize = 64;

#[derive(Default)]
pub(super) struct State {
    pub(super) content: Content,
    /// What operations may have changed since the last commit.
    pub(super) touched: Touched,
    /// By the operation's name.
    pub(super) calls: BTreeMap<&'static str, u64>,
    /// Whether the content has changes that are not in the store, and that were not acknowledged.
    /// The store could not be read either, so that no call may use the content.
    pub(super) is_lost: bool,
}

/// What survives a restart, if there is a store.
#[derive(Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Content {
    /// By the app's id.
    pub(super) apps: BTreeMap<String, App>,
    /// Those of the account, by name.
    pub(super) buckets: BTreeMap<String, Bucket>,
}

/// The keys of content.
#[derive(Default)]
pub(super) struct Touched {
    pub(super) apps: BTreeSet<String>,
    pub(super) buckets: BTreeSet<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct App {
    pub(super) name: String,
    /// By name.
    #[serde(default)]
    pub(super) environments: BTreeMap<String, Environment>,
    #[serde(default)]
    pub(super) config: Option<Config>,
    #[serde(default)]
    pub(super) jobs: Jobs,
    #[serde(default)]
    pub(super) tokens: Tokens,
}

/// A backend has one resource of a kind at most.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Environment {
    pub(super) api: Option<Api>,
    pub(super) auth: Option<Auth>,
    pub(super) storage: Option<Storage>,
}

impl Content {
    /// An account with these buckets.
    pub(crate) fn of_account(buckets: &[&str], now: Timestamp) -> Self {
        let buckets = buckets.iter();
        Self {
            apps: BTreeMap::new(),
            buckets: buckets
                .map(|name| ((*name).to_owned(), Bucket::of_account(now)))
                .collect(),
        }
    }

    /// Content in JSON, as it is stored. Fails if a name is invalid, or if there is more of
    /// something than operations create. Configurations of resources are not checked, nor whether
    /// their buckets exist.
    pub(crate) fn from_json(text: &str) -> std::result::Result<Self, String> {
        let content = serde_json::from_str::<Self>(text).map_err(|error| error.to_string())?;
        content.check().map_err(|error| error.to_string())?;
        Ok(content)
    }

    fn check(&self) -> Result<()> {
        if self.apps.len() > MOST_APPS {
            return Err(too_many("Apps", MOST_APPS).into());
        }
        for bucket in self.buckets.keys() {
            check_name("the name of a bucket", bucket)?;
        }
        for (id, app) in &self.apps {
            check_name("the id of an app", id)?;
            check_name("the name of an app", &app.name)?;
            app.jobs.check()?;
            app.tokens.check()?;
            if app.environments.len() > MOST_ENVIRONMENTS {
                return Err(too_many("BackendEnvironments", MOST_ENVIRONMENTS).into());
            }
            for (name, environment) in &app.environments {
                check_name("the name of an environment", name)?;
                environment.check()?;
            }
        }
        Ok(())
    }
}

impl Environment {
    fn check(&self) -> Result<()> {
        let names = [
            self.api.as_ref().map(|api| &api.name),
            self.auth.as_ref().map(|auth| &auth.name),
            self.storage.as_ref().map(|storage| &storage.name),
        ];
        for name in names.into_iter().flatten() {
            check_name("the name of a resource", name)?;
        }
        Ok(())
    }
}

impl State {
    pub(super) fn new(content: Content) -> Self {
        Self {
            content,
            ..Self::default()
        }
    }

    pub(super) fn app(&self, id: &str) -> Result<&App> {
        let app = self.content.apps.get(id);
        Ok(app.ok_or_else(|| not_found("App", id))?)
    }

    /// An app to change, which the next commit writes.
    pub(super) fn app_mut(&mut self, id: &str) -> Result<&mut App> {
        let app = self.content.apps.get_mut(id);
        let app = app.ok_or_else(|| not_found("App", id))?;
        self.touched.apps.insert(id.to_owned());
        Ok(app)
    }

    pub(super) fn remove_app(&mut self, id: &str) {
        self.touched.apps.insert(id.to_owned());
        self.content.apps.remove(id);
    }

    /// The app, which is created if it does not exist.
    pub(super) fn app_or_new(&mut self, id: &str, name: &str) -> Result<&mut App> {
        check_name("appId", id)?;
        check_name("appName", name)?;
        let apps = &mut self.content.apps;
        if !apps.contains_key(id) && apps.len() >= MOST_APPS {
            return Err(too_many("Apps", MOST_APPS).into());
        }
        self.touched.apps.insert(id.to_owned());
        let app = apps.entry(id.to_owned());
        let app = app.or_insert_with(|| App::new(name));
        if app.name != name {
            return Err(bad_request(format!("app {id} is called {}", app.name)).into());
        }
        Ok(app)
    }

    pub(super) fn environment(&self, app: &str, name: &str) -> Result<&Environment> {
        self.app(app)?.environment(name)
    }

    /// An environment to change, which the next commit writes.
    pub(super) fn environment_mut(&mut self, app: &str, name: &str) -> Result<&mut Environment> {
        self.app_mut(app)?.environment_mut(name)
    }
}

impl App {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            environments: BTreeMap::new(),
            config: None,
            jobs: Jobs::default(),
            tokens: Tokens::default(),
        }
    }

    pub(super) fn environment(&self, name: &str) -> Result<&Environment> {
        let environment = self.environments.get(name);
        Ok(environment.ok_or_else(|| not_found("BackendEnvironment", name))?)
    }

    fn environment_mut(&mut self, name: &str) -> Result<&mut Environment> {
        let environment = self.environments.get_mut(name);
        Ok(environment.ok_or_else(|| not_found("BackendEnvironment", name))?)
    }

    /// Fails unless an environment of this name can be added.
    pub(super) fn check_room_for(&self, environment: &str) -> Result<()> {
        check_name("the name of an environment", environment)?;
        if self.environments.contains_key(environment) {
            return Err(bad_request(format!("environment {environment} exists already")).into());
        }
        if self.environments.len() >= MOST_ENVIRONMENTS {
            return Err(too_many("BackendEnvironments", MOST_ENVIRONMENTS).into());
        }
        Ok(())
    }
}

pub(super) fn bad_request(message: impl Into<String>) -> BadRequestException {
    BadRequestException::new().message(message)
}

pub(super) fn not_found(kind: &str, name: &str) -> NotFoundException {
    NotFoundException::new()
        .message(format!("there is no {kind} {name}"))
        .resource_type(kind)
}

pub(super) fn too_many(kind: &str, most: usize) -> LimitExceededException {
    LimitExceededException::new()
        .message(format!("there can be {most} {kind} at most"))
        .limit_type(kind)
}

/// Fails unless `name` is a valid name: names are stored, and appear in paths.
pub(super) fn check_name(what: &str, name: &str) -> Result<()> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(fits) {
        let rule = format!(
            "{what} has 1 to {LONGEST_NAME} characters of letters, digits, `-`, `_` and `.`"
        );
        return Err(bad_request(rule).into());
    }
    Ok(())
}

/// The resource of an environment, if it has this name.
pub(super) fn named<R>(
    resource: Option<R>,
    kind: &str,
    name: &str,
    name_of: impl Fn(&R) -> &str,
) -> Result<R> {
    let resource = resource.filter(|resource| name_of(resource) == name);
    Ok(resource.ok_or_else(|| not_found(kind, name))?)
}

/// A change: what is not mentioned stays.
pub(super) fn set<T>(member: &mut Option<T>, change: Option<T>) {
    if change.is_some() {
        *member = change;
    }
}
