//! Calls a service once, with the settings of the environment and of profiles.

use amplify_admin::amplifybackend::Client;
use amplify_admin::amplifybackend::input::{GetTokenInput, GetTokenInputRequired};
use aws_config::BehaviorVersion;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// Sends nothing: the settings are in the environment and in profiles. Other programs enable the
/// feature `default-https-client` of `aws-config` instead.
#[derive(Debug)]
struct Offline;

impl HttpConnector for Offline {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(Err(ConnectorError::user("nothing is sent".into())))
    }
}

impl HttpClient for Offline {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Self)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = aws_config::defaults(BehaviorVersion::latest())
        .http_client(Offline)
        .load()
        .await;
    let client = Client::builder().sdk_config(&config).build()?;
    let input = GetTokenInput::new(GetTokenInputRequired {
        app_id: "app",
        session_id: "session",
    });
    client.get_token(input).await?;
    Ok(())
}
