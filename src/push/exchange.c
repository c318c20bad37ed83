/*
 * One exchange: a libcurl handle, a call, and what has come of it so far.
 *
 * 1. `sent` is set by the last callback before libcurl writes a request: what
 *    fails earlier (name, connection, TLS, guard) has certainly sent nothing.
 * 2. The guard is asked when a socket is opened, and again before each request
 *    for the address that it goes to: a connection that was opened for a
 *    target in an allowed network is not lent to a stranger's callback.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "push/exchange.h"

enum {
	KEPT_MAX = 64 * 1024,	/* bytes of a buf that an idle one keeps */
	PATIENT_MS = 30000,	/* longer calls have to move on */
	LOW_SPEED = 30,		/* bytes a second */
};

static const CURLoption knob_options[KNOBS] = {
	[KNOB_CONNECT_MS] = CURLOPT_CONNECTTIMEOUT_MS,
	[KNOB_TOTAL_MS] = CURLOPT_TIMEOUT_MS,
	[KNOB_LOW_TIME] = CURLOPT_LOW_SPEED_TIME,
	[KNOB_LOW_LIMIT] = CURLOPT_LOW_SPEED_LIMIT,
	[KNOB_FRESH] = CURLOPT_FRESH_CONNECT,
	[KNOB_FORBID] = CURLOPT_FORBID_REUSE,
	[KNOB_VERSION] = CURLOPT_HTTP_VERSION,
	[KNOB_WAIT] = CURLOPT_PIPEWAIT,
};

/* A refusal of an option is a bug, or no memory. */
#define SET(x, option, value) \
	CHECK(curl_easy_setopt((x)->easy, option, value) == CURLE_OK)

/* ---- what libcurl asks and tells ---- */

static bool
is_refused(struct exchange *x, const struct sockaddr *sa)
{
	const char *why = guard_refuses(&x->limits->guard, sa, x->call->allow);

	if (why)
		x->refused = why;
	return why != NULL;
}

static curl_socket_t
on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	(void)purpose;
	if (is_refused(arg, &to->addr))
		return CURL_SOCKET_BAD;
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* A connection is there, and the request is about to be written. */
static int
on_request(void *arg, char *to, char *from, int to_port, int from_port)
{
	struct exchange *x = arg;
	struct sockaddr_in v4 = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)to_port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
		.sin6_port = v4.sin_port };
	bool is_v4 = inet_pton(AF_INET, to, &v4.sin_addr) == 1;

	(void)from;
	(void)from_port;
	if (!is_v4 && inet_pton(AF_INET6, to, &v6.sin6_addr) != 1)
		v6.sin6_family = AF_UNSPEC;
	if (is_refused(x, is_v4 ? (struct sockaddr *)&v4 :
		(struct sockaddr *)&v6))
		return CURL_PREREQFUNC_ABORT;
	x->call->sent = true;
	return CURL_PREREQFUNC_OK;
}

static size_t
on_line(char *bytes, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;
	struct slice line = slice(bytes, size * n);

	if (slice_starts(line, S("HTTP/"))) {
		ssize_t blank = slice_find_byte(line, ' ');

		buf_reset(&x->head);
		x->is_interim = blank > 0 && slice_starts(
			slice_from(line, (size_t)blank), S(" 1"));
	}
	if (line.len <= 2)
		x->is_headed = !x->is_interim;
	buf_put(&x->head, line);
	x->n_lines++;
	return buf_ok(&x->head) && x->n_lines <= CALL_LINES_MAX ? line.len : 0;
}

static size_t
on_bytes(char *bytes, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;
	struct slice more = slice(bytes, size * n);
	size_t room = x->answer.limit - x->answer.len;

	x->is_over = more.len > room;
	buf_put(&x->answer, slice_sub(more, 0, room));
	return x->is_over ? 0 : more.len;
}

/* ---- the handle ---- */

