"""Validates OpenAPI documents: reads a list of {name, document}, prints a list of the problems."""

import json
import sys

import regex
from jsonschema import FormatChecker
from openapi_schema_validator import OAS30Validator, OAS31Validator
from openapi_spec_validator import validate
from openapi_spec_validator.validation.keywords import SchemaValidator


def is_pattern(text):
    """Patterns are of ECMA 262, which has `\\p{..}`; the module `re` does not."""
    return not isinstance(text, str) or bool(regex.compile(text))


for checker in [
    FormatChecker,
    OAS30Validator.FORMAT_CHECKER,
    OAS31Validator.FORMAT_CHECKER,
]:
    checker.checkers["regex"] = (is_pattern, regex.error)

collect_properties = SchemaValidator._collect_properties
collecting = set()


def collect_once(validator, schema):
    """The validator would search a schema forever in which a list has elements of the same schema."""
    identity = id(schema.read_value())
    if identity in collecting:
        return set()
    collecting.add(identity)
    try:
        return collect_properties(validator, schema)
    finally:
        collecting.remove(identity)


SchemaValidator._collect_properties = collect_once

problems = []
for task in json.load(sys.stdin):
    try:
        validate(task["document"])
    except Exception as error:
        problems.append(f"{task['name']}: {str(error)[:1000]}")
print(json.dumps(problems))
