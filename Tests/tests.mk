# What tests the product, measures it, wears it out and takes its pictures. Included by the Makefile,
# which has the product itself, how Swift is called, and `need`, which installs packages.

# Tests are built with optimisation: the simulation plays 100,000 histories.
TESTING = -c release --scratch-path .build/testing -Xswiftc -enable-testing $(STRICT)
SANITIZED = --scratch-path .build/$(1) --sanitize=$(1)

TEST_PACKAGES = mosquitto mosquitto-clients apcupsd prometheus python3-pyte iproute2 \
	python3-pytest python3-pytest-xdist python3-websockets python3-pip python3-setuptools \
	python3-wheel libjs-dygraphs
# Debian 12 has Netdata, Debian 13 does not.
CLIENT_PACKAGES = netdata-core netdata-plugins-bash
# What lies between the daemon and the C library is compiled for its tests.
FAULT_PACKAGES = gcc libc6-dev util-linux
# What attacks the port, and the networks in which it does.
HOSTILE_PACKAGES = slowhttptest iproute2 gcc libc6-dev
BROWSER_PACKAGES = chromium chromium-driver python3-selenium fonts-liberation fonts-dejavu-core
# A font for the pictures, so that they are the same wherever they are taken.
PICTURE_PACKAGES = fonts-inter pngquant
# NUT's programs with their libraries. Installed, they would push out apcupsd: they are unpacked.
NUT_PACKAGES = nut-server nut-client \
	$$(apt-cache depends nut-server nut-client \
		| sed -n 's/^ *Depends: \(lib[^c].*\)/\1/p' | sort -u)
BROWSER_TEST = PYTHONPATH=.build/axe $(PYTHON) -m pytest -q -p no:cacheprovider Tests/BrowserTests
GUEST_PACKAGES = debootstrap systemd-container bindfs python3-pytest python3-pytest-xdist
PACKAGE_PACKAGES = dpkg-dev debhelper go-md2man lintian piuparts autopkgtest man-db binutils

# The binary runs on this release of Debian and newer ones.
GUEST_SUITES ?= $(if $(HAS_SWIFTLANG),trixie,bookworm trixie)
GUESTS ?= $(CURDIR)/.build/guests

.PHONY: test unit-test quick acceptance acceptance-trixie browser-test guest-test package-test \
	client-test ha-test hostile-test fault-test screenshots ha-screenshots recording \
	soak soak-day bench bench-quick fuzz \
	fuzz-long mutants mutants-sample sanitize \
	test-deps browser-deps guest-deps guest-bases package-deps ha-deps

# Installs what $(2) lists, with its hashes, into .build/$(1), once for each list. What is built
# here is built with Debian's tools, and not with what pip would fetch for it unchecked.
define from-pypi
	@cmp -s .build/$(1)/requirements $(2) || { \
		echo "Installing $(1) from PyPI into .build/$(1)"; rm -rf .build/$(1); \
		$(PYTHON) -m pip install -q --no-deps --no-build-isolation --require-hashes \
			--root-user-action ignore --target .build/$(1) -r $(2) \
		&& cp $(2) .build/$(1)/requirements; }
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

test-deps: build-deps
	$(call need,$(TEST_PACKAGES))
	$(call from-pypi,nis-clients,Tests/EndToEndTests/nis-clients.txt)

browser-deps: test-deps
	$(call need,$(BROWSER_PACKAGES))
	$(call from-pypi,axe,Tests/BrowserTests/axe.txt)

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

test: unit-test
	$(PYTHON) -m pytest -q -n 4 -p no:cacheprovider \
		Tests/EndToEndTests Tests/Benchmarks Tests/Mutation Tests/test_quick.py

unit-test: test-deps build
	$(SWIFT) build $(TESTING) --build-tests
	$(SWIFT) test $(TESTING) --skip-build

# While something is changed: the unit tests of what differs from the last commit, or of that commit.
# The build is that of `make test`; a thousand histories find most of what a hundred thousand do.
quick: test-deps
	UPS_HISTORIES=$(or $(UPS_HISTORIES),1000) $(PYTHON) Tests/quick.py $(SWIFT) $(TESTING)

# What takes a browser, other whole programs, other machines and networks, a broken system, hostile
# clients, made-up bytes, a broken decision, or Home Assistant.
acceptance: browser-test guest-test package-test client-test fault-test hostile-test fuzz \
	mutants-sample ha-test

