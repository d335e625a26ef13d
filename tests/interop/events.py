"""Reads signed event streams with botocore and checks their signatures.

Reads from stdin a list of `{"body", "seed", "credentials", "region", "service"}`, the body as base64 and the seed as the signature of the request. Prints for each
the messages, as botocore's parser finds them: `{"signature", "expected", "date", "headers", "payload"}`, where the last two are of the message within.
What is expected is computed here, by the string to sign that the documentation of Amazon Transcribe gives ("Event stream encoding").
"""

import base64
import datetime
import hashlib
import hmac
import json
import struct
import sys

from botocore.eventstream import EventStreamBuffer


def main():
    print(json.dumps([read(task) for task in json.load(sys.stdin)]))


def read(task):
    found = []
    previous = task["seed"]
    for message in messages(base64.b64decode(task["body"])):
        date = message.headers[":date"]
        expected = sign(task, previous, date, message.payload)
        signature = message.headers[":chunk-signature"].hex()
        within = list(messages(message.payload))
        found.append(
            {
                "signature": signature,
                "expected": expected,
                "date": date.isoformat() if hasattr(date, "isoformat") else date,
                "headers": within[0].headers if within else None,
                "payload": within[0].payload.decode() if within else None,
            }
        )
        previous = signature
    return found


def messages(body):
    buffer = EventStreamBuffer()
    buffer.add_data(body)
    return list(buffer)


def sign(task, previous, date, payload):
    milliseconds = date if isinstance(date, int) else int(date.timestamp() * 1000)
    time = datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.timezone.utc)
    day = time.strftime("%Y%m%d")
    scope = f"{day}/{task['region']}/{task['service']}/aws4_request"
    header = b"\x05:date\x08" + struct.pack(">q", milliseconds)
    text = "\n".join(
        [
            "AWS4-HMAC-SHA256-PAYLOAD",
            time.strftime("%Y%m%dT%H%M%SZ"),
            scope,
            previous,
            hashlib.sha256(header).hexdigest(),
            hashlib.sha256(payload).hexdigest(),
        ]
    )
    key = ("AWS4" + task["credentials"]["aws_secret_access_key"]).encode()
    for part in (day, task["region"], task["service"], "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


main()
