/*
 * The schema of press.db, and how older ones become it.
 *
 * 1. user_version counts the migrations that were made; they only go forward.
 * 2. What is read at every start (file) is narrow; what is large (body) is
 *    apart from what is listed (article).
 * 3. An index costs a page of SQLite's log per article: there are only those
 *    that a query of the ordinary day needs, and those in no order are made
 *    at the end of the first scan (number_links.c).  Folded titles are kept as
 *    their 64-bit hash, a fifth of the size.
 * 4. 64-bit unsigned numbers (hashes, device, inode) are stored as signed.
 * 5. Nothing deletes an article, a series or a feed: ids are promises.  So the
 *    tables with the most rows do without foreign keys, which would guard
 *    nothing there, and make SQLite prepare to take every change back.
 */
#include <stdio.h>

#include "store/schema.h"

enum { APPLICATION_ID = 0x677a7072 };	/* "gzpr" */

static const char version_1[] =
	"CREATE TABLE meta ("
	"  key TEXT PRIMARY KEY,"
	"  value TEXT NOT NULL"
	") WITHOUT ROWID;"

	"CREATE TABLE article ("
	"  id INTEGER PRIMARY KEY,"
	"  uid TEXT NOT NULL UNIQUE,"
	"  slug TEXT NOT NULL UNIQUE,"
	"  path TEXT NOT NULL,"		/* follows its file */
	"  state INTEGER NOT NULL,"	/* enum article_state */
	"  title TEXT NOT NULL,"	/* of the entry */
	"  headline TEXT NOT NULL,"
	"  published INTEGER NOT NULL,"
	"  updated INTEGER NOT NULL,"
	"  lang TEXT NOT NULL,"
	"  digest INTEGER NOT NULL,"
	"  form INTEGER NOT NULL,"
	"  fold INTEGER,"		/* hash of the folded title */
	"  headline_fold INTEGER,"	/* when it is another */
	"  mark_key TEXT,"
	"  mark_number INTEGER,"
	"  revision INTEGER NOT NULL,"	/* of what is shown */
	"  version INTEGER NOT NULL,"	/* of what is announced */
	"  announced INTEGER NOT NULL,"	/* the version that was */
	"  told INTEGER NOT NULL"	/* enum told */
	");"
	"CREATE INDEX article_without_file ON article (path)"
	"  WHERE state > 0;"

	"CREATE TABLE body ("
	"  article_id INTEGER PRIMARY KEY REFERENCES article (id),"
	"  summary TEXT NOT NULL,"
	"  html TEXT NOT NULL,"
	"  people TEXT NOT NULL,"	/* a line each: role digit, name */
	"  related_label TEXT NOT NULL"
	");"

	"CREATE TABLE file ("
	"  id INTEGER PRIMARY KEY,"
	"  path TEXT NOT NULL UNIQUE,"
	"  dev INTEGER NOT NULL,"
	"  ino INTEGER NOT NULL,"
	"  btime_ns INTEGER NOT NULL,"
	"  size INTEGER NOT NULL,"
	"  mtime_ns INTEGER NOT NULL,"
	"  ctime_ns INTEGER NOT NULL,"
	"  hash INTEGER NOT NULL,"
	"  article_id INTEGER REFERENCES article (id)"
	");"
	"CREATE TABLE file_aside ("
	"  path TEXT PRIMARY KEY REFERENCES file (path)"
	"    ON DELETE CASCADE,"
	"  reason TEXT NOT NULL,"
	"  hint TEXT NOT NULL,"
	"  since INTEGER NOT NULL"
	") WITHOUT ROWID;"

	"CREATE TABLE series ("
	"  id INTEGER PRIMARY KEY,"
	"  key TEXT NOT NULL UNIQUE,"
	"  title TEXT NOT NULL,"
	"  slug TEXT NOT NULL UNIQUE,"
	"  total INTEGER NOT NULL,"	/* 0: nobody said */
	"  born INTEGER NOT NULL"
	");"
	"CREATE TABLE series_alias ("
	"  key TEXT PRIMARY KEY,"
	"  series_id INTEGER NOT NULL REFERENCES series (id)"
	") WITHOUT ROWID;"
	"CREATE INDEX series_alias_by_series ON series_alias (series_id);"
	"CREATE TABLE part ("
	"  article_id INTEGER PRIMARY KEY REFERENCES article (id),"
	"  series_id INTEGER NOT NULL REFERENCES series (id),"
	"  number INTEGER NOT NULL,"
	"  label TEXT NOT NULL"
	");"
	"CREATE INDEX part_by_series ON part (series_id, number);"

	"CREATE TABLE link ("
	"  article_id INTEGER NOT NULL REFERENCES article (id),"
	"  position INTEGER NOT NULL,"
	"  title TEXT NOT NULL,"
	"  fold INTEGER NOT NULL,"
	"  mark_key TEXT,"
	"  mark_number INTEGER,"
	"  to_article INTEGER,"
	"  PRIMARY KEY (article_id, position)"
	") WITHOUT ROWID;"
	"CREATE INDEX link_by_target ON link (to_article)"
	"  WHERE to_article IS NOT NULL;"

	"CREATE TABLE feed ("
	"  id INTEGER PRIMARY KEY,"
	"  kind INTEGER NOT NULL,"	/* enum channel_kind */
	"  slug TEXT NOT NULL,"
	"  title TEXT NOT NULL,"
	"  uid TEXT NOT NULL UNIQUE,"
	"  series_id INTEGER UNIQUE REFERENCES series (id),"
	"  born INTEGER NOT NULL,"
	"  wanted INTEGER NOT NULL,"
	"  published INTEGER NOT NULL,"
	"  etag TEXT NOT NULL,"
	"  mtime INTEGER NOT NULL,"
	"  entries INTEGER NOT NULL,"	/* members that are shown */
	"  last_seq INTEGER NOT NULL,"
	"  UNIQUE (kind, slug)"
	");"
	/*
	 * The log: numbers are given once and never again.  What is in the
	 * log but not a member has left the channel.
	 */
	"CREATE TABLE feed_entry ("
	"  feed_id INTEGER NOT NULL,"
	"  seq INTEGER NOT NULL,"
	"  article_id INTEGER NOT NULL,"
	"  PRIMARY KEY (feed_id, seq)"
	") WITHOUT ROWID;"
	"CREATE TABLE feed_member ("
	"  article_id INTEGER NOT NULL,"
	"  feed_id INTEGER NOT NULL,"
	"  PRIMARY KEY (article_id, feed_id)"
	") WITHOUT ROWID;"

	/* Changes of articles that wait until a feed has this version. */
	"CREATE TABLE unpublished ("
	"  feed_id INTEGER NOT NULL REFERENCES feed (id),"
	"  version INTEGER NOT NULL,"
	"  article_id INTEGER NOT NULL REFERENCES article (id),"
	"  PRIMARY KEY (feed_id, version, article_id)"
	") WITHOUT ROWID;"
	"CREATE INDEX unpublished_by_article ON unpublished (article_id);"

	"CREATE TABLE announce ("
	"  seq INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  kind TEXT NOT NULL,"		/* article, feed */
	"  article_id INTEGER REFERENCES article (id),"
	"  action TEXT NOT NULL,"	/* published, updated, ... */
	"  channels TEXT NOT NULL,"	/* of an article: ids of feeds */
	"  feed_id INTEGER REFERENCES feed (id),"
	"  version INTEGER NOT NULL,"	/* of the article or the feed */
	"  at INTEGER NOT NULL"
	");"

	/* What identity.log knew when this database was made (identity.c). */
	"CREATE TABLE identity ("
	"  uid TEXT PRIMARY KEY,"
	"  kind TEXT NOT NULL,"
	"  path TEXT NOT NULL,"
	"  hash INTEGER NOT NULL,"
	"  published INTEGER NOT NULL,"
	"  slug TEXT NOT NULL,"
	"  line INTEGER NOT NULL"
	") WITHOUT ROWID;"
	"CREATE INDEX identity_by_path ON identity (kind, path);"
	"CREATE INDEX identity_by_hash ON identity (kind, hash);"
	"CREATE INDEX identity_by_slug ON identity (kind, slug);";

