//! Large and presigned uploads to Amazon S3.

use std::fs;
use std::io;
use std::process::Command;
use std::time::Duration;

use bytes::Bytes;
use drawplate_published::s3::Client;

use drawplate_published::s3::input::{
    CompleteMultipartUploadRequest, CompleteMultipartUploadRequestRequired,
    CreateMultipartUploadRequest, CreateMultipartUploadRequestRequired, PutObjectRequest,
    PutObjectRequestRequired, UploadPartRequest, UploadPartRequestRequired,
};
use drawplate_published::s3::types::{CompletedMultipartUpload, CompletedPart};
use drawplate_runtime::ByteStream;
use drawplate_runtime::client::PresignedRequest;
use futures_util::stream;

use crate::s3::{BUCKET, content, create, get};
use crate::server::Moto;

const MIB: u64 = 1 << 20;
const CHUNK: usize = 64 << 10;

/// Eight parts of 8 MiB are uploaded and downloaded as streams, and the process never has a
/// quarter of them in memory.
pub(crate) fn large() {
    const PARTS: u8 = 8;
    const PART: u64 = 8 * MIB;
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    create(&moto, &client);
    let (bucket, key) = (BUCKET, "large");
    let required = CreateMultipartUploadRequestRequired { bucket, key };
    let upload = CreateMultipartUploadRequest::new(required);
    let upload = moto.run(client.create_multipart_upload(upload));
    let upload_id = &*upload.expect("an upload").upload_id.expect("its ID");

    let before = peak();
    let parts = (1..=PARTS).map(|number| {
        let part_number = i32::from(number);
        let input = UploadPartRequest::new(UploadPartRequestRequired {
            bucket,
            key,
            part_number,
            upload_id,
        });
        let stored = moto.run(client.upload_part(input.body(part(number, PART))));
        let tag = stored.expect("a part").e_tag.expect("its tag");
        CompletedPart::new().e_tag(tag).part_number(part_number)
    });
    let parts = CompletedMultipartUpload::new().parts(parts.collect::<Vec<_>>());
    let complete = CompleteMultipartUploadRequest::new(CompleteMultipartUploadRequestRequired {
        bucket,
        key,
        upload_id,
    });
    moto.run(client.complete_multipart_upload(complete.multipart_upload(parts)))
        .expect("an object");

    let length = moto.run(async {
        let mut object = client.get_object(get(key)).await.expect("an object").body;
        let mut length = 0;
        while let Some(chunk) = object.chunk().await.expect("its content") {
            for byte in &chunk {
                assert_eq!(u64::from(*byte), length / PART + 1, "byte {length}");
                length += 1;
            }
        }
        length
    });
    assert_eq!(length, u64::from(PARTS) * PART);
    // A system without this file has no other measure.
    if let (Some(before), Some(after)) = (before, peak()) {
        let grown = after - before;
        assert!(grown < 16 * MIB, "{grown} bytes for {length}");
    }
}

/// A stream of a length, all of one byte.
fn part(byte: u8, length: u64) -> ByteStream {
    let chunk = Bytes::from(vec![byte; CHUNK]);
    let chunks = (0..length / CHUNK as u64).map(move |_| Ok::<_, io::Error>(chunk.clone()));
    ByteStream::from_stream(stream::iter(chunks)).with_length(length)
}

/// The greatest memory that this process has had, in bytes.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes = line.split_whitespace().nth(1)?.parse::<u64>().ok()?;
    Some(kilobytes << 10)
}

/// curl stores and reads an object by two presigned requests, without credentials.
pub(crate) fn presigned() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    create(&moto, &client);
    let (bucket, key) = (BUCKET, "a b/+%?&#/\u{fc}.txt");
    let required = PutObjectRequestRequired { bucket, key };
    let put = PutObjectRequest::new(required).content_type("text/plain");
    let hour = Duration::from_hours(1);
    let put = moto.run(client.put_object(put).presign(hour));
    let put = put.expect("a signed request");
    curl(&put, &["--data-binary", "rain & sun"]);
    assert_eq!(content(&moto, &client, key), "rain & sun");
    let read = moto.run(client.get_object(get(key)).presign(hour));
    assert_eq!(curl(&read.expect("a signed request"), &[]), "rain & sun");
}

/// The body of the response to a request that curl sends.
fn curl(request: &PresignedRequest, arguments: &[&str]) -> String {
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
        .args(arguments);
    for (name, value) in request.headers() {
        let value = value.to_str().expect("a text");
        command.args(["--header", &format!("{name}: {value}")]);
    }
    let output = command.arg(request.uri().to_string()).output();
    let output = output.expect("curl is installed");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).expect("a text")
}