# The dashboard in Chromium: what it shows, its buttons, its manners.
browser-test: browser-deps build
	$(BROWSER_TEST) -n 2 -m 'not alone'
	$(BROWSER_TEST) -m alone

# Whole programs that read the port, and NUT's driver on the simulated UPS.
client-test: test-deps build
	$(call need,$(CLIENT_PACKAGES))
	$(call unpacked,nut-programs,$(NUT_PACKAGES))
	Tests/RealClientTests/nut_driver.sh .build/nut-driver
	$(PYTHON) -m pytest -q -p no:cacheprovider Tests/RealClientTests

# Faults of the system below the daemon: limits, disks, clocks, the line, a process that is stopped;
# and of `make test` the sinks that hang, of which one needs root.
fault-test: test-deps build
	$(call need,$(FAULT_PACKAGES))
	$(PYTHON) -m pytest -q -n 4 -p no:cacheprovider Tests/FaultTests \
		Tests/EndToEndTests/test_stalls.py

# Clients that want to hurt: slow ones, floods, malformed requests and frames.
hostile-test: test-deps build
	@[ "$$(id -u)" = 0 ] || { echo "make hostile-test needs root: it makes networks of its own." >&2; exit 1; }
	$(call need,$(HOSTILE_PACKAGES))
	$(PYTHON) -m pytest -q -p no:cacheprovider Tests/HostileTests

# The picture of `ups-server watch` in docs/command-line.md, played and drawn anew.
recording: test-deps build
	$(PYTHON) Tests/RealClientTests/record_watch.py

# A real Home Assistant: discovery, commands, and the files of homeassistant/.
ha-test: ha-deps build
	$(PYTHON) -m pytest -q -p no:cacheprovider Tests/HomeAssistantTests

# The pictures of homeassistant/README.md.
ha-screenshots: ha-deps build
	$(PYTHON) Tests/HomeAssistantTests/screenshots.py

# The pictures of README.md and docs/http.md, taken from the page as it is.
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

# A million new histories of the decision instead of the fixed ones, and an hour at rest. The seeds
# come from the clock and are printed: FIRST_SEED=N plays the same ones again.
soak: test-deps build
	$(SWIFT) build $(TESTING) --build-tests
	first=$(or $(FIRST_SEED),$$(date +%s)000000); echo "FIRST_SEED=$$first"; \
		UPS_FIRST_SEED=$$first UPS_HISTORIES=1000000 \
		$(SWIFT) test $(TESTING) --skip-build --filter SimulationTests
	$(PYTHON) Tests/Benchmarks/bench.py --part "MQTT at rest" --rest 60

# The troubles of years in an hour, against every sink; fewer with MINUTES=10, again with SEED=N.
soak-day: test-deps build
	$(PYTHON) Tests/Soak/soak.py $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED))

bench: test-deps build
	$(call unpacked,nut-programs,$(NUT_PACKAGES))
	$(SWIFT) build $(RELEASE) --product Fleet
	$(PYTHON) Tests/Benchmarks/bench.py

# In a minute: fewer repetitions, and nothing that is long by nature.
bench-quick: test-deps build
	$(call unpacked,nut-programs,$(NUT_PACKAGES))
	$(PYTHON) Tests/Benchmarks/bench.py --quick

# Made-up input for all that reads bytes from outside: a minute for each reader, or half an hour.
fuzz fuzz-long: build-deps
	UPS_FUZZ=1 $(SWIFT) build -c release --scratch-path .build/fuzz-build \
		--sanitize=fuzzer --sanitize=address -Xswiftc -enable-testing --product Fuzz
	$(PYTHON) Tests/Fuzzing/fuzz.py $(if $(filter fuzz-long,$@),--seconds 1800)

# Whether a test notices each broken rule of the decision; fewer with SAMPLE=20 or ONLY=RD01,PO02.
mutants: build-deps
	SWIFT=$(SWIFT) $(PYTHON) Tests/Mutation/mutants.py $(if $(ONLY),--only $(ONLY)) \
		$(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

# As many as acceptance has time for: others with each commit, and the same ones for the same commit.
mutants-sample:
	$(MAKE) mutants SAMPLE=20 SEED=$$(git rev-list --count HEAD 2>/dev/null || echo 1)

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
