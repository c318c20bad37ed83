/*
 * The rule of a topic: one word a map, so that and/or is always written out.
 */
#include "base/fold.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "daemon/config_pattern.h"
#include "daemon/config_rule.h"

static const char *const words[] = {
	[RULE_ANY] = "any", [RULE_ALL] = "all", [RULE_NOT] = "not",
	[RULE_TITLE] = "title", [RULE_BODY] = "body", [RULE_TAG] = "tag",
	[RULE_AUTHOR] = "author", [RULE_PATH] = "path",
	[RULE_LANGUAGE] = "language",
	[RULE_TITLE_MATCHES] = "title-matches",
	[RULE_BODY_MATCHES] = "body-matches",
};

/* The kind that a key names; -1, and a fault, when it names none. */
static int
rule_kind(struct setting_reader *r, const struct node *key)
{
	struct nearest near = { .word = key->text };

	if (key->kind != NODE_TEXT)
		return -1;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (slice_eq(key->text, slice_str(words[i])))
			return (int)i;
		nearest_try(&near, words[i]);
	}
	fault_add(r->faults, &key->at, "unknown test \"%.*s\"",
		ARG(utf8_first(key->text, 40)));
	if (near.best)
		fault_hint(r->faults, "did you mean \"%s\"?", near.best);
	else
		fault_hint(r->faults, "Known are: any, all, not, title, body, "
			"title-matches, body-matches, tag, author, path, "
			"language.");
	return -1;
}

/* "any", "all", "not": a list of rules, or one. */
static void
read_group(struct setting_reader *r, const struct node *n, unsigned depth,
	struct rule *ret)
{
	const struct node *item = n->kind == NODE_LIST ? n->first : n;

	if (depth == CONFIG_RULE_DEPTH_MAX) {
		fault_add(r->faults, &n->at, "the rule is too deep: at most "
			"%d groups within each other", CONFIG_RULE_DEPTH_MAX);
		return;
	}
	if (!item) {
		fault_add(r->faults, &n->at, "the list of rules is empty");
		return;
	}
	for (; item; item = item->next) {
		ret->rules = ARENA_GROW(r->a, ret->rules, ret->n_rules);
		ret->rules[ret->n_rules] = (struct rule){ 0 };
		config_rule_read(r, item, depth + 1,
			&ret->rules[ret->n_rules++]);
	}
}

/* A text as the tests of its kind compare it. */
static struct slice
folded(enum rule_kind kind, struct slice text, struct arena *a)
{
	switch (kind) {
	case RULE_TITLE:
	case RULE_BODY:
		return slice_trim(fold_words(text, a));
	case RULE_TAG:
	case RULE_AUTHOR:
		return fold_key(text, a);
	default:
		return text;
	}
}

/* A test: the words that it looks for, read as any setting is. */
static void
read_test(struct setting_reader *r, const struct node *key,
	struct rule *ret)
{
	struct node word = *key, map = { .kind = NODE_MAP, .at = key->at,
		.first = &word, .last = &word };
	const struct setting test[] = {
		{ words[ret->kind], SETTING_TEXTS,
			SETTING_FIELDS(struct rule, texts, n_texts),
			.min = 1, .max = 1000 },
		{ 0 },
	};

	word.next = NULL;
	setting_read(r, test, &map, "match", ret);
	for (size_t i = 0; i < ret->n_texts; i++)
		ret->texts[i] = folded(ret->kind, ret->texts[i], r->a);
}

void
config_rule_read(struct setting_reader *r, const struct node *n,
	unsigned depth, struct rule *ret)
{
	const struct node *key = n->first;
	int kind;

	if (n->kind != NODE_MAP || !key) {
		setting_wrong_kind(r, n, "a rule as { title: \"WORDS\" }");
		return;
	}
	if (key->next) {
		fault_add(r->faults, &key->next->at,
			"a second test in one rule");
		fault_hint(r->faults, "Write all: [ { ... }, { ... } ], or "
			"any: [ { ... }, { ... } ].");
	}
	if ((kind = rule_kind(r, key)) < 0)
		return;
	ret->kind = (enum rule_kind)kind;
	if (ret->kind == RULE_ANY || ret->kind == RULE_ALL ||
		ret->kind == RULE_NOT)
		read_group(r, key->value, depth, ret);
	else if (ret->kind == RULE_TITLE_MATCHES ||
		ret->kind == RULE_BODY_MATCHES)
		config_patterns_read(r, key->value, &ret->patterns);
	else
		read_test(r, key, ret);
}
