/*
 * The courier's answers, for people; as show.h.
 */
#ifndef CTL_SHOW_PUSH_H
#define CTL_SHOW_PUSH_H

#include <jansson.h>

/*
 * {"counts":[{"target","planned","ready",...}], "deliveries":[{"id","target",
 * "action","subject","title","state","tries","due","error"}], "more":N}
 */
int show_outbox(const json_t *answer);

/* {"delivery":{... "steps":[...], "request":"masked", "hash"}} */
int show_delivery(const json_t *answer);

/* {"changed":N, "what":"deliveries"|..., "note":"..."} */
int show_changed(const json_t *answer);

/*
 * {"held":"why", "targets":[{"name","type","state","why","ready","done",
 * "failed","last","error"}]}
 */
int show_targets(const json_t *answer);

/* {"previews":[{"target","skipped":"why"|"request":"...","hash"}]} */
int show_preview(const json_t *answer);

/* {"subscribers":[{"topic","callback","expires","failing","error"}],"more"} */
int show_subscribers(const json_t *answer);

/* {"hub":{"url","serving","subscriptions",...}} */
int show_hub(const json_t *answer);

#endif
