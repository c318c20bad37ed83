/*
 * What tests of formats share: a site, an entry that has everything, and
 * libxml2 to parse back what became of them.
 */
#ifndef TESTS_FEED_KIT_H
#define TESTS_FEED_KIT_H

#include "base/buf.h"
#include "model/config.h"
#include "model/feed.h"

enum { KIT_MAX = 32 * 1024 * 1024 };

/* Forgotten after each test. */
extern struct arena kit_arena;

struct config kit_config(void);

/* An entry that has everything. */
struct entry kit_entry(void);

/* The bytes of a buf, which is freed. */
struct slice kit_keep(struct buf *b);

/* The string value of an XPath; parses strictly. */
const char *kit_xpath(struct slice xml, const char *path);

int kit_forget(void **state);
int kit_done(void **state);
#define KIT_TEST(f) cmocka_unit_test_teardown(f, kit_forget)

#endif
