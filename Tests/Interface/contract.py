"""Holds a running server to its own OpenAPI document: schemathesis makes up requests, right ones and wrong ones, and
compares each answer with what the document says.

What a made-up request can't know is put into it: names of what is there, and things that may be deleted.
Takes the URL of the server and the path of a JSON file with what the server was given; see ContractTests.swift.
"""

import collections
import itertools
import json
import os
import re
import sys
import time

import requests
import schemathesis
from schemathesis.cli import schemathesis as command
from schemathesis.generation import GenerationMode

CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "ignored_auth",
]

# A provider has to send a browser for these: the Swift tests do.
UNREACHED = {"finish", "finishOfIntegration", "park", "parkOfIntegration", "showConnect", "sendConnect"}

url, given = sys.argv[1], json.load(open(sys.argv[2]))
# What schemathesis writes down goes where the server's own files are.
os.chdir(os.path.dirname(sys.argv[2]))
session = requests.Session()
numbers = itertools.count()
turns = collections.Counter()
outcomes = collections.defaultdict(collections.Counter)


def call(method, path, body=None, token=given["secret_key"]):
    """What is done beside the requests that are made up."""
    answer = session.request(method, url + path, json=body, headers={"Authorization": "Bearer " + token}, timeout=30)
    assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
    return answer.json()


def name(case):
    return case.operation.definition.raw["operationId"]


# Who calls.


@schemathesis.auth(refresh_interval=None)
class Caller:
    def get(self, case, context):
        schemes = [scheme for either in case.operation.definition.raw.get("security", []) for scheme in either]
        return schemes[0] if schemes else None

    def set(self, case, data, context):
        if data == "secretKey":
            token = given["secret_key"]
        elif data == "adminSession":
            token = call("POST", "/admin/session", {"password": given["password"]})["token"] if name(case) == "logOut" \
                else given["admin_token"]
        elif data == "connectSession":
            token = call("POST", "/connect/sessions", {})["data"]["token"]
        elif data == "publicKey":
            case.query = {**(case.query or {}), "public_key": given["public_key"]}
            case.query.pop("connect_session_token", None)
            return
        else:
            return
        case.headers = {**(case.headers or {}), "Authorization": "Bearer " + token}


# What is there.


def spare_integration():
    key = f"spare-{next(numbers)}"
    call("POST", "/integrations", {"provider": given["key"]["provider"], "unique_key": key})
    return key


def spare_connection():
    key = f"spare-{next(numbers)}"
    call("POST", "/connections", {
        "provider_config_key": given["key"]["integration"], "connection_id": key,
        "credentials": given["key"]["credentials"]})
    return key


def spare_key():
    path = f"/admin/environments/{given['spare_environment']}/keys"
    return call("POST", path, {}, token=given["admin_token"])["data"]["id"]


def asset_version():
    """A page names the version that its script has."""
    return re.search(r"/assets/(\w+)/", session.get(url + "/oauth/callback").text).group(1)


def known_path(operation, parameters):
    """The names of what is there, in the place of made-up ones."""
    operation = operation.removesuffix("ByOldName")
    known = {
        "integration": lambda: given["leaving"]["integration"] if operation == "connect" else
        given["key"]["integration"],
        "key": lambda: given["leaving"]["integration"] if operation == "getIntegration" else spare_integration(),
        "provider": lambda: given["leaving"]["provider"],
        "version": asset_version,
        "name": lambda: "callback.js" if operation == "getAsset" else given["spare_environment"],
        "id": lambda: spare_key() if operation == "revokeSecretKey" else
        call("GET", "/activity")["data"][0]["id"] if operation == "getActivity" else
        spare_connection() if operation == "deleteConnection" else
        given["key"]["connection"],
    }
    return {name: known[name]() for name in parameters}