/*
 * What part 2 knows of articles: metadata and media; the whole mark, so that a
 * weak one can join a series later; what waits or is held.
 */
static const char version_2[] =
	"ALTER TABLE article ADD COLUMN mark_strength INTEGER NOT NULL"
	"  DEFAULT 0;"				/* enum mark_strength */
	"ALTER TABLE article ADD COLUMN mark_name TEXT;"
	"ALTER TABLE article ADD COLUMN mark_label TEXT;"
	"ALTER TABLE article ADD COLUMN mark_total INTEGER NOT NULL DEFAULT 0;"
	/* Its mark is weak, and nothing has confirmed it yet (confirm.c). */
	"ALTER TABLE article ADD COLUMN candidate INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX article_candidate"
	"  ON article (mark_key, mark_number, published)"
	"  WHERE candidate = 1;"
	/* Its own page, elsewhere; empty: by the template. */
	"ALTER TABLE article ADD COLUMN url TEXT NOT NULL DEFAULT '';"
	/* Withdrawn by the operator: the file does not bring it back. */
	"ALTER TABLE article ADD COLUMN barred INTEGER NOT NULL DEFAULT 0;"
	/* When it was withdrawn; 0: it is not. */
	"ALTER TABLE article ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX article_by_gone ON article (gone) WHERE gone > 0;"
	/* Hash of what it says was wrong. */
	"ALTER TABLE article ADD COLUMN correction INTEGER NOT NULL DEFAULT 0;"
	/* enum news: of the changes that are not announced yet. */
	"ALTER TABLE article ADD COLUMN news INTEGER NOT NULL DEFAULT 0;"

	/* config_look() of what is published. */
	"ALTER TABLE feed ADD COLUMN look INTEGER NOT NULL DEFAULT 0;"

	/* JSON; empty: no field is said (fields_row.c). */
	"ALTER TABLE body ADD COLUMN fields TEXT NOT NULL DEFAULT '';"

	/* Sum of the stamps of what the article was read with. */
	"ALTER TABLE file ADD COLUMN companions INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE file ADD COLUMN release INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX file_by_release ON file (release) WHERE release > 0;"
	/* enum hold: its deletion is held back. */
	"ALTER TABLE file ADD COLUMN held INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX file_held ON file (held) WHERE held > 0;"

	/* Rare pieces of titles, by which near ones are found (near.c). */
	"CREATE TABLE gram ("
	"  gram INTEGER NOT NULL,"
	"  kind INTEGER NOT NULL,"	/* enum gram_kind */
	"  id INTEGER NOT NULL,"
	"  PRIMARY KEY (gram, kind, id)"
	") WITHOUT ROWID;"

	/* Both ways: their keys are a slip apart (slip.c). */
	"CREATE TABLE series_near ("
	"  series_id INTEGER NOT NULL,"
	"  other_id INTEGER NOT NULL,"
	"  PRIMARY KEY (series_id, other_id)"
	") WITHOUT ROWID;"

	"ALTER TABLE series ADD COLUMN merged_into INTEGER"
	"  REFERENCES series (id);"
	/* "下" is the last part, and at least this one; 0: any other part. */
	"ALTER TABLE part ADD COLUMN least INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX part_last ON part (series_id) WHERE least > 0;"

	"CREATE TABLE media ("
	"  article_id INTEGER NOT NULL REFERENCES article (id),"
	"  position INTEGER NOT NULL,"
	"  kind INTEGER NOT NULL,"	/* enum media_kind */
	"  path TEXT NOT NULL,"
	"  name TEXT NOT NULL,"
	"  url TEXT NOT NULL,"
	"  type TEXT NOT NULL,"
	"  size INTEGER NOT NULL,"
	"  width INTEGER NOT NULL,"
	"  height INTEGER NOT NULL,"
	"  alt TEXT NOT NULL,"
	"  caption TEXT NOT NULL,"
	"  credit TEXT NOT NULL,"
	"  licence TEXT NOT NULL,"
	"  syndication INTEGER NOT NULL,"
	"  shown INTEGER NOT NULL,"
	"  PRIMARY KEY (article_id, position)"
	") WITHOUT ROWID;"
	"CREATE INDEX media_by_path ON media (path) WHERE path <> '';"
	"CREATE INDEX media_by_name ON media (name) WHERE name <> '';";

