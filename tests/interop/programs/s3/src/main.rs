//! Stores objects in a bucket of Amazon S3, and lets curl do it with presigned requests.
//!
//! `interop-s3 upload 64` uploads an object of 64 MiB instead, and prints the memory that it takes.

mod upload;

use std::collections::BTreeMap;
use std::env;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use s3::s3::client::{EnvironmentCredentials, PresignedRequest};
use s3::s3::error::{CreateBucketError, GetObjectError, HeadObjectError};
use s3::s3::input::{
    CopyObjectRequest, CopyObjectRequestRequired, CreateBucketRequest, DeleteObjectRequest,
    DeleteObjectRequestRequired, GetObjectRequest, GetObjectRequestRequired, HeadObjectRequest,
    HeadObjectRequestRequired, ListObjectsV2Request, PutObjectRequest, PutObjectRequestRequired,
};
use s3::s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use s3::s3::{Client, Error};

const BUCKET: &str = "weather-station";
const MINUTE: Duration = Duration::from_mins(1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let client = client()?;
    let mut arguments = env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (None, None) => {}
        (Some("upload"), Some(mebibytes)) => {
            let mebibytes = mebibytes.parse::<u32>()?;
            return upload::run(&client, mebibytes).await;
        }
        _ => bail!("usage: interop-s3 [upload MEBIBYTES]"),
    }
    create(&client, BUCKET)
        .await
        .context("a bucket is created")?;
    objects(&client).await.context("objects are stored")?;
    copy(&client).await.context("an object is copied")?;
    pages(&client).await.context("objects are listed")?;
    presigned(&client).await.context("curl stores an object")?;
    errors(&client).await.context("errors are typed")
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

fn bucket(name: &str) -> anyhow::Result<CreateBucketRequest> {
    let region = BucketLocationConstraint::from(&*env::var("AWS_REGION")?);
    let configuration = CreateBucketConfiguration::new().location_constraint(region);
    Ok(CreateBucketRequest::new(name).create_bucket_configuration(configuration))
}

async fn create(client: &Client, name: &str) -> anyhow::Result<()> {
    client.create_bucket(bucket(name)?).await?;
    Ok(())
}

fn put(key: &str, body: &'static str) -> PutObjectRequest {
    let bucket = BUCKET;
    PutObjectRequest::new(PutObjectRequestRequired { bucket, key }).body(body.as_bytes())
}

fn get(key: &str) -> GetObjectRequest {
    let bucket = BUCKET;
    GetObjectRequest::new(GetObjectRequestRequired { bucket, key })
}

fn head(key: &str) -> HeadObjectRequest {
    let bucket = BUCKET;
    HeadObjectRequest::new(HeadObjectRequestRequired { bucket, key })
}

/// The content of an object.
async fn content(client: &Client, key: &str) -> anyhow::Result<String> {
    let object = client.get_object(get(key)).await?;
    let bytes = object.body.collect().await?;
    Ok(String::from_utf8(bytes.to_vec())?)
}

/// Stores objects under keys with characters that paths have to encode.
async fn objects(client: &Client) -> anyhow::Result<()> {
    let metadata = BTreeMap::from([("Owner", "me"), ("note", "a=b; c")]);
    for key in [
        "plain.txt",
        "a b/+%?&#/ü.txt",
        "dots/../and/./dots",
        "//slashes",
    ] {
        let input = put(key, "it rains")
            .metadata(metadata.clone())
            .content_type("text/weather");
        let tag = client.put_object(input).await?.e_tag;
        ensure!(tag.is_some(), "{key}");
        ensure!(content(client, key).await? == "it rains", "{key}");
        let described = client.head_object(head(key)).await?;
        ensure!(described.content_length == Some(8), "{key}");
        ensure!(described.content_type.as_deref() == Some("text/weather"));
        ensure!(described.e_tag == tag, "{key}");
        let metadata = described.metadata.unwrap_or_default();
        ensure!(metadata["owner"] == "me", "{key}");
        ensure!(metadata["note"] == "a=b; c", "{key}");
    }
    let part = client
        .get_object(get("plain.txt").range("bytes=3-4"))
        .await?;
    ensure!(part.content_range.as_deref() == Some("bytes 3-4/8"));
    ensure!(part.body.collect().await? == "ra");
    Ok(())
}

