/*
 * File systems whose inotify events do not tell all.
 *
 * The numbers are fixed by the kernel's interface; most, not all, are in
 * <linux/magic.h>, so they all stand here.
 */
#include "watch/system.h"

static const struct {
	uint64_t type;
	const char *name;
} systems[] = {
	{ 0x6969, "NFS" },
	{ 0x517b, "SMB" },
	{ 0xff534d42, "CIFS" },
	{ 0xfe534d42, "SMB" },
	{ 0x65735546, "FUSE" },
	{ 0x01021997, "9P" },
	{ 0x5346414f, "AFS" },
	{ 0x6b414653, "AFS" },
	{ 0x00c36400, "Ceph" },
	{ 0x73757245, "Coda" },
	{ 0x01161970, "GFS2" },
	{ 0x7461636f, "OCFS2" },
	{ 0x0bd00bd0, "Lustre" },
};

const char *
system_without_events(uint64_t type)
{
	for (size_t i = 0; i < COUNT_OF(systems); i++)
		if (systems[i].type == (type & 0xffffffff))
			return systems[i].name;
	return NULL;
}
