"""Plants defects one at a time and sees that a test fails for each: `make defects`.

A test that passes with the code it tests taken out proves nothing. The checkout has to be clean; each defect is taken
out again, also when this is interrupted.
"""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What is broken, where, what stands there, what stands there instead, and the tests that have to notice.
DEFECTS = [
    ("the state is not compared", "Sources/Keywright/Engine/Machine+Leaving.swift",
     "isEqualInConstantTime(Array(came.utf8), Array(expected.utf8))", "!expected.isEmpty", "CallbackTests"),
    ("a repeated parameter is taken", "Sources/Keywright/Engine/Machine+Leaving.swift",
     "if values.updateValue(pair.value, forKey: pair.name) != nil { throw repeated(pair.name) }",
     "values[pair.name] = pair.value", "CallbackTests"),
    ("the flow never expires", "Sources/Keywright/Engine/Machine+Leaving.swift",
     "guard age <= Engine.timeLimit else", "guard age <= Int64.max else", "CallbackTests"),
    ("another verifier is sent", "Sources/Keywright/Engine/FlowBindings.swift",
     '"verifier": .text(verifier),', '"verifier": .text(verifier + "x"),',
     "AuthlibTests|AuthorizationRequestTests"),
    ("an access token may be empty", "Sources/Keywright/Engine/Machine+Credentials.swift",
     "if isText { return }", "if isText || value != nil { return }", "TokenAnswerTests"),
    ("a used refresh token is kept", "Sources/Keywright/Engine/Machine+Credentials.swift",
     'case .rotates where state.run == .renew: result["refresh_token"] = parts["refresh_token"]',
     "case .rotates where state.run == .renew: break", "ConnectionTests"),
    ("secrets stay in a provider's words", "Sources/Keywright/Engine/Redaction.swift",
     'with: "<secret>")', "with: spelling)", "TokenAnswerTests"),
    ("any host is signed for", "Sources/Keywright/Engine/Signer.swift",
     "guard url.origin == base.origin else {", "guard url.origin == url.origin else {", "ConnectionTests"),
    ("a sealed flow opens as a connection", "Sources/Keywright/Sealing/SealingKey.swift",
     'Array("\\(purpose.rawValue)\\u{0}\\(provider)".utf8)', "[]", "AuthlibTests"),
    ("a host label may hold anything", "Sources/KeywrightDefinition/Fields/HostLabel.swift",
     "guard Self.isLabel(text) else {", "guard !text.isEmpty else {", "URLTests|FieldTests"),
    ("values in URLs are not encoded", "Sources/KeywrightDefinition/URLs/URLTemplate+Expansion.swift",
     "case .query, .fragment: return Encoding.percent(value)", "case .query, .fragment: return value",
     "URLTests"),
    ("JSON takes a repeated member", "Sources/KeywrightDefinition/JSON/JSONReader.swift",
     "if members.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {", "if name == \"\\u{7}\" {",
     "JSONTests|TokenAnswerTests"),
    ("a secret is printed", "Sources/KeywrightDefinition/Fields/Secret.swift",
     'public var debugDescription: String { "<secret>" }', "public var debugDescription: String { text }",
     "SecretTests"),
    ("secrets may stand in authorization URLs", "Sources/KeywrightCompiler/Check/Checker.swift",
     "where use.known.isSecret && !(isPlain", "where false && !(isPlain", "BadSpecTests"),
    ("any suffix may follow a placeholder", "Sources/KeywrightCompiler/Check/Checker+Hosts.swift",
     'guard host.hasPrefix("."), !SharedSuffix.contains(String(host.dropFirst())) else {',
     'guard host.hasPrefix(".") else {', "BadSpecTests"),
    ("http is taken", "Sources/KeywrightCompiler/Check/Checker+Hosts.swift",
     'guard text.utf8.starts(with: "https://".utf8) else {', 'guard text.utf8.starts(with: "http".utf8) else {',
     "BadSpecTests"),
    ("ownership is not proven", "Sources/KeywrightCompiler/Check/Checker.swift",
     "if unknownCount == unknownBefore { proveOwnership(of: uses) }", "_ = unknownBefore", "BadSpecTests"),
    ("the printer forgets quotes", "Sources/KeywrightCompiler/Print/SpecPrinter.swift",
     "return !style.isQuoted && isPlain(text, inFlow: inFlow) ? text : quoted(text)", "return text",
     "RoundTripTests"),
    ("redirects are followed", "Sources/KeywrightHTTPClient/HTTPClientTransport.swift",
     "configuration.redirectConfiguration = .disallow",
     "configuration.redirectConfiguration = .follow(max: 5, allowCycles: false)", "TransportTests"),
    ("an answer has no limit", "Sources/KeywrightHTTPClient/HTTPClientTransport.swift",
     "guard body.count + part.readableBytes <= limit else", "guard body.count <= Int.max - limit else",
     "TransportTests"),
]


def run(*words):
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True)


def survives(what, file, found, instead, tests):
    path = ROOT / file
    text = path.read_text()
    assert text.count(found) == 1, f"{what}: '{found}' stands {text.count(found)} times in {file}"
    path.write_text(text.replace(found, instead))
    try:
        built = run("swift", "build", "--build-tests")
        if built.returncode != 0:
            sys.exit(f"{what}: does not compile\n{built.stdout[-2000:]}")
        return run("swift", "test", "--skip-build", "--filter", tests).returncode == 0
    finally:
        path.write_text(text)


if run("git", "status", "--porcelain").stdout:
    sys.exit("commit first: defects are planted in the checkout itself")
unnoticed = []
for defect in DEFECTS:
    lives = survives(*defect)
    print(f"{'UNNOTICED' if lives else 'noticed'}: {defect[0]}", flush=True)
    if lives:
        unnoticed.append(defect[0])
print(f"{len(DEFECTS) - len(unnoticed)} passed, {len(unnoticed)} failed")
sys.exit(1 if unnoticed else 0)