/*
 * What part 3 knows of feeds: a copy in each format, the pages of archives,
 * older versions for deltas, and who takes articles along.
 */
static const char version_3[] =
	/* About so many bytes is its entry in a document. */
	"ALTER TABLE article ADD COLUMN size INTEGER NOT NULL DEFAULT 0;"

	"ALTER TABLE feed DROP COLUMN etag;"
	"ALTER TABLE feed DROP COLUMN mtime;"
	/* By format: "hash:mtime hash:mtime" (copies.c). */
	"ALTER TABLE feed ADD COLUMN copies TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE feed ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE feed ADD COLUMN per_page INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE feed ADD COLUMN pages INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE feed ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;"
	/* Sizes of what was numbered since then, and of all. */
	"ALTER TABLE feed ADD COLUMN open_bytes INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE feed ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;"
	/* `wanted` when an article last left it and stayed elsewhere. */
	"ALTER TABLE feed ADD COLUMN left_at INTEGER NOT NULL DEFAULT 0;"
	"UPDATE feed SET archived = 1 WHERE kind <> 1;"

	/* The last number of a member; each leads to the one before (log.c). */
	"ALTER TABLE feed_member ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE feed_entry ADD COLUMN before INTEGER NOT NULL DEFAULT 0;"
	"UPDATE feed_member SET seq = coalesce((SELECT max(l.seq)"
	"  FROM feed_entry l WHERE l.feed_id = feed_member.feed_id"
	"  AND l.article_id = feed_member.article_id), 0);"
	/* The feed's `wanted` when its entry last changed. */
	"ALTER TABLE feed_member ADD COLUMN changed INTEGER NOT NULL"
	"  DEFAULT 0;"

	"CREATE TABLE feed_page ("
	"  feed_id INTEGER NOT NULL,"
	"  page INTEGER NOT NULL,"
	"  last INTEGER NOT NULL,"	/* number in the log */
	"  wanted INTEGER NOT NULL,"
	"  published INTEGER NOT NULL,"
	"  look INTEGER NOT NULL,"
	"  copies TEXT NOT NULL,"
	"  PRIMARY KEY (feed_id, page),"
	"  UNIQUE (feed_id, last)"
	") WITHOUT ROWID;"
	"CREATE TABLE feed_version ("
	"  feed_id INTEGER NOT NULL,"
	"  version INTEGER NOT NULL,"
	"  copies TEXT NOT NULL,"
	"  PRIMARY KEY (feed_id, version)"
	") WITHOUT ROWID;"

	/* What was published in a month, and has any of it changed since? */
	"CREATE INDEX article_by_published ON article (published, revision);"

	/* What became of articles in each channel (change_log.c). */
	"CREATE TABLE feed_change ("
	"  feed_id INTEGER NOT NULL,"
	"  seq INTEGER NOT NULL,"
	"  article_id INTEGER NOT NULL,"
	"  action INTEGER NOT NULL,"	/* enum change_action */
	"  version INTEGER NOT NULL,"	/* of the feed that shows it */
	"  at INTEGER NOT NULL,"
	"  PRIMARY KEY (feed_id, seq)"
	") WITHOUT ROWID;"
	/* The numbers above are of this database, and of no other. */
	"INSERT INTO meta (key, value)"
	"  VALUES ('stream', lower(hex(randomblob(4))));"
	"CREATE TABLE partner ("
	"  name TEXT PRIMARY KEY,"
	"  requests INTEGER NOT NULL,"
	"  last_seen INTEGER NOT NULL"
	") WITHOUT ROWID;"

	/* Grams of the first scan, many in a row (gram.c). */
	"CREATE TABLE gram_pack ("
	"  kind INTEGER NOT NULL,"	/* enum gram_kind */
	"  pack INTEGER NOT NULL,"	/* how their hashes begin */
	"  run INTEGER NOT NULL,"
	"  pieces BLOB NOT NULL,"
	"  PRIMARY KEY (kind, pack, run)"
	") WITHOUT ROWID;";

