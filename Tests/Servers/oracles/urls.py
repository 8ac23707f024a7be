"""Reads URLs, one JSON string a line, with two parsers that nobody here wrote.

Prints for each a JSON array: [scheme, host, port] of urllib (RFC 3986) and of Ada (WHATWG); null where it is no URL.
"""

import json
import sys
import urllib.parse

import ada_url

PORTS = {"https": 443, "http": 80}


def rfc3986(text):
    try:
        parts = urllib.parse.urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    return [parts.scheme, parts.hostname or "", port or PORTS.get(parts.scheme, 0)]


def whatwg(text):
    try:
        url = ada_url.URL(text)
    except ValueError:
        return None
    scheme = url.protocol.rstrip(":")
    return [scheme, url.hostname, int(url.port or PORTS.get(scheme, 0))]


with open(sys.argv[1], encoding="utf-8") as lines:
    for line in lines:
        text = json.loads(line)
        print(json.dumps([rfc3986(text), whatwg(text)]))
