"""Validates YAML files against a JSON Schema, as an editor does.

    schema.py SCHEMA FILE…

prints for each file `good NAME` or `bad NAME: path: message`.
"""
import json
import pathlib
import re
import sys

import jsonschema
import yaml


class Loader(yaml.BaseLoader):
    """Scalars as YAML 1.2's core schema types them, which editors use."""


for tag, pattern, first in [
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:int", r"^-?[0-9]+$", "-0123456789"),
    ("tag:yaml.org,2002:float", r"^-?[0-9]+\.[0-9]+$", "-0123456789"),
]:
    Loader.add_implicit_resolver(tag, re.compile(pattern), list(first))
Loader.add_constructor("tag:yaml.org,2002:bool", lambda loader, node: node.value == "true")
Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))

schema = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for name in sys.argv[2:]:
    value = yaml.load(pathlib.Path(name).read_text(encoding="utf-8"), Loader=Loader)
    error = jsonschema.exceptions.best_match(validator.iter_errors(value))
    short = pathlib.Path(name).name
    if error is None:
        print("good", short)
    else:
        path = ".".join(str(part) for part in error.absolute_path)
        print(f"bad {short}: {path}: {error.message[:200]}")
