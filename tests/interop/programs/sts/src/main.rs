//! Gets temporary credentials from AWS STS, and calls it with them.

use std::env;

use anyhow::{Context as _, bail, ensure};
use sts::Timestamp;
use sts::sts::client::{Builder, Credentials, EnvironmentCredentials, ProvideCredentials};
use sts::sts::error::{AssumeRoleError, GetFederationTokenError};
use sts::sts::input::{
    AssumeRoleRequest, AssumeRoleRequestRequired, AssumeRoleWithWebIdentityRequest,
    AssumeRoleWithWebIdentityRequestRequired, GetAccessKeyInfoRequest, GetCallerIdentityRequest,
    GetFederationTokenRequest, GetSessionTokenRequest,
};
use sts::sts::types::{Tag, TagRequired};
use sts::sts::{Client, Error};

const ROLE: &str = "arn:aws:iam::123456789012:role/reader";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let client = client(EnvironmentCredentials::new())?;
    identity(&client).await.context("the caller is known")?;
    role(&client).await.context("a role is assumed")?;
    web_identity()
        .await
        .context("a role is assumed with a token")?;
    errors(&client).await.context("errors have their codes")
}

fn region() -> anyhow::Result<String> {
    env::var("AWS_REGION").context("AWS_REGION is not set")
}

/// The settings of the environment, without credentials.
fn builder() -> anyhow::Result<Builder<Client>> {
    let builder = Client::builder().region(region()?);
    Ok(match env::var("AWS_ENDPOINT_URL") {
        Ok(endpoint) => builder.endpoint(endpoint),
        Err(_) => builder,
    })
}

/// A client with these credentials.
fn client(credentials: impl ProvideCredentials) -> anyhow::Result<Client> {
    Ok(builder()?.sigv4(credentials, region()?).build()?)
}

fn assume(session: &str) -> AssumeRoleRequest {
    AssumeRoleRequest::new(AssumeRoleRequestRequired {
        role_arn: ROLE,
        role_session_name: session,
    })
}

async fn identity(client: &Client) -> anyhow::Result<()> {
    let own = client
        .get_caller_identity(GetCallerIdentityRequest::new())
        .await?;
    ensure!(own.account.as_deref() == Some("123456789012"));
    ensure!(own.arn.is_some() && own.user_id.is_some());
    let key = env::var("AWS_ACCESS_KEY_ID")?;
    let info = client
        .get_access_key_info(GetAccessKeyInfoRequest::new(key))
        .await?;
    ensure!(info.account.is_some());
    let session = client
        .get_session_token(GetSessionTokenRequest::new())
        .await?;
    ensure!(session.credentials.is_some());
    Ok(())
}

/// Assumes a role, and calls the service with its credentials.
async fn role(own: &Client) -> anyhow::Result<()> {
    let tag = |key, value| Tag::new(TagRequired { key, value });
    let request = assume("session")
        .duration_seconds(900)
        .tags([tag("team", "a&b"), tag("cost", "")])
        .transitive_tag_keys(["team"]);
    let assumed = own.assume_role(request).await?;
    ensure!(assumed.packed_policy_size.is_some());
    let user = assumed.assumed_role_user.context("it has a user")?;
    ensure!(user.arn.ends_with(":assumed-role/reader/session"));
    ensure!(user.assumed_role_id.ends_with(":session"));
    let given = assumed.credentials.context("it has credentials")?;
    ensure!(given.access_key_id.starts_with("ASIA"));
    ensure!(!given.session_token.is_empty());
    ensure!(given.expiration > Timestamp::now());

    let credentials = Credentials::new(given.access_key_id, given.secret_access_key)
        .session_token(given.session_token);
    let identity = client(credentials)?
        .get_caller_identity(GetCallerIdentityRequest::new())
        .await?;
    ensure!(identity.arn == Some(user.arn));
    Ok(())
}

/// Assumes a role with the token of an identity provider, and without credentials of AWS.
async fn web_identity() -> anyhow::Result<()> {
    let client = builder()?.build()?;
    let required = AssumeRoleWithWebIdentityRequestRequired {
        role_arn: ROLE,
        role_session_name: "session",
        web_identity_token: "token",
    };
    let request = AssumeRoleWithWebIdentityRequest::new(required);
    let assumed = client.assume_role_with_web_identity(request).await?;
    let given = assumed.credentials.context("it has credentials")?;
    ensure!(given.access_key_id.starts_with("ASIA"));
    // Other operations need them.
    let Err(error) = client.assume_role(assume("session")).await else {
        bail!("the client has no credentials");
    };
    ensure!(error.to_string().contains("requires authentication"));
    Ok(())
}

async fn errors(client: &Client) -> anyhow::Result<()> {
    let Err(error) = client.assume_role(assume(&"s".repeat(65))).await else {
        bail!("the name is too long");
    };
    ensure!((error.status(), error.code()) == (Some(400), Some("ValidationError")));
    match error {
        Error::Service(AssumeRoleError::Unmodeled(error)) => {
            let message = error.message.context("it has a message")?;
            ensure!(message.starts_with("1 validation error detected"));
        }
        other => bail!("{other:?}"),
    }
    let policy = format!("{{\"Statement\":\"{}\"}}", "x".repeat(3000));
    let request = GetFederationTokenRequest::new("name").policy(policy);
    match client.get_federation_token(request).await {
        Err(Error::Service(GetFederationTokenError::Unmodeled(error))) => {
            ensure!(error.code.as_deref() == Some("ValidationError"));
            Ok(())
        }
        other => bail!("the policy is too long: {other:?}"),
    }
}
