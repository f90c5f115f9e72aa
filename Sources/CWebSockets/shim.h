#include <libwebsockets.h>
/* Macros that Swift does not import: bytes kept free before a payload, and the raw write mode. */
static inline int ups_lws_pre(void) { return LWS_PRE; }
static inline enum lws_write_protocol ups_lws_write_raw(void) { return LWS_WRITE_RAW; }
/* glibc shows it with _GNU_SOURCE only, which must not be defined in a header that Swift reads. */
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
