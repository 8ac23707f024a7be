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
     "guard url.origin == base.origin || also.contains(url.origin) else {",
     "guard url.origin == url.origin || also.contains(url.origin) else {", "ConnectionTests"),
    ("a sealed flow opens as a connection", "Sources/Keywright/Sealing/SealingKey.swift",
     'Array("\\(purpose.rawValue)\\u{0}\\(provider)".utf8)', "[]", "AuthlibTests"),
    ("a host label may hold anything", "Sources/KeywrightDefinition/Fields/HostLabel.swift",
     "guard Self.isLabel(text) else {", "guard !text.isEmpty else {", "URLTests|FieldTests"),
    ("values in URLs are not encoded", "Sources/KeywrightDefinition/URLs/URLTemplate+Expansion.swift",
     "case .query, .fragment: return Encoding.percent(value)", "case .query, .fragment: return value",
     "URLTests"),
    ("JSON takes a repeated member", "Sources/KeywrightDefinition/JSON/JSONReader.swift",
     "if members.contains(where: { $0.name.isSameBytes(as: name) }) {", "if name == \"\\u{7}\" {",
     "JSONTests|TokenAnswerTests"),
    ("a secret is printed", "Sources/KeywrightDefinition/Fields/Secret.swift",
     'public var debugDescription: String { "<secret>" }', "public var debugDescription: String { text }",
     "SecretTests"),
    ("secrets may stand in authorization URLs", "Sources/KeywrightCompiler/Check/Checker.swift",
     "where use.known.isSecret && !(isPlain", "where false && !(isPlain", "BadSpecTests"),
    ("any suffix may follow a placeholder", "Sources/KeywrightCompiler/CompilerContext.swift",
     "if PublicSuffix.isRegistrys(name) { return true }", "", "BadSpecTests"),
    ("a company's suffix limits a host", "Sources/KeywrightCompiler/CompilerContext.swift",
     "return PublicSuffix.isCompanys(name) && ownSuffixes[provider]?.contains(name) != true",
     "return false", "BadSpecTests"),
    ("http is taken", "Sources/KeywrightCompiler/Check/Checker+Hosts.swift",
     "|| (unsafe != nil && url.template.isPlain) else {", "|| url.template.isPlain else {", "BadSpecTests"),
    ("an integrator's secret goes to an API without TLS", "Sources/KeywrightCompiler/Check/Checker+Hosts.swift",
     "guard ([api.base] + api.also).contains(where: \\.isPlain),", "guard false,", "BadSpecTests"),
    ("an integrator's secret goes without TLS by a path", "Sources/KeywrightCompiler/Check/Checker+Hosts.swift",
     "    if request.url.isPath {\n      report(\n        \"the integrator's", "    if false {\n      report(\n        \"the integrator's",
     "BadSpecTests"),
    ("the engine lets anything go without TLS", "Sources/Keywright/Engine/Machine+Requests.swift",
     "guard url.origin.scheme == .http, reason == nil else { return }", "return", "PlainAddressTests"),
    ("anything is signed without TLS", "Sources/Keywright/Engine/Signer.swift",
     "try machine.refusePlain(url, unless: rule?.base == nil ? method.api?.unsafe : nil)", "", "PlainAddressTests"),
    ("the browser goes anywhere without TLS", "Sources/Keywright/Engine/Machine+Leaving.swift",
     "try refusePlain(parts, unless: reason(forPlain: leave.url))", "", "PlainAddressTests"),
    ("a credential's own headers are not looked at", "Sources/KeywrightCompiler/Check/Checker+Carriers.swift",
     'uses += check(rule?.headers ?? [], at: path.key("headers"), place)', "", "BadSpecTests"),
    ("only the last credential is thought to sign", "Sources/KeywrightCompiler/Check/Checker+Carriers.swift",
     "for rule in possibleSigners(place) where rule.name != first?.name {", "for rule in possibleSigners(place) where false {",
     "BadSpecTests"),
    ("what stands in the base is not looked at", "Sources/KeywrightCompiler/Check/Checker+Carriers.swift",
     "return peek { $0.check(base, at: path, place.later(.api)) }", "return []", "BadSpecTests"),
    ("an answer without TLS chooses a host", "Sources/KeywrightCompiler/Check/Checker.swift",
     "from: isPlain ? .plain : host.choice", "from: host.choice", "BadSpecTests"),
    ("the transport refuses what a spec allows", "Sources/KeywrightHTTPClient/HTTPClientTransport.swift",
     "isPlainAllowed: true)", "isPlainAllowed: false)", "PlainAddressTests"),
    ("a page without TLS is not led to", "Sources/KeywrightServer/Connect/ConnectVisit.swift",
     '(leavesPlain ? "http:" :', '(false ? "http:" :', "PlainPageTests"),
    ("a simulated page is https", "Sources/KeywrightServer/Simulation/SimulatedWorld.swift",
     'for scheme in ["https", "http"] {', 'for scheme in ["https"] {', "PlainPageTests"),
    ("an example's lifetime is not the simulator's", "Sources/KeywrightSimulator/Answers/Simulator+Answers.swift",
     'credential.seconds("expires_in", by: draft) ?? registration.lifetime', "registration.lifetime", "SimulatedAnswerTests"),
    ("an example's address is not the simulator's", "Sources/KeywrightSimulator/Simulator.swift",
     "method.example(of: field, declarations) ?? field.sample", "field.sample", "SimulatedAnswerTests"),
    ("a control character stands in JSON as it is", "Sources/KeywrightDefinition/GrowingText.swift",
     "let isControl = (self &- Self.each(0x20))", "let isControl = (self &- Self.each(0x1F))", "GrowingTextTests"),
    ("the last bytes of a text are not looked at", "Sources/KeywrightDefinition/GrowingText.swift",
     "while offset < count - 8 {", "while offset < count - 16 {", "GrowingTextTests"),
    ("a generated file is taken for unchanged by its length", "Sources/KeywrightCompiler/Emit/Output.swift",
     "return memcmp(one, other, count) == 0", "return one != other", "GenerateTests"),
    ("keys that Unicode calls equivalent are two", "Sources/KeywrightCompiler/Read/YAMLReader.swift",
     "if key.holds({ $0 >= 0x80 }) { isASCII = false }", "", "BadSpecTests"),
    ("a type makes a filled secret public", "Sources/KeywrightCompiler/Check/Checker+Values.swift",
     "if !(isDeclared && isOutside) {", "if !isDeclared {", "BadSpecTests"),
    ("anybody may own what a secret opens", "Sources/KeywrightCompiler/Check/Checker+Hosts.swift",
     "guard carries, !isProven else { return }", "guard carries, !isProven, uses.isEmpty else { return }",
     "BadSpecTests"),
    ("a secret goes to any host", "Sources/KeywrightCompiler/Check/Checker+Hosts.swift",
     "guard origin.choice != .fixed else { return }", "guard origin.choice == .callback else { return }",
     "BadSpecTests"),
    ("a plain digest makes a secret public", "Sources/KeywrightCompiler/Check/Checker+Expressions.swift",
     "if let key { hide(&result, key: key) }", "hide(&result, key: key ?? base)", "BadSpecTests"),
    ("a signed callback is not checked", "Sources/Keywright/Engine/Machine+Leaving.swift",
     "if let accept = step.accept, accept.truth(in: bindings) != true {",
     "if let accept = step.accept, accept.truth(in: bindings) == nil {", "LanguageFlowTests"),
    ("every step is repeated", "Sources/KeywrightDefinition/Flow/Method+Repetition.swift",
     "return needed.sorted().map { steps[$0] }", "return steps", "LanguageFlowTests"),
    ("a choice takes any value", "Sources/KeywrightDefinition/Flow/Field.swift",
     "!choices.contains(where: { $0.value.isSameBytes(as: text) })", "choices.isEmpty",
     "LanguageFlowTests|LanguageVectorTests"),
    ("a method's accept reaches no request", "Sources/KeywrightCompiler/Lower/Lowering.swift",
     'step = step.setting("accept", join("status.ok", accept))', "_ = accept", "LanguageFlowTests"),
    ("a host may have dots in a label's place", "Sources/KeywrightDefinition/URLs/URLTemplate+Expansion.swift",
     "guard mayHaveDots, let host", "guard let host", "URLTests"),
    ("instants are lengths of time", "Sources/KeywrightCompiler/Check/Checker+Expressions.swift",
     "return Function.instantFormats.contains(format) ? .instant : .duration", "return .integer",
     "BadSpecTests"),
    ("an optional value is always there", "Sources/KeywrightCompiler/Check/Checker.swift",
     "mayBeAbsent = field.mayBeAbsent || (source == .hints && field.standard == nil)",
     "mayBeAbsent = false", "BadSpecTests"),
    ("the preset's key may be dead", "Sources/KeywrightCompiler/Lower/Lowering+Saved.swift",
     "guard let member = method.member(key) else { continue }",
     "guard let member = method.member(key), false else { continue }", "BadSpecTests"),
    ("ownership is not proven", "Sources/KeywrightCompiler/Check/Checker.swift",
     "if unknownCount == unknownBefore, foreignHostCount == foreignBefore {", "if unknownCount < unknownBefore, foreignHostCount == foreignBefore {", "BadSpecTests"),
    ("the printer forgets quotes", "Sources/KeywrightCompiler/Print/SpecPrinter.swift",
     "return !style.isQuoted && isPlain(text, inFlow: inFlow) ? text : quoted(text)", "return text",
     "RoundTripTests"),
    ("redirects are followed", "Sources/KeywrightHTTPClient/HTTPClientTransport.swift",
     "configuration.redirectConfiguration = .disallow",
     "configuration.redirectConfiguration = .follow(max: 5, allowCycles: false)", "TransportTests"),
    ("an answer has no limit", "Sources/KeywrightHTTPClient/HTTPClientTransport.swift",
     "guard body.count + part.readableBytes <= limit else", "guard body.count <= Int.max - limit else",
     "TransportTests"),
    ("tokens in a callback are taken", "Sources/Keywright/Engine/Machine+Leaving.swift",
     'let refused = ["access_token", "id_token", "response"].first', "let refused = [String]().first",
     "SecurityRowTests"),
    ("a challenge is not read", "Sources/Keywright/Engine/Machine+Answers.swift",
     "challenge: answer.headers[.wwwAuthenticate]", "challenge: nil", "SecurityRowTests"),
    ("a label is not noted", "Sources/Keywright/Engine/Machine+Answers.swift",
     "if !step.credentials.isEmpty { noteLabel(of: answer, as: request.format) }", "_ = request",
     "FieldCaseTests"),
    ("what was never sent is not known", "Sources/KeywrightHTTPClient/HTTPClientTransport.swift",
     "guard watched?.wasAskedFor == false, failure.reason != .tooLarge else { throw failure }",
     "guard watched == nil, failure.reason == .unreachable else { throw failure }", "HostileServerTests"),
    ("a status below 100 reaches the client", "Sources/KeywrightHTTPClient/StatusGuard.swift",
     "head.status.code < 100", "head.status.code < 0", "HostileServerTests"),
    ("a deadline has no bound", "Sources/KeywrightHTTPClient/HTTPClientTransport.swift",
     "self.deadline = min(max(deadline, .zero), Self.longestDeadline)", "self.deadline = deadline",
     "HostileServerTests"),
    ("sealing writes behind its buffer", "Sources/KeywrightCrypto/AESGCM+Seal.swift",
     "unsafeUninitializedCapacity: plaintext.count + Self.tagByteCount",
     "unsafeUninitializedCapacity: plaintext.count + Self.tagByteCount - 16", "CryptoCheckTests"),
    ("a digest is another", "Sources/KeywrightCrypto/FetchedDigest.swift",
     'static let sha512 = FetchedDigest("SHA512")', 'static let sha512 = FetchedDigest("SHA3-512")',
     "CryptoOracleTests"),
    ("what lies in the catalogue can't be extended", "Sources/KeywrightCompiler/Catalogue/SpecFolder.swift",
     " ?? catalogue.flatMap { Self.spec(id, in: $0) }", "", "GeneratorTests"),
    ("one file for all clears its folder", "Sources/KeywrightCompiler/Generation.swift",
     "ownsFolder: false", "ownsFolder: true", "GeneratorTests"),
    ("a list may name whom it likes", "Sources/KeywrightCompiler/Catalogue/ProviderList.swift",
     "guard problems.isEmpty else", "guard problems.count < 100 else", "GeneratorTests"),
    ("renewals are not shared", "Sources/Keywright/Keeper/ConnectionKeeper.swift",
     "renewals[subject] ?? Task {", "Task {", "KeeperTests"),
    ("a lost answer is not asked for again", "Sources/Keywright/Keeper/Renewer.swift",
     "static let pauses: [Duration] = [.zero, .seconds(1), .seconds(4)]", "static let pauses: [Duration] = []",
     "KeeperTests"),
    ("a refusal is asked for again and again", "Sources/Keywright/Keeper/ConnectionKeeper.swift",
     "isGone ? Int64.max :", "isGone ? 0 :", "KeeperTests"),
    ("Retry-After is not heeded", "Sources/Keywright/Keeper/ConnectionKeeper.swift",
     "error.retryAfter ?? min(", "min(", "KeeperTests"),
    ("another account takes a connection's place", "Sources/Keywright/Keeper/Renewer.swift",
     "let other = account, one.id != other.id {", "let other = account, one.id != other.id, one.id.isEmpty {",
     "KeeperTests"),
    ("two change one connection at a time", "Sources/Keywright/Keeper/ConnectionKeeper.swift",
     "while changing[id] != nil {", "while changing[id] != nil, id.isEmpty {", "KeeperTests"),
    ("a missing client is a refusal", "Sources/Keywright/Keeper/ConnectionKeeper.swift",
     "guard error.isTransient || error.outcome == .rejected else { return nil }", "", "KeeperTests"),
    ("an attempt leaves no mark", "Sources/Keywright/Keeper/Renewer.swift",
     "try await store.save(marked, as: id)", "_ = marked", "KeeperTests|KilledKeeperTests"),
    ("a foreign callback ends the log-in", "Sources/KeywrightHTTPClient/LoopbackRedirect.swift",
     "[.stateMismatch, .missingState, .malformedCallback, .repeatedParameter].contains(error.code)",
     "error.code == .malformedCallback", "LoopbackTests"),
    ("a failing server is a refusal", "Sources/Keywright/Errors/Outcome.swift",
     "if providerCode != nil || (400...499).contains(status) { return .rejected }",
     "if providerCode != nil || (400...599).contains(status) { return .rejected }", "OutcomeTests"),
    ("the browser's cookie is not compared", 'Sources/KeywrightServer/Broker/Broker+Browser.swift',
     'back.cookies.first { isEqualDigest(of: $0, flow.cookieDigest) }', 'Optional(back.cookies.first ?? "")',
     'ReturnTests'),
    ('a flow is taken twice', 'Sources/KeywrightServer/Broker/Flows.swift',
     'parked_sealed = NULL WHERE id = ? AND used_at IS NULL', 'parked_sealed = NULL WHERE id = ?',
     'ReturnTests'),
    ('a public key replaces a connection', 'Sources/KeywrightServer/Broker/Wish.swift',
     'guard caller.isVouchedFor else {', 'guard caller.isVouchedFor || true else {',
     'ReturnTests'),
    ('any digest will do', 'Sources/KeywrightServer/Access/HMAC.swift',
     'return isEqualInConstantTime(bytes, wanted)', 'return bytes.count == wanted.count',
     'GroupETests'),
    ('a ciphertext is bound to no row', 'Sources/KeywrightServer/Vault/Place.swift',
     '[label, environment, row, field, String(version)]', '[label, field]',
     'CanaryTests'),
    ('values of answers stand in Activity', 'Sources/KeywrightServer/Activity/Stage.swift',
     'isTold ? redaction.redacted(text) : "<hidden>"', 'text',
     'CanaryTests|ActivityTests'),
    ('a broken connection is told again and again', 'Sources/KeywrightServer/Broker/Broker+Commit.swift',
     'guard isNews else { return }', '',
     'ServerRenewalTests'),
    ('an unread connection dies', 'Sources/KeywrightServer/Broker/KeptConnections.swift',
     ': now + idle / 2', ': now + idle * 2',
     'FieldCaseDTests'),
    ('a deletion waits for its provider', 'Sources/KeywrightServer/Broker/Broker+Ending.swift',
     '.seconds(10)', '.seconds(100)',
     'FieldCaseDTests'),
    ('another key is taken beside a database', 'Sources/KeywrightServer/Vault/Vault+Opening.swift',
     'if wanted != key.id {', 'if wanted.isEmpty {',
     'FieldCaseFTests'),
    ('an answer outlives its credential', 'Sources/KeywrightServer/Broker/FreshCache.swift',
     'let entry = state.entries[key], now < entry.until else', 'let entry = state.entries[key], now < entry.until + 86_400 else',
     'ServerRenewalTests'),
    ('the kept credential is written over any version', 'Sources/KeywrightServer/Broker/KeptConnections.swift',
     'let version = row.version + 1', 'let version = row.version',
     'CanaryTests|ServerRenewalTests'),
    ("a form of any page counts", 'Sources/KeywrightServer/Dashboard/DashboardRoutes.swift',
     'guard visit.logIn.made(form.entry("csrf") ?? "") else { throw Self.foreign }', '',
     'DashboardTests'),
    ("a form of any site counts", 'Sources/KeywrightServer/Dashboard/DashboardRoutes.swift',
     'guard SignInPages.isOwn(request) else { throw Self.foreign }', '',
     'DashboardTests'),
    ("a log-in leads anywhere", 'Sources/KeywrightServer/Dashboard/SignInPages.swift',
     'next.hasPrefix(root + "/dashboard/")', '!next.isEmpty',
     'DashboardTests'),
    ("any page may embed the connect page", 'Sources/KeywrightServer/Connect/ConnectVisit.swift',
     'origin == server.origin || allowedOrigins.contains(origin)', '!origin.isEmpty',
     'ConnectPageTests'),
    ("a page of any origin hears how a window ended", 'Sources/CWeb/assets/callback.js',
     '...facts }, origin)', '...facts }, "*")',
     'FrontendTests'),
    ("a window that is out of sight counts as closed", 'Sources/CWeb/sdk/keywright.js',
     'this.#isGone = was(this.#awaySince) ? isHere : was(this.#seenSince);', 'this.#isGone = true;',
     'FrontendTests'),
    ("the window opens after the session came", 'Sources/CWeb/sdk/keywright.js',
     'const popup = Popup.open(this.#size);\n    return this.#inOpened(wish, popup, makeTicket());',
     'return new Promise((go) => setTimeout(go)).then(() => this.#inOpened(wish, Popup.open(this.#size), makeTicket()));',
     'FrontendTests'),
    ("a secret that is not filled in again is lost", 'Sources/KeywrightServer/Dashboard/IntegrationPages.swift',
     'where field.isSecret && setup[field.name] == ""', 'where false && setup[field.name] == ""',
     'GuideTests'),
    ("secrets are shown back in forms", 'Sources/KeywrightServer/Web/FieldView.swift',
     '"value": field.isSecret ? "" : value ?? "",', '"value": value ?? "",',
     'GuideTests|SharedLinkTests'),
]

