"""Signs requests with botocore.

Reads from stdin a list of `{"method", "url", "headers", "body", "credentials", "region", "service", "time"}`, the body as base64, the time as
X-Amz-Date has it, and prints for each the `Authorization` that botocore gives it, with the canonical request that it is made of.
"""

import base64
import datetime
import json
import sys
from unittest import mock

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def main():
    print(json.dumps([signed(request) for request in json.load(sys.stdin)]))


def signed(task):
    request = AWSRequest(
        method=task["method"], url=task["url"], data=base64.b64decode(task["body"])
    )
    # Not as a dict: a name may occur twice.
    for name, value in task["headers"]:
        request.headers.add_header(name, value)
    keys = task["credentials"]
    credentials = Credentials(
        keys["aws_access_key_id"], keys["aws_secret_access_key"], keys.get("aws_session_token")
    )
    auth = SigV4Auth(credentials, task["service"], task["region"])
    time = datetime.datetime.strptime(task["time"], "%Y%m%dT%H%M%SZ")
    with mock.patch("botocore.auth.get_current_datetime", return_value=time):
        auth.add_auth(request)
    authorization = request.headers["Authorization"]
    # What was signed, without what signing added.
    del request.headers["Authorization"]
    return {"authorization": authorization, "canonical": auth.canonical_request(request)}


main()