static const char version_4[] =
	/* What our own hub was asked (hub_request.c). */
	"CREATE TABLE hub_request ("
	"  seq INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  at INTEGER NOT NULL,"
	"  mode INTEGER NOT NULL,"	/* enum hub_mode */
	"  topic TEXT NOT NULL,"	/* as it was spelled */
	"  url TEXT NOT NULL,"		/* what that means */
	"  feed_id INTEGER NOT NULL,"
	"  callback TEXT NOT NULL,"
	"  secret BLOB,"
	"  lease INTEGER NOT NULL,"
	"  token TEXT NOT NULL"
	");";

static const char *const migrations[] = {
	version_1, version_2, version_3, version_4,
};

static int
refuse_foreign(struct err *e)
{
	err_set(e, ERR_STORE, "press.db is not a database of gazetted");
	return err_hint(e, "Move it away, or choose another directory with "
		"\"state:\".");
}

static int
refuse_newer(int64_t version, struct err *e)
{
	err_set(e, ERR_STORE, "press.db was written by a newer gazetted: "
		"schema %jd, and this one knows %zu", (intmax_t)version,
		COUNT_OF(migrations));
	return err_hint(e, "Install the newer gazetted again, or move "
		"press.db away: it is made anew from the content and "
		"identity.log.");
}

