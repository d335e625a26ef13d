//! Amazon S3, with buckets in the path: the endpoint is an IP address.

use std::collections::BTreeMap;

use drawplate_published::s3::error::{
    CreateBucketError, GetObjectError, HeadBucketError, HeadObjectError,
};
use drawplate_published::s3::input::{
    CompleteMultipartUploadRequest, CompleteMultipartUploadRequestRequired, CopyObjectRequest,
    CopyObjectRequestRequired, CreateBucketRequest, CreateMultipartUploadRequest,
    CreateMultipartUploadRequestRequired, DeleteBucketRequest, DeleteObjectRequest,
    DeleteObjectRequestRequired, DeleteObjectsRequest, GetBucketLocationRequest,
    GetBucketTaggingRequest, GetObjectRequest, GetObjectRequestRequired, HeadBucketRequest,
    HeadObjectRequest, HeadObjectRequestRequired, ListBucketsRequest, ListObjectVersionsRequest,
    ListObjectsV2Request, ListPartsRequest, ListPartsRequestRequired, PutBucketTaggingRequest,
    PutBucketVersioningRequest, PutObjectRequest, PutObjectRequestRequired, UploadPartRequest,
    UploadPartRequestRequired,
};
use drawplate_published::s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CompletedMultipartUpload, CompletedPart,
    CreateBucketConfiguration, Delete, ObjectIdentifier, Tag, TagRequired, Tagging,
    VersioningConfiguration,
};
use drawplate_published::s3::{Client, Error};
use drawplate_tests::python::REGION;

use crate::server::Moto;

pub(crate) const BUCKET: &str = "weather-station";

pub(crate) fn create(moto: &Moto, client: &Client) {
    let region = BucketLocationConstraint::from(REGION);
    let configuration = CreateBucketConfiguration::new().location_constraint(region);
    let input = CreateBucketRequest::new(BUCKET).create_bucket_configuration(configuration);
    moto.run(client.create_bucket(input)).expect("a bucket");
}

fn put(key: &str, body: &'static str) -> PutObjectRequest {
    let bucket = BUCKET;
    PutObjectRequest::new(PutObjectRequestRequired { bucket, key }).body(body.as_bytes())
}

pub(crate) fn get(key: &str) -> GetObjectRequest {
    let bucket = BUCKET;
    GetObjectRequest::new(GetObjectRequestRequired { bucket, key })
}

fn head(key: &str) -> HeadObjectRequest {
    let bucket = BUCKET;
    HeadObjectRequest::new(HeadObjectRequestRequired { bucket, key })
}

/// The content of an object.
pub(crate) fn content(moto: &Moto, client: &Client, key: &str) -> String {
    moto.run(async {
        let object = client.get_object(get(key)).await.expect("an object");
        let bytes = object.body.collect().await.expect("its content");
        String::from_utf8(bytes.to_vec()).expect("a text")
    })
}

pub(crate) fn buckets() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
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
        matches!(gone, Error::Service(HeadBucketError::NotFound(_))),
        "{gone:?}"
    );
}

pub(crate) fn objects() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    create(&moto, &client);
    let metadata = BTreeMap::from([("Owner", "me"), ("note", "a=b; c")]);
    for key in [
        "plain.txt",
        "a b/+%?&#/ü.txt",
        "dots/../and/./dots",
        "//slashes",
    ] {
        let input = put(key, "it rains").metadata(metadata.clone());
        let stored = moto.run(client.put_object(input.content_type("text/weather")));
        let tag = stored.expect("an object").e_tag;
        assert!(tag.is_some(), "{key}");
        assert_eq!(content(&moto, &client, key), "it rains", "{key}");
        let described = moto.run(client.head_object(head(key))).expect("an object");
        assert_eq!(described.content_length, Some(8));
        assert_eq!(described.content_type.as_deref(), Some("text/weather"));
        assert_eq!(described.e_tag, tag);
        let metadata = described.metadata.unwrap_or_default();
        assert_eq!(metadata["owner"], "me");
        assert_eq!(metadata["note"], "a=b; c");
    }
    let part = moto.run(async {
        let object = client.get_object(get("plain.txt").range("bytes=3-4")).await;
        let object = object.expect("a part");
        assert_eq!(object.content_range.as_deref(), Some("bytes 3-4/8"));
        object.body.collect().await.expect("its content")
    });
    assert_eq!(part, "ra");

    let copy = CopyObjectRequest::new(CopyObjectRequestRequired {
        bucket: BUCKET,
        copy_source: format!("{BUCKET}/plain.txt"),
        key: "copy.txt",
    });
    let copied = moto.run(client.copy_object(copy)).expect("a copy");
    let result = copied.copy_object_result.expect("its description");
    assert!(result.e_tag.is_some() && result.last_modified.is_some());
    assert_eq!(content(&moto, &client, "copy.txt"), "it rains");

    let objects = ["plain.txt", "copy.txt"].map(ObjectIdentifier::new);
    let delete = DeleteObjectsRequest::new(BUCKET, Delete::new(objects));
    let deleted = moto.run(client.delete_objects(delete)).expect("a result");
    assert_eq!(deleted.deleted.unwrap_or_default().len(), 2);
    assert_eq!(deleted.errors.unwrap_or_default().len(), 0);
    let gone = moto.run(client.head_object(head("plain.txt")));
    let gone = gone.expect_err("the object is gone");
    assert!(
        matches!(gone, Error::Service(HeadObjectError::NotFound(_))),
        "{gone:?}"
    );
}

