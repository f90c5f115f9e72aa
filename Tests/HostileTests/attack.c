// Many connections to one port, which all say the same, in one thread. Compiled by tools.py, run by
// siege.py:
// attack ADDRESS|PATH PORT CONNECTIONS TOTAL SECONDS PAUSE MANNERS FIRST AGAIN FROM
// It keeps so many CONNECTIONS open, makes no more than TOTAL, and ends after SECONDS (or at the
// TOTAL, with `once`). FIRST is a file, sent at the start of each; AGAIN is sent over and over,
// PAUSE milliseconds after each other. MANNERS are words with commas between them: `once` (ends a
// connection as soon as FIRST is out), `reset` (ends it with RST), `mute` (never reads), `polite`
// (waits for an answer to FIRST before AGAIN), `plain`. FROM are the addresses of this host that the
// connections come from in turn, with commas between them.
// Prints `ready` once all are open, and what it did as JSON in the end.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define MOST 8192
#define MOST_SOURCES 64

struct text {
    char *bytes;
    size_t count;
};

struct connection {
    int socket;
    bool is_connected;
    size_t sent;        // of FIRST, then of AGAIN
    bool is_begun;      // FIRST is out
    double next;        // when the next piece goes out
    long received;
};

static struct connection connections[MOST];
static struct text first, again;
static struct sockaddr_storage server;
static socklen_t server_length;
static struct sockaddr_in sources[MOST_SOURCES];
static int source_count;
static int queue;
static double pause_;
static bool is_once, is_reset, is_mute, is_polite;
static long total, opened, connected, failed, closed, unanswered, sent, received;
static volatile sig_atomic_t is_over;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void stop(int signal) {
    is_over = signal;
}

static struct text contents(const char *path) {
    struct stat status;
    FILE *file = fopen(path, "rb");
    if (!file || fstat(fileno(file), &status)) fail(path);
    struct text text = {malloc(status.st_size + 1), status.st_size};
    if (fread(text.bytes, 1, text.count, file) != text.count) fail(path);
    fclose(file);
    return text;
}

