"""Takes the names out of the public suffix list as Debian's package `publicsuffix` has it.

    python3 Sources/CPublicSuffix/update.py [/usr/share/publicsuffix/public_suffix_list.dat]
"""
import pathlib
import sys

source = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/publicsuffix/public_suffix_list.dat"
here = pathlib.Path(__file__).parent
parts = {"icann": set(), "private": set()}
part = None
for line in pathlib.Path(source).read_text(encoding="utf-8").splitlines():
    line = line.strip()
    if "===BEGIN ICANN" in line:
        part = "icann"
    elif "===BEGIN PRIVATE" in line:
        part = "private"
    elif line and not line.startswith("//"):
        prefix = "!" if line.startswith("!") else "*." if line.startswith("*.") else ""
        labels = line[len(prefix):].split(".")
        name = ".".join(
            label if label.isascii() else "xn--" + label.lower().encode("punycode").decode()
            for label in labels
        )
        parts[part].add(prefix + name.lower())
for name, rules in parts.items():
    text = "\n".join(sorted(rules, key=lambda rule: rule.encode())) + "\n"
    (here / f"{name}.txt").write_text(text, encoding="ascii")
    print(name, len(rules), "rules")
