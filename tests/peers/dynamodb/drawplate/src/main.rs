//! Five calls, over the network.

use dynamodb::dynamodb::Client;
use dynamodb::dynamodb::client::Credentials;
use dynamodb::dynamodb::input::{
    DeleteItemInput, GetItemInput, PutItemInput, QueryInput, UpdateItemInput,
};
use dynamodb::dynamodb::types::AttributeValue;

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
    runtime.block_on(async {
        let key = || [("id", AttributeValue::S("1".to_owned()))];
        let got = client.get_item(GetItemInput::new("t", key())).await;
        println!("{:?}", got.map_err(|error| error.to_string()));
        let put = client.put_item(PutItemInput::new("t", key())).await;
        println!("{:?}", put.map_err(|error| error.to_string()));
        let updated = client.update_item(UpdateItemInput::new("t", key())).await;
        println!("{:?}", updated.map_err(|error| error.to_string()));
        let deleted = client.delete_item(DeleteItemInput::new("t", key())).await;
        println!("{:?}", deleted.map_err(|error| error.to_string()));
        let queried = client.query(QueryInput::new("t")).await;
        println!("{:?}", queried.map_err(|error| error.to_string()));
    });
}
