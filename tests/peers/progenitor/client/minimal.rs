//! One call, over the network.

fn main() {
    let client = peer_progenitor_client::Client::new("https://amplifybackend.eu-west-1.amazonaws.com");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let token = runtime.block_on(client.get_token("d1abcdefgh", "0123456789abcdef"));
    println!("{:?}", token.map(|token| token.ttl.clone()).map_err(|error| error.to_string()));
}
