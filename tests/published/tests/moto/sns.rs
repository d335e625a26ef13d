//! Amazon SNS.

use std::collections::{BTreeMap, BTreeSet};

use drawplate_published::sns::error::{
    CreateTopicError, GetTopicAttributesError, PublishError, SubscribeError,
};
use drawplate_published::sns::input::{
    CreateTopicInput, DeleteTopicInput, GetTopicAttributesInput, ListSubscriptionsByTopicInput,
    ListTagsForResourceRequest, ListTopicsInput, PublishBatchInput, PublishInput,
    SetTopicAttributesInput, SetTopicAttributesInputRequired, SubscribeInput,
    SubscribeInputRequired, TagResourceRequest, UntagResourceRequest,
};
use drawplate_published::sns::types::{
    MessageAttributeValue, PublishBatchRequestEntry, PublishBatchRequestEntryRequired, Tag,
    TagRequired,
};
use drawplate_published::sns::{Client, Error};

use crate::server::Moto;

const MISSING: &str = "arn:aws:sns:eu-west-1:123456789012:missing";

fn tag(key: &str, value: &str) -> Tag {
    Tag::new(TagRequired { key, value })
}

/// The tags of a topic.
fn tags(moto: &Moto, client: &Client, topic: &str) -> BTreeMap<String, String> {
    let tags = moto.run(client.list_tags_for_resource(ListTagsForResourceRequest::new(topic)));
    let tags = tags.expect("a list").tags.unwrap_or_default();
    tags.into_iter().map(|tag| (tag.key, tag.value)).collect()
}

fn create(moto: &Moto, client: &Client, name: &str) -> String {
    let created = moto.run(client.create_topic(CreateTopicInput::new(name)));
    created.expect("a topic").topic_arn.expect("it has an ARN")
}

fn subscribe(topic: &str, protocol: &str, endpoint: &str) -> SubscribeInput {
    let required = SubscribeInputRequired {
        topic_arn: topic,
        protocol,
    };
    SubscribeInput::new(required).endpoint(endpoint)
}

pub(crate) fn a_topic() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let input = CreateTopicInput::new("weather")
        .attributes([("DisplayName", "Rain & <sun> ☂"), ("KmsMasterKeyId", "k")])
        .tags([tag("team", "a=b"), tag("empty", "")]);
    let created = moto.run(client.create_topic(input)).expect("a topic");
    let topic = created.topic_arn.expect("it has an ARN");
    let get = || moto.run(client.get_topic_attributes(GetTopicAttributesInput::new(&*topic)));
    let attributes = get().expect("attributes").attributes.unwrap_or_default();
    assert_eq!(attributes["DisplayName"], "Rain & <sun> ☂");
    assert_eq!(attributes["TopicArn"], topic);
    let set = SetTopicAttributesInput::new(SetTopicAttributesInputRequired {
        topic_arn: &*topic,
        attribute_name: "DisplayName",
    });
    let set = moto.run(client.set_topic_attributes(set.attribute_value("changed")));
    set.expect("an output without members");
    let attributes = get().expect("attributes").attributes.unwrap_or_default();
    assert_eq!(attributes["DisplayName"], "changed");

    let expected = [("empty", ""), ("team", "a=b")];
    let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    let expected = expected.map(owned);
    assert_eq!(tags(&moto, &client, &topic), expected.into());
    let more = TagResourceRequest::new(&*topic, [tag("more", "é")]);
    moto.run(client.tag_resource(more)).expect("tags");
    let fewer = UntagResourceRequest::new(&*topic, ["team", "empty"]);
    moto.run(client.untag_resource(fewer)).expect("fewer tags");
    let expected = BTreeMap::from([owned(("more", "é"))]);
    assert_eq!(tags(&moto, &client, &topic), expected);

    let input = subscribe(&topic, "email", "a@example.com").return_subscription_arn(true);
    let subscribed = moto.run(client.subscribe(input)).expect("a subscription");
    assert!(subscribed.subscription_arn.is_some());
    let list = ListSubscriptionsByTopicInput::new(&*topic);
    let list = moto.run(client.list_subscriptions_by_topic(list));
    let [subscription] = &*list.expect("a list").subscriptions.unwrap_or_default() else {
        panic!("there is one subscription");
    };
    assert_eq!(subscription.protocol.as_deref(), Some("email"));
    assert_eq!(subscription.endpoint.as_deref(), Some("a@example.com"));
    assert_eq!(subscription.topic_arn.as_deref(), Some(&*topic));

    let delete = || moto.run(client.delete_topic(DeleteTopicInput::new(&*topic)));
    delete().expect("it is deleted");
    let gone = get().expect_err("it is gone");
    assert_eq!(gone.code(), Some("NotFound"));
}

