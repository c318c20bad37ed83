/*
 * Unit tests of images: headers of every format, and of what is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "read/image.h"

#define AVIF_HEAD "\0\0\0\x1c" "ftypavif" "\0\0\0\0" "mif1avifmiaf"
#define ISPE(w, h) "\0\0\0\x14" "ispe" "\0\0\0\0" w h

struct example {
	const char *type;	/* NULL: no picture */
	int width, height;	/* 0: not told, so not published */
	struct slice bytes;
};

static const struct example examples[] = {
	{ "image/png", 640, 480, S_INIT("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"
		"\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0") },
	{ "image/png", 0, 0, S_INIT("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0") },
	{ "image/png", 0, 0, S_INIT("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"
		"\0\0\0\0\0\0\x01\xe0\x08\x02\0\0\0") },
	{ "image/png", 0, 0, S_INIT("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"
		"\x7f\xff\xff\xff\0\0\x01\xe0\x08\x02\0\0\0") },
	{ "image/gif", 258, 3, S_INIT("GIF89a\x02\x01\x03\0\0\0\0") },
	{ "image/gif", 0, 0, S_INIT("GIF87a\x02") },
	{ "image/jpeg", 32, 16, S_INIT("\xff\xd8\xff\xe0\0\x04zz"
		"\xff\xff\xc2\0\x0b\x08\0\x10\0\x20\x01\x01\x11\0") },
	/* DHT is no frame, and what follows the data is not looked at. */
	{ "image/jpeg", 0, 0, S_INIT("\xff\xd8\xff\xc4\0\x04zz\xff\xda\0\x02"
		"\xff\xc0\0\x0b\x08\0\x10\0\x20\x01\x01\x11\0") },
	{ "image/jpeg", 0, 0, S_INIT("\xff\xd8\xff\xe0\xff\xff") },
	{ "image/jpeg", 0, 0, S_INIT("\xff\xd8\xff\xe0\0\0\0\0\0\0") },
	{ "image/webp", 101, 51, S_INIT("RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0"
		"\0\0\0\0\x64\0\0\x32\0\0") },
	{ "image/webp", 16, 8, S_INIT("RIFF\x1e\0\0\0WEBPVP8 \x0a\0\0\0"
		"\0\0\0\x9d\x01\x2a\x10\0\x08\0") },
	{ "image/webp", 2, 3, S_INIT("RIFF\x1e\0\0\0WEBPVP8L\x0a\0\0\0"
		"\x2f\x01\x80\0\0\0\0\0\0\0") },
	{ "image/webp", 0, 0, S_INIT("RIFF\x1e\0\0\0WEBPVP8?") },
	{ "image/avif", 300, 200, S_INIT(AVIF_HEAD "\0\0\0\x44meta\0\0\0\0"
		"\0\0\0\x38iprp" "\0\0\0\x30ipco"
		ISPE("\0\0\0\x40", "\0\0\0\x40")
		ISPE("\0\0\x01\x2c", "\0\0\0\xc8")) },
	{ "image/avif", 0, 0, S_INIT(AVIF_HEAD) },
	{ "image/avif", 0, 0, S_INIT(AVIF_HEAD "\0\0\0\x02meta") },
	{ "image/avif", 0, 0, S_INIT(AVIF_HEAD "\xff\xff\xff\xffmeta") },
	{ NULL, 0, 0, S_INIT("") },
	{ NULL, 0, 0, S_INIT("\xff\xd8") },
	{ NULL, 0, 0, S_INIT("GIF88a\x02\x01\x03\0\0\0\0") },
	{ NULL, 0, 0, S_INIT("RIFF\x1e\0\0\0WAVEfmt ") },
	{ NULL, 0, 0, S_INIT("\0\0\0\x18" "ftypheic\0\0\0\0mif1heic") },
	{ NULL, 0, 0, S_INIT("<svg xmlns=\"http://www.w3.org/2000/svg\"/>") },
	{ NULL, 0, 0, S_INIT("<html><script>alert(1)</script>") },
};

static void
test_examples(void **state)
{
	struct image got;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		const struct example *x = &examples[i];

		assert_int_equal(image_sniff(x->bytes, &got), x->type != NULL);
		if (x->type)
			assert_string_equal(got.type, x->type);
		assert_int_equal(image_read(x->bytes, &got), x->width > 0);
		if (x->width == 0)
			continue;
		assert_int_equal(got.width, x->width);
		assert_int_equal(got.height, x->height);
	}
}

/* Cut anywhere, it is either the same picture or none. */
static void
test_cut_anywhere(void **state)
{
	struct image got;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++)
		for (size_t n = 0; n < examples[i].bytes.len; n++)
			if (image_read(slice(examples[i].bytes.ptr, n), &got))
				assert_true(got.width > 0 && got.height > 0);
}

static void
test_types_by_ending(void **state)
{
	(void)state;
	assert_string_equal(image_type_of(S("jpg")), "image/jpeg");
	assert_string_equal(image_type_of(S("avif")), "image/avif");
	assert_null(image_type_of(S("svg")));
	assert_null(image_type_of(S("JPG")));
	assert_null(image_type_of(S("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_types_by_ending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
