/*
 * Events: one line each, to the journal or to stderr.
 *
 * The fields travel as an array of "NAME=value" strings, which is what
 * sd_journal_sendv(3) takes; the text and the JSON form are made from it.
 */
#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/event.h"
#include "base/mask.h"

enum {
	FIELD_MAX = 12,
	FIELD_SIZE = 400,
	LINE_SIZE = FIELD_MAX * 2 * FIELD_SIZE + 1024,
};

struct event_info {
	const char *id;
	const char *text;
	int level;
};

static const struct event_info infos[] = {
#define EVENT(id, level, text, meaning) { #id, text, LOG_##level },
#include "base/events.def"
#undef EVENT
};

static _Atomic uint64_t counts[EVENT_COUNT];
static enum event_format stderr_format;
static bool to_journal;

/* The fields as strings, cut to their size. */
struct fields {
	const char *name[FIELD_MAX];
	char value[FIELD_MAX][FIELD_SIZE + 1];
	size_t n;
};

/* $JOURNAL_STREAM names the device and inode that stderr then is. */
static bool
stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	return stream && sscanf(stream, "%llu:%llu", &dev, &ino) == 2 &&
		fstat(STDERR_FILENO, &st) == 0 && st.st_dev == dev &&
		st.st_ino == ino;
}

void
event_setup(enum event_format format)
{
	stderr_format = format;
	to_journal = stderr_is_journal();
}

static const char *
level_name(int level)
{
	static const char *const names[] = { "emerg", "alert", "crit", "err",
		"warning", "notice", "info", "debug" };

	return names[level & 7];
}

/* "path" becomes "GAZETTED_PATH=value". */
static void
journal_line(char *line, size_t size, const char *name, const char *value)
{
	int len = snprintf(line, size, "GAZETTED_%s=%s", name, value);

	CHECK(len > 0);
	for (char *p = line; *p != '='; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
}

static void
send_journal(const struct event_info *info, const struct fields *f)
{
	char lines[FIELD_MAX + 3][FIELD_SIZE + 64];
	struct iovec iov[FIELD_MAX + 3];
	size_t n = 3;

	snprintf(lines[0], sizeof(lines[0]), "PRIORITY=%d", info->level);
	journal_line(lines[1], sizeof(lines[1]), "EVENT", info->id);
	snprintf(lines[2], sizeof(lines[2]), "MESSAGE=%s%s%s", info->text,
		f->n ? ": " : "", f->n ? f->value[0] : "");
	for (size_t i = 0; i < f->n; i++)
		journal_line(lines[n++], sizeof(lines[0]), f->name[i],
			f->value[i]);
	for (size_t i = 0; i < n; i++)
		iov[i] = (struct iovec){ lines[i], strlen(lines[i]) };
	sd_journal_sendv(iov, (int)n);
}

/* A value in quotes when a reader could not see where it ends. */
static void
put_value(struct buf *b, const char *v)
{
	if (*v && !strpbrk(v, " \"=\\\n\r\t")) {
		buf_put_str(b, v);
		return;
	}
	buf_put_byte(b, '"');
	for (; *v; v++) {
		if (*v == '"' || *v == '\\')
			buf_put_byte(b, '\\');
		buf_put_byte(b, (unsigned char)*v < ' ' ? ' ' : *v);
	}
	buf_put_byte(b, '"');
}

/* One write(2) for a line: it stays whole beside other writers. */
static void
send_text(const struct event_info *info, const struct fields *f)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(LINE_SIZE);

	buf_printf(&b, "gazetted: %s: %s", level_name(info->level),
		info->text);
	for (size_t i = 0; i < f->n; i++) {
		buf_printf(&b, " %s=", f->name[i]);
		put_value(&b, f->value[i]);
	}
	buf_put_byte(&b, '\n');
	fwrite(b.ptr, 1, b.len, stderr);
}

static void
send_json(const struct event_info *info, const struct fields *f)
{
	json_t *o = json_pack("{ssssss}", "level", level_name(info->level),
		"event", info->id, "text", info->text);
	char *line;

	for (size_t i = 0; i < f->n; i++) {
		json_t *v = json_string(f->value[i]);

		json_object_set_new(o, f->name[i],
			v ? v : json_string("(not UTF-8)"));
	}
	line = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	if (!line)
		return;
	fprintf(stderr, "%s\n", line);
	free(line);
}

static void
fill_field(const struct field *from, char *ret)
{
	if (from->is_number) {
		snprintf(ret, FIELD_SIZE + 1, "%lld",
			(long long)from->number);
		return;
	}
	snprintf(ret, FIELD_SIZE + 1, "%.*s",
		(int)MIN(from->text.len, (size_t)FIELD_SIZE),
		from->text.ptr ? from->text.ptr : "");
	mask_tokens(ret);
}

void
event_send(enum event_id id, const struct field *fields, size_t n)
{
	struct fields f = { 0 };

	for (size_t i = 1; i <= n && f.n < FIELD_MAX; i++) {
		/* What says nothing is left out. */
		if (!fields[i].is_number && fields[i].text.len == 0)
			continue;
		f.name[f.n] = fields[i].name;
		fill_field(&fields[i], f.value[f.n++]);
	}
	atomic_fetch_add_explicit(&counts[id], 1, memory_order_relaxed);
	if (to_journal)
		send_journal(&infos[id], &f);
	else if (stderr_format == EVENT_JSON)
		send_json(&infos[id], &f);
	else
		send_text(&infos[id], &f);
}

void
event_err(enum event_id id, const char *name, struct slice value,
	const struct err *e)
{
	if (e->hint[0])
		event(id, F_TEXT(name, value), F_TEXT("why",
			slice_str(e->text)), F_TEXT("hint",
			slice_str(e->hint)));
	else
		event(id, F_TEXT(name, value), F_TEXT("why",
			slice_str(e->text)));
}

uint64_t
event_count(enum event_id id)
{
	return atomic_load_explicit(&counts[id], memory_order_relaxed);
}
