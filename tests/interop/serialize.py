"""Prints the requests that botocore makes of inputs, by its serializers alone or by its clients.

Reads lines `{"service", "protocol", "operation", "inputs"}` and prints for each a line with a list of
`{"method", "path", "headers", "body"}`. The members of inputs have the names of the model; blobs are base64 texts, and timestamps seconds or texts. The body is
a text, or the tree of a document of XML. A line `{"documents"}` is answered with the trees of these documents.

A line `{"client", "calls"}` makes calls of a client, which are not sent. The client is `{"service", "region", "use_fips", "use_dual_stack", "endpoint",
"credentials", "time"}`, the time as X-Amz-Date has it; a call is `{"operation", "input", "ours"}`, where `ours` is our request of this input or null, as
`{"method", "url", "headers", "body"}` with the body as base64. The response is a list of `{"method", "url", "headers", "body"}` or `{"error"}`. Where botocore
spells the same request in another way, it takes our spelling before the checksums and the signature are computed: see `Spelling`.

The tree of an element is `[name, attributes, text, children]`. The order of children with different names does not matter: they are sorted by name.
"""

import base64
import datetime
import json
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree
from unittest import mock

import botocore.awsrequest
import botocore.config
import botocore.exceptions
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
        if "client" in task:
            print(json.dumps(client_requests(session, task["client"], task["calls"])), flush=True)
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


class NotSent(Exception):
    """Ends a call of a client when its request is complete."""


class Spelling:
    """Our request of a call, whose spelling botocore takes where both mean the same."""

    # Headers that our clients alone send and sign. boto3 has all of x-amz-user-agent in User-Agent.
    ADDED = ["content-length", "content-type", "x-amz-user-agent"]

    def __init__(self, call):
        self.ours = call["ours"]
        self.headers = {name.lower(): value for name, value in self.ours["headers"]}
        self.has_key = isinstance(call["input"].get("Key"), str)

    def apply(self, params, **_):
        ours = base64.b64decode(self.ours["body"])
        if same_body(ours, params["body"]):
            params["body"] = ours
        if self.canonical(self.ours["url"]) == self.canonical(params["url"]):
            params["url"] = self.ours["url"]
        theirs = {name.lower(): name for name in params["headers"]}
        for name, value in self.headers.items():
            if name not in theirs:
                if name in self.ADDED:
                    params["headers"][name] = value
            elif same_header(value, as_text(params["headers"][theirs[name]])):
                params["headers"][theirs[name]] = value

    def canonical(self, url):
        """The URL without what our models or those of botocore alone have: the operation in the query, and a slash at the end that is not that of a key."""
        parts = urllib.parse.urlsplit(url)
        pairs = [pair for pair in parts.query.split("&") if not pair.startswith("x-id=")]
        path = parts.path if self.has_key else parts.path.removesuffix("/")
        return parts._replace(path=path, query="&".join(pairs)).geturl()


def same_header(ours, theirs):
    """Whether values differ only in the charset of a form, or in the spaces of a list."""
    return theirs in (f"{ours}; charset=utf-8", ours.replace(", ", ","))


def same_body(ours, theirs):
    """Whether bodies differ only in the order and the spelling of members."""
    if isinstance(theirs, dict):
        pairs = urllib.parse.parse_qsl(ours.decode(), keep_blank_values=True, strict_parsing=True)
        return sorted(pairs) == sorted((name, str(value)) for name, value in theirs.items())
    theirs = theirs.encode() if isinstance(theirs, str) else theirs
    if ours == theirs:
        return True
    # botocore sends no document without members.
    if theirs == b"" and ours.startswith(b"<"):
        return body(ours.decode())[3] == []
    if ours.startswith(b"<") and theirs.startswith(b"<"):
        return body(ours.decode()) == body(theirs.decode())
    if ours.startswith(b"{") and theirs.startswith(b"{"):
        return typed(json.loads(ours, object_pairs_hook=members)) == typed(json.loads(theirs))
    return False


def members(pairs):
    """The members of an object of JSON, none of which is repeated."""
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError(f"a repeated member: {[name for name, _ in pairs]}")
    return names


def typed(value):
    """A value of JSON that is not equal to one of another type, as `True` and `1` are."""
    match value:
        case bool():
            return ("boolean", value)
        case list():
            return [typed(inner) for inner in value]
        case dict():
            return {name: typed(inner) for name, inner in value.items()}
        case _:
            return value


def client_requests(session, task, calls):
    config = botocore.config.Config(
        parameter_validation=False,
        retries={"total_max_attempts": 1},
        use_dualstack_endpoint=task["use_dual_stack"],
        use_fips_endpoint=task["use_fips"],
        s3={
            # By default, the body is not signed where TLS and a checksum protect it.
            "payload_signing_enabled": True,
            # By default, a custom endpoint has the bucket in the path.
            "addressing_style": "virtual" if task["endpoint"] else "auto",
        },
    )
    client = session.create_client(
        task["service"],
        region_name=task["region"],
        endpoint_url=task["endpoint"],
        config=config,
        **task["credentials"],
    )
    sent = []

    def keep(request, **_):
        sent.append(request)
        raise NotSent

    client.meta.events.register("before-send", keep)
    time = datetime.datetime.strptime(task["time"], "%Y%m%dT%H%M%SZ")
    with mock.patch("botocore.auth.get_current_datetime", return_value=time):
        return [client_request(client, sent, call) for call in calls]


def client_request(client, sent, call):
    operation = client.meta.service_model.operation_model(call["operation"])
    shape = operation.input_shape
    arguments = from_json(shape, call["input"], operation.name) if shape else {}
    event = f"before-call.{client.meta.service_model.service_id.hyphenize()}"
    spelling = call["ours"] and Spelling(call)
    if spelling:
        client.meta.events.register_first(event, spelling.apply, unique_id="spelling")
    try:
        getattr(client, botocore.xform_name(operation.name))(**arguments)
    except NotSent:
        request = sent.pop()
        return {
            "method": request.method,
            "url": request.url,
            "headers": {name.lower(): as_text(value) for name, value in request.headers.items()},
            "body": base64.b64encode(content(request)).decode(),
        }
    except botocore.exceptions.BotoCoreError as error:
        return {"error": str(error)}
    finally:
        if spelling:
            client.meta.events.unregister(event, unique_id="spelling")


def content(request):
    text = request.body or b""
    text = text.read() if hasattr(text, "read") else text
    return text.encode() if isinstance(text, str) else bytes(text)


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