def known_query(operation, query):
    if "provider_config_key" in query:
        query = {**query, "provider_config_key": given["key"]["integration"]}
    if operation.startswith("connectBy"):
        return {"public_key": given["public_key"], "connection_id": f"made-{next(numbers)}"}
    if operation == "connect":
        return {"public_key": given["public_key"]} | {
            f"params[{name}]": value for name, value in given["leaving"]["params"].items()}
    return query


def known_body(operation, body):
    operation = operation.removesuffix("ByOldName")
    if operation.startswith("connectBy"):
        return given["key"]["credentials"]
    if not isinstance(body, dict):
        return body
    body = dict(body)
    if operation in ("createIntegration", "changeIntegration"):
        for member in ("method", "credentials", "scopes"):
            body.pop(member, None)
        if operation == "createIntegration":
            body["provider"] = given["key"]["provider"]
            body["unique_key"] = f"made-{next(numbers)}"
    if operation == "importConnection":
        body.pop("connection_config", None)
        body["credentials"] = given["key"]["credentials"]
    if operation in ("createConnectSession", "createReconnectSession"):
        if body.get("allowed_integrations"):
            body["allowed_integrations"] = [given["leaving"]["integration"]]
        defaults = body.get("integrations_config_defaults")
        if defaults:
            body["integrations_config_defaults"] = {given["leaving"]["integration"]: next(iter(defaults.values()))}
        if "integration_id" in body:
            body["integration_id"] = given["key"]["integration"]
    if "provider_config_key" in body:
        body["provider_config_key"] = given["key"]["integration"]
    if operation in ("setMetadata", "mergeMetadata", "createReconnectSession") and "connection_id" in body:
        known = given["key"]["connection"]
        body["connection_id"] = [known] if isinstance(body["connection_id"], list) else known
    if operation == "logIn":
        body["password"] = given["password"]
    return body


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = name(case)
    turns[operation] += 1
    # Now and then a right request keeps the names that were made up, so that nothing is there.
    if turns[operation] % 4 == 0 or case.meta is None:
        return
    modes = {str(place.value): component.mode for place, component in case.meta.components.items()}
    is_right = lambda place: modes.get(place, GenerationMode.POSITIVE) == GenerationMode.POSITIVE
    if case.path_parameters and is_right("path"):
        case.path_parameters = known_path(operation, case.path_parameters)
    if is_right("query"):
        case.query = known_query(operation, case.query or {})
    if is_right("body"):
        body = known_body(operation, case.body)
        if body is not case.body:
            case.body = body
            case.media_type = case.media_type or "application/json"


@schemathesis.hook
def after_call(context, case, response):
    outcomes[name(case)][response.status_code] += 1


# The run.


def main():
    start = time.monotonic()
    document = schemathesis.openapi.from_url(url + "/openapi.json")
    document.config.update(base_url=url)
    # This works once, and what follows needs it.
    set_up = document["/admin/setup"]["POST"].Case(
        body={"token": given["setup_token"], "password": given["password"]}, media_type="application/json")
    answer = set_up.call_and_validate()
    given["admin_token"] = answer.json()["token"]
    operations = [one.ok().definition.raw["operationId"] for one in document.get_all_operations()]
    try:
        status = command.main(standalone_mode=False, args=[
            "run", url + "/openapi.json", "--url", url, "--checks", ",".join(CHECKS),
            "--phases", "examples,coverage,fuzzing", "--max-examples", given["examples"], "--seed", "1",
            "--generation-database", "none", "--request-timeout", "30", "--no-color", "--continue-on-failure",
            "--suppress-health-check", "all", "--warnings", "off",
        ])
    except SystemExit as end:
        status = end.code
    unreached = [
        one for one in operations
        if one not in UNREACHED and not any(status < 400 for status in outcomes[one])]
    for one in operations:
        print(one, dict(sorted(outcomes[one].items())))
    print(f"{len(operations)} operations, {sum(map(sum, (c.values() for c in outcomes.values())))} requests, "
          f"{time.monotonic() - start:.0f} s")
    if unreached:
        print("never answered as they are meant to be:", ", ".join(unreached))
    sys.exit(1 if status or unreached else 0)


main()
