//! Sends messages to a queue of Amazon SQS, and receives them.

use std::collections::BTreeSet;
use std::env;

use anyhow::{Context as _, bail, ensure};
use sqs::sqs::client::EnvironmentCredentials;
use sqs::sqs::error::GetQueueUrlError;
use sqs::sqs::input::{
    CreateQueueRequest, DeleteMessageRequest, DeleteMessageRequestRequired, DeleteQueueRequest,
    GetQueueAttributesRequest, GetQueueUrlRequest, ListQueuesRequest, ReceiveMessageRequest,
    SendMessageBatchRequest, SendMessageRequest, SendMessageRequestRequired, TagQueueRequest,
};
use sqs::sqs::types::{
    Message, MessageAttributeValue, QueueAttributeName, SendMessageBatchRequestEntry,
    SendMessageBatchRequestEntryRequired,
};
use sqs::sqs::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let client = client()?;
    let queue = create(&client, "weather")
        .await
        .context("a queue is created")?;
    attributes(&client, &queue)
        .await
        .context("it has attributes")?;
    message(&client, &queue)
        .await
        .context("a message is sent")?;
    batch(&client, &queue).await.context("a batch is sent")?;
    delete(&client, &queue)
        .await
        .context("the queue is deleted")?;
    pages(&client).await.context("queues are listed")
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

/// Creates a queue, and returns its URL.
async fn create(client: &Client, name: &str) -> anyhow::Result<String> {
    let timeout = [(QueueAttributeName::VisibilityTimeout, "60")];
    let input = CreateQueueRequest::new(name).attributes(timeout);
    let created = client.create_queue(input).await?;
    created.queue_url.context("it has a URL")
}

async fn attributes(client: &Client, queue: &str) -> anyhow::Result<()> {
    let found = client
        .get_queue_url(GetQueueUrlRequest::new("weather"))
        .await?;
    ensure!(found.queue_url.as_deref() == Some(queue));
    let input = TagQueueRequest::new(queue, [("team", "a=b")]);
    client.tag_queue(input).await?;
    let timeout = QueueAttributeName::VisibilityTimeout;
    let input = GetQueueAttributesRequest::new(queue).attribute_names([timeout.clone()]);
    let found = client.get_queue_attributes(input).await?.attributes;
    ensure!(found.unwrap_or_default()[&timeout] == "60");
    Ok(())
}

async fn receive(client: &Client, queue: &str) -> anyhow::Result<Vec<Message>> {
    let input = ReceiveMessageRequest::new(queue)
        .message_attribute_names(["All"])
        .max_number_of_messages(10);
    let received = client.receive_message(input).await?;
    Ok(received.messages.unwrap_or_default())
}

async fn message(client: &Client, queue: &str) -> anyhow::Result<()> {
    let text = "Rain & <sun> \u{2602}\n";
    let attribute = MessageAttributeValue::new("Binary").binary_value(vec![0, 255]);
    let input = SendMessageRequest::new(SendMessageRequestRequired {
        queue_url: queue,
        message_body: text,
    });
    let input = input.message_attributes([("raw", attribute.clone())]);
    let sent = client.send_message(input).await?;

    let received = receive(client, queue).await?;
    let [message] = &*received else {
        bail!("there is one message: {received:?}");
    };
    ensure!(message.body.as_deref() == Some(text));
    ensure!(message.message_id == sent.message_id);
    let attributes = message.message_attributes.as_ref();
    let raw = attributes.and_then(|attributes| attributes.get("raw"));
    ensure!(raw.and_then(|raw| raw.binary_value.clone()) == attribute.binary_value);

    let handle = message.receipt_handle.as_deref();
    let input = DeleteMessageRequest::new(DeleteMessageRequestRequired {
        queue_url: queue,
        receipt_handle: handle.context("it has a handle")?,
    });
    client.delete_message(input).await?;
    Ok(())
}

async fn batch(client: &Client, queue: &str) -> anyhow::Result<()> {
    let entries = ["one", "two"].map(|id| {
        let message_body = id;
        SendMessageBatchRequestEntry::new(SendMessageBatchRequestEntryRequired { id, message_body })
    });
    let input = SendMessageBatchRequest::new(queue, entries);
    let sent = client.send_message_batch(input).await?;
    ensure!((sent.successful.len(), sent.failed.len()) == (2, 0));
    let received = receive(client, queue).await?;
    let bodies = received.into_iter().filter_map(|message| message.body);
    let expected = BTreeSet::from(["one".to_owned(), "two".to_owned()]);
    ensure!(bodies.collect::<BTreeSet<_>>() == expected);
    Ok(())
}

async fn delete(client: &Client, queue: &str) -> anyhow::Result<()> {
    client.delete_queue(DeleteQueueRequest::new(queue)).await?;
    match client
        .get_queue_url(GetQueueUrlRequest::new("weather"))
        .await
    {
        Err(error @ Error::Service(GetQueueUrlError::QueueDoesNotExist(_))) => {
            ensure!(error.status() == Some(400));
            Ok(())
        }
        other => bail!("it has a URL: {other:?}"),
    }
}

async fn pages(client: &Client) -> anyhow::Result<()> {
    let mut created = BTreeSet::new();
    for index in 0..7 {
        created.insert(create(client, &format!("queue{index}")).await?);
    }
    let input = ListQueuesRequest::new()
        .queue_name_prefix("queue")
        .max_results(3);
    let mut listed = BTreeSet::new();
    let mut urls = client.list_queues_items(input);
    while let Some(url) = urls.next().await {
        listed.insert(url?);
    }
    ensure!(listed == created);
    Ok(())
}
