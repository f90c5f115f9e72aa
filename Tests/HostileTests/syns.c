// Half-open TCP: sends SYNs from addresses that nobody has and never goes on. For a namespace of
// the test only. Compiled by tools.py, run by test_many.py: syns ADDRESS PORT COUNT PER_SECOND
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct packet {
    struct iphdr ip;
    struct tcphdr tcp;
};

// What the checksum of TCP is made of besides the header itself.
struct pseudo {
    uint32_t source, target;
    uint8_t zero, protocol;
    uint16_t length;
    struct tcphdr tcp;
};

static uint16_t checksum(const void *bytes, size_t count) {
    const uint8_t *byte = bytes;
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i += 2) sum += byte[i] << 8 | byte[i + 1];
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return htons(~sum);
}

static struct packet syn(uint32_t source, uint32_t target, int port) {
    struct packet packet = {
        .ip = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP,
            .tot_len = htons(sizeof packet), .saddr = source, .daddr = target},
        .tcp = {.source = htons(1024 + rand() % 60000), .dest = htons(port), .seq = rand(),
            .doff = 5, .syn = 1, .window = htons(1024)}};
    struct pseudo pseudo = {
        source, target, 0, IPPROTO_TCP, htons(sizeof packet.tcp), packet.tcp};
    packet.tcp.check = checksum(&pseudo, sizeof pseudo);
    return packet;
}

int main(int count, char **words) {
    if (count != 5) return fprintf(stderr, "syns ADDRESS PORT COUNT PER_SECOND\n"), 2;
    struct sockaddr_in server = {.sin_family = AF_INET};
    inet_pton(AF_INET, words[1], &server.sin_addr);
    int socket_ = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
    if (socket_ < 0) return perror("socket"), 1;
    long total = atol(words[3]), sent = 0;
    puts("ready");
    fflush(stdout);
    for (long i = 0; i < total; i++) {
        // A host of the same network, of 10.77.1.0 to 10.77.250.255.
        uint32_t source = htonl(0x0a4d0000 + 256 + rand() % 64000);
        struct packet packet = syn(source, server.sin_addr.s_addr, atoi(words[2]));
        sent += sendto(socket_, &packet, sizeof packet, 0, (struct sockaddr *)&server,
            sizeof server) == sizeof packet;
        if (i % 10 == 9) usleep(10000000 / atoi(words[4]));
    }
    printf("%ld\n", sent);
}
