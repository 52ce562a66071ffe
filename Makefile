# SPDX-License-Identifier: GPL-2.0
#
# audit_contid: the targets for people. src/module/Kbuild describes the module itself.

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
	@echo '  KERNEL= picks a test machine of tests/vm/matrix, FILTER=REGEX the tests,'
	@echo '  KDIR=DIR the kernel headers. tests/vm/boot lists more variables.'
	@echo
	@echo '  make ends with 2 whatever a script of make vm ended with. Its own status,'
	@echo '  or 3 if the kernel log is not clean, is that of tests/vm/boot KERNEL SCRIPT.'

.PHONY: module
module: ## build audit_contid.ko against KDIR
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

.PHONY: tools
tools: ## build the library, contidctl, the hook for container runtimes, and the stand-in for runc
	$(MAKE) -C src/library
	$(MAKE) -C src/contidctl
	$(MAKE) -C src/oci-hook
	$(MAKE) -C src/runtime
	$(MAKE) -C src/nri

.PHONY: install
install: install-module install-tools ## install the module by dkms, and the tools

.PHONY: install-module
install-module: ## install the module by dkms for kernel KVER
	mkdir -p /usr/src/audit_contid-$(VERSION)
	cp -R Kbuild Makefile dkms.conf include src /usr/src/audit_contid-$(VERSION)/
	dkms install --force -m audit_contid -v $(VERSION) -k $(KVER)

.PHONY: install-tools
install-tools: ## install contidctl, the programs for engines, library, manual pages, systemd unit (PREFIX, DESTDIR)
	$(MAKE) -C src/library install
	$(MAKE) -C src/contidctl install
	$(MAKE) -C src/oci-hook install
	$(MAKE) -C src/runtime install
	$(MAKE) -C src/nri install
	$(MAKE) -C src/rules install
	$(MAKE) -C src/systemd install
	$(MAKE) -C src/man install

# Apart from the rest, as it changes what happens to all containers of all users.
.PHONY: install-hook
install-hook: ## have podman and CRI-O register each container by themselves
	$(MAKE) -C src/oci-hook install-hook

.PHONY: uninstall-hook
uninstall-hook: ## have them stop that
	$(MAKE) -C src/oci-hook uninstall-hook

.PHONY: uninstall
uninstall: uninstall-tools uninstall-module ## remove what install and install-hook have installed

.PHONY: uninstall-tools
uninstall-tools: ## remove what install-tools and install-hook have installed (PREFIX, DESTDIR)
	$(MAKE) -C src/contidctl undo-setup
	$(MAKE) -C src/oci-hook uninstall
	$(MAKE) -C src/runtime uninstall
	$(MAKE) -C src/nri uninstall
	$(MAKE) -C src/contidctl uninstall
	$(MAKE) -C src/rules uninstall
	$(MAKE) -C src/systemd uninstall
	$(MAKE) -C src/man uninstall
	$(MAKE) -C src/library uninstall

.PHONY: uninstall-module
uninstall-module: ## remove the module, of this version, for all kernels
	dkms remove -m audit_contid -v $(VERSION) --all
	rm -rf /usr/src/audit_contid-$(VERSION)

.PHONY: deb
deb: ## build the Debian packages (dkms, hook, tools, library) into dist/
	@debian/build-packages

.PHONY: rpm
rpm: ## build the RPM packages into dist/ (KVER, KDIR: also the module for that kernel)
	@docs/packaging/build-rpm '$(VERSION)' $(if $(filter command line,$(origin KVER)),'$(KVER)' '$(KDIR)')

.PHONY: check
check: ## lint and the tests, in virtual machines (KERNEL=all: each on each kernel; latest; older; FILTER, RESUME=1)
	@KERNEL='$(KERNEL)' tests/vm/check

.PHONY: quick
quick: ## lint, and the suites of what differs from main, on 6.12: five minutes (BASE)
	@tests/vm/quick

.PHONY: lint
lint: ## checkpatch, sparse, compiler warnings, shellcheck, clang-format, prose
	@tests/lint

.PHONY: vm
vm: ## boot KERNEL and run the bash script SCRIPT in it
	@test -n '$(KERNEL)' && test -n '$(SCRIPT)' || \
		{ echo 'usage: make vm KERNEL=6.12 SCRIPT=FILE' >&2; exit 2; }
	@tests/vm/setup '$(KERNEL)'
	@tests/vm/boot '$(KERNEL)' '$(SCRIPT)'

.PHONY: shell
shell: ## boot KERNEL and give a prompt
	@tests/vm/setup '$(or $(KERNEL),6.12)'
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

.PHONY: fleet
fleet: ## two machines send their records to a third one, which tells them apart (KERNEL)
	@tests/vm/setup
	@KERNEL='$(or $(KERNEL),6.12)' tests/fleet/run

.PHONY: style
style: ## rewrite the C files in the project's style
	git ls-files -co --exclude-standard -z '*.c' '*.h' | xargs -0 -r clang-format -i

.PHONY: clean
clean: ## remove what was built here
	[ ! -d $(KDIR) ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean
	[ ! -e src/library/Makefile ] || $(MAKE) -C src/library clean
	[ ! -e src/common/Makefile ] || $(MAKE) -C src/common clean
	[ ! -e src/contidctl/Makefile ] || $(MAKE) -C src/contidctl clean
	[ ! -e src/oci-hook/Makefile ] || $(MAKE) -C src/oci-hook clean
	[ ! -e src/runtime/Makefile ] || $(MAKE) -C src/runtime clean
	[ ! -e src/nri/Makefile ] || $(MAKE) -C src/nri clean
	[ ! -e tests/helpers/Makefile ] || $(MAKE) -C tests/helpers clean
	[ ! -e tests/bench/Makefile ] || $(MAKE) -C tests/bench clean
	[ ! -e tests/fuzz/Makefile ] || $(MAKE) -C tests/fuzz clean
