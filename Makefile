# SPDX-License-Identifier: GPL-2.0
#
# audit_contid: the targets for people. Kbuild describes the module itself.

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"$$/\1/p' $(CURDIR)/dkms.conf)

# The kernel to build for. dkms names it.
KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
KERNEL ?=
SCRIPT ?=
QUICK ?=
CALLS ?=
SEED ?=
TIME ?=
PARSER ?=
MINUTES ?=
FLAVOUR ?=

export VERSION

.DEFAULT_GOAL := all

.PHONY: all
all: module tools ## build the module for KDIR and the tools

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.* ## / { printf "  %-15s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo '  KERNEL=6.1|6.12|7.3 picks the test machine, FILTER=REGEX the tests,'
	@echo '  KDIR=DIR the kernel headers. tests/vm/boot lists more variables.'
	@echo
	@echo '  make ends with 2 whatever a script of make vm ended with. Its own status,'
	@echo '  or 3 where the kernel log is not clean, is that of tests/vm/boot KERNEL SCRIPT.'

.PHONY: module
module: ## build audit_contid.ko against KDIR
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

.PHONY: tools
tools: ## build contidctl and the hook for container runtimes
	$(MAKE) -C src/contidctl
	$(MAKE) -C src/oci-hook

.PHONY: install
install: install-module install-tools ## install the module by dkms, and the tools

.PHONY: install-module
install-module: ## install the module by dkms for kernel KVER
	mkdir -p /usr/src/audit_contid-$(VERSION)
	cp -R Kbuild Makefile dkms.conf include src /usr/src/audit_contid-$(VERSION)/
	dkms install --force -m audit_contid -v $(VERSION) -k $(KVER)

.PHONY: install-tools
install-tools: ## install contidctl, the hook's program, manual pages and the systemd unit (PREFIX, DESTDIR)
	$(MAKE) -C src/contidctl install
	$(MAKE) -C src/oci-hook install
	$(MAKE) -C src/systemd install
	$(MAKE) -C src/man install

# Apart from the rest, as it changes what happens to all containers of all users.
.PHONY: install-hook
install-hook: ## have podman and CRI-O register each container by themselves
	$(MAKE) -C src/oci-hook install-hook

.PHONY: uninstall-hook
uninstall-hook: ## have them stop that
	$(MAKE) -C src/oci-hook uninstall-hook

.PHONY: deb
deb: ## build the Debian packages audit-contid-dkms and audit-contid-tools into dist/
	@debian/build-packages

.PHONY: check
check: ## lint, then all tests on all kernels in virtual machines (KERNEL, FILTER)
	@KERNEL='$(KERNEL)' tests/vm/check

.PHONY: lint
lint: ## checkpatch, sparse, compiler warnings, shellcheck, clang-format
	@tests/lint

.PHONY: vm
vm: ## boot KERNEL and run the bash script SCRIPT in it
	@test -n '$(KERNEL)' && test -n '$(SCRIPT)' || \
		{ echo 'usage: make vm KERNEL=6.12 SCRIPT=FILE' >&2; exit 2; }
	@tests/vm/setup
	@tests/vm/boot '$(KERNEL)' '$(SCRIPT)'

.PHONY: shell
shell: ## boot KERNEL and give a prompt
	@tests/vm/setup
	@tests/vm/boot '$(or $(KERNEL),6.12)' --shell

.PHONY: demo
demo: ## boot a stock kernel and show a container's audit events
	@tests/vm/demo

.PHONY: bench
bench: ## measure what it costs, in a virtual machine (KERNEL, QUICK=1 for three minutes)
	@tests/vm/setup
	@KERNEL='$(or $(KERNEL),6.12)' QUICK='$(QUICK)' tests/bench/run

.PHONY: coverage
coverage: ## which lines of the module the suites execute, on a stock kernel (KERNEL)
	@tests/vm/setup
	@KERNEL='$(or $(KERNEL),6.12)' tests/coverage/run

.PHONY: fuzz
fuzz: ## call the device with anything, in a virtual machine (KERNEL, CALLS=10000000, SEED)
	@tests/vm/setup
	@KERNEL='$(or $(KERNEL),6.12)' CALLS='$(CALLS)' SEED='$(SEED)' tests/fuzz/run

.PHONY: fuzz-parsers
fuzz-parsers: ## feed anything to what reads foreign bytes, by clang's libFuzzer (TIME=60, PARSER)
	@TIME='$(TIME)' PARSER='$(PARSER)' tests/fuzz/parsers

.PHONY: debug-kernel
debug-kernel: ## build the kernel that looks for defects (FLAVOUR=kcsan: for data races)
	@tests/vm/setup
	@tests/debug-kernel/build '$(or $(FLAVOUR),debug)'

.PHONY: soak
soak: ## an hour of storms in a virtual machine (MINUTES=60, KERNEL=6.12, debug or kcsan)
	@tests/vm/setup
	@KERNEL='$(or $(KERNEL),6.12)' MINUTES='$(or $(MINUTES),60)' tests/soak/run

.PHONY: style
style: ## rewrite the C files in the project's style
	git ls-files -co --exclude-standard -z '*.c' '*.h' | xargs -0 -r clang-format -i

.PHONY: clean
clean: ## remove what was built here
	[ ! -d $(KDIR) ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean
	[ ! -e src/contidctl/Makefile ] || $(MAKE) -C src/contidctl clean
	[ ! -e src/oci-hook/Makefile ] || $(MAKE) -C src/oci-hook clean
	[ ! -e tests/helpers/Makefile ] || $(MAKE) -C tests/helpers clean
	[ ! -e tests/bench/Makefile ] || $(MAKE) -C tests/bench clean
	[ ! -e tests/fuzz/Makefile ] || $(MAKE) -C tests/fuzz clean
