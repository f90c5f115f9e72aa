// Tells ThreadSanitizer what it cannot see of Synchronization.Mutex: a contended one is taken and
// given back inside of Swift's own library, which is not instrumented, and every such hand-over
// would look like a race. Preloaded by `make sanitize`; it stands in for the two functions of the
// library.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

// There only in a program that was built with ThreadSanitizer; others may be preloaded, too.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *mutex

SWIFT void lock_slowly(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void unlock_slowly(SELF) __asm__(UNLOCK);

static SWIFT void (*lock)(uint32_t thread, SELF);
static SWIFT void (*unlock)(SELF);

// The library of Swift is there when the first mutex is contended, not always before.
static void find(void) {
    lock = (SWIFT void (*)(uint32_t, SELF))dlsym(RTLD_NEXT, LOCK);
    unlock = (SWIFT void (*)(SELF))dlsym(RTLD_NEXT, UNLOCK);
}

SWIFT void lock_slowly(uint32_t thread, SELF) {
    if (!lock) find();
    lock(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void unlock_slowly(SELF) {
    if (!unlock) find();
    if (__tsan_release) __tsan_release(mutex);
    unlock(mutex);
}
