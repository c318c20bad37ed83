/*
 * Are the bytes of a document those that were published?
 */
#include "base/compress.h"
#include "verify/bytes.h"

void
bytes_check(const struct document *d, const char *etag, struct slice place,
	struct slice hint, struct findings *ret)
{
	struct slice plain = d->body[CODING_IDENTITY];
	struct slice gzip = d->body[CODING_GZIP];
	struct slice brotli = d->body[CODING_BROTLI];
	char hash[HASH_HEX + 1];

	hash128_hex(plain, hash);
	if (strcmp(hash, etag) != 0)
		findings_add(ret, place, hint, "its bytes have the hash %s, "
			"and what was published %s", hash, etag);
	if (!gzip.ptr && plain.len >= GZIP_LEAST)
		findings_add(ret, place, hint, "its gzip copy is not there");
	if (gzip.ptr && !gzip_matches(gzip, plain))
		findings_add(ret, place, hint, "its gzip copy unpacks to "
			"something else, or not at all");
	/* It is made when there is time, so it may not be there yet. */
	if (brotli.ptr && !brotli_matches(brotli, plain))
		findings_add(ret, place, hint, "its brotli copy unpacks to "
			"something else, or not at all");
}
