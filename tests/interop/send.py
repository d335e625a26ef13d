"""Sends inputs with boto3.

Reads from stdin `{"region", "credentials", "calls": [{"service", "operation", "endpoint", "input"}]}`, makes the calls one after the other
and prints the number of calls made. Inputs are named as on the wire; boto3 names some members otherwise.
"""

import json
import sys

import boto3
from botocore import xform_name
from botocore.config import Config


def main():
    task = json.load(sys.stdin)
    session = boto3.Session(**task["credentials"], region_name=task["region"])
    # One attempt: each call is one request on the socket.
    config = Config(retries={"total_max_attempts": 1}, read_timeout=20, connect_timeout=20)
    clients = {}
    for call in task["calls"]:
        key = call["service"], call["endpoint"]
        if key not in clients:
            clients[key] = session.client(call["service"], endpoint_url=call["endpoint"], config=config)
        client = clients[key]
        operation = client.meta.service_model.operation_model(call["operation"])
        where = call["operation"]
        arguments = renamed(operation.input_shape, call["input"], where)
        getattr(client, xform_name(call["operation"]))(**arguments)
    print(json.dumps(len(task["calls"])))


def renamed(shape, value, where):
    """The value with its members named as boto3 names them. A member that boto3 does not know is an error."""
    if shape.type_name == "structure":
        names = {
            member.serialization.get("name", name): (name, member)
            for name, member in shape.members.items()
        }
        arguments = {}
        for wire, inner in value.items():
            if wire not in names:
                raise KeyError(f"{where}: boto3 knows no member {wire}")
            name, member = names[wire]
            arguments[name] = renamed(member, inner, f"{where}.{wire}")
        return arguments
    if shape.type_name == "list":
        return [renamed(shape.member, inner, where) for inner in value]
    if shape.type_name == "map":
        return {key: renamed(shape.value, inner, where) for key, inner in value.items()}
    return value


main()
