//! Jobs, which changes start. They progress with time.

use std::collections::VecDeque;
use std::time::Duration;

use amplify_admin::amplifybackend::input::{
    GetBackendJobInput, ListBackendJobsInput, UpdateBackendJobInput,
};
use amplify_admin::amplifybackend::operation::SERVICE;
use amplify_admin::amplifybackend::output::{
    BackendJobRespObj, BackendJobRespObjRequired, ListBackendJobRespObj,
};
use drawplate_runtime::Timestamp;
use serde::{Deserialize, Serialize};

use super::state::{App, bad_request, not_found, too_many};
use super::{Result, Transaction};

/// The maximum number of jobs of an app. The oldest are removed.
const MOST_JOBS: usize = 200;

/// The maximum number of jobs that an app has started when its state is read: high enough for all
/// that it can start later.
const MOST_STARTED: u64 = u64::MAX / 2;

/// The maximum that the model allows, which is also the default.
const PAGE: i32 = 25;

/// How far a job is; later states are greater.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
enum Stage {
    Created,
    InProgress,
    Completed,
    Failed,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Job {
    /// Counts up in each app: a page of a list ends before one.
    number: u64,
    pub(super) id: String,
    /// `None` for a job of the app as a whole.
    environment: Option<String>,
    operation: String,
    #[serde(with = "super::store::timestamp")]
    created: Timestamp,
    /// The last known stage, and its start; see [`Job::at`].
    stage: Stage,
    #[serde(with = "super::store::timestamp")]
    since: Timestamp,
}

/// The jobs of an app, oldest first.
#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Jobs {
    jobs: VecDeque<Job>,
    started: u64,
}

/// The response to a change: each has a type of its own with the same members.
macro_rules! response {
    ($response:ident($required:ident), $app:expr, $environment:expr, $job:expr) => {
        $response::new($required {
            app_id: $app,
            backend_environment_name: $environment,
        })
        .job_id(&*$job.id)
        .operation($job.operation())
        .status($job.status())
    };
}
pub(super) use response;

impl Stage {
    const ALL: [Self; 4] = [
        Self::Created,
        Self::InProgress,
        Self::Completed,
        Self::Failed,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }

    /// Its duration and the next stage; `None` at the end.
    fn next(self) -> Option<(Duration, Self)> {
        match self {
            Self::Created => Some((Duration::from_secs(2), Self::InProgress)),
            Self::InProgress => Some((Duration::from_secs(8), Self::Completed)),
            Self::Completed | Self::Failed => None,
        }
    }
}

impl Job {
    pub(super) fn operation(&self) -> &str {
        &self.operation
    }

    /// As it was when the job was made or last set.
    pub(super) fn status(&self) -> &'static str {
        self.stage.name()
    }

    /// How far the job is, and since when.
    fn at(&self, now: Timestamp) -> (Stage, Timestamp) {
        let (mut stage, mut since) = (self.stage, self.since);
        while let Some((lasts, next)) = stage.next() {
            match since.checked_add(lasts) {
                Some(end) if end <= now => (stage, since) = (next, end),
                _ => break,
            }
        }
        (stage, since)
    }

    fn is_of(&self, environment: &str) -> bool {
        let of = self.environment.as_deref();
        of.is_none_or(|of| of == environment)
    }

    fn describe(&self, app: &str, environment: &str, now: Timestamp) -> BackendJobRespObj {
        let (stage, since) = self.at(now);
        BackendJobRespObj::new(BackendJobRespObjRequired {
            app_id: app,
            backend_environment_name: environment,
        })
        .job_id(&*self.id)
        .operation(&*self.operation)
        .status(stage.name())
        .create_time(format!("{:.3}", self.created))
        .update_time(format!("{since:.3}"))
    }
}

impl Jobs {
    /// Fails unless there is room for more jobs, and each has a greater number than the one before.
    pub(super) fn check(&self) -> Result<()> {
        let Self { jobs, started } = self;
        if jobs.len() > MOST_JOBS {
            return Err(too_many("Jobs", MOST_JOBS).into());
        }
        let numbers = jobs.iter().map(|job| job.number);
        let numbers = numbers.chain([started.saturating_add(1)]);
        if *started > MOST_STARTED || !numbers.is_sorted_by(|one, next| one < next) {
            let message =
                "`started` is too great, or the numbers of the jobs do not increase up to it";
            return Err(bad_request(message).into());
        }
        Ok(())
    }

