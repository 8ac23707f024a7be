# What a newcomer and CI do. `make run` and `make test` install what is missing first.

SPEC_FIXTURES := Tests/Fixtures/notebook.provider.yaml
SWIFT_FOLDERS := Package.swift Plugins Sources Tests Examples Generated

.PHONY: run tour test build release check generate defects fuzz soak bench docs format lint packages

# The server, with every provider played by itself; it prints the address to open.
run: packages
	@echo "building (the first time takes some minutes)"
	@swift build --product keywright
	@.build/debug/keywright serve --simulate

# The main job in Swift: a person connects an account, and a program calls the API with it.
tour: packages
	@echo "building (the first time takes some minutes)"
	@swift build --product Tour
	@.build/debug/Tour

test:
	@.ci/packages test
	swift build --build-tests
	@.ci/test

# The release binary, at .build/release/keywright. It is optimized across modules, since the compiler's inner loops call
# from one into another; and it holds Swift's runtime itself, so it starts in half the time and runs where none is.
build: packages
	swift build -c release --product keywright \
	  -Xswiftc -cross-module-optimization --static-swift-stdlib

# One file that serves from an empty folder: pages, catalogue and Swift's runtime are in it; libcrypto, SQLite and libyaml are the
# system's.
release: build
	mkdir -p .build/dist
	strip -o .build/dist/keywright .build/release/keywright
	@echo "made .build/dist/keywright: copy it, and run './keywright serve'"

# What CI asks of a change to specs alone. It builds no server, no transport and no test.
check: packages
	swift build --product keywright --scratch-path .build/specs --disable-default-traits --traits CommandLine
	.build/specs/debug/keywright check
	.build/specs/debug/keywright test
	.build/specs/debug/keywright generate --check
	.build/specs/debug/keywright reference --check

# Brings everything that is generated up to date.
generate: packages
	LC_ALL=C; export LC_ALL; cat docs/diagnostics/*.md >Generated/diagnostics.md
	swift build --product keywright
	.build/debug/keywright generate
	.build/debug/keywright generate $(SPEC_FIXTURES) --out Tests/Fixtures/Notebook
	.build/debug/keywright reference

# Plants defects one at a time, and sees that a test fails for each. Some twenty minutes.
defects:
	python3 Tests/Defects/plant.py

# A million mutated specs and a million hostile values, in a release build of their tests. Some ten minutes.
fuzz: packages
	export KEYWRIGHT_CAMPAIGN=1 KEYWRIGHT_MUTATIONS=1000000 KEYWRIGHT_HOSTILE_VALUES=1000000; \
	  swift build -c release -Xswiftc -enable-testing --product keywrightPackageTests && \
	  swift test -c release --skip-build --filter "MutationTests|URLTests"

# The server killed 200 times amid its work, and 100 times 200 readers of one expired credential. Some ten minutes.
soak: packages
	swift build --build-tests
	KEYWRIGHT_SOAK=100 swift test --skip-build --no-parallel --filter "PowerCutTests|ServerRenewalTests"

# The compiler against libyaml, as ratios; and what compiling 1,000 typed providers costs.
bench: build
	python3 Tests/Bench/bench.py
	python3 Tests/Bench/typed.py
	python3 Tests/Bench/runtime.py
	swift build -c release --product BareServer -Xswiftc -cross-module-optimization --static-swift-stdlib
	python3 Tests/Bench/server.py

# The documentation of the runtime, as a site in .build/documentation, and the providers' pages as HTML in .build/pages.
docs:
	swift build --product keywright
	.build/debug/keywright page --format html --out .build/pages
	swift build --target Keywright
	mkdir -p .build/symbols
	swift-symbolgraph-extract -module-name Keywright -I .build/debug/Modules \
	  -Xcc -fmodule-map-file=Sources/COpenSSL/module.modulemap -target $$(uname -m)-unknown-linux-gnu \
	  -minimum-access-level public -output-dir .build/symbols
	docc convert Sources/Keywright/Keywright.docc --additional-symbol-graph-dir .build/symbols \
	  --fallback-bundle-identifier keywright --output-dir .build/documentation

format:
	swift format --in-place --parallel --recursive $(SWIFT_FOLDERS)

lint:
	swift format lint --strict --parallel --recursive $(SWIFT_FOLDERS)

# System packages: libyaml and libcrypto for the build, Python with venv for the tests' servers. `make test` wants a browser too.
packages:
	@.ci/packages
