/*
 * What all pages share (assets.h); and the page of what is not there.
 *
 * They are made once, when a configuration is put in force: all of it takes a
 * few milliseconds, which no request should wait for on the loop.
 */
#include <stdlib.h>

#include "daemon/assets.h"
#include "daemon/compose.h"
#include "feed/page.h"
#include "feed/page_assets.h"

enum { ASSETS_MAX = 4, ASSET_BYTES_MAX = 2 * 1024 * 1024, A_DAY_S = 86400 };

struct asset {
	char path[32];
	struct document *doc;
};

struct assets {
	struct asset list[ASSETS_MAX];
	size_t n;
	struct document *nothing, *denied;
};

/* The bytes in b, at an address below the top. */
static void
add(struct assets *a, struct slice name, const char *type, struct buf *b)
{
	struct asset *new = &a->list[a->n++];
	struct document *d = render_document(type, b);

	CHECK(a->n <= ASSETS_MAX && d && name.len < sizeof(new->path) - 1);
	d->max_age = A_DAY_S;
	new->path[0] = '/';
	memcpy(new->path + 1, name.ptr, name.len);
	new->doc = d;
}

static void
add_bytes(struct assets *a, struct slice name, const char *type,
	struct slice bytes)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(ASSET_BYTES_MAX);

	buf_put(&b, bytes);
	add(a, name, type, &b);
}

static void
add_picture(struct assets *a, const struct picture *p)
{
	if (p->name.len > 0)
		add_bytes(a, p->name, p->type, p->bytes);
}

static struct document *
make_message(const struct config *c, int status, enum word sentence)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(ASSET_BYTES_MAX);
	struct document *d;

	page_message(&b, c, S(""), sentence);
	d = render_document(page_type, &b);
	CHECK(d);
	d->status = status;
	d->csp = page_csp(c, NULL);
	return d;
}

struct assets *
assets_new(const struct config *c)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(ASSET_BYTES_MAX);
	const struct picture *image = &c->site.image;
	struct assets *a = x_calloc(1, sizeof(*a));

	a->nothing = make_message(c, 404, WORD_NOT_FOUND);
	a->denied = make_message(c, 401, WORD_PARTNERS_ONLY);
	a->denied->challenge = "Basic realm=\"partners\", charset=\"UTF-8\", "
		"Bearer realm=\"partners\"";
	add_bytes(a, S("style.css"), "text/css; charset=utf-8", page_style());
	add_bytes(a, S("icon.svg"), "image/svg+xml", page_icon());
	add_picture(a, &c->site.follow.wechat_code);
	add_picture(a, image);
	if (image->name.len == 0 && image->url.len == 0) {
		page_picture(&b);
		add(a, S("share.png"), "image/png", &b);
	}
	return a;
}

bool
assets_serve(const struct assets *a, struct slice path,
	struct serve_request *r)
{
	for (size_t i = 0; i < a->n; i++) {
		if (!slice_eq(path, slice_str(a->list[i].path)))
			continue;
		serve_answer(r, document_ref(a->list[i].doc));
		return true;
	}
	return false;
}

struct document *
assets_nothing(const struct assets *a)
{
	return document_ref(a->nothing);
}

struct document *
assets_denied(const struct assets *a)
{
	return document_ref(a->denied);
}

void
assets_free(struct assets *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->n; i++)
		document_unref(a->list[i].doc);
	document_unref(a->nothing);
	document_unref(a->denied);
	free(a);
}
