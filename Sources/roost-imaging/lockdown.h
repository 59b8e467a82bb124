/// The worker's own system call filter.
#ifndef ROOST_LOCKDOWN_H
#define ROOST_LOCKDOWN_H

/// Forbids, for all threads and for good, to open or reach anything new. Returns 0, or -1 with errno.
int lock_down(void);

#endif