pub(crate) fn pages() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    create(&moto, &client);
    let keys = (0..25)
        .map(|index| format!("log/{index:02}"))
        .collect::<Vec<_>>();
    for key in &keys {
        moto.run(client.put_object(put(key, "x")))
            .expect("an object");
    }
    let (sizes, listed) = moto.run(async {
        let input = ListObjectsV2Request::new(BUCKET)
            .prefix("log/")
            .max_keys(10);
        let mut pages = client.list_objects_v2_pages(input);
        let (mut sizes, mut listed) = (Vec::new(), Vec::new());
        while let Some(page) = pages.next().await {
            let contents = page.expect("a page").contents.unwrap_or_default();
            sizes.push(contents.len());
            listed.extend(contents.into_iter().filter_map(|object| object.key));
        }
        (sizes, listed)
    });
    assert_eq!(sizes, [10, 10, 5]);
    assert_eq!(listed, keys);
    let grouped = ListObjectsV2Request::new(BUCKET).delimiter("/");
    let grouped = moto.run(client.list_objects_v2(grouped)).expect("a list");
    let prefixes = grouped.common_prefixes.unwrap_or_default();
    let prefixes = prefixes.iter().map(|prefix| prefix.prefix.as_deref());
    assert_eq!(prefixes.collect::<Vec<_>>(), [Some("log/")]);

    let enabled = VersioningConfiguration::new().status(BucketVersioningStatus::Enabled);
    let input = PutBucketVersioningRequest::new(BUCKET, enabled);
    moto.run(client.put_bucket_versioning(input))
        .expect("versions");
    for body in ["one", "two"] {
        moto.run(client.put_object(put("versioned", body)))
            .expect("a version");
    }
    let key = "versioned";
    let delete = DeleteObjectRequest::new(DeleteObjectRequestRequired {
        bucket: BUCKET,
        key,
    });
    let deleted = moto.run(client.delete_object(delete)).expect("a marker");
    assert_eq!(deleted.delete_marker, Some(true));
    let input = ListObjectVersionsRequest::new(BUCKET).prefix(key);
    let versions = moto
        .run(client.list_object_versions(input))
        .expect("a list");
    assert_eq!(versions.versions.unwrap_or_default().len(), 2);
    assert_eq!(versions.delete_markers.unwrap_or_default().len(), 1);
}

pub(crate) fn parts() {
    const FIVE_MIB: usize = 5 << 20;
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    create(&moto, &client);
    let (bucket, key) = (BUCKET, "large");
    let required = CreateMultipartUploadRequestRequired { bucket, key };
    let upload = CreateMultipartUploadRequest::new(required);
    let upload = moto.run(client.create_multipart_upload(upload));
    let upload_id = &*upload.expect("an upload").upload_id.expect("its ID");
    let bodies = [vec![b'a'; FIVE_MIB], b"end".to_vec()];
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
    let content = content(&moto, &client, key);
    assert_eq!(content.len(), FIVE_MIB + 3);
    assert!(content.ends_with("aend"));
}

pub(crate) fn errors() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    create(&moto, &client);
    let failed = moto.run(client.get_object(get("missing")));
    let failed = failed.expect_err("there is no such object");
    assert_eq!(
        (failed.status(), failed.code()),
        (Some(404), Some("NoSuchKey"))
    );
    assert!(failed.message().is_some_and(|message| !message.is_empty()));
    assert!(
        matches!(failed, Error::Service(GetObjectError::NoSuchKey(_))),
        "{failed:?}"
    );
    let region = BucketLocationConstraint::from(REGION);
    let configuration = CreateBucketConfiguration::new().location_constraint(region);
    let input = CreateBucketRequest::new(BUCKET).create_bucket_configuration(configuration);
    let failed = moto
        .run(client.create_bucket(input))
        .expect_err("it exists");
    assert!(
        matches!(
            failed,
            Error::Service(CreateBucketError::BucketAlreadyOwnedByYou(_))
        ),
        "{failed:?}"
    );
    let failed = moto.run(client.list_objects_v2(ListObjectsV2Request::new("another")));
    let failed = failed.expect_err("there is no such bucket");
    assert_eq!(failed.code(), Some("NoSuchBucket"));
}
