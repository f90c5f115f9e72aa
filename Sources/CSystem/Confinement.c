// What a process that talks to strangers cannot do any more; see CSystem.h.
#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

// Other processes, new ones, and everything that changes a file system.
static const unsigned refused[] = {
    __NR_kill, __NR_tkill, __NR_rt_sigqueueinfo, __NR_rt_tgsigqueueinfo, __NR_pidfd_send_signal,
    __NR_ptrace, __NR_process_vm_readv, __NR_process_vm_writev, __NR_pidfd_open, __NR_kcmp,
    __NR_clone, __NR_clone3, __NR_execve, __NR_execveat, __NR_setns, __NR_unshare,
    __NR_listen, __NR_accept, __NR_accept4,
    __NR_unlinkat, __NR_renameat2, __NR_linkat, __NR_symlinkat, __NR_mkdirat, __NR_mknodat,
    __NR_fchmod, __NR_fchmodat, __NR_fchown, __NR_fchownat, __NR_truncate, __NR_ftruncate,
    __NR_utimensat, __NR_setxattr, __NR_lsetxattr, __NR_fsetxattr, __NR_openat2,
    __NR_mount, __NR_umount2, __NR_pivot_root, __NR_chroot, __NR_bpf, __NR_perf_event_open,
    __NR_io_uring_setup, __NR_userfaultfd, __NR_keyctl, __NR_add_key, __NR_request_key,
    __NR_reboot, __NR_sethostname, __NR_settimeofday, __NR_clock_settime, __NR_prlimit64,
#ifdef __NR_fork
    __NR_fork, __NR_vfork, __NR_creat, __NR_unlink, __NR_rename, __NR_renameat, __NR_link,
    __NR_symlink, __NR_mkdir, __NR_rmdir, __NR_mknod, __NR_chmod, __NR_chown, __NR_lchown,
    __NR_setrlimit,
#endif
};

enum { REFUSED = sizeof refused / sizeof *refused, LONGEST = 2 * REFUSED + 32 };

struct program {
    struct sock_filter code[LONGEST];
    unsigned short length;
};

static void add(struct program *program, struct sock_filter instruction) {
    program->code[program->length++] = instruction;
}

static void load(struct program *program, size_t offset) {
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

static void answer(struct program *program, uint32_t value) {
    add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, value));
}

static void skip_unless(struct program *program, uint16_t test, uint32_t value, uint8_t count) {
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | test | BPF_K, value, 0, count));
}

#define ARGUMENT(number) (offsetof(struct seccomp_data, args) + 8 * (number))

// A file that is opened for more than reading.
static void refuse_writing(struct program *program, uint32_t call, unsigned flags) {
    skip_unless(program, BPF_JEQ, call, 4);
    load(program, ARGUMENT(flags));
    skip_unless(program, BPF_JSET, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, 1);
    answer(program, SECCOMP_RET_ERRNO | EPERM);
    answer(program, SECCOMP_RET_ALLOW);
}

static int filter_calls(void) {
    struct program program = {.length = 0};
    load(&program, offsetof(struct seccomp_data, arch));
    add(&program, (struct sock_filter)BPF_JUMP(
        BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCHITECTURE, 1, 0));
    answer(&program, SECCOMP_RET_ERRNO | EPERM);
    load(&program, offsetof(struct seccomp_data, nr));
    // abort() signals the thread that calls it.
    skip_unless(&program, BPF_JEQ, __NR_tgkill, 4);
    load(&program, ARGUMENT(0));
    skip_unless(&program, BPF_JEQ, (uint32_t)getpid(), 1);
    answer(&program, SECCOMP_RET_ALLOW);
    answer(&program, SECCOMP_RET_ERRNO | EPERM);
    refuse_writing(&program, __NR_openat, 2);
#ifdef __NR_open
    refuse_writing(&program, __NR_open, 1);
    // The calls of x32 have other numbers.
    skip_unless(&program, BPF_JGE, 0x40000000, 1);
    answer(&program, SECCOMP_RET_ERRNO | EPERM);
#endif
    for (size_t i = 0; i < REFUSED; i++) {
        skip_unless(&program, BPF_JEQ, refused[i], 1);
        answer(&program, SECCOMP_RET_ERRNO | EPERM);
    }
    answer(&program, SECCOMP_RET_ALLOW);
    struct sock_fprog filter = {.len = program.length, .filter = program.code};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0);
}

static int limit(int resource, rlim_t most) {
    struct rlimit limit = {most, most};
    return setrlimit(resource, &limit);
}

int system_confine(size_t memory, size_t files) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    // The kernel is to end this process before others, as it would any usual one.
    int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (score >= 0) {
        (void)!write(score, "0", 1);
        close(score);
    }
    if (limit(RLIMIT_CORE, 0) != 0) return -1;
    if (limit(RLIMIT_NOFILE, files) != 0) return -1;
// A sanitizer's own memory is beyond every limit.
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
    if (limit(RLIMIT_DATA, memory) != 0) return -1;
#endif
    return filter_calls();
}
