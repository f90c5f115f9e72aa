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

BUILD_PACKAGES = git pkg-config libmosquitto-dev libssl-dev libwebsockets-dev libconfig-dev zlib1g-dev
DEMO_PACKAGES = mosquitto libjs-dygraphs
LINT_PACKAGES = python3-flake8 eslint shellcheck
HAS_SWIFTLANG = $(shell . /etc/os-release && [ "$$ID-$${VERSION_ID:-0}" = debian-13 ] && echo yes)

C_FILES = $(shell find Sources Tests -name '*.c')
SHELL_FILES = $(shell grep -lE -d skip '^\#!/bin/(ba)?sh' .ci/* Tests/*/*.sh debian/* debian/tests/*)

.PHONY: all build demo lint format install clean build-deps demo-deps

all: build

# Installs what is missing of $(1), and says so. Services among it are for tests, which start their
# own: they are not left running or enabled.
define need
	@missing=; for package in $(1); do \
		dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' \
			|| missing="$$missing $$package"; \
	done; \
	[ -z "$$missing" ] || { \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		echo "Installing Debian packages:$$missing"; \
		$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			$$sudo apt-get install -y -qq --no-install-recommends $$missing && \
		units=$$(dpkg -L $$missing | sed -n 's|.*/systemd/system/\([^/@]*\.service\)$$|\1|p') && \
		for unit in $$units; do \
			$$sudo systemctl disable --now --quiet $$unit 2> /dev/null \
				&& echo "Switched off $$unit, which came with them" \
				|| echo "$$unit, which came with them, could not be switched off" >&2; \
		done; }
endef

build-deps:
	$(call need,$(BUILD_PACKAGES) $(if $(HAS_SWIFTLANG),$(if $(shell command -v $(SWIFT)),,swiftlang libstdc++-14-dev)))
	@version=$$($(SWIFT) --version 2>/dev/null | grep -oE 'Swift version [0-9.]+' | grep -oE '[0-9.]+'); \
	if [ -z "$$version" ]; then \
		echo "Swift is missing. It is needed to build, not to run: 6.0.3 or newer, on PATH or unpacked" \
			"to /opt/swift, from https://www.swift.org/install/linux/ (Debian 12: a file of about" \
			"1 GB, 3 GB unpacked). Debian 13 has it as the package swiftlang." >&2; exit 1; \
	elif [ "$$(printf '%s\n' 6.0.3 $$version | sort -V | head -1)" != 6.0.3 ]; then \
		echo "Swift $$version is too old: ups-server needs Swift 6.0.3 or newer." >&2; exit 1; \
	fi

demo-deps: build-deps
	$(call need,$(DEMO_PACKAGES))

build: build-deps
	$(SWIFT) build $(RELEASE) --product ups-server
	@install -m 0755 $$($(SWIFT) build $(RELEASE) --show-bin-path)/ups-server ups-server.new
	@mv -f ups-server.new ups-server

demo: demo-deps build
	@exec ./ups-server demo $(if $(PORT),--port $(PORT))

# ESLint and its formatter find their modules where Debian has them, whosever Node.js runs them.
lint: build-deps
	$(call need,$(LINT_PACKAGES))
	$(SWIFT) format lint --strict -r Package.swift Sources Tests
	$(PYTHON) -m flake8 Tests
	NODE_PATH=/usr/share/nodejs eslint --format unix www/scripts www/languages
	for file in $(C_FILES); do \
		$(CLANG) -fsyntax-only -O2 -Wall -Wextra -Werror -ISources/CSystem/include $$file || exit 1; \
	done
	shellcheck $(SHELL_FILES)

format: build-deps
	$(SWIFT) format -i -r Package.swift Sources Tests

# What is installed holds paths below /opt/ups-server, unless PREFIX is another folder.
install: build
	install -D -m 0755 ups-server $(DESTDIR)$(PREFIX)/ups-server
	install -d $(DESTDIR)$(WWW) $(DESTDIR)/etc/default $(DESTDIR)/usr/bin \
		$(DESTDIR)$(UNITS) $(DESTDIR)/usr/lib/sysusers.d $(DESTDIR)/usr/lib/tmpfiles.d \
		$(DESTDIR)$(dir $(UNITS))system-shutdown
	cp -RP --remove-destination --no-preserve=mode,ownership www/. $(DESTDIR)$(WWW)
	chmod -R u=rwX,go=rX $(DESTDIR)$(WWW)
	[ -e $(DESTDIR)/etc/default/ups-server.cfg ] \
		|| install -m 0640 debian/ups-server.cfg $(DESTDIR)/etc/default/ups-server.cfg
	ln -sf $(PREFIX)/ups-server $(DESTDIR)/usr/bin/ups-server
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

# `make test`, `make acceptance`, and everything else around the tests.
include Tests/tests.mk
