"""Prints the requests that botocore makes of inputs, in the query protocol.

Reads lines `{"service", "operation", "inputs"}` and prints for each a line with a list of `{"method", "path", "content_type", "body"}`. The members of inputs
have the names of the model; blobs are base64 texts, and timestamps seconds.
"""

import base64
import datetime
import json
import sys

import botocore.awsrequest
import botocore.serialize
import botocore.session


def main():
    session = botocore.session.Session()
    serializer = botocore.serialize.create_serializer("query", include_validation=False)
    for line in sys.stdin:
        task = json.loads(line)
        operation = session.get_service_model(task["service"]).operation_model(task["operation"])
        print(json.dumps([request(serializer, operation, value) for value in task["inputs"]]), flush=True)


def request(serializer, operation, value):
    shape = operation.input_shape
    arguments = from_json(shape, value, operation.name) if shape else {}
    request = serializer.serialize_to_request(arguments, operation)
    botocore.awsrequest.prepare_request_dict(request, endpoint_url="https://host.example")
    prepared = botocore.awsrequest.create_request_object(request).prepare()
    body = prepared.body
    return {
        "method": prepared.method,
        "path": prepared.url.removeprefix("https://host.example"),
        "content_type": prepared.headers["Content-Type"],
        "body": body.decode() if isinstance(body, bytes) else body,
    }


def from_json(shape, value, where):
    """The value with the types that botocore expects. A member that it does not know is an error."""
    match shape.type_name:
        case "structure":
            unknown = set(value) - set(shape.members)
            if unknown:
                raise KeyError(f"{where}: botocore does not know {unknown}")
            return {name: from_json(shape.members[name], inner, f"{where}.{name}") for name, inner in value.items()}
        case "list":
            return [from_json(shape.member, inner, where) for inner in value]
        case "map":
            return {key: from_json(shape.value, inner, where) for key, inner in value.items()}
        case "blob":
            return base64.b64decode(value)
        case "timestamp":
            return datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
        case _:
            return value


main()
