//! One call, over the network.

use amplify_admin::amplifybackend::Client;
use amplify_admin::amplifybackend::client::Credentials;
use amplify_admin::amplifybackend::input::GetTokenInput;

fn main() {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "static");
    let client = Client::builder().sigv4(credentials, "eu-west-1").build().expect("is complete");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let token = runtime.block_on(async { client.get_token(GetTokenInput::new("d1abcdefgh", "0123456789abcdef")).await });
    println!("{:?}", token.map(|token| token.ttl).map_err(|error| error.to_string()));
}
