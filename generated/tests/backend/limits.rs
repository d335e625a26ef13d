//! What the service remembers is bounded.

use amplify_admin::amplifybackend::Error;
use amplify_admin::amplifybackend::error::AmplifyBackendError;
use amplify_admin::amplifybackend::input;

use super::service::Content;
use super::{APP, ENVIRONMENT, World, rejected};

pub(super) async fn there_is_an_end_to_everything(world: &World) {
    let client = &world.client;
    for number in 1..50 {
        world
            .create(&format!("d{number}"), "a")
            .await
            .expect("there is room");
    }
    for number in 1..10 {
        world
            .create(APP, &format!("e{number}"))
            .await
            .expect("there is room");
    }
    rejected(
        world.create(APP, "e10").await,
        429,
        "10 BackendEnvironments at most",
    );
    let clone = input::CloneBackendInput::new(input::CloneBackendInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        target_environment_name: "e10",
    });
    rejected(client.clone_backend(clone).await, 429, "at most");
    for number in 50..500 {
        world
            .create(&format!("d{number}"), "a")
            .await
            .expect("there is room");
    }
    let error = world
        .create("d500", "a")
        .await
        .expect_err("it is one too many");
    let Error::Service(AmplifyBackendError::LimitExceededException(error)) = error else {
        panic!("{error}");
    };
    assert_eq!(error.limit_type.as_deref(), Some("Apps"));
    let clean = input::RemoveAllBackendsInput::new("d7").clean_amplify_app(true);
    client
        .remove_all_backends(clean)
        .await
        .expect("it is there");
    world
        .create("d500", "a")
        .await
        .expect("there is room again");

    for _ in 0..50 {
        let input = input::CreateTokenInput::new(APP);
        client.create_token(input).await.expect("there is room");
    }
    let token = input::CreateTokenInput::new(APP);
    rejected(
        client.create_token(token.clone()).await,
        429,
        "50 Tokens at most",
    );
    world.wait(600);
    client
        .create_token(token)
        .await
        .expect("the others expired");

    // The oldest job is that of the environment itself.
    let list = input::ListBackendJobsInput::new(input::ListBackendJobsInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
    });
    let oldest = client.list_backend_jobs(list).await.expect("a page");
    let oldest = oldest.jobs.expect("there is one")[0].job_id.clone();
    let oldest = oldest.expect("a job has an id");
    let config = input::CreateBackendConfigInput::new(APP);
    for _ in 0..191 {
        assert!(world.job(&oldest).await.is_ok());
        let created = client.create_backend_config(config.clone()).await;
        created.expect("there is none");
        let remove = input::RemoveBackendConfigInput::new(APP);
        client
            .remove_backend_config(remove)
            .await
            .expect("there is one");
    }
    rejected(world.job(&oldest).await, 404, "there is no Job");
}

#[test]
fn state_beyond_the_limits_is_rejected() {
    let rejected = |app: &str, why: &str| {
        let text = format!(r#"{{ "apps": {{ "d1": {{ "name": "notes", {app} }} }} }}"#);
        let error = Content::from_json(&text).err();
        let error = error.unwrap_or_else(|| panic!("it is accepted: {app}"));
        assert!(error.contains(why), "`{why}` is not in: {error}");
    };
    let jobs = |numbers: &[u64], started: u64| {
        let jobs = numbers.iter().map(|number| {
            format!(
                r#"{{
                    "number": {number}, "id": "j", "environment": null, "operation": "CreateBackend",
                    "created": "2024-01-02T03:04:05Z", "stage": "Created",
                    "since": "2024-01-02T03:04:05Z"
                }}"#
            )
        });
        let jobs = jobs.collect::<Vec<_>>().join(",");
        format!(r#""jobs": {{ "jobs": [{jobs}], "started": {started} }}"#)
    };
    rejected(&jobs(&[], u64::MAX), "`started` is too great");
    rejected(&jobs(&[2, 2], 2), "the numbers of the jobs do not increase");
    rejected(&jobs(&[3], 2), "the numbers of the jobs do not increase");
    let many = (1..=201).collect::<Vec<_>>();
    rejected(&jobs(&many, 201), "200 Jobs at most");
    let tokens = (0..51).map(|number| {
        format!(r#""{number}": {{ "challenge_code": "c", "expires": "2024-01-02T03:04:05Z" }}"#)
    });
    let tokens = tokens.collect::<Vec<_>>().join(",");
    rejected(&format!(r#""tokens": {{ {tokens} }}"#), "50 Tokens at most");
    let accepted = format!(
        r#"{{ "apps": {{ "d1": {{ "name": "notes", {} }} }} }}"#,
        jobs(&[2, 5], 5)
    );
    Content::from_json(&accepted).expect("it is within the limits");
}
