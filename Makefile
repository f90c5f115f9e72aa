# ups-server: `make demo` to try it, `make test` to test it, `make` to build ./ups-server.

PREFIX ?= /opt/ups-server
WWW ?= /opt/www/ups-server
DESTDIR ?=
UNITS ?= /usr/lib/systemd/system

# Swift from PATH, else from /opt/swift; Debian 13 has it as a package.
SWIFT ?= $(or $(shell command -v swift),$(wildcard /opt/swift/usr/bin/swift),swift)
# Swift's own, which knows Swift's calling convention.
CLANG ?= $(or $(wildcard $(dir $(realpath $(SWIFT)))clang),clang)
PYTHON ?= /usr/bin/python3

STRICT = --explicit-target-dependency-import-check error -Xswiftc -warnings-as-errors
# The folder of the build leaves no trace in what is built: no path, and no hash of one.
MAPPED = -Xswiftc -file-prefix-map -Xswiftc $(CURDIR)=. -Xcc -ffile-prefix-map=$(CURDIR)=. \
	$(foreach option,-disable-incremental-llvm-codegen -no-clang-module-breadcrumbs, \
		-Xswiftc -Xfrontend -Xswiftc $(option))
# All libraries are bound at start: later their tables may have to come from a dead disk.
RELEASE = -c release --static-swift-stdlib --disable-local-rpath -Xlinker -z -Xlinker now \
	$(MAPPED) $(STRICT)
# Tests are built with optimisation: the simulation plays 100,000 histories.
TESTING = -c release --scratch-path .build/testing -Xswiftc -enable-testing $(STRICT)
SANITIZED = --scratch-path .build/$(1) --sanitize=$(1)

BUILD_PACKAGES = git pkg-config libmosquitto-dev libssl-dev libwebsockets-dev libconfig-dev zlib1g-dev
DEMO_PACKAGES = mosquitto libjs-dygraphs
TEST_PACKAGES = mosquitto mosquitto-clients apcupsd prometheus python3-pyte iproute2 \
	python3-pytest python3-pytest-xdist python3-websockets python3-pip libjs-dygraphs
# Debian 12 has Netdata, Debian 13 does not.
CLIENT_PACKAGES = netdata-core netdata-plugins-bash
# What lies between the daemon and the C library is compiled for its tests.
FAULT_PACKAGES = gcc libc6-dev util-linux
# What attacks the port, and the networks in which it does.
HOSTILE_PACKAGES = slowhttptest iproute2 gcc libc6-dev
# Clients of NIS that Debian does not have, from PyPI.
NIS_CLIENTS = aioapcaccess==1.0.0 apcaccess==0.0.13
BROWSER_PACKAGES = chromium chromium-driver python3-selenium
# A font for the pictures, so that they are the same wherever they are taken.
PICTURE_PACKAGES = fonts-inter pngquant
# NUT in the benchmark, with its libraries. Installed, it would push out apcupsd: it is unpacked.
NUT_PACKAGES = nut-server \
	$$(apt-cache depends nut-server | sed -n 's/^ *Depends: \(lib[^c].*\)/\1/p')
# axe-core, which Debian does not have, is in this package of PyPI.
AXE = axe-playwright-python==0.1.8
BROWSER_TEST = PYTHONPATH=.build/axe $(PYTHON) -m pytest -q -p no:cacheprovider Tests/BrowserTests
GUEST_PACKAGES = debootstrap systemd-container bindfs python3-pytest python3-pytest-xdist
PACKAGE_PACKAGES = dpkg-dev debhelper go-md2man lintian piuparts autopkgtest man-db binutils
HAS_SWIFTLANG = $(shell . /etc/os-release && [ "$$ID-$${VERSION_ID:-0}" = debian-13 ] && echo yes)

# The binary runs on this release of Debian and newer ones.
GUEST_SUITES ?= $(if $(HAS_SWIFTLANG),trixie,bookworm trixie)
GUESTS ?= $(CURDIR)/.build/guests

.PHONY: all build demo test acceptance acceptance-trixie browser-test guest-test package-test \
	client-test ha-test hostile-test fault-test screenshots ha-screenshots recording \
	soak soak-day bench bench-quick fuzz \
	fuzz-long sanitize lint format \
	install clean build-deps demo-deps test-deps browser-deps guest-deps guest-bases \
	package-deps ha-deps

