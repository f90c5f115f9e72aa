// Asks the raw port for the NIS status as fast as it answers, over N connections at once, and
// prints what came as JSON. Compiled and run by throughput.py:
// load PORT persistent|one-shot N SECONDS
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
// A reply that takes longer counts as failed. (s)
#define PATIENCE 2.0

static const char request[] = {0, 6, 's', 't', 'a', 't', 'u', 's'};

struct connection {
    int socket;
    double asked;
    char end[3];  // the last bytes of what came
};

static struct connection connections[MOST];
static struct sockaddr_in server = {.sin_family = AF_INET};
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

// Each 127.0.0.x has ports of its own, of which one-shot connections use up many.
static void open_connection(struct connection *connection) {
    int on = 1;
    struct sockaddr_in source = {.sin_family = AF_INET};
    source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (made++ / 4096) % 250);
    int socket_ = socket(AF_INET, SOCK_STREAM, 0);
    if (socket_ < 0) fail("socket");
    setsockopt(socket_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(socket_, (struct sockaddr *)&source, sizeof source)) fail("bind");
    if (connect(socket_, (struct sockaddr *)&server, sizeof server)) fail("connect");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(queue, EPOLL_CTL_ADD, socket_, &event)) fail("epoll_ctl");
    connection->socket = socket_;
}

static void ask(struct connection *connection) {
    memset(connection->end, 1, sizeof connection->end);
    connection->asked = now();
    if (send(connection->socket, request, sizeof request, MSG_NOSIGNAL) != sizeof request)
        connection->asked = 0;  // counted when the connection's end is read
}

static void begin_again(struct connection *connection) {
    close(connection->socket);
    open_connection(connection);
    ask(connection);
}

// True when the reply is complete: 00 00 behind a line; no other length begins with two zeros.
static bool take(struct connection *connection, const char *bytes, ssize_t count) {
    for (ssize_t i = count > 3 ? count - 3 : 0; i < count; i++) {
        memmove(connection->end, connection->end + 1, 2);
        connection->end[2] = bytes[i];
    }
    return !memcmp(connection->end, "\n\0", 3);
}

static void read_from(struct connection *connection, bool is_one_shot) {
    static char bytes[65536];
    ssize_t count = recv(connection->socket, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        failed++;
        begin_again(connection);
        return;
    }
    if (!take(connection, bytes, count)) return;
    double took = now() - connection->asked;
    if (took > slowest) slowest = took;
    if (took > PATIENCE) failed++;
    replies++;
    if (is_one_shot) begin_again(connection);
    else ask(connection);
}

int main(int count, char **words) {
    if (count != 5) return fprintf(stderr, "load PORT persistent|one-shot N SECONDS\n"), 2;
    server.sin_port = htons(atoi(words[1]));
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bool is_one_shot = !strcmp(words[2], "one-shot");
    int number = atoi(words[3]);
    if (number < 1 || number > MOST) return fprintf(stderr, "1 to %d connections\n", MOST), 2;
    queue = epoll_create1(0);
    for (int i = 0; i < number; i++) open_connection(&connections[i]);
    double began = now(), end = began + atof(words[4]);
    for (int i = 0; i < number; i++) ask(&connections[i]);
    while (now() < end) {
        struct epoll_event events[MOST];
        int ready = epoll_wait(queue, events, MOST, 100);
        for (int i = 0; i < ready; i++) read_from(events[i].data.ptr, is_one_shot);
    }
    double stopped = now();
    // Whoever has waited for too long by now will not be answered any more.
    for (int i = 0; i < number; i++)
        if (stopped - connections[i].asked > PATIENCE) failed++;
    printf("{\"replies\": %ld, \"seconds\": %.3f, \"failed\": %ld, \"slowest\": %.6f}\n",
        replies, stopped - began, failed, slowest);
}
