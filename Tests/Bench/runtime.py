"""Measures the runtime beside Python's Authlib, oauthlib and requests, in one run: `make bench`."""
import pathlib
import subprocess
import sys
import venv

root = pathlib.Path(__file__).resolve().parents[2]
folder = root / ".build/bench"
if not (folder / "bin/python").exists():
    venv.create(folder, with_pip=True)
subprocess.run([folder / "bin/pip", "install", "-q", "-r", root / "Tests/Bench/requirements.txt"], check=True)


def figures(*command):
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(line.split("\t") for line in done.stdout.splitlines())


subprocess.run(["swift", "build", "-c", "release", "--product", "RuntimeBench"], cwd=root, check=True,
               stdout=subprocess.DEVNULL)
ours = figures(root / ".build/release/RuntimeBench")
theirs = figures(folder / "bin/python", root / "Tests/Bench/peers.py")
for what, cost in ours.items():
    peer = theirs.get(what)
    beside = f", {float(cost) / float(peer):.2f} times Python's {float(peer):.0f} µs" if peer else ""
    print(f"{what}: {float(cost):.1f} µs of CPU{beside}")
sys.exit(0)
