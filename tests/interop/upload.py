"""Uploads bytes to S3 with boto3 and says what came of it.

Reads from stdin one JSON value: `{"region", "credentials", "endpoint", "certificate", "calls"}`. Without credentials, requests are not signed. A call is
`{"method", "size", "arguments", "change"}`; the bytes are `size` times 0 to 250 in turn. `change` replaces a byte of the body on its way to the socket. Prints
a list with an element per call: the headers of its requests as they were sent, and the code of the error if there was one.
"""

import io
import json
import sys

import boto3
from boto3.s3.transfer import TransferConfig
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError


def main():
    task = json.load(sys.stdin)
    credentials = task["credentials"]
    session = boto3.Session(**(credentials or {}), region_name=task["region"])
    config = Config(
        retries={"total_max_attempts": 1},
        read_timeout=20,
        connect_timeout=20,
        s3={"addressing_style": "path"},
        signature_version=None if credentials else UNSIGNED,
    )
    client = session.client("s3", endpoint_url=task["endpoint"], verify=task["certificate"], config=config)
    print(json.dumps([outcome(client, call) for call in task["calls"]]))


def outcome(client, call):
    sent = []

    def before_send(request, **_):
        sent.append({name: text(value) for name, value in request.headers.items()})
        if call.get("change") and hasattr(request.body, "read"):
            request.body = Changed(request.body)

    client.meta.events.register_last("before-send.s3", before_send)
    try:
        upload(client, call)
        error = None
    except ClientError as raised:
        error = raised.response["Error"]["Code"]
    finally:
        client.meta.events.unregister("before-send.s3", before_send)
    return {"requests": sent, "error": error}


def upload(client, call):
    data = bytes(index % 251 for index in range(call["size"]))
    arguments = call["arguments"]
    match call["method"]:
        case "put_object":
            client.put_object(Body=data, **arguments)
        case "put_object from a file":
            client.put_object(Body=io.BytesIO(data), **arguments)
        case "upload_fileobj":
            # Larger files are uploaded in parts.
            config = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20, use_threads=False)
            client.upload_fileobj(io.BytesIO(data), Config=config, **arguments)
        case "delete_objects":
            keys = [{"Key": f"key {number}"} for number in range(call["size"])]
            client.delete_objects(Delete={"Objects": keys}, **arguments)
        case other:
            raise ValueError(other)


class Changed:
    """A body whose first zero byte is another one."""

    def __init__(self, body):
        self.body = body
        self.done = False

    def read(self, size=-1):
        data = self.body.read(size)
        if not self.done and b"\0" in data:
            self.done = True
            data = data.replace(b"\0", b"\1", 1)
        return data


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


main()
