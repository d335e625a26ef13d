//! Amazon SQS.

use std::collections::BTreeSet;

use drawplate_published::sqs::error::GetQueueUrlError;
use drawplate_published::sqs::input::{
    CreateQueueRequest, DeleteMessageRequest, DeleteMessageRequestRequired, GetQueueUrlRequest,
    ListQueuesRequest, ReceiveMessageRequest, SendMessageBatchRequest, SendMessageRequest,
    SendMessageRequestRequired,
};
use drawplate_published::sqs::types::{
    MessageAttributeValue, QueueAttributeName, SendMessageBatchRequestEntry,
    SendMessageBatchRequestEntryRequired,
};
use drawplate_published::sqs::{Client, Error};

use crate::server::Moto;

/// Creates a queue and returns its URL.
fn create(moto: &Moto, client: &Client, name: &str) -> String {
    let timeout = [(QueueAttributeName::VisibilityTimeout, "60")];
    let input = CreateQueueRequest::new(name).attributes(timeout);
    let created = moto.run(client.create_queue(input)).expect("a queue");
    created.queue_url.expect("it has a URL")
}

pub(crate) fn messages() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let queue_url = &*create(&moto, &client, "weather");
    let found = moto.run(client.get_queue_url(GetQueueUrlRequest::new("weather")));
    assert_eq!(found.expect("a URL").queue_url.as_deref(), Some(queue_url));

    let message_body = "Rain & <sun> \u{2602}\n";
    let attribute = MessageAttributeValue::new("Binary").binary_value(vec![0, 255]);
    let input = SendMessageRequest::new(SendMessageRequestRequired {
        queue_url,
        message_body,
    });
    let input = input.message_attributes([("raw", attribute.clone())]);
    let sent = moto.run(client.send_message(input)).expect("a message");
    let receive = || {
        ReceiveMessageRequest::new(queue_url)
            .message_attribute_names(["All"])
            .max_number_of_messages(10)
    };
    let received = moto.run(client.receive_message(receive()));
    let received = received.expect("a response").messages.unwrap_or_default();
    let [message] = &*received else {
        panic!("{received:?}");
    };
    assert_eq!(message.body.as_deref(), Some(message_body));
    assert_eq!(message.message_id, sent.message_id);
    let attributes = message.message_attributes.as_ref();
    let raw = attributes.and_then(|attributes| attributes.get("raw"));
    assert_eq!(
        raw.and_then(|raw| raw.binary_value.clone()),
        attribute.binary_value
    );

    let receipt_handle = message.receipt_handle.as_deref().expect("a handle");
    let input = DeleteMessageRequest::new(DeleteMessageRequestRequired {
        queue_url,
        receipt_handle,
    });
    moto.run(client.delete_message(input))
        .expect("it is deleted");

    let entries = ["one", "two"].map(|id| {
        let message_body = id;
        SendMessageBatchRequestEntry::new(SendMessageBatchRequestEntryRequired { id, message_body })
    });
    let input = SendMessageBatchRequest::new(queue_url, entries);
    let sent = moto
        .run(client.send_message_batch(input))
        .expect("messages");
    assert_eq!((sent.successful.len(), sent.failed.len()), (2, 0));
    let received = moto.run(client.receive_message(receive()));
    let received = received.expect("a response").messages.unwrap_or_default();
    let bodies = received.into_iter().filter_map(|message| message.body);
    let expected = ["one", "two"].map(str::to_owned);
    assert_eq!(bodies.collect::<BTreeSet<_>>(), BTreeSet::from(expected));
}

pub(crate) fn queues() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let created = (0..7).map(|index| create(&moto, &client, &format!("queue{index}")));
    let created = created.collect::<BTreeSet<_>>();
    let listed = moto.run(async {
        let input = ListQueuesRequest::new()
            .queue_name_prefix("queue")
            .max_results(3);
        let mut listed = BTreeSet::new();
        let mut urls = client.list_queues_items(input);
        while let Some(url) = urls.next().await {
            listed.insert(url.expect("a URL"));
        }
        listed
    });
    assert_eq!(listed, created);

    let missing = moto.run(client.get_queue_url(GetQueueUrlRequest::new("missing")));
    let missing = missing.expect_err("there is no such queue");
    assert_eq!(missing.status(), Some(400));
    assert!(
        matches!(
            missing,
            Error::Service(GetQueueUrlError::QueueDoesNotExist(_))
        ),
        "{missing:?}"
    );
}
