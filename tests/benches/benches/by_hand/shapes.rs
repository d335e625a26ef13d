//! The shapes of the Amplify Admin API as one would write them for serde, in the order of the
//! model. They do not keep values and members that are newer than the model, redact secrets, locate
//! errors or check constraints.

#![allow(dead_code, reason = "each bench uses a part of it")]
#![allow(
    clippy::enum_variant_names,
    clippy::struct_field_names,
    reason = "the names are the service's"
)]

use serde::{Deserialize, Serialize};

use super::{List, Texts};

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Token {
    pub(crate) app_id: String,
    pub(crate) session_id: String,
    pub(crate) ttl: String,
    pub(crate) challenge_code: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Jobs {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) jobs: Option<List<Job>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Job {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) job_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) create_time: Option<String>,
    pub(crate) app_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) update_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<String>,
    pub(crate) backend_environment_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Models {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) models: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) model_introspection_schema: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<ModelStatus>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ModelStatus {
    Latest,
    Stale,
}

/// The document of `CreateBackendAuth`: its input but for the label.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewAuth {
    pub(crate) resource_config: Auth,
    pub(crate) resource_name: String,
    pub(crate) backend_environment_name: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewAuthResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) job_id: Option<String>,
    pub(crate) app_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<String>,
    pub(crate) backend_environment_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Auth {
    pub(crate) user_pool_configs: UserPool,
    pub(crate) auth_resources: AuthResources,
    pub(crate) service: Service,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) identity_pool_configs: Option<IdentityPool>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserPool {
    pub(crate) user_pool_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) forgot_password: Option<Delivery>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) password_policy: Option<PasswordPolicy>,
    pub(crate) required_sign_up_attributes: Texts<Attribute>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mfa: Option<Mfa>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) verification_message: Option<Delivery>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) o_auth: Option<OAuth>,
    pub(crate) sign_in_method: SignInMethod,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Delivery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sms_settings: Option<SmsSettings>,
    pub(crate) delivery_method: DeliveryMethod,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email_settings: Option<EmailSettings>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SmsSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sms_message: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EmailSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email_subject: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PasswordPolicy {
    pub(crate) minimum_length: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) additional_constraints: Option<Texts<Constraint>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Mfa {
    #[serde(rename = "MFAMode")]
    pub(crate) mode: MfaMode,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) settings: Option<MfaSettings>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MfaSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mfa_types: Option<Texts<MfaType>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sms_message: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OAuth {
    #[serde(rename = "redirectSignOutURIs")]
    pub(crate) sign_out: List<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) domain_prefix: Option<String>,
    #[serde(rename = "redirectSignInURIs")]
    pub(crate) sign_in: List<String>,
    pub(crate) o_auth_scopes: Texts<Scope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) social_provider_settings: Option<Social>,
    pub(crate) o_auth_grant_type: GrantType,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Social {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) facebook: Option<Provider>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) google: Option<Provider>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) login_with_amazon: Option<Provider>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sign_in_with_apple: Option<Apple>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Provider {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_secret: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Apple {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) private_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) team_id: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IdentityPool {
    pub(crate) identity_pool_name: String,
    pub(crate) unauthenticated_login: bool,
}

/// Enums whose values are written as the model has them.
macro_rules! enums {
    ($($name:ident { $($variant:ident),* $(,)? })*) => {
        $(#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub(crate) enum $name {
            $($variant),*
        })*
    };
}

enums! {
    AuthResources { UserPoolOnly, IdentityPoolAndUserPool }
    Service { Cognito }
    DeliveryMethod { Email, Sms }
    Constraint { RequireDigit, RequireLowercase, RequireSymbol, RequireUppercase }
    MfaMode { On, Off, Optional }
    MfaType { Sms, Totp }
    Scope { Phone, Email, Openid, Profile, AwsCognitoSigninUserAdmin }
    GrantType { Code, Implicit }
    SignInMethod { Email, EmailAndPhoneNumber, PhoneNumber, Username }
    Attribute {
        Address, Birthdate, Email, FamilyName, Gender, GivenName, Locale, MiddleName, Name, Nickname, PhoneNumber, Picture,
        PreferredUsername, Profile, UpdatedAt, Website, ZoneInfo,
    }
}

/// Of the kitchen-sink model: a structure of many members, none of which need be there.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Wide {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<String>,
    #[serde(rename = "self", skip_serializing_if = "Option::is_none")]
    self_: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    selfish: Option<String>,
    #[serde(rename = "super", skip_serializing_if = "Option::is_none")]
    super_: Option<String>,
    #[serde(rename = "crate", skip_serializing_if = "Option::is_none")]
    crate_: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#match: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#async: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#gen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#try: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    empty: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encode_members: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decode_member: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decoder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    eq: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fmt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    into: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_json: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from_json: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unwrap: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<String>,
    #[serde(rename = "_leading", skip_serializing_if = "Option::is_none")]
    leading: Option<String>,
    #[serde(rename = "trailing_", skip_serializing_if = "Option::is_none")]
    trailing: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    camel_case: Option<String>,
    #[serde(rename = "PascalCase", skip_serializing_if = "Option::is_none")]
    pascal_case: Option<String>,
    #[serde(rename = "SHOUTY_CASE", skip_serializing_if = "Option::is_none")]
    shouty_case: Option<String>,
    #[serde(rename = "snake_case", skip_serializing_if = "Option::is_none")]
    snake_case: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    with1_digit: Option<String>,
    #[serde(rename = "x86_64", skip_serializing_if = "Option::is_none")]
    x86_64: Option<String>,
}
