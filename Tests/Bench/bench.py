"""Measures the compiler against libyaml in C, in one run: `make bench`.

Specs are copies of the catalogue's own under other ids. Each figure is the least of ten runs, and what is compared
runs in turns, so that a slow moment of the machine falls on each; ratios are what counts.
"""
import pathlib
import re
import subprocess
import tempfile
import time

root = pathlib.Path(__file__).resolve().parents[2]
tool = root / ".build/release/keywright"


def least(*commands, runs=10):
    """The least wall time of each of some commands, which run in turns, in seconds."""
    times = [[] for _ in commands]
    for _ in range(runs):
        for found, command in zip(times, commands):
            start = time.perf_counter()
            subprocess.run(
                command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            found.append(time.perf_counter() - start)
    return [min(found) for found in times]


def memory(command):
    """The peak memory of a command, in MB."""
    found = subprocess.run(
        ["/usr/bin/env", "python3", "-c",
         "import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL);"
         "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss//1024)"] + command,
        check=True, capture_output=True, text=True)
    return int(found.stdout)


def copies(folder, count):
    """Fills a folder with copies of real specs, each under an id and a name of its own."""
    originals = [p for p in sorted((root / "specs").glob("*/*.yaml")) if "extends:" not in p.read_text()]
    shared = []
    folder.mkdir()
    for index in range(count):
        original = originals[index % len(originals)]
        identifier = f"copy{index}"
        text = re.sub(r"^name: .*$", f"name: Copy{index}", original.read_text(), count=1, flags=re.M)
        text = re.sub(r"^swift: .*\n", "", text, flags=re.M)
        target = folder / "c"
        target.mkdir(exist_ok=True)
        (target / f"{identifier}.yaml").write_text(text)
        shared.append(f"{identifier} myshopify.com")
    (folder / "own-suffixes.txt").write_text("\n".join(shared) + "\n")
    return sorted(str(p) for p in folder.glob("c/*.yaml"))


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    events = scratch / "events"
    subprocess.run(
        ["cc", "-O2", "-o", events, root / "Tests/Bench/events.c", "-lyaml"], check=True)
    times = {}
    for count in (1_000, 10_000):
        folder = scratch / f"specs{count}"
        files = copies(folder, count)
        size = sum(pathlib.Path(f).stat().st_size for f in files)
        checking = [str(tool), "check", str(folder)]
        out = scratch / f"out{count}"
        generating = [str(tool), "generate", "--specs", str(folder), "--out", str(out)]
        subprocess.run(generating, check=True, stdout=subprocess.DEVNULL)
        peer, check, again = least([str(events)] + files, checking, generating)
        times[count] = check
        print(f"check of {count} specs ({size // 1024} KB): {check:.3f} s, {check / peer:.1f} times "
              f"libyaml's {peer:.3f} s (limit 4); {memory(checking)} MB (limit 200)")
        print(f"generate with nothing to do: {again / check:.2f} times check (limit 1.3); "
              f"{memory(generating)} MB")
    print(f"10,000 specs take {times[10_000] / times[1_000]:.1f} times as long as 1,000 (linear is 10)")