static void let_go(struct connection *connection) {
    struct linger at_once = {1, 0};
    if (is_reset)
        setsockopt(connection->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(connection->socket);
    connection->socket = -1;
}

static void open_connection(struct connection *connection) {
    if (opened + failed >= total) return;
    int small = 2048;
    int socket_ = socket(server.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (socket_ < 0) fail("socket");
    if (is_mute) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    *connection = (struct connection){.socket = socket_};
    if (server.ss_family == AF_INET && source_count) {
        struct sockaddr_in *source = &sources[(opened + failed) % source_count];
        // The port is chosen at the connect, for each server anew.
        setsockopt(socket_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &(int){1}, sizeof(int));
        if (bind(socket_, (struct sockaddr *)source, sizeof *source)) fail("bind");
    }
    if (connect(socket_, (struct sockaddr *)&server, server_length) && errno != EINPROGRESS) {
        failed++;
        let_go(connection);
        return;
    }
    opened++;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
        .data.ptr = connection};
    if (epoll_ctl(queue, EPOLL_CTL_ADD, socket_, &event)) fail("epoll_ctl");
}

// The peer ended it, or it is done.
static void begin_again(struct connection *connection, bool is_by_peer) {
    if (is_by_peer) {
        closed++;
        if (!connection->received) unanswered++;
    }
    let_go(connection);
    open_connection(connection);
}

// False: the connection is over.
static bool say(struct connection *connection) {
    for (int turns = 0; turns < 64; turns++) {
        struct text *text = connection->is_begun ? &again : &first;
        size_t left = text->count - connection->sent;
        if (left) {
            ssize_t count = send(connection->socket, text->bytes + connection->sent, left,
                MSG_NOSIGNAL | MSG_DONTWAIT);
            if (count < 0) return errno == EAGAIN || errno == EINTR;
            sent += count;
            connection->sent += count;
            if ((size_t)count < left) return true;
        }
        if (!connection->is_begun && is_once) {
            begin_again(connection, false);
            return true;
        }
        connection->is_begun = true;
        connection->sent = 0;
        bool goes_on = again.count && !(is_polite && !connection->received);
        connection->next = goes_on ? now() + pause_ : 1e18;
        if (pause_ > 0 || !goes_on) return true;
    }
    connection->next = 0;
    return true;
}

static bool listen_to(struct connection *connection) {
    static char bytes[65536];
    for (int turns = 0; turns < 16; turns++) {
        ssize_t count = recv(connection->socket, bytes, sizeof bytes, MSG_DONTWAIT);
        if (count < 0) return errno == EAGAIN || errno == EINTR;
        if (!count) return false;
        if (is_polite && !connection->received) connection->next = 0;
        connection->received += count;
        received += count;
    }
    return true;
}

static void serve(struct connection *connection, uint32_t events) {
    if (connection->socket < 0) return;
    bool goes_on = !(events & (EPOLLERR | EPOLLHUP));
    if (goes_on && events & EPOLLOUT && !connection->is_connected) {
        connection->is_connected = true;
        connected++;
    }
    if (goes_on && events & EPOLLIN && !is_mute) goes_on = listen_to(connection);
    if (goes_on && events & EPOLLRDHUP) goes_on = false;
    if (goes_on && events & EPOLLOUT && connection->next <= now()) goes_on = say(connection);
    if (!goes_on) begin_again(connection, true);
}

// Those whose pause is over. The time at which to come back, at most 50 ms from now.
static double go_on(int number) {
    double time = now(), next = time + 0.05;
    for (int i = 0; i < number; i++) {
        struct connection *connection = &connections[i];
        if (connection->socket < 0) open_connection(connection);
        if (connection->socket < 0 || !connection->is_connected) continue;
        if (connection->next <= time && !say(connection)) begin_again(connection, true);
        if (connection->socket >= 0 && connection->next < next) next = connection->next;
    }
    return next;
}

static bool has_ended(int number) {
    if (opened + failed < total || !is_once) return false;
    for (int i = 0; i < number; i++)
        if (connections[i].socket >= 0) return false;
    return true;
}

static void find_server(const char *address, const char *port) {
    struct sockaddr_in *internet = (struct sockaddr_in *)&server;
    struct sockaddr_un *local = (struct sockaddr_un *)&server;
    if (address[0] == '/') {
        local->sun_family = AF_UNIX;
        strncpy(local->sun_path, address, sizeof local->sun_path - 1);
        server_length = sizeof *local;
        return;
    }
    internet->sin_family = AF_INET;
    internet->sin_port = htons(atoi(port));
    if (inet_pton(AF_INET, address, &internet->sin_addr) != 1) fail(address);
    server_length = sizeof *internet;
}

static void find_sources(char *addresses) {
    for (char *word = strtok(addresses, ","); word; word = strtok(NULL, ",")) {
        if (source_count == MOST_SOURCES) fail(word);
        sources[source_count].sin_family = AF_INET;
        if (inet_pton(AF_INET, word, &sources[source_count++].sin_addr) != 1) fail(word);
    }
}

int main(int count, char **words) {
    if (count != 11) return fprintf(stderr, "ten words, see attack.c\n"), 2;
    find_server(words[1], words[2]);
    find_sources(words[10]);
    int number = atoi(words[3]);
    total = atol(words[4]);
    double end = now() + atof(words[5]);
    pause_ = atof(words[6]) / 1000;
    is_once = strstr(words[7], "once");
    is_reset = strstr(words[7], "reset");
    is_mute = strstr(words[7], "mute");
    is_polite = strstr(words[7], "polite");
    first = contents(words[8]);
    again = contents(words[9]);
    if (number < 1 || number > MOST) return fprintf(stderr, "1 to %d connections\n", MOST), 2;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < (rlim_t)number + 16) return fprintf(stderr, "RLIMIT_NOFILE\n"), 2;
    signal(SIGTERM, stop);
    queue = epoll_create1(0);
    for (int i = 0; i < number; i++) open_connection(&connections[i]);
    puts("ready");
    fflush(stdout);
    double next = 0;
    while (now() < end && !is_over && !has_ended(number)) {
        struct epoll_event events[256];
        double wait = next - now();
        int ready = epoll_wait(queue, events, 256, wait > 0 ? (int)(wait * 1000) + 1 : 0);
        for (int i = 0; i < ready; i++) serve(events[i].data.ptr, events[i].events);
        if (next <= now()) next = go_on(number);
    }
    // What had come before the end counts.
    for (int turns = 0; turns < MOST && opened + failed >= total; turns++) {
        struct epoll_event event;
        if (epoll_wait(queue, &event, 1, 0) < 1) break;
        serve(event.data.ptr, event.events);
    }
    long open = 0;
    for (int i = 0; i < number; i++) open += connections[i].socket >= 0;
    printf("{\"opened\": %ld, \"connected\": %ld, \"failed\": %ld, \"closed\": %ld, "
        "\"unanswered\": %ld, \"open\": %ld, \"sent\": %ld, \"received\": %ld}\n",
        opened, connected, failed, closed, unanswered, open, sent, received);
}
