// SPDX-License-Identifier: GPL-2.0
/* The numbers are those of the standards, the words are ours. */
#include <string.h>

#include "controls.h"

/* commands that show something */
#define EVENTS	"contidctl events --all --format raw"
#define DOCTOR	"contidctl doctor"
#define REPORT	"contidctl report"
#define CONF	"cat /etc/audit/auditd.conf"
#define PLUGINS "cat /etc/audit/plugins.d/*.conf"
#define ACCESS	"ls -l /var/log/audit"
#define RULES	"auditctl -l"

/* groups of the doctor's checks */
#define LABELS "module-loaded", "device", "probes", "probes-missed", "containers"
#define KERNEL "audit", "rules", "exclude-rules"
#define DAEMON "auditd", "write-logs"

static const struct control srg_ctr[] = {
	{ "SRG-APP-000092-CTR-000165", "session auditing from start-up on", DOCTOR,
	  .checks = { "audit-boot" } },
	{ "SRG-APP-000089-CTR-000150", "audit records are generated", DOCTOR,
	  .checks = { KERNEL, DAEMON }, .proofs = { PROOF_CONTAINER } },
	{ "SRG-APP-000095-CTR-000170", "records identify the type of the event", EVENTS,
	  .proofs = { PROOF_SOURCE } },
	{ "SRG-APP-000096-CTR-000175", "records have date and time", EVENTS,
	  .proofs = { PROOF_CONTAINER } },
	{ "SRG-APP-000097-CTR-000180", "records identify where the event occurred", EVENTS,
	  .checks = { LABELS }, .proofs = { PROOF_CONTAINER } },
	{ "SRG-APP-000098-CTR-000185", "records identify the source of the event", EVENTS,
	  .proofs = { PROOF_SOURCE } },
	{ "SRG-APP-000099-CTR-000190", "records have the event's result", EVENTS,
	  .proofs = { PROOF_RESULT } },
	{ "SRG-APP-000100-CTR-000195", "records identify users", EVENTS, .checks = { "log-format" },
	  .proofs = { PROOF_USER } },
	{ "SRG-APP-000100-CTR-000200", "all records identify containers", EVENTS,
	  .checks = { LABELS, "exclude-rules" }, .proofs = { PROOF_EVERY } },
	{ "SRG-APP-000101-CTR-000205", "full text of privileged commands", EVENTS " --type EXECVE",
	  .proofs = { PROOF_ARGUMENTS } },
	{ "SRG-APP-000109-CTR-000215", "something happens if audit fails", CONF,
	  .checks = { "log-failure" } },
	{ "SRG-APP-000116-CTR-000235", "stamps come from the system's clock", EVENTS,
	  .proofs = { PROOF_CONTAINER } },
	{ "SRG-APP-000118-CTR-000240", "the log is protected from being read", ACCESS,
	  .checks = { "log-access" } },
	{ "SRG-APP-000119-CTR-000245", "the log is protected from modification", ACCESS,
	  .checks = { "log-access" } },
	{ "SRG-APP-000120-CTR-000250", "the log is protected from deletion", ACCESS,
	  .checks = { "log-access" } },
	{ "SRG-APP-000290-CTR-000670", "cryptography protects the log", "-",
	  .other = "the site's archive has to do that: auditd signs nothing" },
	{ "SRG-APP-000343-CTR-000780", "privileged functions are audited",
	  EVENTS " --user root --syscall execve", .checks = { "rules" }, .proofs = { PROOF_ROOT } },
	{ "SRG-APP-000357-CTR-000800", "there is room for the log", DOCTOR,
	  .checks = { "log", "log-space" } },
	{ "SRG-APP-000358-CTR-000805", "records are stored at a second place", PLUGINS,
	  .checks = { "log-elsewhere" } },
	{ "SRG-APP-000359-CTR-000810", "a warning before the log is full", CONF,
	  .checks = { "log-warning" } },
	{ "SRG-APP-000360-CTR-000815", "an alert at once if audit fails", CONF,
	  .checks = { "log-failure", "lost", "backlog" } },
	{ "SRG-APP-000374-CTR-000865", "stamps are in UTC", "contidctl events --all --utc",
	  .proofs = { PROOF_CONTAINER } },
	{ "SRG-APP-000375-CTR-000870", "stamps are as fine as a second", EVENTS,
	  .proofs = { PROOF_CONTAINER } },
	{ "SRG-APP-000495-CTR-001235", "attempts to modify privileges",
	  EVENTS " --syscall chmod --syscall fchmodat", .proofs = { PROOF_RIGHTS } },
	{ "SRG-APP-000501-CTR-001265", "attempts to delete security objects",
	  EVENTS " --syscall unlink --syscall unlinkat", .proofs = { PROOF_DELETION } },
	{ "SRG-APP-000503-CTR-001275", "attempts to log on", "ausearch -m USER_LOGIN",
	  .other = "nobody logs on to a container; the host's logins are PAM's records" },
	{ "SRG-APP-000504-CTR-001280", "privileged activities", RULES, .preset = "stig" },
	{ "SRG-APP-000507-CTR-001295", "attempts to access objects",
	  EVENTS " --success no --syscall open --syscall openat", .proofs = { PROOF_REFUSAL } },
	{ "SRG-APP-000510-CTR-001310", "containers: execution, shutdown, restart, and programs",
	  REPORT, .proofs = { PROOF_BEGIN, PROOF_END, PROOF_EXECUTION } },
	{},
};

