"""Validates OpenAPI documents: reads a list of {name, document}, prints a list of the problems."""

import json
import sys

import regex
from jsonschema import FormatChecker
from openapi_schema_validator import OAS30Validator, OAS31Validator
from openapi_spec_validator import validate


def is_pattern(text):
    """Patterns are of ECMA 262, which has `\\p{..}`; the module `re` does not."""
    return not isinstance(text, str) or bool(regex.compile(text))


for checker in [
    FormatChecker,
    OAS30Validator.FORMAT_CHECKER,
    OAS31Validator.FORMAT_CHECKER,
]:
    checker.checkers["regex"] = (is_pattern, regex.error)

problems = []
for task in json.load(sys.stdin):
    try:
        validate(task["document"])
    except Exception as error:
        problems.append(f"{task['name']}: {str(error)[:1000]}")
print(json.dumps(problems))
