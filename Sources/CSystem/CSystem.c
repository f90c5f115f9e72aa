// The C half of the Daemon's system calls; see CSystem.h.
#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/magic.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int system_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

int system_signalfd(const int *signals, size_t count) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < count; i++) {
        sigaddset(&set, signals[i]);
    }
    int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (error != 0) {
        errno = error;
        return -1;
    }
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int system_next_signal(int descriptor) {
    struct signalfd_siginfo signal;
    if (read(descriptor, &signal, sizeof signal) != sizeof signal) {
        return 0;
    }
    return (int)signal.ssi_signo;
}

void system_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

int system_open_pty(char *path, size_t length) {
    int descriptor = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        return -1;
    }
    int error = 0;
    if (grantpt(descriptor) != 0 || unlockpt(descriptor) != 0) {
        error = errno;
    } else {
        error = ptsname_r(descriptor, path, length);
    }
    if (error != 0) {
        close(descriptor);
        errno = error;
        return -1;
    }
    return descriptor;
}

static int set_up(
    posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int input) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = input < 0
        ? posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0)
        : posix_spawn_file_actions_adddup2(actions, input, 0);
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(actions, 3);
    if (error == 0) error = posix_spawnattr_setsigmask(attributes, &none);
    if (error == 0) error = posix_spawnattr_setsigdefault(attributes, &all);
    if (error == 0) {
        short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID;
        error = posix_spawnattr_setflags(attributes, flags);
    }
    return error;
}

// As posix_spawnp, but on the stack of the caller, which waits: nothing has to be allocated.
static int spawn_in_place(
    pid_t *process, char *const arguments[], char *const environment[], int input) {
    volatile int error = 0;
    pid_t child = vfork();
    if (child < 0) return errno;
    if (child == 0) {
        struct sigaction usual = {.sa_handler = SIG_DFL};
        for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &usual, NULL);
        setsid();
        // Best effort: a command with a descriptor too many is better than none.
        if (input < 0) {
            close(0);
            open("/dev/null", O_RDONLY);
        } else {
            dup2(input, 0);
        }
        close_range(3, ~0U, 0);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execvpe(arguments[0], arguments, environment);
        error = errno;
        _exit(127);
    }
    if (error != 0) {
        waitpid(child, NULL, 0);
    } else {
        *process = child;
    }
    return error;
}

int system_spawn(
    pid_t *process, char *const arguments[], char *const environment[], int input) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int error = set_up(&actions, &attributes, input);
    if (error == 0) {
        error = posix_spawnp(process, arguments[0], &actions, &attributes, arguments, environment);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    // No address space is left for the stack of the child.
    if (error == ENOMEM) error = spawn_in_place(process, arguments, environment, input);
    return error;
}

char **system_environment(void) { return environ; }

int system_poll(void *descriptors, size_t count, long long nanoseconds) {
    struct timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    return ppoll(descriptors, count, &limit, NULL);
}

int system_lock_memory(void) { return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT); }

// A segment that cannot be written to holds nothing but what is in its file. (Libraries whose code
// is changed when they are loaded, DT_TEXTREL, are in no Debian.)
static int release_constant_segments(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size, (void)unused;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) != 0) continue;
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = object->dlpi_addr + segment->p_vaddr + segment->p_memsz;
        // The kernel's own pages among them cannot be given back, and need not be.
        madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void system_release_code(void) { dl_iterate_phdr(release_constant_segments, NULL); }

int system_restart(void) { return reboot(RB_AUTOBOOT); }

pid_t system_fork(void) { return fork(); }

int system_power_off(void) { return reboot(RB_POWER_OFF); }

pid_t system_power_off_at(long long nanoseconds) {
    pid_t timer = fork();
    if (timer != 0) return timer;
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    // What the end needs is touched now, and stays: by then it might have to come from a dead disk.
    mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
    const int no_command = 1;
    reboot(no_command);
    const struct timespec start = {0, 0};
    const struct timespec end = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &start, NULL);
    while (clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &end, NULL) == EINTR) continue;
    reboot(RB_POWER_OFF);
    _exit(1);
}

int system_is_in_memory(const char *folder) {
    struct statfs status;
    if (statfs(folder, &status) != 0) return 0;
    return status.f_type == TMPFS_MAGIC || status.f_type == RAMFS_MAGIC;
}

int system_window_size(int terminal, unsigned short *columns, unsigned short *rows) {
    struct winsize size;
    if (ioctl(terminal, TIOCGWINSZ, &size) != 0) {
        return -1;
    }
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}