all: build

# Installs what is missing of $(1), and says so.
define need
	@missing=; for package in $(1); do \
		dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' \
			|| missing="$$missing $$package"; \
	done; \
	[ -z "$$missing" ] || { \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		echo "Installing Debian packages:$$missing"; \
		$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			$$sudo apt-get install -y -qq --no-install-recommends $$missing; }
endef

# Installs $(2) into .build/$(1), once for each version.
define from-pypi
	@[ "$$(cat .build/$(1)/versions 2>/dev/null)" = "$(strip $(2))" ] || { \
		echo "Installing $(strip $(2)) from PyPI into .build/$(1)"; rm -rf .build/$(1); \
		$(PYTHON) -m pip install -q --no-deps --root-user-action ignore --target .build/$(1) $(2) \
		&& echo "$(strip $(2))" > .build/$(1)/versions; }
endef

# Plays with the package in the folder $(1) on the suites $(2), of which the first one built it.
define test-package
	@for suite in $(2); do \
		Tests/PackageTests/prepare.sh $$suite $(GUESTS) $(1)/ups-server_*.deb \
			> $(1)/$$suite.log 2>&1 || { tail -20 $(1)/$$suite.log >&2; exit 1; }; \
	done
	UPS_PACKAGE=$(CURDIR)/$(1) UPS_GUESTS=$(GUESTS) UPS_GUEST_SUITES="$(2)" \
		$(PYTHON) -m pytest -q -n 4 -p no:cacheprovider $(3) Tests/PackageTests
endef

# Unpacks the Debian packages $(2) into .build/$(1), once.
define unpacked
	@[ -d .build/$(1) ] || { \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -qq && packages="$(2)" \
			&& echo "Unpacking Debian packages into .build/$(1):" $$packages \
			&& rm -rf .build/$(1).new && mkdir -p .build/$(1).new && cd .build/$(1).new \
			&& apt-get download -qq -o APT::Sandbox::User=root $$packages \
			&& for package in *.deb; do dpkg-deb -x $$package . || exit 1; done && rm *.deb \
			&& cd .. && mv $(1).new $(1); }
endef

build-deps:
	$(call need,$(BUILD_PACKAGES) $(if $(HAS_SWIFTLANG),$(if $(shell command -v $(SWIFT)),,swiftlang libstdc++-14-dev)))
	@version=$$($(SWIFT) --version 2>/dev/null | grep -oE 'Swift version [0-9.]+' | grep -oE '[0-9.]+'); \
	if [ -z "$$version" ]; then \
		echo "Swift is missing: install Swift 6.0.3 or newer on PATH or in /opt/swift (Debian 13: apt-get install swiftlang)." >&2; exit 1; \
	elif [ "$$(printf '%s\n' 6.0.3 $$version | sort -V | head -1)" != 6.0.3 ]; then \
		echo "Swift $$version is too old: ups-server needs Swift 6.0.3 or newer." >&2; exit 1; \
	fi

demo-deps: build-deps
	$(call need,$(DEMO_PACKAGES))

test-deps: build-deps
	$(call need,$(TEST_PACKAGES))
	$(call from-pypi,nis-clients,$(NIS_CLIENTS))

browser-deps: test-deps
	$(call need,$(BROWSER_PACKAGES))
	$(call from-pypi,axe,$(AXE))

guest-deps: build-deps
	@[ "$$(id -u)" = 0 ] || { echo "Guests need root: file systems are mounted and guests booted." >&2; exit 1; }
	$(call need,$(GUEST_PACKAGES))

# Each suite is fetched once; guests boot on top of it.
guest-bases: guest-deps
	@mkdir -p .build; for suite in $(GUEST_SUITES); do \
		Tests/GuestTests/base.sh $$suite $(GUESTS) > .build/$$suite.log 2>&1 \
			|| { tail -20 .build/$$suite.log >&2; exit 1; } & jobs="$$jobs $$!"; \
	done; \
	for job in $$jobs; do wait $$job || exit 1; done

package-deps: guest-bases
	$(call need,$(PACKAGE_PACKAGES))

ha-deps: browser-deps
	@[ "$$(id -u)" = 0 ] || { echo "make ha-test needs root: Home Assistant runs in a small Debian of its own." >&2; exit 1; }
	$(call need,debootstrap)
	Tests/HomeAssistantTests/set_up.sh .build/home-assistant

