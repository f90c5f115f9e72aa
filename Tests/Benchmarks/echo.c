// The floor: what a server that does nothing but answer reaches on this machine. Reads 8 bytes of a
// request and writes a ready report of SIZE bytes that ends like one of NIS. Compiled and run by
// throughput.py: echo PORT SIZE
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 1024
#define REQUEST 8

static char report[65536];
static size_t size;
static int queue, listener;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void watch(int descriptor) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    if (epoll_ctl(queue, EPOLL_CTL_ADD, descriptor, &event)) fail("epoll_ctl");
}

static void listen_on(int port) {
    int on = 1;
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(port)};
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (listener < 0) fail("socket");
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    // Accepted connections have this as well.
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&own, sizeof own)) fail("bind");
    if (listen(listener, MOST)) fail("listen");
    watch(listener);
}

static void answer(int connection) {
    char request[REQUEST];
    ssize_t count = recv(connection, request, sizeof request, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    // A request comes in one piece: its few bytes were sent at once, over loopback.
    if (count != REQUEST || send(connection, report, size, MSG_NOSIGNAL) != (ssize_t)size)
        close(connection);
}

// The request is often there already.
static void take_connection(void) {
    int connection = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (connection < 0) return;
    watch(connection);
    answer(connection);
}

int main(int count, char **words) {
    if (count != 3) return fprintf(stderr, "echo PORT SIZE\n"), 2;
    size = atoi(words[2]);
    if (size < 3 || size > sizeof report) return fprintf(stderr, "3 to 65536 bytes\n"), 2;
    memset(report, 'x', size);
    memcpy(report + size - 3, "\n\0\0", 3);
    queue = epoll_create1(0);
    listen_on(atoi(words[1]));
    for (;;) {
        struct epoll_event events[MOST];
        int ready = epoll_wait(queue, events, MOST, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener) take_connection();
            else answer(events[i].data.fd);
        }
    }
}
