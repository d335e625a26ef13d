//! Clients whose constructors have other names. The formatter breaks a list of long names over
//! lines, with a comma behind the last one.

use std::sync::Arc;

use drawplate_runtime::client::Inner;

use super::service::{OPEN, Server};
use super::{input, put};

pub struct Client(Inner);
drawplate_runtime::client!(Client: OPEN {
    client_builder,
    client_in_process,
});

pub struct Other(Inner);
drawplate_runtime::client!(Other: OPEN { other_builder, });

#[tokio::test]
async fn clients_have_constructors_with_chosen_names() {
    let router = Server::new(false, true).router(&Arc::default());
    let url = "https://objects.example";
    let client = Client::client_builder().endpoint(url);
    let other = Other::other_builder().endpoint(url);
    for client in [
        Client::client_in_process(router.clone()).0,
        client.transport(router.clone()).build().expect("set up").0,
        other.transport(router).build().expect("set up").0,
    ] {
        let receipt = put(&client, &input("CRC32", b"abc")).await;
        assert_eq!(&*receipt.expect("it is stored").body, b"abc");
    }
}
