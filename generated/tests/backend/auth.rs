//! Authentication is made, changed member by member, and taken over.

use amplify_admin::amplifybackend::input;
use amplify_admin::amplifybackend::types::{
    AdditionalConstraintsElement, AuthResources, CreateBackendAuthIdentityPoolConfig,
    CreateBackendAuthPasswordPolicyConfig, CreateBackendAuthResourceConfig,
    CreateBackendAuthResourceConfigRequired, CreateBackendAuthUserPoolConfig,
    CreateBackendAuthUserPoolConfigRequired, DeliveryMethod, MfaMode, OAuthGrantType,
    OAuthScopesElement, RequiredSignUpAttributesElement, Service, SignInMethod,
    UpdateBackendAuthIdentityPoolConfig, UpdateBackendAuthMfaConfig, UpdateBackendAuthOAuthConfig,
    UpdateBackendAuthPasswordPolicyConfig, UpdateBackendAuthResourceConfig,
    UpdateBackendAuthResourceConfigRequired, UpdateBackendAuthUserPoolConfig,
    UpdateBackendAuthVerificationMessageConfig,
};

use super::{APP, ENVIRONMENT, World, rejected, started};

const NONE: &str = "there is no Auth people";

/// A user pool alone, or with an identity pool that is still to be described.
fn config(resources: AuthResources) -> CreateBackendAuthResourceConfig {
    let attributes = vec![RequiredSignUpAttributesElement::Email];
    let pool = CreateBackendAuthUserPoolConfig::new(CreateBackendAuthUserPoolConfigRequired {
        user_pool_name: "people",
        required_sign_up_attributes: attributes,
        sign_in_method: SignInMethod::Email,
    });
    CreateBackendAuthResourceConfig::new(CreateBackendAuthResourceConfigRequired {
        user_pool_configs: pool,
        auth_resources: resources,
        service: Service::Cognito,
    })
}

fn both() -> CreateBackendAuthResourceConfig {
    let identities = CreateBackendAuthIdentityPoolConfig::new("guests", false);
    config(AuthResources::IdentityPoolAndUserPool).identity_pool_configs(identities)
}

fn create(config: CreateBackendAuthResourceConfig) -> input::CreateBackendAuthInput {
    input::CreateBackendAuthInput::new(input::CreateBackendAuthInputRequired {
        app_id: APP,
        resource_config: config,
        resource_name: "people",
        backend_environment_name: ENVIRONMENT,
    })
}

fn change(pool: UpdateBackendAuthUserPoolConfig) -> UpdateBackendAuthResourceConfig {
    let resources = AuthResources::IdentityPoolAndUserPool;
    UpdateBackendAuthResourceConfig::new(UpdateBackendAuthResourceConfigRequired {
        user_pool_configs: pool,
        auth_resources: resources,
        service: Service::Cognito,
    })
}

fn update(config: UpdateBackendAuthResourceConfig) -> input::UpdateBackendAuthInput {
    input::UpdateBackendAuthInput::new(input::UpdateBackendAuthInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        resource_config: config,
        resource_name: "people",
    })
}

fn get(name: &str) -> input::GetBackendAuthInput {
    input::GetBackendAuthInput::new(input::GetBackendAuthInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        resource_name: name,
    })
}

pub(super) async fn authentication_is_kept(world: &World) {
    let client = &world.client;
    let delete = input::DeleteBackendAuthInput::new(input::DeleteBackendAuthInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        resource_name: "people",
    });
    rejected(client.get_backend_auth(get("people")).await, 404, NONE);
    let without = create(config(AuthResources::IdentityPoolAndUserPool));
    let why = "identityPoolConfigs is missing";
    rejected(client.create_backend_auth(without).await, 400, why);
    let mut short = config(AuthResources::UserPoolOnly);
    let policy = CreateBackendAuthPasswordPolicyConfig::new(5.0);
    short.user_pool_configs.password_policy = Some(policy);
    let why = "minimumLength is from 6 to 99";
    rejected(client.create_backend_auth(create(short)).await, 400, why);

    let created = client.create_backend_auth(create(both())).await;
    started!(created, "CreateBackendAuth");
    let again = client.create_backend_auth(create(both())).await;
    rejected(again, 400, "has authentication people already");
    let found = client.get_backend_auth(get("people")).await;
    let found = found.expect("it is there");
    assert_eq!(found.resource_config, Some(both()));

    let deleted = client.delete_backend_auth(delete.clone()).await;
    started!(deleted, "DeleteBackendAuth");
    rejected(client.delete_backend_auth(delete).await, 404, NONE);
}

