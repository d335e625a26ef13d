//! One call, over the network.

use aws_sdk_amplifybackend::Client;
use aws_sdk_amplifybackend::config::{Config, Credentials, Region};

fn main() {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "static");
    let config = Config::builder().region(Region::new("eu-west-1")).credentials_provider(credentials).build();
    let client = Client::from_conf(config);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let token = runtime.block_on(client.get_token().app_id("d1abcdefgh").session_id("0123456789abcdef").send());
    println!("{:?}", token.map(|token| token.ttl).map_err(|error| error.to_string()));
}
