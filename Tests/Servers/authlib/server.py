"""A small OAuth 2.0 authorization server on Authlib and Flask, for tests.

Every protocol decision (client authentication, grants, PKCE, revocation, bearer
checks) is Authlib's; this file holds only the in-memory records Authlib asks for
and the routes that hand requests over to it.

Run `python server.py` with standard input kept open. It prints
`listening on PORT` and serves on 127.0.0.1 until it is killed or its standard
input ends; with </dev/null it therefore ends at once.

The routes below /_test/ are no part of OAuth: they let a test look at and steer
the server, and do not show up in the log themselves.
"""
import hmac
import logging
import os
import re
import sys
import threading
import time
from dataclasses import dataclass

# Authlib refuses plain http otherwise; on the loopback interface there is no TLS.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Flask, jsonify, request
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "kw-client", "kw-secret-7f3d"
REDIRECT_URIS = ["https://app.example.test/callback", "http://127.0.0.1:9/callback"]
# A server of a test listens on any port (RFC 8252 section 7.3).
LOOPBACK = r"http://127\.0\.0\.1:[0-9]+/oauth/callback/[a-z-]+"
SCOPES = ["profile", "notes:read", "notes:write"]
AUTH_METHODS = ["client_secret_basic", "client_secret_post"]
CODE_LIFETIME, TOKEN_LIFETIME = 300, 3600
ADA = {"id": 42, "name": "Ada Lovelace", "email": "ada@example.test"}

@dataclass(frozen=True)
class Client(ClientMixin):
    id: str
    secret: str | None
    methods: tuple
    grants: tuple

    def get_default_redirect_uri(self):
        return None  # of two registered addresses a request has to name one

    def get_allowed_scope(self, scope):
        # A request without a scope gets all that the client is registered for.
        return " ".join(s for s in scope.split() if s in SCOPES) if scope else " ".join(SCOPES)

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri in REDIRECT_URIS or re.fullmatch(LOOPBACK, redirect_uri) is not None

    def check_client_secret(self, client_secret):
        return bool(self.secret) and hmac.compare_digest(self.secret.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method, endpoint):
        return method in self.methods

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type in self.grants

@dataclass
class Code(AuthorizationCodeMixin):
    client: Client
    redirect_uri: str
    scope: str
    user: dict
    code_challenge: str | None
    code_challenge_method: str | None
    expires_at: float

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

@dataclass
class Token(TokenMixin):
    access_token: str
    refresh_token: str
    scope: str
    user: dict
    client: Client
    expires_at: float
    access_revoked: bool = False
    refresh_revoked: bool = False
    rotated_at: float | None = None

    def check_client(self, client):
        return self.client is client

    def get_scope(self):
        return self.scope

    def is_expired(self):
        return self.expires_at <= time.time()

    def is_revoked(self):
        return self.access_revoked

PERSONS = ("authorization_code", "refresh_token")
CLIENTS = {client.id: client for client in [
    Client(CLIENT_ID, CLIENT_SECRET, tuple(AUTH_METHODS), PERSONS),
    Client("kw-public", None, ("none",), PERSONS),
    Client("kw-machine", CLIENT_SECRET, tuple(AUTH_METHODS), ("client_credentials",)),
]}
# For how many seconds a refresh token that was used is taken once more.
grace = {"seconds": 0}
codes: dict[str, Code] = {}
tokens: list[Token] = []
received: list[dict] = []
# Authlib looks a code or refresh token up first and withdraws it last. Requests
# arrive on several threads, so without this lock two could spend the same one.
spending = threading.Lock()

def token_where(field, value):
    return next((t for t in tokens if getattr(t, field) == value), None)

def save_token(answer, request):
    expires_at = time.time() + answer["expires_in"]
    tokens.append(Token(answer["access_token"], answer.get("refresh_token"), answer["scope"],
                        request.user, request.client, expires_at))

