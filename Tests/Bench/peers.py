"""The same operations by Python's usual libraries: CPU per operation, in microseconds. Run by runtime.py."""
import time

import oauthlib.oauth2
import requests
import uritemplate
from authlib.common.security import generate_token
from authlib.oauth2 import OAuth2Client
from authlib.oauth2.rfc7636 import create_s256_code_challenge

URI = "https://app.example.com/callback"
AUTHORIZE = "https://acme.zendesk.com/oauth/authorizations/new"
TOKEN = '{"access_token":"a1","refresh_token":"r1","expires_in":1800,"scope":"read","token_type":"bearer"}'


def measure(what, count, operation):
    operation()
    least = float("inf")
    for _ in range(3):
        start = time.process_time()
        for _ in range(count):
            operation()
        least = min(least, (time.process_time() - start) / count)
    print(f"{what}\t{least * 1e6}")


def request():
    client = OAuth2Client(None, client_id="client", client_secret="secret", scope="read tickets:write",
                          redirect_uri=URI, code_challenge_method="S256")
    client.create_authorization_url(AUTHORIZE, code_verifier=generate_token(48))


def flow():
    """Begins, reads the callback, makes the token request, reads its answer; the account is one JSON more."""
    client = oauthlib.oauth2.WebApplicationClient("client", scope=["read"])
    verifier = client.create_code_verifier(48)
    challenge = client.create_code_challenge(verifier, "S256")
    client.prepare_request_uri(AUTHORIZE, redirect_uri=URI, state="s" * 43, code_challenge=challenge,
                               code_challenge_method="S256")
    code = client.parse_request_uri_response(f"{URI}?code=c0de&state={'s' * 43}", state="s" * 43)["code"]
    client.prepare_request_body(code=code, redirect_uri=URI, code_verifier=verifier, client_secret="secret")
    client.parse_request_body_response(TOKEN)
    requests.models.complexjson.loads('{"user":{"id":1,"name":"Ada","email":"ada@example.com"}}')


def sign():
    requests.Request("GET", "https://acme.zendesk.com/api/v2/tickets.json?page=2",
                     headers={"Authorization": "Bearer a1"}).prepare()


measure("authorization request with PKCE and state", 2_000, request)
measure("whole code flow, one at a time", 1_000, flow)
measure("signed request", 5_000, sign)
template = uritemplate.URITemplate("https://{subdomain}.example.com/users/{name}{?q}")
measure("expanded template", 20_000, lambda: template.expand(subdomain="acme", name="Ada Lovelace", q="a&b"))
assert create_s256_code_challenge
