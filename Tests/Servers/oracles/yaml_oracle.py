"""Compares what the compiler accepted with PyYAML's parser in pure Python.

    yaml_oracle.py FOLDER

FOLDER holds NAME.yaml, and beside each that was accepted NAME.json: its tree, all scalars texts. What was accepted must be
YAML of the same tree; what was refused by libyaml itself, NAME.syntax, must be no YAML to PyYAML either.
"""
import json
import pathlib
import re
import sys

import yaml


def same(one, other):
    """Equal, but for a block scalar's one final line end, which is no part of a text in the dialect."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other or one == f"{other}\n"


folder = pathlib.Path(sys.argv[1])
counts = {"accepted": 0, "refused": 0, "syntax": 0}
for file in sorted(folder.glob("*.yaml")):
    tree = file.with_suffix(".json")
    try:
        text = file.read_bytes().decode("utf-8-sig")
        value = yaml.load(text, Loader=yaml.BaseLoader)
        found = True
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        value, found = str(error).splitlines()[0], False
    if tree.exists():
        counts["accepted"] += 1
        wanted = json.loads(tree.read_text(encoding="utf-8"))
        if not found or not same(value, wanted):
            print("different:", file.name, value if not found else "another tree")
    elif file.with_suffix(".syntax").exists():
        counts["syntax"] += 1
        # In a flow collection libyaml refuses a ':' before a sign of flow, where PyYAML reads an empty value.
        if found and not re.search(r":[,?\[\]{}]", text):
            print("only here no YAML:", file.name)
    else:
        counts["refused"] += 1
print(json.dumps(counts))
