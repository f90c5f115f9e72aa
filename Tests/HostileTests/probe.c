// A client that behaves: asks for the NIS status and for /api/status on kept connections and for
// /healthz on new ones, some hundred times each, and prints how long the slowest of a hundred took
// (us) as JSON: `kept` and `new`. Beside it, in the same way and at the same time, it asks a server
// of its own that does nothing but answer: what `own` takes, this machine takes. Compiled by
// tools.py, run by siege.py: probe PORT TIMES PAUSE
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 5000
#define PATIENCE 5  // (s)

enum { NIS, STATUS, HEALTH, OWN, KINDS };

static const char *names[] = {"NIS", "status", "health", "own"};
static const char nis_request[] = {0, 6, 's', 't', 'a', 't', 'u', 's'};
static const char status_request[] = "GET /api/status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
static const char health_request[] =
    "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
// The kinds one behind the other.
static double took[KINDS * MOST];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void fail(const char *what) {
    printf("{\"failure\": \"%s: %s\"}\n", what, strerror(errno));
    exit(0);
}

static int connected(int port) {
    struct timeval patience = {PATIENCE, 0};
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port)};
    int on = 1, socket_ = socket(AF_INET, SOCK_STREAM, 0);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(socket_, (struct sockaddr *)&server, sizeof server)) fail("connect");
    return socket_;
}

// NIS ends an answer with 00 00 behind a line, the status object ends with its last brace.
static bool is_complete(const char *bytes, size_t count, int kind) {
    if (kind == STATUS) return count > 12 && !memcmp(bytes + count - 2, "}}", 2);
    return kind != HEALTH && count > 3 && !memcmp(bytes + count - 3, "\n\0", 3);
}

static void ask(int socket_, const char *request, size_t length, int kind) {
    char bytes[65536];
    size_t got = 0;
    errno = 0;
    if (send(socket_, request, length, MSG_NOSIGNAL) != (ssize_t)length) fail(names[kind]);
    while (!is_complete(bytes, got, kind)) {
        ssize_t count = recv(socket_, bytes + got, sizeof bytes - got, 0);
        if (count < 0 || (!count && kind != HEALTH)) fail(names[kind]);
        if (!count) break;
        got += count;
    }
    bool is_http = kind == STATUS || kind == HEALTH;
    if (is_http && (got < 12 || memcmp(bytes, "HTTP/1.1 200", 12))) fail(names[kind]);
}

// The server of its own: one thread and one poll, like the daemon.
static void *answer(void *pointer) {
    static char status[1400];
    char bytes[4096];
    int socket_ = accept(*(int *)pointer, NULL, NULL);
    struct pollfd place = {.fd = socket_, .events = POLLIN};
    status[sizeof status - 3] = '\n';
    while (poll(&place, 1, -1) >= 0 && recv(socket_, bytes, sizeof bytes, 0) > 0)
        if (send(socket_, status, sizeof status, MSG_NOSIGNAL) < 0) break;
    return NULL;
}

static int own_port(void) {
    static int listener;
    pthread_t thread;
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 16)) fail("bind");
    getsockname(listener, (struct sockaddr *)&address, &length);
    pthread_create(&thread, NULL, answer, &listener);
    return ntohs(address.sin_port);
}

static void take(int kind, int port, int kept) {
    if (kind == STATUS) ask(kept, status_request, sizeof status_request - 1, kind);
    else if (kind != HEALTH) ask(kept, nis_request, sizeof nis_request, kind);
    else {
        int socket_ = connected(port);
        ask(socket_, health_request, sizeof health_request - 1, kind);
        close(socket_);
    }
}

static int by_size(const void *one, const void *other) {
    double a = *(double *)one, b = *(double *)other;
    return (a > b) - (a < b);
}

// Of a hundred, in us.
static double slowest(double *first, int count) {
    qsort(first, count, sizeof *first, by_size);
    return first[count - 1 - count / 100] * 1e6;
}

int main(int count, char **words) {
    if (count != 4) return fprintf(stderr, "probe PORT TIMES PAUSE\n"), 2;
    int port = atoi(words[1]), times = atoi(words[2]);
    int kept[KINDS] = {connected(port), connected(port), -1, connected(own_port())};
    if (times > MOST) times = MOST;
    for (int i = 0; i < times; i++) {
        for (int kind = 0; kind < KINDS; kind++) {
            usleep(atof(words[3]) * 1000);
            double start = now();
            take(kind, port, kept[kind]);
            took[kind * times + i] = now() - start;
        }
    }
    printf("{\"kept\": %.1f, \"new\": %.1f, \"own\": %.1f}\n", slowest(took, 2 * times),
        slowest(took + HEALTH * times, times), slowest(took + OWN * times, times));
}