class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = [*AUTH_METHODS, "none"]

    def save_authorization_code(self, code, request):
        sent = request.payload.data
        codes[code] = Code(request.client, sent.get("redirect_uri"), request.scope, request.user,
                           sent.get("code_challenge"), sent.get("code_challenge_method"),
                           time.time() + CODE_LIFETIME)

    def query_authorization_code(self, code, client):
        found = codes.get(code)
        isGood = found and found.client is client and found.expires_at > time.time()
        return found if isGood else None

    def delete_authorization_code(self, authorization_code):
        del codes[self.request.form["code"]]

    def authenticate_user(self, authorization_code):
        return authorization_code.user

class RefreshGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = [*AUTH_METHODS, "none"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        found = token_where("refresh_token", refresh_token)
        if found and found.rotated_at and time.time() - found.rotated_at < grace["seconds"]:
            return found
        return found if found and not found.refresh_revoked else None

    def authenticate_user(self, refresh_token):
        return refresh_token.user

    def revoke_old_credential(self, refresh_token):
        # The old access token lives on, so calls already under way still succeed.
        refresh_token.refresh_revoked = True
        refresh_token.rotated_at = time.time()

class MachineGrant(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = AUTH_METHODS

    def query_token(self, token_string, token_type_hint):
        # The hint may be wrong, and RFC 7009 wants the token found all the same.
        return token_where("access_token", token_string) or token_where("refresh_token", token_string)

    def revoke_token(self, token, request):
        # A revoked refresh token takes its access token along, not the reverse.
        token.access_revoked = True
        token.refresh_revoked |= request.form["token"] == token.refresh_token

class BearerValidator(BearerTokenValidator):
    def authenticate_token(self, token_string):
        return token_where("access_token", token_string)

app = Flask(__name__)
app.config.update(
    OAUTH2_SCOPES_SUPPORTED=SCOPES,
    OAUTH2_REFRESH_TOKEN_GENERATOR=True,
    # Authlib would let tokens of the code grant live ten days.
    OAUTH2_TOKEN_EXPIRES_IN={"authorization_code": TOKEN_LIFETIME, "refresh_token": TOKEN_LIFETIME,
                             "client_credentials": TOKEN_LIFETIME},
)
server = AuthorizationServer(app, CLIENTS.get, save_token)
server.register_grant(CodeGrant, [CodeChallenge(required=True)])
server.register_grant(RefreshGrant)
server.register_grant(MachineGrant)
server.register_endpoint(Revocation)
require_oauth = ResourceProtector()
require_oauth.register_token_validator(BearerValidator())

@app.before_request
def note_request():
    if not request.path.startswith("/_test/"):
        # Names and schemes only: a failing test prints this, and secrets stay out of it.
        scheme, space, _ = request.headers.get("Authorization", "").partition(" ")
        entry = {"method": request.method, "path": request.path, "auth": scheme if space else None}
        if request.method == "POST":
            entry["form"] = [name for name, _ in request.form.items(multi=True)]
        received.append(entry)

@app.get("/oauth/authorize")
def authorize():
    user = None if request.args.get("login_hint") == "decline" else ADA
    try:
        grant = server.get_consent_grant(end_user=ADA)
    except OAuth2Error as error:
        return server.handle_error_response(request, error)
    return server.create_authorization_response(grant_user=user, grant=grant)

@app.post("/oauth/token")
def token():
    with spending:
        return server.create_token_response()

@app.post("/oauth/revoke")
def revoke():
    with spending:
        return server.create_endpoint_response(Revocation.ENDPOINT_NAME)

@app.get("/api/me")
@require_oauth()
def me():
    return jsonify(user=current_token.user)

@app.get("/api/notes")
@require_oauth("notes:read")
def notes():
    return jsonify(notes=["first"])

@app.get("/_test/log")
def test_log():
    return jsonify(received)

@app.post("/_test/grace/<int:seconds>")
def test_grace(seconds):
    grace["seconds"] = seconds
    return "", 204

@app.post("/_test/expire-tokens")
def test_expire_tokens():
    for issued in tokens:
        issued.expires_at = 0
    return "", 204

def end_with_input():
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(0)

if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    http = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=end_with_input, daemon=True).start()
    # The socket already listens here, so a client may connect on reading the line.
    print(f"listening on {http.server_port}", flush=True)
    http.serve_forever()
