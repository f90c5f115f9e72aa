// What Swift cannot see of the C library: variadic functions, macros and GNU extensions. Only the
// Daemon calls these. Each behaves like the call it is named after: -1 and errno on failure.
#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stddef.h>
#include <sys/types.h>

/// A counter to wake a poll with; non-blocking, close-on-exec.
int system_eventfd(void);

/// Blocks the signals in the calling thread and reads them from a descriptor from then on;
/// non-blocking, close-on-exec.
int system_signalfd(const int *signals, size_t count);

/// The number of the next signal that waits on a signalfd; 0: none.
int system_next_signal(int descriptor);

/// Names the calling thread, for ps and for crash reports; 15 characters at most count.
void system_name_thread(const char *name);

/// The controlling side of a new pty, unlocked; non-blocking, close-on-exec. The path of the
/// other side is stored.
int system_open_pty(char *path, size_t length);

/// Starts a program, found on PATH unless its name has a slash, with an empty signal mask, default
/// handlers, a session of its own and no descriptor above 2. Standard input is `input`, or
/// /dev/null if that is negative.
/// Unlike the others it returns the error number; 0: the process was started.
int system_spawn(
    pid_t *process, char *const arguments[], char *const environment[], int input);

/// Takes from this process, for good, what a client of the network does not need: other processes,
/// new ones, writing to file systems, more than `memory` bytes and `files` descriptors, and its life
/// after the thread that started it.
int system_confine(size_t memory, size_t files);

/// Waits like ppoll on `struct pollfd`s, to the nanosecond, with the signal mask as it is.
int system_poll(void *descriptors, size_t count, long long nanoseconds);

/// Keeps every page of the process in memory from its first touch on, now and later.
int system_lock_memory(void);

/// Gives back the pages of code and constants that are there now. What is needed again comes back
/// by itself, from the file that it is in.
void system_release_code(void);

/// Switches this machine off as it is. Returns on failure only.
int system_power_off(void);

/// Leaves a process behind that does nothing but wait for that moment (CLOCK_BOOTTIME) and then
/// switch this machine off as it is. Its number. Only while the calling process has one thread.
pid_t system_power_off_at(long long nanoseconds);

/// Starts this machine again as it is. Returns on failure only.
int system_restart(void);

/// A copy of this process. Only while it has one thread.
pid_t system_fork(void);

/// The size of a terminal in characters.
int system_window_size(int terminal, unsigned short *columns, unsigned short *rows);

/// 1: the folder lies on a file system whose pages are never written to a disk; 0: it does not.
int system_is_in_memory(const char *folder);

/// The environment of this process; ends with a null pointer.
char **system_environment(void);

#endif
