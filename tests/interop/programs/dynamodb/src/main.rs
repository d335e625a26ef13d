//! Stores the weather of stations in a table of Amazon DynamoDB.

use std::collections::BTreeMap;
use std::env;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use dynamodb::dynamodb::client::{EnvironmentCredentials, FinalResponse};
use dynamodb::dynamodb::error::{DescribeTableError, PutItemError};
use dynamodb::dynamodb::input::{
    BatchWriteItemInput, CreateTableInput, CreateTableInputRequired, DeleteTableInput,
    DescribeTableInput, GetItemInput, ListTablesInput, PutItemInput, QueryInput, ScanInput,
    UpdateItemInput,
};
use dynamodb::dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, PutRequest,
    ReturnValue, ScalarAttributeType, TableStatus, WriteRequest,
};
use dynamodb::dynamodb::{Client, Error};

type Item = BTreeMap<String, AttributeValue>;

const TABLE: &str = "weather";
const MINUTE: Duration = Duration::from_mins(1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let client = client()?;
    create(&client).await.context("a table is created")?;
    items(&client).await.context("items are stored")?;
    pages(&client).await.context("items are listed")?;
    delete(&client).await.context("the table is deleted")
}

/// A client with the settings of the environment.
fn client() -> anyhow::Result<Client> {
    let region = env::var("AWS_REGION").context("AWS_REGION is not set")?;
    let credentials = EnvironmentCredentials::new();
    let mut builder = Client::builder()
        .region(&*region)
        .sigv4(credentials, &*region);
    if let Ok(endpoint) = env::var("AWS_ENDPOINT_URL") {
        builder = builder.endpoint(endpoint);
    }
    Ok(builder.build()?)
}

fn described() -> DescribeTableInput {
    DescribeTableInput::new(TABLE)
}

/// Creates a table of stations and hours, and waits until it exists.
async fn create(client: &Client) -> anyhow::Result<()> {
    let response = client
        .wait_until_table_not_exists(described())
        .max_wait(MINUTE)
        .await?;
    let not_found = matches!(
        &response,
        FinalResponse::Error(Error::Service(
            DescribeTableError::ResourceNotFoundException(_)
        ))
    );
    ensure!(not_found, "{response:?}");
    let waiter = client
        .wait_until_table_exists(described())
        .min_delay(Duration::from_millis(10))
        .max_delay(Duration::from_millis(20))
        .max_wait(Duration::from_millis(100));
    let Err(error) = waiter.await else {
        bail!("nobody has created the table");
    };
    ensure!(error.is_timeout(), "{error}");

    let table = CreateTableInput::new(CreateTableInputRequired {
        table_name: TABLE,
        attribute_definitions: [
            AttributeDefinition::new("station", ScalarAttributeType::S),
            AttributeDefinition::new("hour", ScalarAttributeType::N),
        ],
        key_schema: [
            KeySchemaElement::new("station", KeyType::Hash),
            KeySchemaElement::new("hour", KeyType::Range),
        ],
    });
    client
        .create_table(table.billing_mode(BillingMode::PayPerRequest))
        .await?;
    let response = client
        .wait_until_table_exists(described())
        .max_wait(MINUTE)
        .await?;
    let table = response.output().and_then(|output| output.table.as_ref());
    let status = table.and_then(|table| table.table_status.as_ref());
    ensure!(status == Some(&TableStatus::Active));

    let mut names = client.list_tables_items(ListTablesInput::new());
    while let Some(name) = names.next().await {
        if name? == TABLE {
            return Ok(());
        }
    }
    bail!("{TABLE} is not listed");
}

fn key(station: &str, hour: usize) -> Item {
    BTreeMap::from([
        ("station".to_owned(), AttributeValue::S(station.to_owned())),
        ("hour".to_owned(), AttributeValue::N(hour.to_string())),
    ])
}

/// Stores values of each type, and changes one of them.
async fn items(client: &Client) -> anyhow::Result<()> {
    let station = "grün \u{1F600}";
    let rain = AttributeValue::N("12.5".to_owned());
    let words = ["a".to_owned(), "b".to_owned()];
    let nested = BTreeMap::from([
        ("raw".to_owned(), AttributeValue::B(vec![0, 255].into())),
        ("words".to_owned(), AttributeValue::Ss(words.into())),
        ("nothing".to_owned(), AttributeValue::Null(true)),
        (
            "list".to_owned(),
            AttributeValue::L(vec![AttributeValue::Bool(false)]),
        ),
    ]);
    let mut item = key(station, 7);
    item.insert("rain".to_owned(), rain);
    item.insert("nested".to_owned(), AttributeValue::M(nested));
    client
        .put_item(PutItemInput::new(TABLE, item.clone()))
        .await?;
    let input = GetItemInput::new(TABLE, key(station, 7)).consistent_read(true);
    let found = client.get_item(input).await?.item;
    ensure!(found.as_ref() == Some(&item));
    let missing = GetItemInput::new(TABLE, key(station, 8));
    ensure!(client.get_item(missing).await?.item.is_none());

    let once = "attribute_not_exists(station)";
    let input = PutItemInput::new(TABLE, item).condition_expression(once);
    match client.put_item(input).await {
        Err(Error::Service(PutItemError::ConditionalCheckFailedException(_))) => {}
        other => bail!("the item exists: {other:?}"),
    }
    let input = UpdateItemInput::new(TABLE, key(station, 7))
        .update_expression("ADD rain :more")
        .expression_attribute_values([(":more", AttributeValue::N("1".to_owned()))])
        .return_values(ReturnValue::UpdatedNew);
    let changed = client.update_item(input).await?.attributes;
    let rain = AttributeValue::N("13.5".to_owned());
    ensure!(changed == Some(BTreeMap::from([("rain".to_owned(), rain)])));
    Ok(())
}

/// Writes a batch, and reads it in pages.
async fn pages(client: &Client) -> anyhow::Result<()> {
    let writes = (0..24).map(|hour| {
        let put = PutRequest::new(key("north", hour));
        WriteRequest::new().put_request(put)
    });
    let input = BatchWriteItemInput::new([(TABLE, writes.collect::<Vec<_>>())]);
    let written = client.batch_write_item(input).await?;
    ensure!(written.unprocessed_items.unwrap_or_default().is_empty());

    let north = [(":s", AttributeValue::S("north".to_owned()))];
    let input = QueryInput::new(TABLE)
        .key_condition_expression("station = :s")
        .expression_attribute_values(north)
        .limit(10);
    let mut sizes = Vec::new();
    let mut pages = client.query_pages(input);
    while let Some(page) = pages.next().await {
        sizes.push(page?.items.unwrap_or_default().len());
    }
    ensure!(sizes == [10, 10, 4]);

    let mut hours = Vec::new();
    let mut items = client.scan_items(ScanInput::new(TABLE).limit(7));
    while let Some(item) = items.next().await {
        let item = item?;
        if item["station"] == AttributeValue::S("north".to_owned()) {
            hours.push(item["hour"].clone());
        }
    }
    let expected = (0..24).map(|hour: usize| AttributeValue::N(hour.to_string()));
    ensure!(hours == expected.collect::<Vec<_>>());
    Ok(())
}

/// Deletes the table, and waits until it is gone.
async fn delete(client: &Client) -> anyhow::Result<()> {
    client.delete_table(DeleteTableInput::new(TABLE)).await?;
    let response = client
        .wait_until_table_not_exists(described())
        .max_wait(MINUTE)
        .await?;
    ensure!(response.output().is_none(), "{response:?}");
    Ok(())
}
