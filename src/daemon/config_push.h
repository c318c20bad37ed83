/*
 * The words of pushing: hub and courier.
 */
#ifndef DAEMON_CONFIG_PUSH_H
#define DAEMON_CONFIG_PUSH_H

#include "base/setting.h"
#include "model/config.h"

/* As written; what fits goes into the model's own structs. */
struct form_push {
	struct hub_conf hub;
	struct slice *hub_allow, *ports, *allow;
	size_t n_hub_allow, n_ports, n_allow;
	struct courier_conf courier;
};

/* Words of the maps "hub" and "courier", for a struct form_push. */
extern const struct setting config_hub_words[];
extern const struct setting config_courier_words[];

/*
 * Fill c->hub, c->courier and c->site.hubs.  To be called when c->site and
 * c->state_dir are there; root NULL: nothing was written.
 */
void config_push_read(struct setting_reader *r, const struct node *root,
	const struct form_push *f, struct config *c);

#endif