pub(super) async fn authentication_is_changed_member_by_member(world: &World) {
    let client = &world.client;
    let created = client.create_backend_auth(create(both())).await;
    started!(created, "CreateBackendAuth");
    let symbols = vec![AdditionalConstraintsElement::RequireSymbol];
    let pool = UpdateBackendAuthUserPoolConfig::new;
    let policy = UpdateBackendAuthPasswordPolicyConfig::new;
    let o_auth = UpdateBackendAuthOAuthConfig::new;
    // A new part must have its required members.
    let lacking = [
        (
            pool().password_policy(policy().additional_constraints(symbols.clone())),
            "passwordPolicy/minimumLength is missing",
        ),
        (
            pool().o_auth(o_auth().domain_prefix("people")),
            "oAuth/redirectSignOutURIs is missing",
        ),
        (
            pool().mfa(UpdateBackendAuthMfaConfig::new()),
            "mfa/MFAMode is missing",
        ),
        (
            pool().password_policy(policy().minimum_length(100.0)),
            "minimumLength is from 6 to 99",
        ),
    ];
    for (lacking, why) in lacking {
        let outcome = client.update_backend_auth(update(change(lacking))).await;
        rejected(outcome, 400, why);
    }
    let guests = UpdateBackendAuthIdentityPoolConfig::new().unauthenticated_login(true);
    let email = UpdateBackendAuthVerificationMessageConfig::new(DeliveryMethod::Email);
    let changes = [
        change(pool()).identity_pool_configs(guests),
        change(pool().password_policy(policy().minimum_length(10.0))),
        change(pool().password_policy(policy().additional_constraints(symbols.clone()))),
        change(pool().mfa(UpdateBackendAuthMfaConfig::new().mfa_mode(MfaMode::Optional))),
        change(pool().verification_message(email)),
        change(
            pool().o_auth(
                o_auth()
                    .redirect_sign_out_ur_is(vec!["https://out.example".to_owned()])
                    .redirect_sign_in_ur_is(vec!["https://in.example".to_owned()])
                    .o_auth_scopes(vec![OAuthScopesElement::Openid])
                    .o_auth_grant_type(OAuthGrantType::Code),
            ),
        ),
        change(pool().o_auth(o_auth().domain_prefix("people"))),
    ];
    for change in changes {
        let updated = client.update_backend_auth(update(change)).await;
        started!(updated, "UpdateBackendAuth");
    }
    let found = client.get_backend_auth(get("people")).await;
    let found = found.expect("it is there").resource_config;
    let found = found.expect("it has a configuration");
    let guests = found.identity_pool_configs.expect("it is there");
    assert_eq!(
        guests,
        CreateBackendAuthIdentityPoolConfig::new("guests", true)
    );
    let pool = found.user_pool_configs;
    let policy = CreateBackendAuthPasswordPolicyConfig::new(10.0).additional_constraints(symbols);
    assert_eq!(pool.password_policy, Some(policy));
    assert_eq!(pool.mfa.expect("it was set").mfa_mode, MfaMode::Optional);
    let message = pool.verification_message.expect("it was set");
    assert_eq!(message.delivery_method, DeliveryMethod::Email);
    let o_auth = pool.o_auth.expect("it was set");
    assert_eq!(o_auth.redirect_sign_in_ur_is, ["https://in.example"]);
    assert_eq!(o_auth.domain_prefix.as_deref(), Some("people"));
}

pub(super) async fn a_user_pool_is_taken_over(world: &World) {
    let client = &world.client;
    let pool = "eu-west-1_abc";
    let import = input::ImportBackendAuthInput::new(input::ImportBackendAuthInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        web_client_id: "web",
        native_client_id: "native",
        user_pool_id: pool,
    });
    let imported = client.import_backend_auth(import.clone()).await;
    started!(imported, "ImportBackendAuth");
    rejected(client.import_backend_auth(import).await, 400, "already");
    let meta = world.meta(ENVIRONMENT).await;
    assert_eq!(meta["auth"][pool]["service"], "Cognito");
    let found = client.get_backend_auth(get(pool)).await;
    assert_eq!(found.expect("it is there").resource_config, None);
    let mut update = update(change(UpdateBackendAuthUserPoolConfig::new()));
    pool.clone_into(&mut update.resource_name);
    rejected(client.update_backend_auth(update).await, 400, "imported");
}
