//! Publishes messages to topics of Amazon SNS.

use std::collections::{BTreeMap, BTreeSet};
use std::env;

use anyhow::{Context as _, bail, ensure};
use sns::sns::client::EnvironmentCredentials;
use sns::sns::error::{CreateTopicError, GetTopicAttributesError, PublishError, SubscribeError};
use sns::sns::input::{
    CreateTopicInput, DeleteTopicInput, GetTopicAttributesInput, ListSubscriptionsByTopicInput,
    ListTopicsInput, PublishBatchInput, PublishInput, SetTopicAttributesInput,
    SetTopicAttributesInputRequired, SubscribeInput, SubscribeInputRequired, UnsubscribeInput,
};
use sns::sns::types::{
    MessageAttributeValue, PublishBatchRequestEntry, PublishBatchRequestEntryRequired,
};
use sns::sns::{Client, Error};

const MISSING: &str = "arn:aws:sns:eu-west-1:123456789012:missing";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let client = client()?;
    let topic = create(&client).await.context("a topic is created")?;
    subscriptions(&client, &topic)
        .await
        .context("a subscription is made")?;
    messages(&client, &topic)
        .await
        .context("messages are published")?;
    errors(&client, &topic).await.context("errors are typed")?;
    delete(&client, &topic)
        .await
        .context("the topic is deleted")?;
    pages(&client).await.context("topics are listed")
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

async fn attributes(client: &Client, topic: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let input = GetTopicAttributesInput::new(topic);
    let found = client.get_topic_attributes(input).await?;
    Ok(found.attributes.unwrap_or_default())
}

/// Creates a topic, changes an attribute, and returns its ARN.
async fn create(client: &Client) -> anyhow::Result<String> {
    let input = CreateTopicInput::new("weather")
        .attributes([("DisplayName", "Rain & <sun> ☂"), ("KmsMasterKeyId", "k")]);
    let created = client.create_topic(input).await?;
    let topic = created.topic_arn.context("it has an ARN")?;
    let found = attributes(client, &topic).await?;
    ensure!(found["DisplayName"] == "Rain & <sun> ☂");
    ensure!(found["TopicArn"] == topic);
    let set = SetTopicAttributesInput::new(SetTopicAttributesInputRequired {
        topic_arn: &*topic,
        attribute_name: "DisplayName",
    });
    client
        .set_topic_attributes(set.attribute_value("changed"))
        .await?;
    ensure!(attributes(client, &topic).await?["DisplayName"] == "changed");
    Ok(topic)
}

fn subscribe(topic: &str, protocol: &str, endpoint: &str) -> SubscribeInput {
    let required = SubscribeInputRequired {
        topic_arn: topic,
        protocol,
    };
    SubscribeInput::new(required).endpoint(endpoint)
}

async fn subscriptions(client: &Client, topic: &str) -> anyhow::Result<()> {
    let input = subscribe(topic, "email", "a@example.com").return_subscription_arn(true);
    let subscribed = client.subscribe(input).await?.subscription_arn;
    let subscribed = subscribed.context("it has an ARN")?;
    let list = || client.list_subscriptions_by_topic(ListSubscriptionsByTopicInput::new(topic));
    let listed = list().await?.subscriptions.unwrap_or_default();
    let [subscription] = &*listed else {
        bail!("there is one subscription: {listed:?}");
    };
    ensure!(subscription.protocol.as_deref() == Some("email"));
    ensure!(subscription.endpoint.as_deref() == Some("a@example.com"));
    ensure!(subscription.topic_arn.as_deref() == Some(topic));
    let input = UnsubscribeInput::new(subscribed);
    client.unsubscribe(input).await?;
    ensure!(list().await?.subscriptions.unwrap_or_default().is_empty());
    Ok(())
}

