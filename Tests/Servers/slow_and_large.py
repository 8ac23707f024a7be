"""A server that keeps no rules, for tests of the transport. Standard library only.

Prints `listening on PORT`, serves on 127.0.0.1, and ends when standard input does.
"""

import os
import socket
import sys
import threading
import time

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def drip_body(peer):
    peer.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n")
    while True:
        peer.sendall(b" ")
        time.sleep(0.05)


def drip_head(peer):
    peer.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        peer.sendall(b"X-A: b\r\n")
        time.sleep(0.05)


def large(peer):
    peer.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    for _ in range(64):
        peer.sendall(chunk)
    peer.sendall(b"0\r\n\r\n")


def exactly(peer, count):
    peer.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % count + b"y" * count)


def redirect(peer):
    peer.sendall(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n")


def cut(peer):
    peer.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")


ROUTES = {
    "/drip-body": drip_body,
    "/drip-head": drip_head,
    "/large": large,
    "/limit": lambda peer: exactly(peer, 1024 * 1024),
    "/over": lambda peer: exactly(peer, 1024 * 1024 + 1),
    "/redirect": redirect,
    "/cut": cut,
    "/ok": lambda peer: exactly(peer, 2),
}

counts: dict[str, int] = {}


def serve(peer):
    try:
        with peer:
            text = b""
            while b"\r\n\r\n" not in text:
                part = peer.recv(65536)
                if not part:
                    return
                text += part
            path = text.split(b" ", 2)[1].decode()
            counts[path] = counts.get(path, 0) + 1
            if path == "/counts":
                body = repr(counts).encode()
                peer.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            elif path == "/host":
                host = [l for l in text.split(b"\r\n") if l.lower().startswith(b"host:")]
                body = b"|".join(host)
                peer.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            else:
                ROUTES[path](peer)
    except OSError:
        pass


def end_with_input():
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(0)


listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=end_with_input, daemon=True).start()
print(f"listening on {listener.getsockname()[1]}", flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