static const struct control pci[] = {
	{ "10.2.1", "audit logs are enabled for all components", DOCTOR,
	  .checks = { "audit-boot", KERNEL, DAEMON }, .proofs = { PROOF_CONTAINER } },
	{ "10.2.1.1", "users' access to cardholder data", RULES,
	  .other = "only the site knows where the data is: it has to watch that" },
	{ "10.2.1.2", "what is done with administrative access",
	  EVENTS " --user root --syscall execve", .checks = { "rules" }, .proofs = { PROOF_ROOT } },
	{ "10.2.1.3", "access to audit logs", RULES, .preset = "pci" },
	{ "10.2.1.4", "invalid attempts at logical access", EVENTS " --success no",
	  .proofs = { PROOF_REFUSAL } },
	{ "10.2.1.5", "changes to credentials", RULES, .preset = "pci" },
	{ "10.2.1.6", "logs that are begun, stopped or paused", RULES, .preset = "pci" },
	{ "10.2.1.7", "system-level objects: creation and deletion", RULES, .preset = "pci" },
	{ "10.2.2 user", "records have the user", EVENTS, .checks = { "log-format" },
	  .proofs = { PROOF_USER } },
	{ "10.2.2 event", "records have type, date, time and success", EVENTS,
	  .proofs = { PROOF_RESULT } },
	{ "10.2.2 origination", "records have the origin of the event", EVENTS,
	  .checks = { LABELS }, .proofs = { PROOF_SOURCE } },
	{ "10.2.2 identity", "records name the affected system, component or service",
	  EVENTS " --type KERNEL_OTHER", .checks = { LABELS },
	  .proofs = { PROOF_EVERY, PROOF_NAME } },
	{ "10.3.1", "the log is read by those who need it", ACCESS, .checks = { "log-access" } },
	{ "10.3.2", "the log is protected from modification", ACCESS, .checks = { "log-access" } },
	{ "10.3.3", "the log is backed up elsewhere at once", PLUGINS,
	  .checks = { "log-elsewhere" } },
	{ "10.3.4", "changes of the log are detected", RULES, .preset = "pci" },
	{ "10.5.1", "logs are kept for twelve months", CONF,
	  .other = "the site's archive has to do that" },
	{ "10.6.1", "clocks are synchronised", "timedatectl",
	  .other = "the host's time service has to do that" },
	{ "10.7.2", "failures of audit are detected", DOCTOR,
	  .checks = { "probes", "probes-missed", "lost", "log-failure", "log-warning" } },
	{},
};

static const struct control nist[] = {
	{ "AU-2", "the events to log are selected", RULES, .checks = { "rules" } },
	{ "AU-3 a", "what type of event", EVENTS, .proofs = { PROOF_SOURCE } },
	{ "AU-3 b", "when", EVENTS, .proofs = { PROOF_CONTAINER } },
	{ "AU-3 c", "where", EVENTS, .checks = { LABELS }, .proofs = { PROOF_CONTAINER } },
	{ "AU-3 d", "the source of the event", EVENTS, .proofs = { PROOF_SOURCE } },
	{ "AU-3 e", "the outcome", EVENTS, .proofs = { PROOF_RESULT } },
	{ "AU-3 f", "individuals, subjects, objects and entities", EVENTS,
	  .checks = { "log-format", LABELS }, .proofs = { PROOF_EVERY, PROOF_USER } },
	{ "AU-3(1)", "more in records: the container's name, arguments", EVENTS " --type EXECVE",
	  .proofs = { PROOF_ARGUMENTS, PROOF_NAME } },
	{ "AU-4", "there is room for the log", DOCTOR, .checks = { "log", "log-space" } },
	{ "AU-4(1)", "the log is transferred to another place", PLUGINS,
	  .checks = { "log-elsewhere" } },
	{ "AU-5", "something happens if logging fails", CONF,
	  .checks = { "log-failure", "lost", "backlog" } },
	{ "AU-5(1)", "a warning before the log is full", CONF, .checks = { "log-warning" } },
	{ "AU-6", "the log is reviewed", REPORT, .other = "people have to do that" },
	{ "AU-8", "stamps: UTC, from the system's clock", "contidctl events --all --utc",
	  .proofs = { PROOF_CONTAINER } },
	{ "AU-9", "the log is protected", ACCESS, .checks = { "log-access" } },
	{ "AU-10", "who did it cannot be denied", EVENTS, .checks = { LABELS },
	  .proofs = { PROOF_USER, PROOF_BEGIN } },
	{ "AU-11", "logs are kept", CONF, .other = "the site's archive has to do that" },
	{ "AU-12", "records are generated", DOCTOR, .checks = { KERNEL, DAEMON },
	  .proofs = { PROOF_CONTAINER } },
	{ "AU-12(1)", "one trail, in the order of time", EVENTS,
	  .checks = { "auditd", "write-logs" }, .proofs = { PROOF_BEGIN, PROOF_CONTAINER } },
	{ "AU-14(1)", "session audit from start-up on", DOCTOR, .checks = { "audit-boot" } },
	{ "AC-6(9)", "privileged functions are logged", EVENTS " --user root --syscall execve",
	  .checks = { "rules" }, .proofs = { PROOF_ROOT } },
	{},
};

static const struct profile profiles[] = {
	{ "srg-ctr", "DISA Container Platform SRG V2R4", srg_ctr },
	{ "pci", "PCI DSS 4.0, requirement 10", pci },
	{ "nist", "NIST SP 800-53 Rev. 5, AU", nist },
};

/**
 * profile_called - find a standard
 * @name: in a word
 *
 * Return: NULL if it is unknown.
 */
const struct profile *profile_called(const char *name)
{
	for (size_t i = 0; i < sizeof(profiles) / sizeof(*profiles); i++) {
		if (!strcmp(profiles[i].name, name))
			return &profiles[i];
	}
	return NULL;
}
