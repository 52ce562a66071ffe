/* SPDX-License-Identifier: GPL-2.0 */
/* Nobody can ask a grace period whether it is over. */
typedef _Bool bool;
unsigned long get_state_synchronize_rcu(void);
