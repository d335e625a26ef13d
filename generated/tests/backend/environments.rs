//! Environments are created, cloned and deleted.

use amplify_admin::amplifybackend::input;

use super::{APP, ENVIRONMENT, World, rejected, started};

pub(super) async fn environments_come_and_go(world: &World) {
    let client = &world.client;
    rejected(
        world.create(APP, ENVIRONMENT).await,
        400,
        "environment staging exists already",
    );
    let renamed = input::CreateBackendInput::new(input::CreateBackendInputRequired {
        app_name: "other",
        app_id: APP,
        backend_environment_name: "test",
    });
    rejected(client.create_backend(renamed).await, 400, "is called notes");
    rejected(world.create(APP, "a/b").await, 400, "letters, digits");
    rejected(world.create("", "test").await, 400, "appId");
    rejected(
        world.create("d2", &"x".repeat(65)).await,
        400,
        "1 to 64 characters",
    );
    let unknown = input::GetBackendInput::new("d2");
    rejected(client.get_backend(unknown).await, 404, "there is no App d2");

    let clone = |from: &str, to: &str| {
        input::CloneBackendInput::new(input::CloneBackendInputRequired {
            app_id: APP,
            backend_environment_name: from,
            target_environment_name: to,
        })
    };
    let copied = client.clone_backend(clone(ENVIRONMENT, "test")).await;
    let copied = copied.expect("it is copied");
    assert_eq!(copied.backend_environment_name, "test");
    assert_eq!(world.environments().await, [ENVIRONMENT, "test"]);
    let again = clone(ENVIRONMENT, "test");
    rejected(client.clone_backend(again).await, 400, "exists already");
    let none = clone("production", "other");
    rejected(
        client.clone_backend(none).await,
        404,
        "there is no BackendEnvironment production",
    );

    let delete = input::DeleteBackendInput::new(input::DeleteBackendInputRequired {
        app_id: APP,
        backend_environment_name: "test",
    });
    let job = started!(client.delete_backend(delete.clone()).await, "DeleteBackend");
    rejected(client.delete_backend(delete).await, 404, "test");
    assert_eq!(world.environments().await, [ENVIRONMENT]);
    let gone = input::GetBackendInput::new(APP).backend_environment_name("test");
    rejected(client.get_backend(gone).await, 404, "test");
    // The deletion can still be watched.
    world.wait(10);
    let watched = input::GetBackendJobInput::new(input::GetBackendJobInputRequired {
        app_id: APP,
        backend_environment_name: "test",
        job_id: &*job,
    });
    let watched = client.get_backend_job(watched).await;
    assert_eq!(
        watched.expect("it is there").status.as_deref(),
        Some("COMPLETED")
    );

    let all = input::RemoveAllBackendsInput::new(APP);
    let job = started!(
        client.remove_all_backends(all.clone()).await,
        "RemoveAllBackends"
    );
    assert_eq!(world.status(&job).await, "CREATED");
    assert!(world.environments().await.is_empty());
    let clean = client
        .remove_all_backends(all.clean_amplify_app(true))
        .await;
    let clean = clean.expect("the app is still there");
    assert_eq!(clean.status.as_deref(), Some("COMPLETED"));
    assert_eq!(clean.job_id, None);
    let gone = input::GetBackendInput::new(APP);
    rejected(client.get_backend(gone).await, 404, "there is no App");
    rejected(world.job(&job).await, 404, "there is no App");
    world.create(APP, ENVIRONMENT).await.expect("a new app");
}
