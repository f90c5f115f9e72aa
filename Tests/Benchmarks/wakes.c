// The least that polling costs on this machine: asks a UPS as often as the daemon's deciding thread
// does with its default settings, on a line of its own, and thinks about nothing:
// wakes LINK
// Compiled and run by idle.py, which ends it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

static struct pollfd watched[3];
static int line;

static void rest(long nanoseconds) {
    struct timespec limit = {0, nanoseconds};
    if (ppoll(watched, 3, &limit, NULL) < 0) perror("ppoll");
}

// The line is not listened to before an answer can be there.
static void ask(unsigned char command) {
    unsigned char request[] = {1, 3, 1, command, 4};
    char answer[512];
    if (write(line, request, sizeof request) != sizeof request) perror("write");
    watched[2].fd = -1;
    rest(4600000);
    watched[2].fd = line;
    if (read(line, answer, sizeof answer) > 0) return;
    rest(500000000);
    if (read(line, answer, sizeof answer) <= 0) perror("read");
}

int main(int count, char **words) {
    struct termios settings;
    sigset_t signals;
    sigemptyset(&signals);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (count != 2) return fprintf(stderr, "one word, see wakes.c\n"), 2;
    line = open(words[1], O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (line < 0 || tcgetattr(line, &settings)) return perror(words[1]), 1;
    cfmakeraw(&settings);
    tcsetattr(line, TCSANOW, &settings);
    watched[0] = (struct pollfd){.fd = signalfd(-1, &signals, 0), .events = POLLIN};
    watched[1] = (struct pollfd){.fd = eventfd(0, EFD_NONBLOCK), .events = POLLIN};
    watched[2] = (struct pollfd){.fd = line, .events = POLLIN};
    // Ten times a second the status and one of the values.
    for (;;) {
        ask(0x40);
        ask(0x41);
        rest(90800000);
    }
}
