# Wick: `make run` opens the workstation, `make test` proves that it works. Both install what is missing.

PREFIX ?= $(if $(filter 0,$(shell id -u)),/usr/local,$(HOME)/.local)
# Where systemd looks for units of users.
UNITS ?= $(if $(filter 0,$(shell id -u)),/usr/local/lib/systemd/user,$(HOME)/.config/systemd/user)
SWIFT ?= swift
RELEASE = -c release --static-swift-stdlib --product wick
BINARY = .build/release/wick
ARGUMENTS ?=
# How often `make soak` kills the program at random instants.
CRASHES ?= 3000
VENUE_CRASHES ?= 100

.PHONY: help run build test lint determinism bench soak peers install uninstall packages clean

help:
	@echo 'make run        install what is missing, build, open the workstation (paper trading)'
	@echo 'make test       install what is missing, check the formatting and the rules, build, run every test'
	@echo 'make lint       formatting, and the rules of the deterministic modules'
	@echo 'make bench      the figures, each with a ratio against something'
	@echo 'make soak       a long proof: a simulated week through the whole engine, then CRASHES=$(CRASHES) kills at random'
	@echo 'make peers      programs of others (from PyPI): clients against the stand-in exchange, readers and writers of Parquet, backtests'
	@echo 'make install    binary, themes, configuration, manual and completion into PREFIX ($(PREFIX))'
	@echo 'make run ARGUMENTS="--replay BINANCE:BTCUSDT --speed 120"   passes options on'

packages:
	@.ci/install-packages

build: packages
	@$(SWIFT) build $(RELEASE)

# The workstation needs a terminal; say so before a build of minutes rather than after it.
run:
	@if [ ! -t 0 ] || [ ! -t 1 ]; then \
		echo "make run: the workstation needs a terminal; here 'make build' builds it, and '$(BINARY) --help' lists what works without a screen" >&2; \
		exit 69; fi
	@$(MAKE) --no-print-directory build
	@exec $(BINARY) $(ARGUMENTS)

# Few tests at once, and those that wait for processes after the others: they block threads that others need to keep time.
# The start at a venue is looked at within the tests' own process, and so belongs to the others.
test: export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH = 4
test: packages lint
	@$(SWIFT) build --build-tests
	@$(SWIFT) test --skip-build --skip '^WickTests\.(?!TradingOpeningTests)'
	@$(SWIFT) test --skip-build --filter '^WickTests\.' --skip '^WickTests\.TradingOpeningTests'

lint: determinism
	@$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources
	@echo 'lint: formatting is as .swift-format says'

determinism:
	@.ci/check-determinism

# A plan of the benchmarks that is older than a new file of the product does not know that file: they are planned anew.
bench: packages
	@$(SWIFT) build $(RELEASE)
	@touch Benchmarks/Package.swift
	@$(SWIFT) build -c release --package-path Benchmarks
	@.ci/bench

# Programs of others against ours; needs PyPI, and says so when that can't be reached.
peers:
	@.ci/peers $(BINARY)
	@.ci/peers-parquet $(BINARY)
	@.ci/peers-backtest $(BINARY)

# Minutes for the week, longer for the kills, which meet the release build. Both end with an error when anything is not as it has to be.
soak: packages
	@$(SWIFT) build $(RELEASE)
	@touch Benchmarks/Package.swift
	@$(SWIFT) build -c release --package-path Benchmarks
	@.ci/bench soak
	@$(SWIFT) build --build-tests
	@WICK_BINARY=$(BINARY) WICK_CRASHES=$(CRASHES) $(SWIFT) test --skip-build --filter WickTests.CrashTests
	@WICK_BINARY=$(BINARY) WICK_VENUE_CRASHES=$(VENUE_CRASHES) $(SWIFT) test --skip-build --filter WickTests.VenueCrashTests

install: build
	@install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/share/wick/Themes' '$(DESTDIR)$(PREFIX)/share/wick/Config/rules' \
		'$(DESTDIR)$(PREFIX)/share/man/man1' '$(DESTDIR)$(PREFIX)/share/bash-completion/completions'
	@install -m 755 $(BINARY) '$(DESTDIR)$(PREFIX)/bin/wick'
	@install -m 644 Themes/*.theme '$(DESTDIR)$(PREFIX)/share/wick/Themes/'
	@install -m 644 Config/*.yaml '$(DESTDIR)$(PREFIX)/share/wick/Config/'
	@install -m 644 Config/rules/*.yaml '$(DESTDIR)$(PREFIX)/share/wick/Config/rules/'
	@install -d '$(DESTDIR)$(UNITS)'
	@sed 's|^ExecStart=wick |ExecStart=$(PREFIX)/bin/wick |' Config/wick.service > '$(DESTDIR)$(UNITS)/wick.service'
	@install -m 644 docs/wick.1 '$(DESTDIR)$(PREFIX)/share/man/man1/wick.1'
	@$(BINARY) --generate-completion-script bash > '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/wick'
	@echo 'installed into $(DESTDIR)$(PREFIX)'

uninstall:
	@rm -rf '$(DESTDIR)$(PREFIX)/share/wick'
	@rm -f '$(DESTDIR)$(UNITS)/wick.service' '$(DESTDIR)$(PREFIX)/bin/wick' '$(DESTDIR)$(PREFIX)/share/man/man1/wick.1' \
		'$(DESTDIR)$(PREFIX)/share/bash-completion/completions/wick'

clean:
	@rm -rf .build Benchmarks/.build
