"""Prints the requests that botocore makes of inputs.

Reads lines `{"service", "protocol", "operation", "inputs"}` and prints for each a line with a list of
`{"method", "path", "headers", "body"}`. The members of inputs have the names of the model; blobs are base64 texts, and timestamps seconds or texts. The body is
a text, or the tree of a document of XML. A line `{"documents"}` is answered with the trees of these documents.

The tree of an element is `[name, attributes, text, children]`. The order of children with different names does not matter: they are sorted by name.
"""

import base64
import datetime
import json
import sys
import xml.etree.ElementTree as ElementTree

import botocore.awsrequest
import botocore.handlers
import botocore.serialize
import botocore.session
import botocore.utils


def main():
    session = botocore.session.Session()
    for line in sys.stdin:
        task = json.loads(line)
        if "documents" in task:
            print(json.dumps([body(text) for text in task["documents"]]), flush=True)
            continue
        serializer = botocore.serialize.create_serializer(task["protocol"], include_validation=False)
        operation = session.get_service_model(task["service"]).operation_model(task["operation"])
        print(json.dumps([request(serializer, operation, value) for value in task["inputs"]]), flush=True)


def request(serializer, operation, value):
    shape = operation.input_shape
    arguments = from_json(shape, value, operation.name) if shape else {}
    if operation.service_model.service_name == "route53":
        botocore.handlers.fix_route53_ids(arguments, operation)
    request = serializer.serialize_to_request(arguments, operation)
    botocore.awsrequest.prepare_request_dict(request, endpoint_url="https://host.example")
    prepared = botocore.awsrequest.create_request_object(request).prepare()
    text = prepared.body or ""
    return {
        "method": prepared.method,
        "path": prepared.url.removeprefix("https://host.example"),
        "headers": {name.lower(): as_text(header) for name, header in prepared.headers.items()},
        "body": body(as_text(text)),
    }


def as_text(value):
    return value.decode() if isinstance(value, bytes) else value


def body(text):
    """A document as a tree, and any other body as it is."""
    return tree(ElementTree.fromstring(text)) if text.startswith("<") else text


def tree(element):
    children = sorted(element, key=lambda child: child.tag)
    return [element.tag, element.attrib, element.text or "", [tree(child) for child in children]]


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
        case "timestamp" if isinstance(value, str):
            return botocore.utils.parse_timestamp(value)
        case "timestamp":
            return datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
        case _:
            return value


main()