/// Copies an object, deletes the original, and waits until it is gone.
async fn copy(client: &Client) -> anyhow::Result<()> {
    let copy = CopyObjectRequest::new(CopyObjectRequestRequired {
        bucket: BUCKET,
        copy_source: format!("{BUCKET}/plain.txt"),
        key: "copy.txt",
    });
    let copied = client.copy_object(copy).await?.copy_object_result;
    let copied = copied.context("it is described")?;
    ensure!(copied.e_tag.is_some() && copied.last_modified.is_some());
    ensure!(content(client, "copy.txt").await? == "it rains");
    let exists = client.wait_until_object_exists(head("copy.txt"));
    exists.max_wait(MINUTE).await?;

    let delete = DeleteObjectRequest::new(DeleteObjectRequestRequired {
        bucket: BUCKET,
        key: "plain.txt",
    });
    client.delete_object(delete).await?;
    let gone = client.wait_until_object_not_exists(head("plain.txt"));
    gone.max_wait(MINUTE).await?;
    match client.head_object(head("plain.txt")).await {
        Err(Error::Service(HeadObjectError::NotFound(_))) => Ok(()),
        other => bail!("it is deleted: {other:?}"),
    }
}

async fn pages(client: &Client) -> anyhow::Result<()> {
    let keys = (0..25).map(|index| format!("log/{index:02}"));
    let keys = keys.collect::<Vec<_>>();
    for key in &keys {
        client.put_object(put(key, "x")).await?;
    }
    let input = ListObjectsV2Request::new(BUCKET)
        .prefix("log/")
        .max_keys(10);
    let mut pages = client.list_objects_v2_pages(input);
    let (mut sizes, mut listed) = (Vec::new(), Vec::new());
    while let Some(page) = pages.next().await {
        let contents = page?.contents.unwrap_or_default();
        sizes.push(contents.len());
        listed.extend(contents.into_iter().filter_map(|object| object.key));
    }
    ensure!(sizes == [10, 10, 5]);
    ensure!(listed == keys);

    let input = ListObjectsV2Request::new(BUCKET)
        .prefix("lo")
        .delimiter("/");
    let grouped = client.list_objects_v2(input).await?;
    let prefixes = grouped.common_prefixes.unwrap_or_default();
    let prefixes = prefixes.iter().map(|prefix| prefix.prefix.as_deref());
    ensure!(prefixes.collect::<Vec<_>>() == [Some("log/")]);
    Ok(())
}

/// curl stores and reads an object with two presigned requests, without credentials.
async fn presigned(client: &Client) -> anyhow::Result<()> {
    let (bucket, key) = (BUCKET, "a b/+%?&#/\u{fc}.txt");
    let hour = Duration::from_hours(1);
    let input = PutObjectRequest::new(PutObjectRequestRequired { bucket, key });
    let input = input.content_type("text/plain");
    let request = client.put_object(input).presign(hour).await?;
    curl(&request, &["--data-binary", "rain & sun"])?;
    ensure!(content(client, key).await? == "rain & sun");
    let request = client.get_object(get(key)).presign(hour).await?;
    ensure!(curl(&request, &[])? == "rain & sun");
    Ok(())
}

/// The body of the response to a request that curl sends.
fn curl(request: &PresignedRequest, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = Command::new("curl");
    command
        .args([
            "--silent",
            "--show-error",
            "--fail",
            "--globoff",
            "--path-as-is",
        ])
        .args(["--request", request.method().as_str()])
        .args(arguments)
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY");
    for (name, value) in request.headers() {
        command.args(["--header", &format!("{name}: {}", value.to_str()?)]);
    }
    let output = command.arg(request.uri().to_string()).output();
    let output = output.context("curl is not installed")?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{errors}");
    Ok(String::from_utf8(output.stdout)?)
}

async fn errors(client: &Client) -> anyhow::Result<()> {
    match client.get_object(get("missing")).await {
        Err(error @ Error::Service(GetObjectError::NoSuchKey(_))) => {
            ensure!((error.status(), error.code()) == (Some(404), Some("NoSuchKey")));
            ensure!(error.message().is_some_and(|message| !message.is_empty()));
        }
        other => bail!("there is no such object: {other:?}"),
    }
    match client.create_bucket(bucket(BUCKET)?).await {
        Err(Error::Service(CreateBucketError::BucketAlreadyOwnedByYou(_))) => {}
        other => bail!("the bucket exists: {other:?}"),
    }
    let Err(error) = client
        .list_objects_v2(ListObjectsV2Request::new("another"))
        .await
    else {
        bail!("there is no such bucket");
    };
    ensure!(error.code() == Some("NoSuchBucket"), "{error}");
    Ok(())
}
