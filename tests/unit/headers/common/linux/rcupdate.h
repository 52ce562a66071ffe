/* SPDX-License-Identifier: GPL-2.0 */
typedef _Bool bool;
unsigned long get_state_synchronize_rcu(void);
bool poll_state_synchronize_rcu(unsigned long oldstate);
