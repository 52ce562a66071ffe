# SPDX-License-Identifier: GPL-2.0
#
# How the tools are compiled, for the Makefiles beside this directory: each
# names its own directories of headers in $(includes).
common := ../common
PREFIX ?= /usr/local

# They read what others wrote, as root: as hard to take over as Debian's own programs.
# Flags of a packager take the place of these.
hardening := -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2 -fPIE
# x86 alone has it
hardening += $(shell $(CC) -fcf-protection -x c -c -o /dev/null /dev/null 2>/dev/null && \
	echo -fcf-protection)
CFLAGS ?= -O2 -g $(hardening)
LDFLAGS ?= -pie -Wl,-z,relro,-z,now,-z,noexecstack
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' ../../dkms.conf)

# Few and small: each is made anew when any of these changes.
%.o: %.c $(wildcard *.h */*.h $(common)/*.h) ../../include/uapi/linux/audit_contid.h \
		../../include/record_place.h ../../include/audit-contid.h \
		../../dkms.conf Makefile $(common)/rules.mk
	$(CC) -std=gnu11 -Wall -Wextra $(includes) -I$(common) -I../../include -I../../include/uapi \
		-DVERSION='"$(VERSION)"' $(defines) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# What all programs are linked with, in this order.
library := ../library
shared_code := $(common)/libcommon.a $(library)/libaudit-contid.a

$(common)/libcommon.a: always
	$(MAKE) -C $(common)

$(library)/libaudit-contid.a: always
	$(MAKE) -C $(library) libaudit-contid.a

.PHONY: always
