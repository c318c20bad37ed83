/*
 * Pushing, as it is configured: the hub, the courier, and the targets.
 *
 * A part of struct config (config.h): immutable, in its arena.
 */
#ifndef MODEL_PUSH_H
#define MODEL_PUSH_H

#include "base/network.h"
#include "base/slice.h"
#include "model/batch.h"

enum {
	CONFIG_TARGETS_MAX = 256,
	CONFIG_PORTS_MAX = 64,
	CONFIG_WANTS_MAX = 256,		/* channels of one target */
};

struct target_ops;	/* push/target.h */

/* The methods of X-Hub-Signature (WebSub section 7.1.1). */
enum signature { SIGNATURE_SHA1, SIGNATURE_SHA256, SIGNATURE_SHA384,
	SIGNATURE_SHA512 };

/* Ports that may be connected to. */
struct ports {
	uint16_t *list;	/* none: 80, 443, and what needs no privilege */
	size_t n;
};

/* WebSub: our own hub, and those of others that we tell. */
struct hub_conf {
	bool serve;			/* there is one of our own */
	struct slice url;		/* where it is asked */
	struct slice *publish;		/* hubs elsewhere */
	size_t n_publish;
	int64_t lease_ms, lease_min_ms, lease_max_ms;
	enum signature signature;
	int64_t per_address;		/* requests of a client in a minute */
	int64_t per_host;		/* subscriptions of a callback's host */
	int64_t verify_per_host;	/* verifications in a minute */
	int64_t max;			/* subscriptions in all */
	bool plain_secrets;		/* taken over http, too */
	struct networks allow;		/* private ones, for callbacks */
	struct ports ports;
	int64_t concurrency, host_concurrency;
};

/* The courier: where it keeps what, and whom it may reach. */
struct courier_conf {
	const char *state_dir;		/* of courier.db */
	const char *control;		/* its socket, when it runs apart */
	const char *credentials;	/* the directory of secrets */
	const char *ca_file;		/* NULL: the system's authorities */
	struct slice instance;		/* empty: by the machine */
	struct networks allow;		/* private ones, for targets */
};

/*
 * A picture of the newsroom's own: one that lies elsewhere, or a file, which
 * is read with the configuration.
 */
struct picture {
	struct slice url;	/* elsewhere */
	struct slice bytes;	/* or the file, */
	const char *type;	/* as "image/png", */
	struct slice name;	/* and where it is served: "share.png" */
	int width, height;	/* pixels; 0: not known */
};

/* A channel that a target wants. */
struct want {
	enum channel_kind kind;
	struct slice key;	/* as in struct channel; empty: all of a kind */
};

enum approval {
	APPROVAL_AUTO,
	APPROVAL_DELAY,		/* unless somebody discards it meanwhile */
	APPROVAL_MANUAL,
};

/* So many in so long: "10/10m". */
struct quota {
	int64_t n;		/* 0: no limit */
	int64_t ms;
};

/* A span of each day, in minutes of it; from == to: there is none. */
struct quiet {
	int from, to;
};

/* A place that is pushed to. */
struct target {
	const struct target_ops *ops;
	struct slice name;		/* unique, and frozen in courier.db */
	struct slice type;		/* of ops */
	const void *conf;		/* what ops->settings filled */
	struct want *wants;		/* none: every public channel */
	size_t n_wants;
	int64_t max_age_ms;		/* older news is not sent; 0: any */
	struct quota fuse;		/* more holds the target */
	struct quota cap;		/* more waits */
	struct quota pace;		/* faster ones wait */
	struct quota rate;
	struct slice *languages;	/* only articles in these; none: all */
	size_t n_languages;
	struct slice *sections;		/* fold_key(); none: all */
	size_t n_sections;
	struct quiet quiet;		/* what is not urgent waits, or */
	bool quiet_drops;		/* is not sent */
	enum approval approval;
	int64_t delay_ms;		/* with APPROVAL_DELAY */
	struct picture cover;		/* of articles without a picture */
	bool is_hub;			/* it stands in hub.publish */
	struct slice file;		/* where it is written, for messages */
	unsigned line;
};

#endif
