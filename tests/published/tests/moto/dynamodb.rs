//! Amazon DynamoDB, with its waiters.

use std::collections::BTreeMap;
use std::time::Duration;

use drawplate_published::dynamodb::client::FinalResponse;
use drawplate_published::dynamodb::error::{DescribeTableError, PutItemError};
use drawplate_published::dynamodb::input::{
    BatchWriteItemInput, CreateTableInput, CreateTableInputRequired, DeleteTableInput,
    DescribeTableInput, GetItemInput, PutItemInput, QueryInput, ScanInput,
};
use drawplate_published::dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, PutRequest,
    ScalarAttributeType, TableStatus, WriteRequest,
};
use drawplate_published::dynamodb::{Client, Error};

use crate::server::Moto;

const TABLE: &str = "weather";
const MINUTE: Duration = Duration::from_mins(1);

/// A table of stations and hours.
fn table() -> CreateTableInput {
    CreateTableInput::new(CreateTableInputRequired {
        table_name: TABLE,
        attribute_definitions: [
            AttributeDefinition::new("station", ScalarAttributeType::S),
            AttributeDefinition::new("hour", ScalarAttributeType::N),
        ],
        key_schema: [
            KeySchemaElement::new("station", KeyType::Hash),
            KeySchemaElement::new("hour", KeyType::Range),
        ],
    })
    .billing_mode(BillingMode::PayPerRequest)
}

/// A key with a value.
fn item(station: &str, hour: usize, rain: &str) -> BTreeMap<String, AttributeValue> {
    let mut item = key(station, hour);
    item.insert("rain".to_owned(), AttributeValue::N(rain.to_owned()));
    item
}

fn key(station: &str, hour: usize) -> BTreeMap<String, AttributeValue> {
    BTreeMap::from([
        ("station".to_owned(), AttributeValue::S(station.to_owned())),
        ("hour".to_owned(), AttributeValue::N(hour.to_string())),
    ])
}

fn create(moto: &Moto, client: &Client) {
    moto.run(client.create_table(table())).expect("a table");
}

pub(crate) fn items() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    create(&moto, &client);
    let mut stored = item("grün \u{1F600}", 7, "12.5");
    let values = BTreeMap::from([
        ("raw".to_owned(), AttributeValue::B(vec![0, 255].into())),
        (
            "words".to_owned(),
            AttributeValue::Ss(vec!["a".to_owned(), "b".to_owned()]),
        ),
        ("nothing".to_owned(), AttributeValue::Null(true)),
        (
            "list".to_owned(),
            AttributeValue::L(vec![AttributeValue::Bool(false)]),
        ),
    ]);
    stored.insert("nested".to_owned(), AttributeValue::M(values));
    moto.run(client.put_item(PutItemInput::new(TABLE, stored.clone())))
        .expect("an item");
    let input = GetItemInput::new(TABLE, key("grün \u{1F600}", 7)).consistent_read(true);
    let found = moto.run(client.get_item(input)).expect("a response");
    assert_eq!(found.item, Some(stored.clone()));
    let missing = GetItemInput::new(TABLE, key("grün \u{1F600}", 8));
    let missing = moto.run(client.get_item(missing)).expect("a response");
    assert_eq!(missing.item, None);

    let input =
        PutItemInput::new(TABLE, stored).condition_expression("attribute_not_exists(station)");
    let failed = moto.run(client.put_item(input)).expect_err("it exists");
    assert_eq!(failed.status(), Some(400));
    assert!(
        matches!(
            failed,
            Error::Service(PutItemError::ConditionalCheckFailedException(_))
        ),
        "{failed:?}"
    );
}

pub(crate) fn pages() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    create(&moto, &client);
    let writes = (0..24).map(|hour| {
        let put = PutRequest::new(item("north", hour, "1"));
        WriteRequest::new().put_request(put)
    });
    let input = BatchWriteItemInput::new([(TABLE, writes.collect::<Vec<_>>())]);
    moto.run(client.batch_write_item(input)).expect("items");

    let values = [(":s", AttributeValue::S("north".to_owned()))];
    let input = QueryInput::new(TABLE)
        .key_condition_expression("station = :s")
        .expression_attribute_values(values)
        .limit(10);
    let (sizes, scanned) = moto.run(async {
        let mut sizes = Vec::new();
        let mut pages = client.query_pages(input);
        while let Some(page) = pages.next().await {
            sizes.push(page.expect("a page").items.unwrap_or_default().len());
        }
        let mut scanned = Vec::new();
        let mut items = client.scan_items(ScanInput::new(TABLE).limit(7));
        while let Some(item) = items.next().await {
            scanned.push(item.expect("an item")["hour"].clone());
        }
        (sizes, scanned)
    });
    assert_eq!(sizes, [10, 10, 4]);
    let hours = (0..24).map(|hour: usize| AttributeValue::N(hour.to_string()));
    assert_eq!(scanned, hours.collect::<Vec<_>>());
}

pub(crate) fn waiters() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let described = || DescribeTableInput::new(TABLE);
    let response = moto.run(
        client
            .wait_until_table_not_exists(described())
            .max_wait(MINUTE),
    );
    let response = response.expect("there is no table yet");
    assert!(
        matches!(
            &response,
            FinalResponse::Error(Error::Service(
                DescribeTableError::ResourceNotFoundException(_)
            ))
        ),
        "{response:?}"
    );
    let waiter = client.wait_until_table_exists(described());
    let waiter = waiter.min_delay(Duration::from_millis(10));
    let waiter = waiter.max_delay(Duration::from_millis(20));
    let error = moto.run(waiter.max_wait(Duration::from_millis(100)));
    let error = error.expect_err("nobody creates the table");
    assert!(error.is_timeout(), "{error}");

    create(&moto, &client);
    let response = moto.run(client.wait_until_table_exists(described()).max_wait(MINUTE));
    let response = response.expect("the table exists");
    let table = response.output().and_then(|output| output.table.as_ref());
    let status = table.and_then(|table| table.table_status.as_ref());
    assert_eq!(status, Some(&TableStatus::Active));

    moto.run(client.delete_table(DeleteTableInput::new(TABLE)))
        .expect("it is deleted");
    let response = moto.run(
        client
            .wait_until_table_not_exists(described())
            .max_wait(MINUTE),
    );
    assert!(response.expect("the table is gone").output().is_none());
}
