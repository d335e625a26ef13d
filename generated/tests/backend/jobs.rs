//! Jobs get ahead, and are listed.

use std::collections::BTreeSet;

use amplify_admin::amplifybackend::input;
use futures_util::StreamExt as _;

use super::{APP, ENVIRONMENT, World, rejected, started};

pub(super) async fn jobs_get_ahead(world: &World) {
    let client = &world.client;
    let list = input::ListBackendJobsInput::new(input::ListBackendJobsInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
    });
    let first = client.list_backend_jobs(list.clone()).await;
    let first = first.expect("they are listed").jobs.expect("there is one");
    assert_eq!(first.len(), 1);
    let id = first[0].job_id.clone().expect("a job has an id");
    let at = "2023-11-14T22:13:20.000Z";
    assert_eq!(first[0].operation.as_deref(), Some("CreateBackend"));
    assert_eq!(first[0].create_time.as_deref(), Some(at));
    assert_eq!(first[0].update_time.as_deref(), Some(at));

    for (seconds, status) in [
        (0, "CREATED"),
        (1, "CREATED"),
        (1, "IN_PROGRESS"),
        (7, "IN_PROGRESS"),
        (1, "COMPLETED"),
        (1 << 30, "COMPLETED"),
    ] {
        world.wait(seconds);
        assert_eq!(world.status(&id).await, status);
    }
    let done = world.job(&id).await.expect("it is there");
    assert_eq!(done.create_time.as_deref(), Some(at));
    assert_eq!(
        done.update_time.as_deref(),
        Some("2023-11-14T22:13:30.000Z")
    );

    let update = input::UpdateBackendJobInput::new(input::UpdateBackendJobInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        job_id: &*id,
    });
    let late = update.status("FAILED");
    rejected(
        client.update_backend_job(late).await,
        400,
        "COMPLETED already",
    );
}

pub(super) async fn a_job_can_be_set_further(world: &World) {
    let client = &world.client;
    let job = started!(
        client
            .clone_backend(input::CloneBackendInput::new(
                input::CloneBackendInputRequired {
                    app_id: APP,
                    backend_environment_name: ENVIRONMENT,
                    target_environment_name: "test"
                }
            ))
            .await,
        "CloneBackend"
    );
    let update = |id: &str| {
        input::UpdateBackendJobInput::new(input::UpdateBackendJobInputRequired {
            app_id: APP,
            backend_environment_name: "test",
            job_id: id,
        })
    };
    let wrong = update(&job).status("DONE");
    rejected(
        client.update_backend_job(wrong).await,
        400,
        "no status DONE",
    );
    let wrong = update(&job).operation("Nothing");
    rejected(
        client.update_backend_job(wrong).await,
        400,
        "no operation Nothing",
    );
    rejected(
        client
            .update_backend_job(update("none").status("FAILED"))
            .await,
        404,
        "there is no Job none",
    );
    let ahead = update(&job)
        .status("IN_PROGRESS")
        .operation("CreateBackend");
    let ahead = client.update_backend_job(ahead).await.expect("it can be");
    assert_eq!(ahead.status.as_deref(), Some("IN_PROGRESS"));
    assert_eq!(ahead.operation.as_deref(), Some("CreateBackend"));
    let back = update(&job).status("CREATED");
    rejected(
        client.update_backend_job(back).await,
        400,
        "IN_PROGRESS already",
    );
    let failed = update(&job).status("FAILED");
    client.update_backend_job(failed).await.expect("it can be");
    world.wait(60);
    let failed = input::GetBackendJobInput::new(input::GetBackendJobInputRequired {
        app_id: APP,
        backend_environment_name: "test",
        job_id: &*job,
    });
    let failed = client.get_backend_job(failed).await.expect("it is there");
    assert_eq!(failed.status.as_deref(), Some("FAILED"));
    // It is that of another environment.
    rejected(world.job(&job).await, 404, "there is no Job");
}

pub(super) async fn jobs_are_listed_page_by_page(world: &World) {
    let client = &world.client;
    let config = input::CreateBackendConfigInput::new(APP);
    client
        .create_backend_config(config)
        .await
        .expect("a config");
    for _ in 0..20 {
        for name in ["one", "two"] {
            let clone = input::CloneBackendInput::new(input::CloneBackendInputRequired {
                app_id: APP,
                backend_environment_name: ENVIRONMENT,
                target_environment_name: name,
            });
            client.clone_backend(clone).await.expect("there is room");
            let delete = input::DeleteBackendInput::new(input::DeleteBackendInputRequired {
                app_id: APP,
                backend_environment_name: name,
            });
            client.delete_backend(delete).await.expect("it is there");
        }
        world.wait(3);
    }
    let list = input::ListBackendJobsInput::new(input::ListBackendJobsInputRequired {
        app_id: APP,
        backend_environment_name: "one",
    });
    let pages = client.list_backend_jobs_pages(list.clone().max_results(7));
    let pages = pages.map(|page| {
        let page = page.expect("a page");
        (page.jobs.expect("jobs").len(), page.next_token.is_some())
    });
    let pages = pages.collect::<Vec<_>>().await;
    // Twenty made, twenty deleted, and the config, which is that of each environment.
    let expected = [
        (7, true),
        (7, true),
        (7, true),
        (7, true),
        (7, true),
        (6, false),
    ];
    assert_eq!(pages, expected);
    let page = client
        .list_backend_jobs(list.clone())
        .await
        .expect("a page");
    assert_eq!(page.jobs.expect("jobs").len(), 25);

    let mut jobs = client.list_backend_jobs_items(list.clone().max_results(3));
    let mut seen = Vec::new();
    while let Some(job) = jobs.next().await {
        let job = job.expect("a job");
        seen.push((job.create_time.expect("a time"), job.job_id.expect("an id")));
    }
    let ids = seen.iter().map(|(_, id)| id).collect::<BTreeSet<_>>();
    assert_eq!((seen.len(), ids.len()), (41, 41));
    assert!(
        seen.is_sorted_by(|one, next| one.0 >= next.0),
        "the newest come first"
    );

    let count = async |input| client.list_backend_jobs_items(input).count().await;
    let (deleted, running) = ("DeleteBackend", "IN_PROGRESS");
    assert_eq!(count(list.clone().operation(deleted)).await, 20);
    // Started 3, 6 and 9 seconds ago.
    assert_eq!(count(list.clone().status(running)).await, 6);
    assert_eq!(
        count(list.clone().status(running).operation(deleted)).await,
        3
    );
    assert_eq!(count(list.clone().job_id(&*seen[0].1)).await, 1);
    assert_eq!(count(list.clone().status("FAILED")).await, 0);

    let rubbish = list.clone().next_token("rubbish");
    rejected(client.list_backend_jobs(rubbish).await, 400, "nextToken");
    let many = list.max_results(26);
    rejected(client.list_backend_jobs(many).await, 400, "maxResults");
    let unknown = input::ListBackendJobsInput::new(input::ListBackendJobsInputRequired {
        app_id: APP,
        backend_environment_name: "three",
    });
    rejected(client.list_backend_jobs(unknown).await, 404, "three");
}
