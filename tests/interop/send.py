"""Calls operations with boto3 and says what came of it.

Reads from stdin a line `{"region", "credentials", "service", "endpoint", "names"}`, then a line `{"operation", "input"}` per call. Prints for each a line:
`{"status", "request_id", "output"}`, or `{"status", "request_id", "error"}` where boto3 raised something for what the service said. Inputs, outputs and the
members of errors are named as on the wire; boto3 names some members otherwise. If `names` is "model", they are named as in the model, blobs are base64 texts,
and timestamps whole seconds.
"""

import base64
import datetime
import json
import sys

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError


MODEL_NAMES = False


def main():
    global MODEL_NAMES
    task = json.loads(sys.stdin.readline())
    MODEL_NAMES = task.get("names") == "model"
    session = boto3.Session(**task["credentials"], region_name=task["region"])
    # One attempt: each call is one request on the socket.
    config = Config(retries={"total_max_attempts": 1}, read_timeout=20, connect_timeout=20)
    client = session.client(task["service"], endpoint_url=task["endpoint"], config=config)
    for line in sys.stdin:
        print(json.dumps(outcome(client, json.loads(line))), flush=True)


def outcome(client, call):
    operation = client.meta.service_model.operation_model(call["operation"])
    arguments = from_wire(operation.input_shape, call["input"], call["operation"])
    try:
        response = getattr(client, xform_name(call["operation"]))(**arguments)
    except ClientError as error:
        return raised(client, error)
    told = metadata(response)
    return {**told, "output": to_wire(operation.output_shape, response)}


def raised(client, error):
    """What boto3 raised. Only of an error that its model knows are there members beside code and message."""
    response = error.response
    told = metadata(response)
    code = response["Error"]["Code"]
    shape = client.meta.service_model.shape_for_error_code(code)
    members = shape and {name: response[name] for name in shape.members if name in response}
    return {
        **told,
        "error": {
            "code": code,
            "message": response["Error"]["Message"],
            "typed": type(error) is not ClientError and type(error).__name__,
            "known": shape is not None and isinstance(error, getattr(client.exceptions, shape.name)),
            "members": shape and to_wire(shape, members),
        },
    }


def metadata(response):
    told = response.pop("ResponseMetadata")
    return {"status": told["HTTPStatusCode"], "request_id": told.get("RequestId")}


def wire_names(shape):
    if MODEL_NAMES:
        return {name: name for name in shape.members}
    return {name: member.serialization.get("name", name) for name, member in shape.members.items()}


def from_wire(shape, value, where):
    """The value with its members named as boto3 names them. A member that boto3 does not know is an error."""
    if shape.type_name == "structure":
        names = {wire: name for name, wire in wire_names(shape).items()}
        arguments = {}
        for wire, inner in value.items():
            if wire not in names:
                raise KeyError(f"{where}: boto3 knows no member {wire}")
            name = names[wire]
            arguments[name] = from_wire(shape.members[name], inner, f"{where}.{wire}")
        return arguments
    if shape.type_name == "list":
        return [from_wire(shape.member, inner, where) for inner in value]
    if shape.type_name == "map":
        return {key: from_wire(shape.value, inner, where) for key, inner in value.items()}
    if shape.type_name == "timestamp" and MODEL_NAMES:
        return datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
    if shape.type_name == "blob" and MODEL_NAMES:
        return base64.b64decode(value)
    if shape.type_name == "string" and MODEL_NAMES:
        # boto3 has texts for some numbers.
        return str(value)
    return value


def to_wire(shape, value):
    """The value with its members named as on the wire."""
    if shape.type_name == "structure":
        names = wire_names(shape)
        return {names[name]: to_wire(shape.members[name], inner) for name, inner in value.items()}
    if shape.type_name == "list":
        return [to_wire(shape.member, inner) for inner in value]
    if shape.type_name == "map":
        return {key: to_wire(shape.value, inner) for key, inner in value.items()}
    if shape.type_name == "timestamp" and MODEL_NAMES:
        return int(value.timestamp())
    if shape.type_name == "blob" and MODEL_NAMES:
        return base64.b64encode(value).decode()
    return value


main()
