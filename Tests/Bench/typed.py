"""Measures what a consumer pays for typed providers: `make bench` compiles 1,000 of them, with 12,000 scopes.

Specs are copies of the catalogue's own, spread over 26 modules as the catalogue is. CPU seconds of the compilers are
counted for the providers alone: the runtime is built before.
"""
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
count, wanted_scopes = 1_000, 12_000
limits = {"debug": 60, "release": 120}


def copies(folder):
    """Copies of real specs under ids of all letters, with scopes that make 12,000 in all."""
    originals = [p for p in sorted((root / "specs").glob("*/*.yaml")) if "extends:" not in p.read_text()]
    shared, scopes = [], 0
    for index in range(count):
        letter = letters[index % 26].lower()
        identifier = f"{letter}-copy-{index}"
        text = originals[index % len(originals)].read_text()
        text = re.sub(r"^name: .*$", f"name: {letter.upper()} copy {index}", text, count=1, flags=re.M)
        text = re.sub(r"^swift: .*\n", "", text, flags=re.M)
        (folder / letter).mkdir(parents=True, exist_ok=True)
        (folder / letter / f"{identifier}.yaml").write_text(text)
        shared.append(f"{identifier} myshopify.com")
    (folder / "own-suffixes.txt").write_text("\n".join(shared) + "\n")


def cpu(command, folder):
    """CPU seconds of a command and all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout[-2000:] + done.stderr[-2000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    copies(scratch / "specs")
    package = scratch / "consumer"
    subprocess.run(
        [str(root / ".build/release/keywright"), "generate", "--specs", str(scratch / "specs"), "--out",
         str(package / "Sources")], check=True, stdout=subprocess.DEVNULL)
    # Each provider gets or loses as many scopes as make twelve of them on average.
    files = [p for p in sorted((package / "Sources").glob("*/*.swift")) if p.name != "Module.swift"]
    line = "    public static var {0}: Self {{ Self(\"{0}\") }}\n"
    total = sum(p.read_text().count(": Self { Self(") for p in files)
    having = [p for p in files if "struct Scope: ProviderScope" in p.read_text()]
    for index in range(max(0, wanted_scopes - total)):
        path = having[index % len(having)]
        text = path.read_text()
        mark = "    public init(_ text: String) { self.text = text }\n\n"
        path.write_text(text.replace(mark, mark + line.format(f"benchScope{index}"), 1))
    surplus = max(0, total - wanted_scopes)
    scope = re.compile(r'(    /// .*\n)?    public static var .*: Self \{ Self\(.*\) \}\n')
    for path in sorted(having, key=lambda p: -len(scope.findall(p.read_text()))):
        text = path.read_text()
        found = list(scope.finditer(text))
        # Nobody loses all, and those with most lose most.
        dropped = found[max(12, len(found) // 2):][:surplus]
        if not dropped:
            continue
        path.write_text(text[:dropped[0].start()] + text[dropped[-1].end():])
        surplus -= len(dropped)
    total = sum(p.read_text().count(": Self { Self(") for p in files)
    targets = ",\n".join(
        f'.target(name: "P{x}", dependencies: [.product(name: "Keywright", package: "{root.name}")], path: "Sources/{x}")'
        for x in letters)
    (package / "Sources/Runtime").mkdir()
    (package / "Sources/Runtime/Runtime.swift").write_text("import Keywright\n")
    (package / "Package.swift").write_text(f"""// swift-tools-version: 6.1
import PackageDescription
let package = Package(name: "consumer", dependencies: [.package(path: "{root}", traits: [])], targets: [
.target(name: "Runtime", dependencies: [.product(name: "Keywright", package: "{root.name}")]),
{targets}])
""")
    for mode in ("debug", "release"):
        cpu(["swift", "build", "-c", mode, "--target", "Runtime"], package)
        idle = cpu(["swift", "build", "-c", mode, "--target", "Runtime"], package)
        spent = cpu(["swift", "build", "-c", mode], package) - idle
        print(f"typed code of {len(files)} providers with {total} scopes, {mode}: {spent:.0f} CPU s "
              f"(limit {limits[mode]})")