build: build-deps
	$(SWIFT) build $(RELEASE) --product ups-server
	@install -m 0755 $$($(SWIFT) build $(RELEASE) --show-bin-path)/ups-server ups-server.new
	@mv -f ups-server.new ups-server

demo: demo-deps build
	@exec ./ups-server demo

test: test-deps build
	$(SWIFT) build $(TESTING) --build-tests
	$(SWIFT) test $(TESTING) --skip-build
	$(PYTHON) -m pytest -q -n 4 -p no:cacheprovider Tests/EndToEndTests Tests/Benchmarks

# What takes a browser, other whole programs, other machines and networks, a broken system, hostile
# clients, made-up bytes, or Home Assistant.
acceptance: browser-test guest-test package-test client-test fault-test hostile-test fuzz ha-test

# The dashboard in Chromium: what it shows, its buttons, its manners.
browser-test: browser-deps build
	$(BROWSER_TEST) -n 2 -m 'not alone'
	$(BROWSER_TEST) -m alone

# Whole programs that read the port.
client-test: test-deps build
	$(call need,$(CLIENT_PACKAGES))
	$(PYTHON) -m pytest -q -p no:cacheprovider Tests/ClientTests

# Faults of the system below the daemon: limits, disks, clocks, the line, a process that is stopped.
fault-test: test-deps build
	$(call need,$(FAULT_PACKAGES))
	$(PYTHON) -m pytest -q -n 4 -p no:cacheprovider Tests/FaultTests

# Clients that want to hurt: slow ones, floods, malformed requests and frames.
hostile-test: test-deps build
	@[ "$$(id -u)" = 0 ] || { echo "make hostile-test needs root: it makes networks of its own." >&2; exit 1; }
	$(call need,$(HOSTILE_PACKAGES))
	$(PYTHON) -m pytest -q -p no:cacheprovider Tests/HostileTests

# The picture of `ups-server watch` in the README, played and drawn anew.
recording: test-deps build
	$(PYTHON) Tests/ClientTests/record_watch.py

# A real Home Assistant: discovery, commands, and the files of homeassistant/.
ha-test: ha-deps build
	$(PYTHON) -m pytest -q -p no:cacheprovider Tests/HomeAssistantTests

# The pictures of homeassistant/README.md.
ha-screenshots: ha-deps build
	$(PYTHON) Tests/HomeAssistantTests/screenshots.py

# The pictures of the README, taken from the page as it is.
screenshots: browser-deps build
	$(call need,$(PICTURE_PACKAGES))
	$(PYTHON) Tests/BrowserTests/screenshots.py

# The service on a real systemd.
guest-test: guest-bases build
	UPS_GUESTS=$(GUESTS) UPS_GUEST_SUITES="$(GUEST_SUITES)" \
		$(PYTHON) -m pytest -q -n 4 -p no:cacheprovider Tests/GuestTests

# The package, built from a clean copy: what Debian's own tools say, and its life on guests.
package-test: package-deps build
	Tests/PackageTests/build.sh .build/package
	$(call test-package,.build/package,$(GUEST_SUITES),)

# The same for the package that Debian 13 builds with its own Swift.
acceptance-trixie: GUEST_SUITES = trixie
acceptance-trixie: package-deps build
	Tests/PackageTests/trixie.sh $(GUESTS) .build/package-trixie
	$(call test-package,.build/package-trixie,trixie,-m 'not here')

# A million histories of the decision instead of a hundred thousand, and an hour at rest.
soak: test-deps build
	$(SWIFT) build $(TESTING) --build-tests
	UPS_HISTORIES=1000000 $(SWIFT) test $(TESTING) --skip-build --filter SimulationTests
	$(PYTHON) Tests/Benchmarks/bench.py --part "MQTT at rest" --rest 60

# The troubles of years in an hour, against every outlet; fewer with MINUTES=10, again with SEED=N.
soak-day: test-deps build
	$(PYTHON) Tests/Soak/soak.py $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED))

bench: test-deps build
	$(call unpacked,nut,$(NUT_PACKAGES))
	$(SWIFT) build $(RELEASE) --product Fleet
	$(PYTHON) Tests/Benchmarks/bench.py

