/*
 * Fuzz target: any template over any summary, within any limit.
 *
 * The first byte chooses the unit, the second the limit; the template ends at
 * a NUL.  What is said keeps the limit, whatever it is made of, and is UTF-8
 * when that is.
 */
#include "base/utf8.h"
#include "push/voice.h"
#include "fuzz.h"

static struct config config = { .site = { .url = S_INIT("https://n.hk/"),
	.name = S_INIT("N.") }, .n_roots = 1,
	.roots[0].permalink = S_INIT("/a/{stem}") };
static const struct target target = { .name = S_INIT("t") };

static void
check_said(struct slice text, const struct fit *fit, bool is_good)
{
	CHECK(text.len > 0);
	CHECK(fit_measure(fit, text) <= fit->max);
	CHECK(!is_good || utf8_valid(text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice input = slice((const char *)bytes, len);
	struct slice template, summary, text;
	struct voice_conf v = { .hashtags = 3 };
	struct entry entry = { .path = S("a.txt"), .title = S("A.co \u2461"),
		.slug = S("a") };
	struct delivery d = { .config = &config, .target = &target,
		.entry = &entry };
	struct fit fit = { .address = 23 };
	struct err e = { 0 };

	if (len < 2)
		return 0;
	fit.unit = (enum fit_unit)(bytes[0] % (FIT_BYTES + 1));
	fit.max = bytes[1];
	summary = slice_from(input, 2);
	slice_next_field(&summary, '\0', &template);
	entry.summary = summary;
	v.template = template;
	if (voice_put(&v, &d, &fit, 1, &a, &text, &e) == 0)
		check_said(text, &fit, utf8_valid(template) &&
			utf8_valid(summary));
	else
		CHECK(e.kind == ERR_LIMIT || e.kind == ERR_REFUSED);
	/* A word for the setting, too. */
	if (voice_check_template(template, &e) < 0)
		CHECK(e.text[0] && e.hint[0]);
	return 0;
}
