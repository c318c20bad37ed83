/*
 * Fuzz target: any bytes as a picture.
 *
 * Either it is none, or it has a type of ours and a size that is possible.
 */
#include "read/image.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct slice s = slice((const char *)bytes, len);
	struct image sniffed, read;
	bool known = image_sniff(s, &sniffed);

	CHECK(!known || image_type_of(slice_str(sniffed.ending)));
	if (!image_read(s, &read))
		return 0;
	CHECK(known && strcmp(read.type, sniffed.type) == 0);
	CHECK(read.width > 0 && read.width <= IMAGE_SIDE_MAX);
	CHECK(read.height > 0 && read.height <= IMAGE_SIDE_MAX);
	return 0;
}
