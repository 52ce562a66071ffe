# SPDX-License-Identifier: GPL-2.0
#
# What the libraries that are here can do, for whom links the readers of logs: contidctl, and
# what tries these with any bytes (tests/fuzz).

# Compressed logs are read by the libraries whose headers are here.
has = $(shell $(CC) -E -include $(1).h -x c /dev/null >/dev/null 2>&1 && echo $(1))
unpackers := $(call has,zlib) $(call has,lzma) $(call has,zstd)
unpack_defines := $(if $(filter zlib,$(unpackers)),-DHAVE_ZLIB) \
	$(if $(filter lzma,$(unpackers)),-DHAVE_LZMA) $(if $(filter zstd,$(unpackers)),-DHAVE_ZSTD)
unpack_libraries := $(patsubst %,-l%,$(unpackers:zlib=z))

# libauparse of bullseye has it not
auparse_defines := $(shell echo 'int auparse_new_buffer(void); int main(void) { return auparse_new_buffer(); }' | \
	$(CC) -x c -o /dev/null - -lauparse 2>/dev/null && echo -DHAVE_AUPARSE_NEW_BUFFER)
