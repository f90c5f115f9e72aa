// The least that polling costs on this machine: sleeps, writes and reads as often as the daemon's
// deciding thread does with its default settings, on a pipe, and thinks about nothing. Compiled and
// run by idle.py, which ends it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

static struct pollfd watched[3];
static int line[2];

static void rest(long nanoseconds) {
    struct timespec limit = {0, nanoseconds};
    if (ppoll(watched, 3, &limit, NULL) < 0) perror("ppoll");
}

static void ask(void) {
    char answer[512];
    if (write(line[1], "01234", 5) != 5) perror("write");
    rest(4100000);
    if (read(line[0], answer, sizeof answer) != 5) perror("read");
}

int main(void) {
    sigset_t signals;
    sigemptyset(&signals);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (pipe2(line, O_NONBLOCK) != 0) return perror("pipe2"), 1;
    watched[0] = (struct pollfd){.fd = signalfd(-1, &signals, 0), .events = POLLIN};
    watched[1] = (struct pollfd){.fd = eventfd(0, EFD_NONBLOCK), .events = POLLIN};
    watched[2] = (struct pollfd){.fd = line[0]};
    // Ten times a second the status and one of the values.
    for (;;) {
        ask();
        ask();
        rest(91800000);
    }
}
