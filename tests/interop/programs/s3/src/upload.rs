//! An upload in parts, which are streams: the object is never in memory.

use std::{fs, io};

use anyhow::{Context as _, ensure};
use futures_util::stream;
use s3::ByteStream;
use s3::s3::Client;
use s3::s3::input::{
    CompleteMultipartUploadRequest, CompleteMultipartUploadRequestRequired,
    CreateMultipartUploadRequest, CreateMultipartUploadRequestRequired, GetObjectRequest,
    GetObjectRequestRequired, UploadPartRequest, UploadPartRequestRequired,
};
use s3::s3::types::{CompletedMultipartUpload, CompletedPart};

const MIB: u64 = 1 << 20;
/// The size of a part; the last one may be smaller.
const PART: u64 = 32 * MIB;
/// The size of the pieces that a part consists of.
const CHUNK: u64 = MIB / 16;

/// Uploads an object of this size, compares it with what is downloaded, and prints the peak of the
/// memory of this process in KiB.
pub async fn run(client: &Client, mebibytes: u32) -> anyhow::Result<()> {
    let (bucket, key) = (&*format!("upload-of-{mebibytes}"), "large");
    let size = u64::from(mebibytes) * MIB;
    super::create(client, bucket).await?;
    let required = CreateMultipartUploadRequestRequired { bucket, key };
    let upload = client.create_multipart_upload(CreateMultipartUploadRequest::new(required));
    let upload_id = upload.await?.upload_id.context("an upload has an ID")?;
    let upload_id = &*upload_id;

    let mut parts = Vec::new();
    for (part_number, start) in (1..).zip((0..size).step_by(PART as usize)) {
        let input = UploadPartRequest::new(UploadPartRequestRequired {
            bucket,
            key,
            part_number,
            upload_id,
        });
        let input = input.body(part(start, size.min(start + PART)));
        let tag = client.upload_part(input).await?.e_tag;
        let tag = tag.context("a part has a tag")?;
        parts.push(CompletedPart::new().e_tag(tag).part_number(part_number));
    }
    let required = CompleteMultipartUploadRequestRequired {
        bucket,
        key,
        upload_id,
    };
    let complete = CompleteMultipartUploadRequest::new(required)
        .multipart_upload(CompletedMultipartUpload::new().parts(parts));
    let completed = client.complete_multipart_upload(complete).await?;
    ensure!(completed.key.as_deref() == Some(key));

    compare(client, bucket, key, size).await?;
    if let Some(peak) = peak() {
        println!("{peak}");
    }
    Ok(())
}

/// The content of the object from an offset on. Each chunk begins with its own offset.
fn chunk(offset: u64) -> Vec<u8> {
    let fill = (offset / CHUNK % 251) as u8;
    let mut chunk = vec![fill; CHUNK as usize];
    chunk[..8].copy_from_slice(&offset.to_le_bytes());
    chunk
}

/// A part of the object, as a stream of chunks that are made when they are sent.
fn part(start: u64, end: u64) -> ByteStream {
    let offsets = (start..end).step_by(CHUNK as usize);
    let chunks = offsets.map(|offset| Ok::<_, io::Error>(chunk(offset)));
    ByteStream::from_stream(stream::iter(chunks)).with_length(end - start)
}

/// Downloads the object, and compares each chunk.
async fn compare(client: &Client, bucket: &str, key: &str, size: u64) -> anyhow::Result<()> {
    let input = GetObjectRequest::new(GetObjectRequestRequired { bucket, key });
    let object = client.get_object(input).await?;
    ensure!(object.content_length == i64::try_from(size).ok());
    let mut body = object.body;
    let mut offset = 0;
    let mut received = Vec::new();
    while let Some(bytes) = body.chunk().await.map_err(anyhow::Error::from_boxed)? {
        received.extend_from_slice(&bytes);
        while received.len() >= CHUNK as usize {
            let rest = received.split_off(CHUNK as usize);
            ensure!(received == chunk(offset), "the chunk at {offset} differs");
            received = rest;
            offset += CHUNK;
        }
    }
    ensure!(received.is_empty() && offset == size);
    Ok(())
}

/// The greatest memory that this process has had, in KiB. Systems other than Linux do not have it
/// in a file.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
