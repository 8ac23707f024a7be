"""Measures the compiler against libyaml in C, in one run: `make bench`.

Specs are copies of the catalogue's own under other ids. Each figure is the least of five runs; ratios are what counts.
"""
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parents[2]
tool = root / ".build/release/keywright"


def least(command, runs=5):
    """The least wall time of some runs, in seconds, and the peak memory of the last, in MB."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    memory = subprocess.run(
        ["/usr/bin/env", "python3", "-c",
         "import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL);"
         "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss//1024)"] + command,
        check=True, capture_output=True, text=True)
    return min(times), int(memory.stdout)


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
        peer, _ = least([str(events)] + files)
        check, memory = least([str(tool), "check", str(folder)])
        times[count] = check
        print(f"check of {count} specs ({size // 1024} KB): {check:.3f} s, {check / peer:.1f} times "
              f"libyaml's {peer:.3f} s (limit 4); {memory} MB (limit 200)")
        if count == 1_000:
            out = scratch / "out"
            generate = [str(tool), "generate", "--specs", str(folder), "--out", str(out)]
            subprocess.run(generate, check=True, stdout=subprocess.DEVNULL)
            again, memory = least(generate)
            print(f"generate with nothing to do: {again / check:.2f} times check (limit 1.3); {memory} MB")
    print(f"10,000 specs take {times[10_000] / times[1_000]:.1f} times as long as 1,000 (linear is 10)")
