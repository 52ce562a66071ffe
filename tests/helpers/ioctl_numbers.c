// SPDX-License-Identifier: GPL-2.0
/*
 * ioctl_numbers: tries all other sizes and directions of each ioctl, all other
 * numbers of the magic byte, and one of each other magic byte. Prints how many
 * of them are ENOTTY.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include <linux/audit_contid.h>

int main(void)
{
	static const unsigned long known[] = { AUDIT_CONTID_IOC_INFO,  AUDIT_CONTID_IOC_REGISTER,
					       AUDIT_CONTID_IOC_GET,   AUDIT_CONTID_IOC_LIST,
					       AUDIT_CONTID_IOC_STATS, AUDIT_CONTID_IOC_RELEASE,
					       AUDIT_CONTID_IOC_LABEL, AUDIT_CONTID_IOC_RATE };
	const unsigned int count = sizeof(known) / sizeof(*known);
	unsigned int tried = 0, refused = 0;
	static char zeros[16384];
	int device = open(AUDIT_CONTID_DEVICE, O_RDWR);

	if (device < 0) {
		perror(AUDIT_CONTID_DEVICE);
		return 2;
	}
#define TRY(nr) (tried++, refused += ioctl(device, nr, zeros) == -1 && errno == ENOTTY)
	for (unsigned int i = 0; i < count; i++) {
		unsigned int size = _IOC_SIZE(known[i]), number = _IOC_NR(known[i]);

		for (unsigned int other = 0; other < 2 * size; other += 8) {
			if (other != size)
				TRY(_IOC(_IOC_DIR(known[i]), AUDIT_CONTID_IOC_MAGIC, number,
					 other));
		}
		TRY(_IOC(_IOC_DIR(known[i]), AUDIT_CONTID_IOC_MAGIC, number, size - 1));
		TRY(_IOC(_IOC_DIR(known[i]), AUDIT_CONTID_IOC_MAGIC, number, size + 1));
		TRY(_IOC(_IOC_DIR(known[i]), AUDIT_CONTID_IOC_MAGIC, number, 16383));
		for (unsigned int dir = 0; dir < 4; dir++) {
			if (dir != _IOC_DIR(known[i]))
				TRY(_IOC(dir, AUDIT_CONTID_IOC_MAGIC, number, size));
		}
		for (unsigned int magic = 0; magic < 256; magic += 5) {
			if (magic != AUDIT_CONTID_IOC_MAGIC)
				TRY(_IOC(_IOC_DIR(known[i]), magic, number, size));
		}
	}
	for (unsigned int number = count; number < 256; number++)
		TRY(_IOWR(AUDIT_CONTID_IOC_MAGIC, number, struct audit_contid_register));
	printf("%u of %u ENOTTY\n", refused, tried);
	return 0;
}