# In a minute: fewer repetitions, and nothing that is long by nature.
bench-quick: test-deps build
	$(call unpacked,nut,$(NUT_PACKAGES))
	$(PYTHON) Tests/Benchmarks/bench.py --quick

# Made-up input for all that reads bytes from outside: a minute for each reader, or half an hour.
fuzz fuzz-long: build-deps
	UPS_FUZZ=1 $(SWIFT) build -c release --scratch-path .build/fuzz-build \
		--sanitize=fuzzer --sanitize=address -Xswiftc -enable-testing --product Fuzz
	$(PYTHON) Tests/Fuzzing/fuzz.py $(if $(filter fuzz-long,$@),--seconds 1800)

# Races in the unit tests and in the daemon of the end-to-end tests, then misuse of memory. What is
# allocated is counted without a sanitizer only: it has a malloc of its own.
sanitize: test-deps
	@mkdir -p .build; rm -rf .build/races; mkdir .build/races
	$(CLANG) -O2 -Wall -Wextra -shared -fPIC -o .build/mutex.so Tests/Sanitizing/mutex.c
	UPS_HISTORIES=300 LD_PRELOAD=$(CURDIR)/.build/mutex.so $(SWIFT) test $(call SANITIZED,thread)
	$(SWIFT) build -c release --scratch-path .build/thread-release --sanitize=thread \
		--product ups-server
	UPS_SERVER=$(CURDIR)/.build/thread-release/release/ups-server \
		LD_PRELOAD=$(CURDIR)/.build/mutex.so TSAN_OPTIONS=log_path=$(CURDIR)/.build/races/race \
		$(PYTHON) -m pytest -q -n 2 -p no:cacheprovider Tests/EndToEndTests \
		--deselect Tests/EndToEndTests/test_allocations.py
	@[ -z "$$(ls .build/races)" ] || { cat .build/races/*; exit 1; }
	UPS_HISTORIES=300 ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test $(call SANITIZED,address)

lint: build-deps
	$(SWIFT) format lint --strict -r Package.swift Sources Tests

format: build-deps
	$(SWIFT) format -i -r Package.swift Sources Tests

# What is installed holds paths below /opt/ups-server, unless PREFIX is another folder.
install: build
	install -D -m 0755 ups-server $(DESTDIR)$(PREFIX)/ups-server
	install -d $(DESTDIR)$(WWW) $(DESTDIR)/etc/default $(DESTDIR)/usr/sbin \
		$(DESTDIR)$(UNITS) $(DESTDIR)/usr/lib/sysusers.d $(DESTDIR)/usr/lib/tmpfiles.d \
		$(DESTDIR)$(dir $(UNITS))system-shutdown
	cp -RP --remove-destination --no-preserve=mode,ownership www/. $(DESTDIR)$(WWW)
	chmod -R u=rwX,go=rX $(DESTDIR)$(WWW)
	[ -e $(DESTDIR)/etc/default/ups-server.cfg ] \
		|| install -m 0640 debian/ups-server.cfg $(DESTDIR)/etc/default/ups-server.cfg
	ln -sf $(PREFIX)/ups-server $(DESTDIR)/usr/sbin/ups-server
	ln -sf $(PREFIX)/ups-server $(DESTDIR)$(dir $(UNITS))system-shutdown/ups-server
	for shell in bash/bash-completion/completions/ups-server \
			zsh/zsh/vendor-completions/_ups-server fish/fish/vendor_completions.d/ups-server.fish; do \
		file=$(DESTDIR)/usr/share/$${shell#*/}; install -d $${file%/*}; \
		./ups-server --generate-completion-script $${shell%%/*} > $$file || exit 1; \
	done
	install -m 0644 debian/ups-server.sysusers $(DESTDIR)/usr/lib/sysusers.d/ups-server.conf
	install -m 0644 debian/ups-server.tmpfiles $(DESTDIR)/usr/lib/tmpfiles.d/ups-server.conf
	for unit in debian/*.service debian/*.path; do \
		sed 's|/opt/ups-server|$(PREFIX)|' $$unit > $(DESTDIR)$(UNITS)/$${unit#debian/} \
			|| exit 1; \
	done
	install -d $(DESTDIR)$(UNITS)/shutdown.target.wants
	ln -sf ../ups-server-stopping.service $(DESTDIR)$(UNITS)/shutdown.target.wants

clean:
	rm -rf .build ups-server
