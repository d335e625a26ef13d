//! One call, over the network.

use amplify_admin::amplifybackend::Client;
use amplify_admin::amplifybackend::client::Credentials;
use amplify_admin::amplifybackend::input::{GetTokenInput, GetTokenInputRequired};

fn main() {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret");
    let client = Client::builder()
        .sigv4(credentials, "eu-west-1")
        .build()
        .expect("is complete");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    let input = GetTokenInput::new(GetTokenInputRequired {
        app_id: "d1abcdefgh",
        session_id: "0123456789abcdef",
    });
    let token = runtime.block_on(async { client.get_token(input).await });
    println!(
        "{:?}",
        token
            .map(|token| token.ttl)
            .map_err(|error| error.to_string())
    );
}
