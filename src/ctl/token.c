/*
 * Making a token for a partner: 32 bytes of chance from the kernel, in letters
 * that stand everywhere, in an address too.
 */
#include <stdio.h>
#include <sys/random.h>

#include "base/base64.h"
#include "base/sha256.h"
#include "ctl/token.h"
#include "ctl/words.h"

enum { TOKEN_BYTES = 32, TOKEN_TEXT_MAX = 64 };

json_t *
token_make(void)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(TOKEN_TEXT_MAX);
	char bytes[TOKEN_BYTES], hex[SHA256_HEX + 1];
	struct sha256 hash;

	CHECK(getrandom(bytes, sizeof(bytes), 0) == (ssize_t)sizeof(bytes));
	base64_put_url(&b, slice(bytes, sizeof(bytes)));
	hash = sha256_of(buf_slice(&b));
	sha256_hex(&hash, hex);
	return json_pack("{s:b, s:s, s:s}", "ok", 1, "token", b.ptr, "sha256",
		hex);
}

void
token_show(const json_t *made)
{
	printf("token:  %s\n"
		"sha256: %s\n\n"
		"Give the token to the partner; it is not kept anywhere.\n"
		"Write the hash into the configuration, in \"tokens\" of the "
		"partner,\nand run \"gazettectl reload\".\n",
		word_text(made, "token"), word_text(made, "sha256"));
}