static int
is_adopted(struct db *db, bool *ret, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice value;

	if (meta_get(db, S("adopted"), &a, &value, e) < 0)
		return -1;
	*ret = value.len > 0;
	return 0;
}

int
schema_check(struct db *db, bool *ret_adopted, struct err *e)
{
	int64_t id = 0, version = 0, tables = 0;

	if (db_number(db, "PRAGMA application_id", &id, e) < 0 ||
		db_number(db, "PRAGMA user_version", &version, e) < 0 ||
		db_number(db, "SELECT count(*) FROM sqlite_schema", &tables,
			e) < 0)
		return -1;
	if (id != APPLICATION_ID && (id != 0 || tables > 0))
		return refuse_foreign(e);
	if (version < 0 || (size_t)version > COUNT_OF(migrations))
		return refuse_newer(version, e);
	*ret_adopted = false;
	return tables > 0 ? is_adopted(db, ret_adopted, e) : 0;
}

int
schema_must_match(struct db *db, struct err *e)
{
	int64_t version = 0;

	if (db_number(db, "PRAGMA user_version", &version, e) < 0)
		return -1;
	if ((size_t)version == COUNT_OF(migrations))
		return 0;
	err_set(e, ERR_BUSY, "press.db has schema %jd, and this gazetted "
		"reads %zu", (intmax_t)version, COUNT_OF(migrations));
	return err_hint(e, "Run the press and the courier of one version; "
		"the courier waits.");
}

int
schema_migrate(struct db *db, bool *ret_made, struct err *e)
{
	int64_t version = 0;
	char set[96];

	if (db_number(db, "PRAGMA user_version", &version, e) < 0)
		return -1;
	*ret_made = version == 0;
	if ((size_t)version == COUNT_OF(migrations))
		return 0;
	for (size_t i = (size_t)version; i < COUNT_OF(migrations); i++)
		if (db_exec(db, migrations[i], e) < 0)
			return err_in(e, "making schema %zu", i + 1);
	snprintf(set, sizeof(set), "PRAGMA application_id = %d;"
		"PRAGMA user_version = %zu;", APPLICATION_ID,
		COUNT_OF(migrations));
	return db_exec(db, set, e);
}

int
meta_get(struct db *db, struct slice key, struct arena *a,
	struct slice *ret, struct err *e)
{
	struct query q = query_start(db,
		"SELECT value FROM meta WHERE key = ?");

	*ret = S("");
	query_put_text(&q, key);
	if (query_row(&q))
		*ret = query_text(&q, 0, a);
	return query_done(&q, e);
}

int
meta_set(struct db *db, struct slice key, struct slice value, struct err *e)
{
	struct query q = query_start(db,
		"INSERT INTO meta (key, value) VALUES (?, ?)"
		" ON CONFLICT (key) DO UPDATE SET value = excluded.value");

	query_put_text(&q, key);
	query_put_text(&q, value);
	return query_run(&q, e);
}
