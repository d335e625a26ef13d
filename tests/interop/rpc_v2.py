"""Calls operations with botocore's client for smithy-rpc-v2-cbor and says what came of it.

Reads from stdin a line `{"endpoint", "model", "folder"}`, where the model is a service-2.json, then a line
`{"operation", "input"}` per call. Prints for each a line: `{"status", "output"}`, or `{"status", "error"}` where botocore raised something for what the
service said. Blobs are base64, and timestamps are seconds.
"""

import base64
import datetime
import json
import math
import pathlib
import sys

from botocore import UNSIGNED, xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session
from dateutil.parser import parse

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def main():
    task = json.loads(sys.stdin.readline())
    folder = pathlib.Path(task["folder"])
    version = folder / "polyglot" / "2026-11-28"
    version.mkdir(parents=True)
    (version / "service-2.json").write_text(json.dumps(task["model"]))
    session = Session()
    session.get_component("data_loader").search_paths.append(str(folder))
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}, read_timeout=20)
    client = session.create_client("polyglot", "eu-west-1", endpoint_url=task["endpoint"], config=config)
    print(json.dumps({"protocol": client.meta.service_model.resolved_protocol}), flush=True)
    for line in sys.stdin:
        print(json.dumps(outcome(client, json.loads(line))), flush=True)


def outcome(client, call):
    operation = client.meta.service_model.operation_model(call["operation"])
    arguments = from_json(operation.input_shape, call["input"]) if operation.input_shape else {}
    try:
        response = getattr(client, xform_name(call["operation"]))(**arguments)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        known = type(error) is not ClientError and type(error).__name__
        return {"status": status, "error": {**to_json(error.response["Error"]), "type": known, "rest": rest(error.response)}}
    status = response.pop("ResponseMetadata")["HTTPStatusCode"]
    return {"status": status, "output": to_json(response)}


def rest(response):
    return to_json({name: value for name, value in response.items() if name not in ("Error", "ResponseMetadata")})


def from_json(shape, value):
    if shape.type_name == "structure":
        return {name: from_json(shape.members[name], inner) for name, inner in value.items()}
    if shape.type_name == "list":
        return [from_json(shape.member, inner) for inner in value]
    if shape.type_name == "map":
        return {key: from_json(shape.value, inner) for key, inner in value.items()}
    if shape.type_name == "blob":
        return base64.b64decode(value)
    if shape.type_name == "timestamp":
        return parse(value) if isinstance(value, str) else EPOCH + datetime.timedelta(seconds=value)
    if shape.type_name in ("float", "double"):
        return float(value)
    return value


def to_json(value):
    if isinstance(value, dict):
        return {key: to_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [to_json(inner) for inner in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.datetime):
        return (value - EPOCH) / datetime.timedelta(seconds=1)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


main()