# Those that concern the wire: a test with a simulated provider has to notice them, too.
ON_THE_WIRE = {
    "the state is not compared", "a repeated parameter is taken", "the flow never expires", "another verifier is sent",
    "an access token may be empty", "a used refresh token is kept", "any host is signed for",
    "values in URLs are not encoded", "a signed callback is not checked", "every step is repeated",
    "tokens in a callback are taken", "a challenge is not read",
    "a lost answer is not asked for again", "a refusal is asked for again and again", "Retry-After is not heeded",
    "a failing server is a refusal",
}
SIMULATED = "SimulatedFlowTests|SimulatedAnswerTests|SimulatorTests|TamperingTests"
assert ON_THE_WIRE <= {defect[0] for defect in DEFECTS}

# Each text has to stand where it is looked for, before half an hour is spent.
for what, file, found, _, _ in DEFECTS:
    times = (ROOT / file).read_text().count(found)
    if times != 1:
        sys.exit(f"{what}: '{found}' stands {times} times in {file}")


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
        suites = [tests] + ([SIMULATED] if what in ON_THE_WIRE else [])
        return any(run("swift", "test", "--skip-build", "--filter", s).returncode == 0 for s in suites)
    finally:
        path.write_text(text)


if run("git", "status", "--porcelain").stdout:
    sys.exit("commit first: defects are planted in the checkout itself")
unnoticed = []
# Words on the command line choose those defects whose names hold one of them.
chosen = [d for d in DEFECTS if not sys.argv[1:] or any(word in d[0] for word in sys.argv[1:])]
for defect in chosen:
    lives = survives(*defect)
    print(f"{'UNNOTICED' if lives else 'noticed'}: {defect[0]}", flush=True)
    if lives:
        unnoticed.append(defect[0])
print(f"{len(chosen) - len(unnoticed)} passed, {len(unnoticed)} failed")
sys.exit(1 if unnoticed else 0)
