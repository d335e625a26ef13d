//! Five calls, over the network.

use aws_config::BehaviorVersion;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    runtime.block_on(async {
        let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
        let client = Client::new(&config);
        let id = || AttributeValue::S("1".to_owned());
        let got = client.get_item().table_name("t").key("id", id());
        println!("{:?}", got.send().await);
        let put = client.put_item().table_name("t").item("id", id());
        println!("{:?}", put.send().await);
        let updated = client.update_item().table_name("t").key("id", id());
        println!("{:?}", updated.send().await);
        let deleted = client.delete_item().table_name("t").key("id", id());
        println!("{:?}", deleted.send().await);
        println!("{:?}", client.query().table_name("t").send().await);
    });
}
