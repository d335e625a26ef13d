//! The calls, each with a server of its own.

use std::collections::BTreeMap;

use drawplate_published::route53::{input as route53_input, types as route53_types};
use drawplate_published::s3::error::{HeadBucketError, HeadObjectError};
use drawplate_published::s3::input::{
    CompleteMultipartUploadRequest, CompleteMultipartUploadRequestRequired, CreateBucketRequest,
    CreateMultipartUploadRequest, CreateMultipartUploadRequestRequired, DeleteBucketRequest,
    DeleteObjectRequest, DeleteObjectRequestRequired, DeleteObjectsRequest,
    GetBucketLocationRequest, GetBucketTaggingRequest, GetObjectRequest, GetObjectRequestRequired,
    HeadBucketRequest, HeadObjectRequest, HeadObjectRequestRequired, ListBucketsRequest,
    ListObjectVersionsRequest, ListPartsRequest, ListPartsRequestRequired, PutBucketTaggingRequest,
    PutBucketVersioningRequest, PutObjectRequest, PutObjectRequestRequired, UploadPartRequest,
    UploadPartRequestRequired,
};
use drawplate_published::s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CompletedMultipartUpload, CompletedPart,
    CreateBucketConfiguration, Delete, ObjectIdentifier, Tag, TagRequired, Tagging,
    VersioningConfiguration,
};
use drawplate_published::sns::{input as sns_input, types as sns_types};
use drawplate_published::{route53, s3, sns};
use drawplate_runtime::client::{Builder, Credentials, Inner};
use drawplate_tests::python::{ACCESS_KEY, Conversation, Python, REGION, SECRET_KEY};
use serde_json::json;

const BUCKET: &str = "weather-station";

/// A server with all services, which ends with the test.
struct Moto {
    _server: Conversation,
    endpoint: String,
    runtime: tokio::runtime::Runtime,
}

impl Moto {
    fn start() -> Self {
        let mut server = Python::installed().converse("aws.py");
        let endpoint = server.ask(&json!({}));
        let endpoint = endpoint.as_str().expect("it prints its endpoint");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        Self {
            endpoint: endpoint.to_owned(),
            _server: server,
            runtime: runtime.expect("a runtime starts"),
        }
    }

    fn client<C: From<Inner>>(&self, builder: Builder<C>) -> C {
        let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY);
        let builder = builder.endpoint(&*self.endpoint).sigv4(credentials, REGION);
        builder
            .build()
            .expect("an endpoint and credentials suffice")
    }

    fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }
}

pub(crate) fn topics() {
    let moto = Moto::start();
    let client = moto.client(sns::Client::builder());
    let tag = |key, value| sns_types::Tag::new(sns_types::TagRequired { key, value });
    let input = sns_input::CreateTopicInput::new("weather");
    let input = input.tags([tag("team", "a=b"), tag("empty", "")]);
    let created = moto.run(client.create_topic(input)).expect("a topic");
    let topic = &*created.topic_arn.expect("it has an ARN");
    let tags = || {
        let input = sns_input::ListTagsForResourceRequest::new(topic);
        let tags = moto.run(client.list_tags_for_resource(input));
        let tags = tags.expect("a list").tags.unwrap_or_default();
        let tags = tags.into_iter().map(|tag| (tag.key, tag.value));
        tags.collect::<BTreeMap<_, _>>()
    };
    let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    let expected = [("empty", ""), ("team", "a=b")].map(owned);
    assert_eq!(tags(), BTreeMap::from(expected));
    let more = sns_input::TagResourceRequest::new(topic, [tag("more", "é")]);
    moto.run(client.tag_resource(more)).expect("tags");
    let fewer = sns_input::UntagResourceRequest::new(topic, ["team", "empty"]);
    moto.run(client.untag_resource(fewer)).expect("fewer tags");
    assert_eq!(tags(), BTreeMap::from([owned(("more", "é"))]));
}

pub(crate) fn zones() {
    let moto = Moto::start();
    let client = moto.client(route53::Client::builder());
    let required = route53_input::CreateHostedZoneRequestRequired {
        name: "weather.example.",
        caller_reference: "weather",
    };
    let input = route53_input::CreateHostedZoneRequest::new(required);
    let created = moto.run(client.create_hosted_zone(input)).expect("a zone");
    let id = created.hosted_zone.id;
    let id = id.strip_prefix("/hostedzone/").expect("a prefix");

    let tag = |key, value| route53_types::Tag::new().key(key).value(value);
    let tags = [tag("empty", ""), tag("team", "a=b")];
    let zone = route53_types::TagResourceType::Hostedzone;
    let input = route53_input::ChangeTagsForResourceRequest::new(zone.clone(), id);
    moto.run(client.change_tags_for_resource(input.add_tags(tags.clone())))
        .expect("tags");
    let input = route53_input::ListTagsForResourceRequest::new(zone, id);
    let found = moto.run(client.list_tags_for_resource(input));
    let found = found.expect("tags").resource_tag_set.tags;
    let mut found = found.unwrap_or_default();
    found.sort_by(|a, b| a.key.cmp(&b.key));
    assert_eq!(found, tags);
}

fn create(moto: &Moto, client: &s3::Client) {
    let region = BucketLocationConstraint::from(REGION);
    let configuration = CreateBucketConfiguration::new().location_constraint(region);
    let input = CreateBucketRequest::new(BUCKET).create_bucket_configuration(configuration);
    moto.run(client.create_bucket(input)).expect("a bucket");
}

