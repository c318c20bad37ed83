/*
 * Connections: their phases, deadlines, and the request under way.
 */
#ifndef SERVE_CONN_H
#define SERVE_CONN_H

#include "serve/server.h"

/* A connection just accepted, in PHASE_HEADER; peer may be NULL. */
struct conn *conn_new(struct serve *s, int fd, struct peer *peer);

/* It is closed: forget it, and its request's owner need not answer. */
void conn_free(struct conn *c);

/* Its request line is there, target_len bytes of target in it. */
void conn_begin(struct conn *c, size_t target_len);

/* Who asks; false: nobody knows. */
bool conn_client(const struct conn *c, struct address *ret);

/* The head is there and judged: 0, or the status to refuse with. */
unsigned conn_judge(struct conn *c);

/* Find what to answer: now, or the connection is suspended until then. */
void conn_ask(struct conn *c);

/* Queue the answer that is there. */
enum MHD_Result conn_queue(struct conn *c);

/* The answer is sent, or the client is gone. */
void conn_completed(struct conn *c);

/* The owner's answer; if it had the request to itself, go on. */
void conn_answer(struct conn *c, struct answer a);

/* Set how long each phase may last. */
void conn_set_deadlines(struct serve *s, const struct serve_conf *c);

/* How often conn_expire() should be called, in ms. */
int64_t conn_tick_ms(const struct serve *s);

/* Close, or answer 503, where a deadline has passed. */
void conn_expire(struct serve *s);

/* The end: wake what is suspended, so that libmicrohttpd can close it. */
void conn_resume_all(struct serve *s);

#endif