    fn find(&self, environment: &str, id: &str) -> Result<&Job> {
        let mut jobs = self.jobs.iter();
        let job = jobs.find(|job| job.id == id && job.is_of(environment));
        Ok(job.ok_or_else(|| not_found("Job", id))?)
    }

    fn find_mut(&mut self, environment: &str, id: &str) -> Result<&mut Job> {
        let mut jobs = self.jobs.iter_mut();
        let job = jobs.find(|job| job.id == id && job.is_of(environment));
        Ok(job.ok_or_else(|| not_found("Job", id))?)
    }
}

impl Transaction<'_> {
    /// Starts a job for the current operation, in an environment or in the whole app.
    pub(super) fn start(&mut self, app: &str, environment: Option<&str>) -> Result<&Job> {
        let Jobs { jobs, started } = &mut self.state.app_mut(app)?.jobs;
        if jobs.len() >= MOST_JOBS {
            jobs.pop_front();
        }
        *started += 1;
        jobs.push_back(Job {
            number: *started,
            id: self.id.to_owned(),
            environment: environment.map(str::to_owned),
            operation: self.operation.to_owned(),
            created: self.now,
            stage: Stage::Created,
            since: self.now,
        });
        Ok(&jobs[jobs.len() - 1])
    }

    pub(super) fn get_backend_job(&self, input: GetBackendJobInput) -> Result<BackendJobRespObj> {
        let environment = &*input.backend_environment_name;
        let app = self.state.app(&input.app_id)?;
        let job = app.jobs.find(environment, &input.job_id)?;
        Ok(job.describe(&input.app_id, environment, self.now))
    }

    /// Lists the newest jobs first. A page starts after the last job of the previous one, even if
    /// jobs were started in between.
    pub(super) fn list_backend_jobs(
        &self,
        input: ListBackendJobsInput,
    ) -> Result<ListBackendJobRespObj> {
        let now = self.now;
        let environment = &*input.backend_environment_name;
        let App {
            environments, jobs, ..
        } = self.state.app(&input.app_id)?;
        // What was deleted still has jobs, its deletion for one.
        let known = environments.contains_key(environment)
            || jobs
                .jobs
                .iter()
                .any(|job| job.environment.as_deref() == Some(environment));
        if !known {
            return Err(not_found("BackendEnvironment", environment).into());
        }
        let before = input.next_token.as_deref().map(str::parse::<u64>);
        let before = before.transpose();
        let before =
            before.map_err(|_| bad_request("nextToken is not from a page of this list"))?;
        let fits = |wish: &Option<String>, is: &str| wish.as_deref().is_none_or(|wish| wish == is);
        let mut found = jobs.jobs.iter().rev().filter(|job| {
            job.is_of(environment)
                && before.is_none_or(|before| job.number < before)
                && fits(&input.job_id, &job.id)
                && fits(&input.operation, &job.operation)
                && fits(&input.status, job.at(now).0.name())
        });
        let length = usize::try_from(input.max_results.unwrap_or(PAGE)).unwrap_or(0);
        let page = found.by_ref().take(length).collect::<Vec<_>>();
        let more = found.next().and(page.last());
        let mut response = ListBackendJobRespObj::new();
        response.next_token = more.map(|last| last.number.to_string());
        let described = page.into_iter();
        let described = described.map(|job| job.describe(&input.app_id, environment, now));
        Ok(response.jobs(described.collect::<Vec<_>>()))
    }

    /// Jobs progress by themselves. A caller may set a later stage, but not an earlier one.
    pub(super) fn update_backend_job(
        &mut self,
        input: UpdateBackendJobInput,
    ) -> Result<BackendJobRespObj> {
        let environment = &*input.backend_environment_name;
        let app = self.state.app_mut(&input.app_id)?;
        let job = app.jobs.find_mut(environment, &input.job_id)?;
        let (now, _) = job.at(self.now);
        let stage = match input.status.as_deref() {
            Some(wish) => {
                let stage = Stage::ALL.into_iter().find(|stage| stage.name() == wish);
                stage.ok_or_else(|| bad_request(format!("there is no status {wish}")))?
            }
            None => now,
        };
        if let Some(operation) = &input.operation {
            let mut operations = SERVICE.operations.iter();
            if !operations.any(|known| known.name == operation) {
                return Err(bad_request(format!("there is no operation {operation}")).into());
            }
        }
        if now.next().is_none() || stage < now {
            return Err(bad_request(format!("the job is {} already", now.name())).into());
        }
        job.stage = stage;
        job.since = self.now;
        if let Some(operation) = input.operation {
            job.operation = operation;
        }
        Ok(job.describe(&input.app_id, environment, self.now))
    }
}