pub(crate) fn buckets() {
    let moto = Moto::start();
    let client = moto.client(s3::Client::builder());
    create(&moto, &client);
    let located = moto.run(client.get_bucket_location(GetBucketLocationRequest::new(BUCKET)));
    let located = located.expect("a location").location_constraint;
    assert_eq!(located, Some(BucketLocationConstraint::from(REGION)));
    let listed = moto.run(client.list_buckets(ListBucketsRequest::new()));
    let listed = listed.expect("a list").buckets.unwrap_or_default();
    let names = listed.iter().map(|bucket| bucket.name.as_deref());
    assert_eq!(names.collect::<Vec<_>>(), [Some(BUCKET)]);
    moto.run(client.head_bucket(HeadBucketRequest::new(BUCKET)))
        .expect("the bucket exists");

    let tag = |key, value| Tag::new(TagRequired { key, value });
    let tags = [tag("kind", "a & b"), tag("empty", "")];
    let tagged = PutBucketTaggingRequest::new(BUCKET, Tagging::new(tags.clone()));
    moto.run(client.put_bucket_tagging(tagged)).expect("tags");
    let found = moto.run(client.get_bucket_tagging(GetBucketTaggingRequest::new(BUCKET)));
    assert_eq!(found.expect("tags").tag_set, tags);

    moto.run(client.delete_bucket(DeleteBucketRequest::new(BUCKET)))
        .expect("the bucket is deleted");
    let gone = moto.run(client.head_bucket(HeadBucketRequest::new(BUCKET)));
    let gone = gone.expect_err("the bucket is gone");
    assert_eq!(gone.status(), Some(404));
    assert!(
        matches!(gone, s3::Error::Service(HeadBucketError::NotFound(_))),
        "{gone:?}"
    );
}

pub(crate) fn versions() {
    let moto = Moto::start();
    let client = moto.client(s3::Client::builder());
    create(&moto, &client);
    parts(&moto, &client);

    let enabled = VersioningConfiguration::new().status(BucketVersioningStatus::Enabled);
    let input = PutBucketVersioningRequest::new(BUCKET, enabled);
    moto.run(client.put_bucket_versioning(input))
        .expect("versions");
    let (bucket, key) = (BUCKET, "versioned");
    for body in ["one", "two"] {
        let input = PutObjectRequest::new(PutObjectRequestRequired { bucket, key });
        moto.run(client.put_object(input.body(body.as_bytes())))
            .expect("a version");
    }
    let delete = DeleteObjectRequest::new(DeleteObjectRequestRequired { bucket, key });
    let deleted = moto.run(client.delete_object(delete)).expect("a marker");
    assert_eq!(deleted.delete_marker, Some(true));
    let input = ListObjectVersionsRequest::new(BUCKET).prefix(key);
    let versions = moto
        .run(client.list_object_versions(input))
        .expect("a list");
    assert_eq!(versions.versions.unwrap_or_default().len(), 2);
    assert_eq!(versions.delete_markers.unwrap_or_default().len(), 1);

    let objects = ["large", "versioned"].map(ObjectIdentifier::new);
    let delete = DeleteObjectsRequest::new(BUCKET, Delete::new(objects));
    let deleted = moto.run(client.delete_objects(delete)).expect("a result");
    assert_eq!(deleted.deleted.unwrap_or_default().len(), 2);
    assert_eq!(deleted.errors.unwrap_or_default().len(), 0);
    let key = "large";
    let input = HeadObjectRequest::new(HeadObjectRequestRequired { bucket, key });
    let gone = moto.run(client.head_object(input));
    let gone = gone.expect_err("the object is gone");
    assert!(
        matches!(gone, s3::Error::Service(HeadObjectError::NotFound(_))),
        "{gone:?}"
    );
}

/// Uploads an object in parts, which are bytes in memory, and lists them.
fn parts(moto: &Moto, client: &s3::Client) {
    let (bucket, key) = (BUCKET, "large");
    let required = CreateMultipartUploadRequestRequired { bucket, key };
    let upload = CreateMultipartUploadRequest::new(required);
    let upload = moto.run(client.create_multipart_upload(upload));
    let upload_id = &*upload.expect("an upload").upload_id.expect("its ID");
    let bodies = [vec![b'a'; 5 << 20], b"end".to_vec()];
    let parts = (1..).zip(bodies).map(|(part_number, body)| {
        let input = UploadPartRequest::new(UploadPartRequestRequired {
            bucket,
            key,
            part_number,
            upload_id,
        });
        let stored = moto.run(client.upload_part(input.body(body)));
        let tag = stored.expect("a part").e_tag.expect("its tag");
        CompletedPart::new().e_tag(tag).part_number(part_number)
    });
    let parts = parts.collect::<Vec<_>>();
    let listed = ListPartsRequest::new(ListPartsRequestRequired {
        bucket,
        key,
        upload_id,
    });
    let listed = moto.run(client.list_parts(listed)).expect("a list");
    let sizes = listed.parts.unwrap_or_default();
    let sizes = sizes.iter().map(|part| part.size);
    assert_eq!(sizes.collect::<Vec<_>>(), [Some(5 << 20), Some(3)]);
    let required = CompleteMultipartUploadRequestRequired {
        bucket,
        key,
        upload_id,
    };
    let complete = CompleteMultipartUploadRequest::new(required)
        .multipart_upload(CompletedMultipartUpload::new().parts(parts));
    let completed = moto.run(client.complete_multipart_upload(complete));
    assert_eq!(completed.expect("an object").key.as_deref(), Some(key));
    let input = GetObjectRequest::new(GetObjectRequestRequired { bucket, key });
    let content = moto.run(async {
        let object = client.get_object(input).await.expect("an object");
        object.body.collect().await.expect("its content")
    });
    assert_eq!(content.len(), (5 << 20) + 3);
    assert!(content.ends_with(b"aend"));
}
