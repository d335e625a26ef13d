"""Checks of schemathesis about which requests a server accepts.

They are those of schemathesis for valid and for invalid requests, except where a document says
less than the server knows.
"""

import re

import schemathesis
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

# How the messages of rejections begin that the server makes of the model.
VALIDATION = re.compile(r"\d+ validation errors? detected")
# The errors with which the implementation rejects requests.
OWN_ERRORS = {"BadRequestException", "NotFoundException", "TooManyRequestsException"}


@schemathesis.check
def valid_requests_are_accepted(ctx, response, case):
    # The example has rules that its model lacks, such as for names, and for when a job can change.
    if error_of(response) in OWN_ERRORS and not VALIDATION.match(response.json()["message"]):
        return None
    return positive_data_acceptance(ctx, response, case)


def error_of(response):
    [name] = response.headers.get("x-amzn-errortype", [None])
    return name


@schemathesis.check
def invalid_requests_are_rejected(ctx, response, case):
    # In requests of Smithy's protocols, an optional member that is null is left out. The document
    # does not offer that to clients.
    if has_null_member(case.body):
        return None
    return negative_data_rejection(ctx, response, case)


def has_null_member(value):
    if isinstance(value, dict):
        return any(item is None or has_null_member(item) for item in value.values())
    return isinstance(value, list) and any(map(has_null_member, value))
