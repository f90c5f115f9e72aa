// Stands between the daemon and the C library (LD_PRELOAD) and lets calls fail, fall short or take
// their time, as a page of memory says that the test shares with it. Compiled and ruled by
// interposed.py; the words of the page are the same there.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

// A number above 0 is an errno, or milliseconds for the delays.
enum { SHORT = -1, HANG = -2 };

struct page {
    atomic_int line_read, line_write, line_poll, line_open, line_close;
    atomic_int disk_error, disk_delay, sync_delay;
    atomic_int every;  // only each so many-th call on the line is hit; 0: each one
    atomic_int wall_step;  // how far CLOCK_REALTIME is ahead (s)
    atomic_int hits[8];
};
enum { READ, WRITE, POLL, OPEN, CLOSE, ERROR, DELAY, SYNC };

static struct page none, *page = &none;
static const char *line, *folders;
static atomic_uint calls;

#define REAL(name) static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULTS_PAGE");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) abort();
    void *shared = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared == MAP_FAILED) abort();
    close(file);
    line = strdup(getenv("FAULTS_LINE"));
    folders = strdup(getenv("FAULTS_FOLDERS"));
    page = shared;
    unsetenv("LD_PRELOAD");  // the commands of the daemon are left alone
}

static int hit(int which) {
    atomic_fetch_add(&page->hits[which], 1);
    return 1;
}

static int is_turn(void) {
    int every = page->every;
    return every == 0 || atomic_fetch_add(&calls, 1) % every == 0;
}

// The far ends of ptys have these major numbers; the daemon has no other terminal.
static int is_line(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISCHR(status.st_mode)
        && status.st_rdev >> 8 >= 136 && status.st_rdev >> 8 <= 143;
}

static int is_below(const char *path) {
    for (const char *folder = folders; *folder;) {
        size_t length = strcspn(folder, ":");
        if (length && !strncmp(path, folder, length)) return 1;
        folder += length + (folder[length] == ':');
    }
    return 0;
}

static int is_on_disk(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_below(path);
}

// Until it is over, or the test says so.
static void wait_for(atomic_int *delay, int which) {
    if (*delay) hit(which);
    for (int waited = 0; *delay == HANG || waited < *delay; waited += 10) usleep(10000);
}

// True: the call has failed; errno says why.
static int disk_fails(int is_there) {
    if (!is_there) return 0;
    wait_for(&page->disk_delay, DELAY);
    if (page->disk_error <= 0) return 0;
    errno = page->disk_error;
    return hit(ERROR);
}

static int is_ruled(void) { return page->disk_error || page->disk_delay; }

static int is_faulty(atomic_int *fault, int descriptor, int which) {
    return *fault && is_line(descriptor) && is_turn() && hit(which);
}

ssize_t read(int descriptor, void *bytes, size_t count) {
    REAL(read);
    if (!is_faulty(&page->line_read, descriptor, READ)) return real(descriptor, bytes, count);
    if (page->line_read == SHORT) return real(descriptor, bytes, 1);
    errno = page->line_read;
    return -1;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    REAL(write);
    if (is_faulty(&page->line_write, descriptor, WRITE)) {
        if (page->line_write == SHORT) return real(descriptor, bytes, 1);
        errno = page->line_write;
        return -1;
    }
    if (is_ruled() && disk_fails(is_on_disk(descriptor))) return -1;
    return real(descriptor, bytes, count);
}

int ppoll(struct pollfd *entries, nfds_t count, const struct timespec *limit, const sigset_t *set) {
    REAL(ppoll);
    for (nfds_t i = 0; i < count; i++) {
        if (entries[i].fd < 0 || !is_faulty(&page->line_poll, entries[i].fd, POLL)) continue;
        errno = page->line_poll;
        return -1;
    }
    return real(entries, count, limit, set);
}

int open(const char *path, int flags, ...) {
    REAL(open);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (page != &none && page->line_open && !strcmp(path, line))
        wait_for(&page->line_open, OPEN);
    if (is_ruled() && disk_fails(is_below(path))) return -1;
    return real(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    REAL(openat);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (is_ruled() && disk_fails(is_on_disk(folder))) return -1;
    return real(folder, path, flags, mode);
}

int close(int descriptor) {
    REAL(close);
    if (page->line_close && is_line(descriptor)) wait_for(&page->line_close, CLOSE);
    return real(descriptor);
}

int fsync(int descriptor) {
    REAL(fsync);
    return is_ruled() && disk_fails(is_on_disk(descriptor)) ? -1 : real(descriptor);
}

int fdatasync(int descriptor) {
    REAL(fdatasync);
    return is_ruled() && disk_fails(is_on_disk(descriptor)) ? -1 : real(descriptor);
}

void sync(void) { wait_for(&page->sync_delay, SYNC); }

// The clocks that decide are left alone.
int clock_gettime(clockid_t clock, struct timespec *now) {
    REAL(clock_gettime);
    int result = real(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += page->wall_step;
    return result;
}

time_t time(time_t *now) {
    struct timespec moment;
    clock_gettime(CLOCK_REALTIME, &moment);
    if (now) *now = moment.tv_sec;
    return moment.tv_sec;
}

int gettimeofday(struct timeval *now, void *zone) {
    struct timespec moment;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &moment) != 0) return -1;
    *now = (struct timeval){moment.tv_sec, moment.tv_nsec / 1000};
    return 0;
}