struct exchange *
exchange_new(const struct client_limits *l)
{
	struct exchange *x = x_calloc(1, sizeof(*x));

	x->easy = curl_easy_init();
	x->limits = l;
	x->head = BUF_INIT(CALL_HEAD_MAX);
	CHECK(x->easy);
	SET(x, CURLOPT_PRIVATE, x);
	SET(x, CURLOPT_ERRORBUFFER, x->error);
	SET(x, CURLOPT_NOSIGNAL, 1L);
	SET(x, CURLOPT_PROTOCOLS_STR, "http,https");
	SET(x, CURLOPT_PROXY, "");
	SET(x, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	SET(x, CURLOPT_PATH_AS_IS, 1L);
	SET(x, CURLOPT_FOLLOWLOCATION, 0L);
	SET(x, CURLOPT_DNS_CACHE_TIMEOUT, -1L);	/* see memory.h */
	/* A call that is given up does not wait for its name to resolve. */
	SET(x, CURLOPT_QUICK_EXIT, 1L);
	/* From a file alone the certificates are parsed once, not per host. */
	SET(x, CURLOPT_CAPATH, NULL);
	if (l->ca_file)
		SET(x, CURLOPT_CAINFO, l->ca_file);
	if (l->agent)
		SET(x, CURLOPT_USERAGENT, l->agent);
	SET(x, CURLOPT_OPENSOCKETFUNCTION, on_open);
	SET(x, CURLOPT_OPENSOCKETDATA, x);
	SET(x, CURLOPT_PREREQFUNCTION, on_request);
	SET(x, CURLOPT_PREREQDATA, x);
	SET(x, CURLOPT_HEADERFUNCTION, on_line);
	SET(x, CURLOPT_HEADERDATA, x);
	SET(x, CURLOPT_WRITEFUNCTION, on_bytes);
	SET(x, CURLOPT_WRITEDATA, x);
	for (size_t i = 0; l->names && l->names[i]; i++)
		x->names = curl_slist_append(x->names, l->names[i]);
	for (size_t i = 0; i < KNOBS; i++)
		x->knobs[i] = -1;
	return x;
}

static void
turn_knob(struct exchange *x, enum exchange_knob k, int64_t value)
{
	long v = (long)MIN(MAX(value, 0), (int64_t)INT32_MAX);

	if (x->knobs[k] == v)
		return;
	SET(x, knob_options[k], v);
	x->knobs[k] = v;
}

static void
set_memory(struct exchange *x, struct memory *m)
{
	if (x->memory == m)
		return;
	SET(x, CURLOPT_SHARE, m->share);
	memory_unref(x->memory);
	x->memory = memory_ref(m);
	if (x->names)
		SET(x, CURLOPT_RESOLVE, x->names);
}

static void
set_times(struct exchange *x, const struct call *call)
{
	int64_t total = call->total_ms > 0 ? call->total_ms : CALL_TOTAL_MS;
	bool patient = total > PATIENT_MS;

	turn_knob(x, KNOB_TOTAL_MS, total);
	turn_knob(x, KNOB_CONNECT_MS, call->connect_ms > 0 ? call->connect_ms :
		CALL_CONNECT_MS);
	turn_knob(x, KNOB_LOW_TIME, patient ? PATIENT_MS / 1000 : 0);
	turn_knob(x, KNOB_LOW_LIMIT, patient ? LOW_SPEED : 0);
}

/* HTTP/2 is worth waiting for, where there is TLS to agree on it. */
static void
set_connection(struct exchange *x, const struct call *call)
{
	bool two = !call->fresh &&
		slice_starts_nocase(slice_str(call->url), S("https:"));

	turn_knob(x, KNOB_FRESH, call->fresh);
	turn_knob(x, KNOB_FORBID, call->fresh);
	turn_knob(x, KNOB_WAIT, two);
	turn_knob(x, KNOB_VERSION, two ? CURL_HTTP_VERSION_2TLS :
		CURL_HTTP_VERSION_1_1);
	if (x->compressed != call->compressed)
		SET(x, CURLOPT_ACCEPT_ENCODING, call->compressed ? "" : NULL);
	x->compressed = call->compressed;
}

static void
set_method(struct exchange *x, const struct call *call)
{
	bool get = !strcmp(call->method, "GET");
	const char *name = get || !strcmp(call->method, "POST") ? NULL :
		call->method;

	if (get)
		SET(x, CURLOPT_HTTPGET, 1L);
	else {
		/* These make it a POST; without a pointer it would read. */
		SET(x, CURLOPT_POSTFIELDS, call->body.ptr ? call->body.ptr :
			"");
		SET(x, CURLOPT_POSTFIELDSIZE_LARGE,
			(curl_off_t)call->body.len);
	}
	if (name || x->is_named)
		SET(x, CURLOPT_CUSTOMREQUEST, name);
	x->is_named = name != NULL;
}

/* Header lines, where they lie.  "Expect:" takes libcurl's own away. */
static int
set_headers(struct exchange *x, struct call *call)
{
	static char no_expect[] = "Expect:";

	if (call->n_headers > CALL_HEADERS_MAX)
		return err_set(&call->failed, ERR_LIMIT, "the request has %zu "
			"headers, at most %d", call->n_headers,
			CALL_HEADERS_MAX);
	x->lines[0].data = no_expect;
	for (size_t i = 0; i < call->n_headers; i++) {
		const char *line = call->headers[i];

		if (line[strcspn(line, "\r\n")])
			return err_set(&call->failed, ERR_SYNTAX, "a header of "
				"the request has a line break in it");
		x->lines[i].next = &x->lines[i + 1];
		x->lines[i + 1].data = (char *)(uintptr_t)line;
	}
	x->lines[call->n_headers].next = NULL;
	SET(x, CURLOPT_HTTPHEADER, x->lines);
	return 0;
}

static void
forget(struct exchange *x)
{
	buf_reset(&x->head);
	buf_reset(&x->answer);
	x->n_lines = 0;
	x->is_headed = x->is_interim = x->is_over = false;
	x->refused = NULL;
	x->error[0] = '\0';
}

int
exchange_begin(struct exchange *x, struct call *call, struct memory *m)
{
	forget(x);
	x->call = call;
	x->began = clock_mono_ms();
	x->answer.limit = call->answer_max ? call->answer_max :
		CALL_ANSWER_MAX;
	if (set_headers(x, call) < 0)
		return -1;
	if (curl_easy_setopt(x->easy, CURLOPT_URL, call->url) != CURLE_OK)
		return err_set(&call->failed, ERR_SYNTAX,
			"the address is too long");
	set_memory(x, m);
	set_times(x, call);
	set_connection(x, call);
	set_method(x, call);
	return 0;
}

void
exchange_rest(struct exchange *x)
{
	x->call = NULL;
	if (x->answer.room > KEPT_MAX)
		buf_done(&x->answer);
}

void
exchange_leave(struct exchange *x)
{
	SET(x, CURLOPT_SHARE, NULL);
	memory_unref(x->memory);
	x->memory = NULL;
}

void
exchange_free(struct exchange *x)
{
	curl_easy_cleanup(x->easy);
	curl_slist_free_all(x->names);
	memory_unref(x->memory);
	buf_done(&x->head);
	buf_done(&x->answer);
	free(x);
}