pub(crate) fn pages() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let names = (0..230).map(|index| format!("topic-{index:03}"));
    let created = names.map(|name| create(&moto, &client, &name));
    let created = created.collect::<BTreeSet<_>>();
    // moto lists 100 on a page.
    let (pages, items) = moto.run(async {
        let mut pages = client.list_topics_pages(ListTopicsInput::new());
        let mut count = 0;
        while let Some(page) = pages.next().await {
            page.expect("a page");
            count += 1;
        }
        let mut items = client.list_topics_items(ListTopicsInput::new());
        let mut listed = BTreeSet::new();
        while let Some(topic) = items.next().await {
            listed.extend(topic.expect("a topic").topic_arn);
        }
        (count, listed)
    });
    assert_eq!(pages, 3);
    assert_eq!(items, created);

    let topic = created.first().expect("there are topics");
    for index in 0..101 {
        let endpoint = format!("user{index}@example.com");
        let subscribed = moto.run(client.subscribe(subscribe(topic, "email", &endpoint)));
        subscribed.expect("a subscription");
    }
    let count = moto.run(async {
        let input = ListSubscriptionsByTopicInput::new(&**topic);
        let mut items = client.list_subscriptions_by_topic_items(input);
        let mut count = 0;
        while let Some(subscription) = items.next().await {
            assert_eq!(subscription.expect("one").topic_arn.as_ref(), Some(topic));
            count += 1;
        }
        count
    });
    assert_eq!(count, 101);
}

pub(crate) fn messages() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let topic = create(&moto, &client, "messages");
    let attributes = [
        (
            "text",
            MessageAttributeValue::new("String").string_value("a\nb"),
        ),
        (
            "bytes",
            MessageAttributeValue::new("Binary").binary_value(&[0xfb, 0xff]),
        ),
    ];
    let input = PublishInput::new("it rains + snows")
        .topic_arn(&*topic)
        .subject("weather")
        .message_attributes(attributes.clone());
    let published = moto.run(client.publish(input)).expect("a message");
    assert!(published.message_id.is_some_and(|id| !id.is_empty()));

    let entry = |id: &str| {
        let message = "one of many";
        let required = PublishBatchRequestEntryRequired { id, message };
        PublishBatchRequestEntry::new(required).message_attributes(attributes.clone())
    };
    let input = PublishBatchInput::new(&*topic, [entry("a"), entry("b"), entry("c")]);
    let published = moto.run(client.publish_batch(input)).expect("a batch");
    let successful = published.successful.unwrap_or_default();
    let ids = successful.iter().filter_map(|one| one.id.as_deref());
    assert_eq!(ids.collect::<Vec<_>>(), ["a", "b", "c"]);
    assert!(successful.iter().all(|one| one.message_id.is_some()));
    assert_eq!(published.failed.unwrap_or_default().len(), 0);
}

pub(crate) fn errors() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let failed = moto.run(client.get_topic_attributes(GetTopicAttributesInput::new(MISSING)));
    let failed = failed.expect_err("there is no such topic");
    // The code of the model is not the name of the shape.
    assert_eq!(
        (failed.status(), failed.code()),
        (Some(404), Some("NotFound"))
    );
    match failed {
        Error::Service(GetTopicAttributesError::NotFoundException(error)) => {
            assert_eq!(error.message.as_deref(), Some("Topic does not exist"));
        }
        other => panic!("{other:?}"),
    }
    let failed = moto.run(client.create_topic(CreateTopicInput::new("no spaces!")));
    match failed.expect_err("the name is invalid") {
        Error::Service(CreateTopicError::InvalidParameterException(error)) => {
            let message = error.message.unwrap_or_default();
            assert!(message.contains("Topic names"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    let topic = create(&moto, &client, "errors");
    let failed = moto.run(client.subscribe(subscribe(&topic, "sms", "not a number")));
    match failed.expect_err("the endpoint is invalid") {
        Error::Service(SubscribeError::InvalidParameterException(error)) => {
            let message = error.message.unwrap_or_default();
            assert!(message.contains("Invalid SMS endpoint"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    let input = PublishInput::new("a message").topic_arn(MISSING);
    let failed = moto
        .run(client.publish(input))
        .expect_err("there is no such topic");
    assert!(
        matches!(failed, Error::Service(PublishError::NotFoundException(_))),
        "{failed:?}"
    );
}