async fn messages(client: &Client, topic: &str) -> anyhow::Result<()> {
    let text = MessageAttributeValue::new("String").string_value("a\nb");
    let bytes = MessageAttributeValue::new("Binary").binary_value(&[0xfb, 0xff]);
    let attributes = [("text", text), ("bytes", bytes)];
    let input = PublishInput::new("it rains + snows")
        .topic_arn(topic)
        .subject("weather")
        .message_attributes(attributes.clone());
    let published = client.publish(input).await?;
    ensure!(published.message_id.is_some_and(|id| !id.is_empty()));

    let entries = ["a", "b", "c"].map(|id| {
        let message = "one of many";
        let required = PublishBatchRequestEntryRequired { id, message };
        PublishBatchRequestEntry::new(required).message_attributes(attributes.clone())
    });
    let input = PublishBatchInput::new(topic, entries);
    let published = client.publish_batch(input).await?;
    let successful = published.successful.unwrap_or_default();
    ensure!(successful.iter().all(|one| one.message_id.is_some()));
    let ids = successful.iter().filter_map(|one| one.id.as_deref());
    ensure!(ids.collect::<Vec<_>>() == ["a", "b", "c"]);
    ensure!(published.failed.unwrap_or_default().is_empty());
    Ok(())
}

async fn errors(client: &Client, topic: &str) -> anyhow::Result<()> {
    match client
        .create_topic(CreateTopicInput::new("no spaces!"))
        .await
    {
        Err(Error::Service(CreateTopicError::InvalidParameterException(error))) => {
            let message = error.message.unwrap_or_default();
            ensure!(message.contains("Topic names"), "{message}");
        }
        other => bail!("the name is invalid: {other:?}"),
    }
    match client
        .subscribe(subscribe(topic, "sms", "not a number"))
        .await
    {
        Err(Error::Service(SubscribeError::InvalidParameterException(error))) => {
            let message = error.message.unwrap_or_default();
            ensure!(message.contains("Invalid SMS endpoint"), "{message}");
        }
        other => bail!("the endpoint is invalid: {other:?}"),
    }
    let input = PublishInput::new("a message").topic_arn(MISSING);
    match client.publish(input).await {
        Err(Error::Service(PublishError::NotFoundException(_))) => Ok(()),
        other => bail!("there is no such topic: {other:?}"),
    }
}

async fn delete(client: &Client, topic: &str) -> anyhow::Result<()> {
    client.delete_topic(DeleteTopicInput::new(topic)).await?;
    let input = GetTopicAttributesInput::new(topic);
    let Err(error) = client.get_topic_attributes(input).await else {
        bail!("it has attributes");
    };
    // The code of the model is not the name of the shape.
    ensure!((error.status(), error.code()) == (Some(404), Some("NotFound")));
    match error {
        Error::Service(GetTopicAttributesError::NotFoundException(error)) => {
            ensure!(error.message.as_deref() == Some("Topic does not exist"));
            Ok(())
        }
        other => bail!("{other:?}"),
    }
}

/// Lists topics and subscriptions, of which moto has 100 on a page.
async fn pages(client: &Client) -> anyhow::Result<()> {
    let mut created = BTreeSet::new();
    for index in 0..230 {
        let input = CreateTopicInput::new(format!("topic-{index:03}"));
        created.extend(client.create_topic(input).await?.topic_arn);
    }
    let mut pages = client.list_topics_pages(ListTopicsInput::new());
    let mut count = 0;
    while let Some(page) = pages.next().await {
        page?;
        count += 1;
    }
    ensure!(count == 3);
    let mut topics = client.list_topics_items(ListTopicsInput::new());
    let mut listed = BTreeSet::new();
    while let Some(topic) = topics.next().await {
        listed.extend(topic?.topic_arn);
    }
    ensure!(listed == created);

    let topic = created.first().context("there are topics")?;
    for index in 0..101 {
        let endpoint = format!("user{index}@example.com");
        client
            .subscribe(subscribe(topic, "email", &endpoint))
            .await?;
    }
    let input = ListSubscriptionsByTopicInput::new(topic);
    let mut subscriptions = client.list_subscriptions_by_topic_items(input);
    let mut count = 0;
    while let Some(subscription) = subscriptions.next().await {
        ensure!(subscription?.topic_arn.as_ref() == Some(topic));
        count += 1;
    }
    ensure!(count == 101);
    Ok(())
}
