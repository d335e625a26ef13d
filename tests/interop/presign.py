"""Presigns calls with boto3's clients.

Reads from stdin `{"service", "endpoint", "region", "credentials", "time", "expires_in", "signature_version", "calls": [{"operation", "input"}]}`,
the time as X-Amz-Date has it, and prints the URL of each call. A signature version of null is that of the service.
"""

import datetime
import json
import sys
from unittest import mock

import boto3
from botocore import xform_name
from botocore.config import Config


def main():
    task = json.load(sys.stdin)
    client = boto3.client(
        task["service"],
        endpoint_url=task["endpoint"],
        region_name=task["region"],
        config=Config(signature_version=task["signature_version"], s3={"addressing_style": "path"}),
        **task["credentials"],
    )
    time = datetime.datetime.strptime(task["time"], "%Y%m%dT%H%M%SZ")
    with mock.patch("botocore.auth.get_current_datetime", return_value=time):
        urls = [
            client.generate_presigned_url(
                xform_name(call["operation"]), Params=call["input"], ExpiresIn=task["expires_in"]
            )
            for call in task["calls"]
        ]
    print(json.dumps(urls))


main()
