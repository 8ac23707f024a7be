"""A server that means harm, for tests of the transport. Plain sockets, standard library only.

Prints `listening on PORT`, serves on 127.0.0.1, and ends when standard input does. A path says what the answer is:

    /raw/BASE64URL   these bytes, then the connection is closed
    /hold/BASE64URL  these bytes, then nothing more
    /cut/N           a whole answer, of which N bytes come; /cut-chunked/N and /reset/N likewise
    /count/PATH      how many requests for PATH were read to their end
    /connection      the number of the connection
    /ports           further listeners: one closes at once, one resets at once, one talks no TLS, one says nothing,
                     one answers before it is asked

and the names in ROUTES.
"""

import base64
import gzip
import os
import socket
import struct
import sys
import threading
import time
import zlib

JSON = b'{"access_token":"abcde"}'
WHOLE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"
    b"Content-Length: %d\r\n\r\n" % len(JSON)
) + JSON
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"8\r\n" + JSON[:8] + b"\r\n10\r\n" + JSON[8:] + b"\r\n0\r\nX-Trailer: t\r\n\r\n"
)
ZEROS = bytes(64 * 1024 * 1024)

counts: dict[str, int] = {}
lock = threading.Lock()


def answer(body, status=b"200 OK", fields=b""):
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n" % (status, fields, len(body)) + body


def forever(peer, first, again, pause):
    """Sends without an end; the transport's deadline has to end it."""
    peer.sendall(first)
    while True:
        peer.sendall(again)
        time.sleep(pause)


def reset(peer):
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def bomb(status, coding, pack):
    fields = b"Content-Encoding: %s\r\nLocation: https://elsewhere.demo.test/\r\n" % coding
    return lambda peer: peer.sendall(answer(pack(ZEROS), status, fields))


CHUNKED_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ROUTES = {
    "drip-head": lambda peer: forever(peer, b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.05),
    "drip-line": lambda peer: forever(peer, b"HTTP/1.1 200 ", b"O", 0.05),
    "drip-body": lambda peer: forever(peer, answer(b"")[:-5] + b"99999\r\n\r\n", b" ", 0.05),
    "drip-chunk": lambda peer: forever(peer, CHUNKED_HEAD, b"1\r\n \r\n", 0.05),
    "drip-extension": lambda peer: forever(peer, CHUNKED_HEAD + b"1;", b"x", 0.05),
    "flood-continue": lambda peer: forever(peer, b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50, 0),
    "flood-hints": lambda peer: forever(
        peer, b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" * 50, 0.001),
    "flood-head": lambda peer: forever(peer, b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 500, 0),
    "flood-trailers": lambda peer: forever(
        peer, CHUNKED_HEAD + b"0\r\n", b"X-A: b\r\n" * 500, 0),
    "flood-extension": lambda peer: forever(peer, CHUNKED_HEAD + b"1;", b"x" * 65536, 0),
    "large-header": lambda peer: peer.sendall(
        answer(JSON, fields=b"X-Large: " + b"x" * 1024 * 1024 + b"\r\n")),
    "many-headers": lambda peer: peer.sendall(answer(JSON, fields=b"X-A: b\r\n" * 100_000)),
    "gzip-200": bomb(b"200 OK", b"gzip", gzip.compress),
    "gzip-302": bomb(b"302 Found", b"gzip", gzip.compress),
    "deflate-200": bomb(b"200 OK", b"deflate", zlib.compress),
    "deflate-302": bomb(b"302 Found", b"deflate", zlib.compress),
}


def read_request(peer):
    """Method, path and head of the next request, whose body was read to its end; nothing at the connection's end."""
    text = b""
    while b"\r\n\r\n" not in text:
        part = peer.recv(65536)
        if not part:
            return None
        text += part
    head, body = text.split(b"\r\n\r\n", 1)
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        part = peer.recv(65536)
        if not part:
            return None
        body += part
    method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)
    with lock:
        counts[path] = counts.get(path, 0) + 1
    return method, path, head


def serve(peer):
    """Answers one request after the other, until the path says that the connection ends."""
    is_doomed = False
    with lock:
        counts["connections"] = number = counts.get("connections", 0) + 1
    while True:
        request = read_request(peer)
        # A doomed connection reads one more request, and answers nothing.
        if request is None or is_doomed:
            return
        _, path, head = request
        name, _, rest = path[1:].partition("/")
        if name == "count":
            peer.sendall(answer(b"%d" % counts.get("/" + rest, 0)))
        elif name == "connection":
            peer.sendall(answer(b"%d" % number))
        elif name == "ports":
            peer.sendall(answer(" ".join(map(str, ports)).encode()))
        elif name == "head":
            peer.sendall(answer(head))
        elif name == "ok":
            peer.sendall(answer(JSON))
        elif name == "doomed":
            peer.sendall(answer(JSON))
            is_doomed = True
        elif name == "closing":
            # Keeps the connection by its word, and closes it after so many tenths of a millisecond.
            peer.sendall(answer(JSON))
            time.sleep(int(rest) / 10_000)
            return
        elif name in ("raw", "hold"):
            peer.sendall(base64.urlsafe_b64decode(rest + "=" * (-len(rest) % 4)))
            if name == "raw":
                return
        elif name in ("cut", "cut-chunked", "reset"):
            whole = CHUNKED if name == "cut-chunked" else WHOLE
            peer.sendall(whole[:int(rest)])
            if name == "reset":
                reset(peer)
            return
        else:
            ROUTES[name](peer)
            return


def guarded(action, peer):
    try:
        with peer:
            action(peer)
    except OSError:
        pass


def listen(action):
    """Starts a listener, and gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            peer = listener.accept()[0]
            threading.Thread(target=guarded, args=(action, peer), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def say_nothing(peer):
    while peer.recv(65536):
        pass


ports = [
    listen(lambda peer: None),
    listen(reset),
    listen(lambda peer: (peer.recv(64), peer.sendall(answer(b"no TLS here", b"400 Bad Request")))),
    listen(say_nothing),
    listen(lambda peer: (peer.sendall(WHOLE), say_nothing(peer))),
]
print(f"listening on {listen(serve)}", flush=True)
while os.read(sys.stdin.fileno(), 4096):
    pass
os._exit(0)
