/*
 * Subscriptions in courier.db.
 */
#include "store/courier.h"

const char subscription_tables[] =
	"CREATE TABLE hub_topic ("
	"  id INTEGER PRIMARY KEY,"
	"  url TEXT NOT NULL UNIQUE,"
	"  feed_id INTEGER NOT NULL,"
	"  format INTEGER NOT NULL,"
	"  version INTEGER NOT NULL"
	");"
	"CREATE INDEX hub_topic_feed ON hub_topic (feed_id);"
	"CREATE TABLE hub_sub ("
	"  id INTEGER PRIMARY KEY,"
	"  topic_id INTEGER NOT NULL REFERENCES hub_topic (id),"
	"  callback TEXT NOT NULL,"
	"  host TEXT NOT NULL,"
	"  secret BLOB,"
	"  expires INTEGER NOT NULL,"
	"  UNIQUE (topic_id, callback)"
	");";
