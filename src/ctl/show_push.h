/*
 * The courier's answers, for people; as show.h.
 */
#ifndef CTL_SHOW_PUSH_H
#define CTL_SHOW_PUSH_H

#include <jansson.h>

/*
 * {"counts":[{"target","planned","ready",..."oldest"}], "deliveries":[{"id",
 * "target","action","subject","title","state","asked","step","tries","sent",
 * "status","created","started","due","settled","error"}], "cut":there are more}
 */
int show_outbox(const json_t *answer);

/*
 * {"delivery":{as above, "key","revision","nth","there","sent_hash",
 * "request":masked,"hash"|"unseen":why}, "note", "healthy"}
 */
int show_delivery(const json_t *answer);

/* {"note"}: somebody has logged in. */
int show_login(const json_t *answer);

/* {"changed":N, "what":"deliveries ...", "note"} */
int show_changed(const json_t *answer);

/*
 * {"held":"why", "hint", "targets":[{"name","type","state","why","since",
 * "changed","again","fails","waits","done","failed","oldest","last",
 * "error","todo","token":{"there","got","expires","ends"}}], "healthy"}
 */
int show_targets(const json_t *answer);

/*
 * {"previews":[{"target","subject","action","state","step","id","why",
 * "request":masked,"hash"}]}
 */
int show_preview(const json_t *answer);

/*
 * {"subscribers":[{"id","topic","callback","since","expires","signed",
 * "tries","due","error"}], "cut"}
 */
int show_subscribers(const json_t *answer);

/*
 * {"hub":{"serving","url","topics","subscriptions","max","pending","running",
 * "failing","elsewhere":[...]}}
 */
int show_hub(const json_t *answer);

#endif
