"""Measures the server: start, memory, 10,000 connections, and reads beside bare Hummingbird. `make bench-server`.

The server and its peer run one after another on the same machine, under the same load (wrk, 64 at a time).
"""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

root = pathlib.Path(__file__).resolve().parents[2]
tool = root / ".build/release/keywright"
bare = root / ".build/release/BareServer"
if not shutil.which("wrk"):
    subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "wrk"], check=True, stdout=subprocess.DEVNULL)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answered(url, limit=10):
    end = time.time() + limit
    while time.time() < end:
        try:
            return urllib.request.urlopen(url, timeout=1).read()
        except OSError:
            time.sleep(0.002)
    raise SystemExit(f"no answer from {url}")


def memory(process):
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


def start(folder, port):
    begun = time.perf_counter()
    log = open(folder / "log", "w+")
    process = subprocess.Popen(
        [str(tool), "serve", "--simulate", "--data", str(folder / "data"), "--port", str(port), "--log-level", "warning"],
        stdout=log, stderr=log, cwd=folder)
    answered(f"http://127.0.0.1:{port}/health")
    took = time.perf_counter() - begun
    return process, took, (folder / "log")


def load(url, headers=()):
    command = ["wrk", "-t", "1", "-c", "64", "-d", "5s"]
    for header in headers:
        command += ["-H", header]
    text = subprocess.run(command + [url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text:
        raise SystemExit(text)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    starts = []
    for number in range(5):
        folder = scratch / f"start{number}"
        folder.mkdir()
        process, took, _ = start(folder, free_port())
        starts.append(took)
        if number == 4:
            time.sleep(2)
            print(f"idle memory {memory(process):.0f} MB (limit 60)")
        process.terminate()
        process.wait()
    print(f"start to first answer {statistics.median(starts) * 1000:.0f} ms, first starts (limit 1000)")

    folder = scratch / "many"
    folder.mkdir()
    port = free_port()
    process, _, log = start(folder, port)
    time.sleep(0.3)
    key = re.search(r"kw_sk_[\w-]+", log.read_text()).group(0)
    base = f"http://127.0.0.1:{port}"

    def call(method, path, body=None):
        request = urllib.request.Request(
            base + path, method=method, data=body and json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
        return json.loads(urllib.request.urlopen(request, timeout=30).read())

    call("POST", "/integrations", {"provider": "github", "method": "oauth", "credentials": {"client_id": "a", "client_secret": "b"}})
    begun = time.perf_counter()
    for number in range(10_000):
        call("POST", "/connections", {
            "provider_config_key": "github", "connection_id": f"user-{number}",
            "credentials": {"access_token": f"token-{number}", "scope": "repo"},
            "end_user": {"id": f"u{number}", "email": f"person{number}@example.com"}})
    print(f"10,000 connections imported, {10_000 / (time.perf_counter() - begun):.0f} a second, one at a time")

    def median(path, runs=50):
        times = []
        for _ in range(runs):
            begun = time.perf_counter()
            call("GET", path)
            times.append(time.perf_counter() - begun)
        return statistics.median(times) * 1000

    print(f"list of 100: {median('/connections'):.1f} ms; search for one of 10,000: "
          f"{median('/connections?search=person9876@'):.1f} ms; the last of 10,000 by cursor: "
          f"{median('/connections?cursor=101'):.1f} ms; get, not in memory: "
          f"{statistics.median([median(f'/connections/user-{n}?provider_config_key=github', 1) for n in range(200)]):.1f} ms")
    print(f"memory with 10,000 connections {memory(process):.0f} MB")
    path = "/connections/user-7?provider_config_key=github"
    answer = json.dumps(call("GET", path), separators=(",", ":"))
    (scratch / "answer").write_text(answer)
    ours, peers = [], []
    bare_port = free_port()
    peer = subprocess.Popen([str(bare), str(bare_port), str(scratch / "answer")])
    answered(f"http://127.0.0.1:{bare_port}/")
    for _ in range(3):
        ours.append(load(base + path, [f"Authorization: Bearer {key}"]))
        peers.append(load(f"http://127.0.0.1:{bare_port}/"))
    print(f"fresh credential, 64 at a time: {max(ours):.0f} a second, {max(ours) / max(peers):.2f} of bare Hummingbird's "
          f"{max(peers):.0f} with the same {len(answer)} bytes (goal 0.60)")
    peer.send_signal(signal.SIGTERM)
    process.terminate()
    peer.wait()
    process.wait()
