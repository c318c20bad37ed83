/*
 * The client and TLS: a certificate counts when somebody we believe signed it,
 * for that name, and in no other case.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "push_peer.h"

enum { NAMES = 3 };

/* A peer that greets whoever agrees on TLS; one connection at a time. */
static struct {
	int fd, port;
	pthread_t thread;
	SSL_CTX *tls;
	char ca_file[64];
	char texts[NAMES][64];
	const char *names[NAMES + 1];
	atomic_int handshakes, resumed, requests;
} tls;

static X509 *
make_certificate(EVP_PKEY *key, const char *names)
{
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);
	X509_EXTENSION *san = X509V3_EXT_conf_nid(NULL, NULL,
		NID_subject_alt_name, names);

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -60);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
		(const unsigned char *)"test", -1, -1, 0);
	X509_set_issuer_name(x, name);
	X509_add_ext(x, san, -1);
	X509_EXTENSION_free(san);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	return x;
}

static void
write_certificate(X509 *x)
{
	CLEANUP(fd_close) int fd = -1;
	BIO *b = BIO_new(BIO_s_mem());
	char *text;
	long len;
	struct err e;

	snprintf(tls.ca_file, sizeof(tls.ca_file), "/tmp/push-ca-XXXXXX");
	fd = mkstemp(tls.ca_file);
	assert_true(fd >= 0 && PEM_write_bio_X509(b, x));
	len = BIO_get_mem_data(b, &text);
	assert_int_equal(fd_write(fd, slice(text, (size_t)len), &e), 0);
	BIO_free(b);
}

static void
greet(SSL *s)
{
	static const char answer[] =
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	char request[4096];

	if (SSL_accept(s) != 1)
		return;
	atomic_fetch_add(&tls.handshakes, 1);
	atomic_fetch_add(&tls.resumed, SSL_session_reused(s));
	while (SSL_read(s, request, sizeof(request)) > 0) {
		atomic_fetch_add(&tls.requests, 1);
		SSL_write(s, answer, sizeof(answer) - 1);
	}
}

static void *
serve(void *arg)
{
	int fd;

	while ((fd = accept(tls.fd, NULL, NULL)) >= 0) {
		SSL *s = SSL_new(tls.tls);

		SSL_set_fd(s, fd);
		greet(s);
		SSL_free(s);
		close(fd);
	}
	return arg;
}

static int
begin(void **state)
{
	static const char *const hosts[NAMES] = { "good.test", "bad.test",
		"gets.wild.test" };
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = make_certificate(key, "DNS:good.test,DNS:*.wild.test");

	peer_begin(state);
	signal(SIGPIPE, SIG_IGN);
	atomic_store(&tls.handshakes, 0);
	atomic_store(&tls.resumed, 0);
	atomic_store(&tls.requests, 0);
	tls.tls = SSL_CTX_new(TLS_server_method());
	assert_int_equal(SSL_CTX_use_certificate(tls.tls, x), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(tls.tls, key), 1);
	write_certificate(x);
	X509_free(x);
	EVP_PKEY_free(key);
	tls.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(tls.fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(tls.fd, 16), 0);
	assert_int_equal(getsockname(tls.fd, (struct sockaddr *)&at, &len), 0);
	tls.port = ntohs(at.sin_port);
	for (size_t i = 0; i < NAMES; i++) {
		snprintf(tls.texts[i], sizeof(tls.texts[i]),
			"%s:%d:127.0.0.1", hosts[i], tls.port);
		tls.names[i] = tls.texts[i];
	}
	return pthread_create(&tls.thread, NULL, serve, NULL);
}

static int
end(void **state)
{
	client_free(peer.client);
	peer.client = NULL;
	shutdown(tls.fd, SHUT_RDWR);
	pthread_join(tls.thread, NULL);
	close(tls.fd);
	unlink(tls.ca_file);
	SSL_CTX_free(tls.tls);
	return peer_end(state);
}

static void
believe(const char *ca_file)
{
	peer_limits(&(struct client_limits){ .ca_file = ca_file,
		.names = tls.names });
}

static struct call
ask(const char *host, bool fresh)
{
	struct call c = peer_call("POST", "/");
	char url[64];

	snprintf(url, sizeof(url), "https://%s:%d/", host, tls.port);
	c.url = url;
	c.fresh = fresh;
	c.body = S("hello");
	peer_ask(&c);
	c.url = NULL;
	return c;
}

static void
whoever_is_believed_is_talked_to(void **state)
{
	struct call c;

	(void)state;
	believe(tls.ca_file);
	for (int i = 0; i < 3; i++) {
		c = ask("good.test", false);
		assert_int_equal(c.failed.kind, ERR_NONE);
		assert_int_equal(c.status, 200);
	}
	assert_int_equal(tls.handshakes, 1);
	assert_int_equal(tls.requests, 3);
}

static void
a_wildcard_is_of_one_label(void **state)
{
	struct call c;

	(void)state;
	believe(tls.ca_file);
	c = ask("gets.wild.test", false);
	assert_int_equal(c.status, 200);
}

static void
nothing_is_sent_to_a_stranger(void **state)
{
	struct call c;

	(void)state;
	believe(NULL);
	c = ask("good.test", false);
	assert_int_equal(c.failed.kind, ERR_IO);
	assert_non_null(strstr(c.failed.text, "cannot agree on TLS"));
	assert_false(c.sent);
	assert_int_equal(tls.requests, 0);
}

static void
nothing_is_sent_to_another_name(void **state)
{
	struct call c;

	(void)state;
	believe(tls.ca_file);
	c = ask("bad.test", false);
	assert_int_equal(c.failed.kind, ERR_IO);
	assert_false(c.sent);
	assert_int_equal(tls.requests, 0);
}

/* A new connection need not begin from nothing. */
static void
sessions_are_remembered(void **state)
{
	(void)state;
	believe(tls.ca_file);
	for (int i = 0; i < 3; i++) {
		struct call c = ask("good.test", true);

		assert_int_equal(c.status, 200);
	}
	assert_int_equal(tls.handshakes, 3);
	assert_true(tls.resumed >= 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whoever_is_believed_is_talked_to),
		TEST(a_wildcard_is_of_one_label),
		TEST(nothing_is_sent_to_a_stranger),
		TEST(nothing_is_sent_to_another_name),
		TEST(sessions_are_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
