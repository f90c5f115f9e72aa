// Asks a port for the full status as fast as it answers, over N connections at once, and prints
// what came as JSON. Compiled and run by throughput.py:
// load PORT nis|nut persistent|one-shot N SECONDS [at-once]
// at-once: the kernel acknowledges everything at once; a server that writes a reply in many small
// pieces would wait 40 ms for that, again and again.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 1024
#define TAIL 24
// A reply that takes longer counts as failed. (s)
#define PATIENCE 2.0

struct protocol {
    const char *name, *request, *end;  // a reply is complete when it ends so
    size_t request_size, end_size;
};

static const struct protocol protocols[] = {
    // 00 00 behind a line: no other length begins with two zeros.
    {"nis", "\0\6status", "\n\0\0", 8, 3},
    {"nut", "LIST VAR bench\n", "\nEND LIST VAR bench\n", 15, 20},
};

struct connection {
    int socket;
    bool is_open, is_waiting;
    double asked;
    char tail[TAIL];  // the last bytes of what came
};

static struct connection connections[MOST];
static struct sockaddr_in server = {.sin_family = AF_INET};
static const struct protocol *protocol;
static bool is_one_shot, is_ending, is_at_once;
static int queue;
static long replies, failed, made;
static double slowest;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

// Fails silently when the other end has gone: that is counted when the connection's end is read.
static void ask(struct connection *connection) {
    memset(connection->tail, 1, sizeof connection->tail);
    if (!is_one_shot) connection->asked = now();
    send(connection->socket, protocol->request, protocol->request_size, MSG_NOSIGNAL);
}

static void watch(struct connection *connection, int operation, unsigned events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(queue, operation, connection->socket, &event)) fail("epoll_ctl");
}

// Each 127.0.0.x has ports of its own, of which one-shot connections use up many. It never waits: a
// server that lets one connection wait must not hold up the others.
static void open_and_ask(struct connection *connection) {
    int on = 1;
    struct sockaddr_in source = {.sin_family = AF_INET};
    source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (made++ / 4096) % 250);
    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (socket_ < 0) fail("socket");
    setsockopt(socket_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(socket_, (struct sockaddr *)&source, sizeof source)) fail("bind");
    connection->socket = socket_;
    connection->asked = now();
    connection->is_waiting = true;
    connection->is_open = !connect(socket_, (struct sockaddr *)&server, sizeof server);
    if (!connection->is_open && errno != EINPROGRESS) fail("connect");
    watch(connection, EPOLL_CTL_ADD, connection->is_open ? EPOLLIN : EPOLLOUT);
    if (connection->is_open) ask(connection);
}

static void opened(struct connection *connection) {
    connection->is_open = true;
    watch(connection, EPOLL_CTL_MOD, EPOLLIN);
    ask(connection);
}

static bool take(struct connection *connection, const char *bytes, size_t count) {
    size_t fresh = count < TAIL ? count : TAIL;
    memmove(connection->tail, connection->tail + fresh, TAIL - fresh);
    memcpy(connection->tail + TAIL - fresh, bytes + count - fresh, fresh);
    size_t size = protocol->end_size;
    return !memcmp(connection->tail + TAIL - size, protocol->end, size);
}

// The reply is there, or will never be: on with the next request.
static void go_on(struct connection *connection, bool is_closed) {
    connection->is_waiting = false;
    if (is_closed || is_one_shot) close(connection->socket);
    if (is_ending) return;
    if (is_closed || is_one_shot) return open_and_ask(connection);
    connection->is_waiting = true;
    ask(connection);
}

static void read_from(struct connection *connection) {
    static char bytes[65536];
    ssize_t count = recv(connection->socket, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    int on = 1;
    if (is_at_once) setsockopt(connection->socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
    if (count <= 0) {
        failed++;
        return go_on(connection, true);
    }
    if (!take(connection, bytes, count)) return;
    double took = now() - connection->asked;
    if (took > slowest) slowest = took;
    if (took > PATIENCE) failed++;
    else replies++;
    go_on(connection, false);
}

static void serve(double end) {
    struct epoll_event events[MOST];
    while (now() < end) {
        int ready = epoll_wait(queue, events, MOST, 50);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection->is_open) read_from(connection);
            else opened(connection);
        }
    }
}

static int waiting(int number) {
    int count = 0;
    for (int i = 0; i < number; i++) count += connections[i].is_waiting;
    return count;
}

int main(int count, char **words) {
    if (count != 6 && count != 7) {
        fprintf(stderr, "load PORT nis|nut persistent|one-shot N SECONDS [at-once]\n");
        return 2;
    }
    server.sin_port = htons(atoi(words[1]));
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    protocol = &protocols[!strcmp(words[2], "nut")];
    is_one_shot = !strcmp(words[3], "one-shot");
    is_at_once = count == 7;
    int number = atoi(words[4]);
    if (number < 1 || number > MOST) return fprintf(stderr, "1 to %d connections\n", MOST), 2;
    queue = epoll_create1(0);
    double began = now();
    for (int i = 0; i < number; i++) open_and_ask(&connections[i]);
    serve(began + atof(words[5]));
    double seconds = now() - began;
    long in_time = replies;
    // Whatever is still under way has its two seconds as well.
    is_ending = true;
    for (double end = now() + PATIENCE; waiting(number) && now() < end;) serve(now() + 0.05);
    failed += waiting(number);
    printf("{\"replies\": %ld, \"seconds\": %.3f, \"failed\": %ld, \"slowest\": %.6f}\n",
        in_time, seconds, failed, slowest);
}
