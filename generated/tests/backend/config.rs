//! The config object is kept, and is changed member by member.

use amplify_admin::amplifybackend::input;
use amplify_admin::amplifybackend::types::LoginAuthConfigReqObj;

use super::{APP, World, rejected};

pub(super) async fn a_config_is_kept(world: &World) {
    let client = &world.client;
    let update = input::UpdateBackendConfigInput::new(APP);
    let remove = input::RemoveBackendConfigInput::new(APP);
    let none = "there is no BackendConfig";
    rejected(
        client.update_backend_config(update.clone()).await,
        404,
        none,
    );
    rejected(
        client.remove_backend_config(remove.clone()).await,
        404,
        none,
    );

    let create = input::CreateBackendConfigInput::new(APP).backend_manager_app_id("d9");
    let created = client.create_backend_config(create.clone()).await;
    let created = created.expect("it is created");
    let job = created.job_id.expect("it has a job");
    world.wait(2);
    assert_eq!(world.status(&job).await, "IN_PROGRESS");
    rejected(client.create_backend_config(create).await, 400, "already");

    let pools = LoginAuthConfigReqObj::new().aws_user_pools_id("eu-west-1_abc");
    let change = update.clone().login_auth_config(pools);
    client
        .update_backend_config(change)
        .await
        .expect("it is there");
    let region = LoginAuthConfigReqObj::new().aws_cognito_region("eu-west-1");
    let change = update.clone().login_auth_config(region.clone());
    client
        .update_backend_config(change)
        .await
        .expect("it is there");
    let kept = client.update_backend_config(update.clone()).await;
    let kept = kept.expect("it is there");
    assert_eq!(kept.backend_manager_app_id.as_deref(), Some("d9"));
    let expected = region.aws_user_pools_id("eu-west-1_abc");
    assert_eq!(kept.login_auth_config, Some(expected));

    client
        .remove_backend_config(remove)
        .await
        .expect("it is there");
    rejected(client.update_backend_config(update).await, 404, none);
}
