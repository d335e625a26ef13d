//! AWS STS.

use drawplate_published::sts::error::{AssumeRoleError, GetFederationTokenError};
use drawplate_published::sts::input::{
    AssumeRoleRequest, AssumeRoleRequestRequired, GetAccessKeyInfoRequest,
    GetCallerIdentityRequest, GetFederationTokenRequest, GetSessionTokenRequest,
};
use drawplate_published::sts::{Client, Error, types};
use drawplate_runtime::Timestamp;
use drawplate_tests::python::ACCESS_KEY;

use crate::server::Moto;

const ROLE: &str = "arn:aws:iam::123456789012:role/reader";

fn assume(session: &str) -> AssumeRoleRequest {
    AssumeRoleRequest::new(AssumeRoleRequestRequired {
        role_arn: ROLE,
        role_session_name: session,
    })
}

fn tag(key: &str, value: &str) -> types::Tag {
    types::Tag::new(types::TagRequired { key, value })
}

pub(crate) fn a_role_is_assumed() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let request = assume("session")
        .duration_seconds(900)
        .tags([tag("team", "a&b"), tag("cost", "")])
        .transitive_tag_keys(["team"]);
    let assumed = moto.run(client.assume_role(request)).expect("a role");
    let credentials = assumed.credentials.expect("it has credentials");
    assert!(credentials.access_key_id.starts_with("ASIA"));
    assert!(!credentials.session_token.is_empty());
    assert!(credentials.expiration > Timestamp::now());
    let user = assumed.assumed_role_user.expect("it has a user");
    assert!(
        user.arn.ends_with(":assumed-role/reader/session"),
        "{}",
        user.arn
    );
    assert!(user.assumed_role_id.ends_with(":session"));
    assert!(assumed.packed_policy_size.is_some());

    let session = moto.run(client.get_session_token(GetSessionTokenRequest::new()));
    assert!(session.expect("a session").credentials.is_some());
    let own = moto.run(client.get_caller_identity(GetCallerIdentityRequest::new()));
    let own = own.expect("an identity");
    assert_eq!(own.account.as_deref(), Some("123456789012"));
    assert!(own.arn.is_some() && own.user_id.is_some());
    let input = GetAccessKeyInfoRequest::new(ACCESS_KEY);
    let info = moto
        .run(client.get_access_key_info(input))
        .expect("an account");
    assert!(info.account.is_some());
}

pub(crate) fn errors() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let failed = moto.run(client.assume_role(assume(&"s".repeat(65))));
    let failed = failed.expect_err("the name is too long");
    assert_eq!(
        (failed.status(), failed.code()),
        (Some(400), Some("ValidationError"))
    );
    match failed {
        Error::Service(AssumeRoleError::Unmodeled(error)) => {
            let message = error.message.expect("it has a message");
            assert!(
                message.starts_with("1 validation error detected"),
                "{message}"
            );
        }
        other => panic!("{other:?}"),
    }
    let policy = format!("{{\"Statement\":\"{}\"}}", "x".repeat(3000));
    let request = GetFederationTokenRequest::new("name").policy(policy);
    let failed = moto.run(client.get_federation_token(request));
    let failed = failed.expect_err("the policy is too long");
    assert_eq!(failed.code(), Some("ValidationError"));
    assert!(matches!(
        failed,
        Error::Service(GetFederationTokenError::Unmodeled(_))
    ));
}
