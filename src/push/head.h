/*
 * The head of an HTTP answer: its header lines as they came.
 */
#ifndef PUSH_HEAD_H
#define PUSH_HEAD_H

#include "base/slice.h"

/*
 * The value of the first header of that name, in any case, without blanks
 * around it; ptr NULL: there is none.
 */
struct slice head_find(struct slice head, struct slice name);

#endif
