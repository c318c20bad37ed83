/*
 * The style sheet of all pages.
 *
 * Made for 360 pixels first: there is one column, and wide windows only get
 * margins.  Colours have a contrast of at least 7 to 1, links are underlined,
 * and what a finger is to hit is 24 pixels high (WCAG 2.2: 1.4.6, 1.4.1,
 * 2.5.8); the tests look with axe, in light and in dark.
 */
#include "base/hash.h"
#include "feed/page_assets.h"

static const char style[] =
	":root{color-scheme:light dark;--paper:#fff;--ink:#1b1b1b;"
	"--serif:Georgia,'Noto Serif CJK SC','Songti SC',SimSun,serif;"
	"--sans:system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',"
	"sans-serif;"
	"--faint:#4c4c4c;--line:#c8c8c8;--link:#0a4a8f;--box:#f4f4f2}\n"
	"@media(prefers-color-scheme:dark){:root{--paper:#14171a;"
	"--ink:#e8e6e3;--faint:#b9b6b2;--line:#44494e;--link:#9cc4ff;"
	"--box:#1e2226}}\n"
	":root:lang(zh-Hant){--serif:Georgia,'Noto Serif CJK TC','Songti TC',"
	"PMingLiU,serif;--sans:system-ui,'Noto Sans CJK TC','PingFang TC',"
	"'Microsoft JhengHei',sans-serif}\n"
	"*{box-sizing:border-box}\n"
	"html{-webkit-text-size-adjust:100%}\n"
	"body{margin:0 auto;max-width:42rem;padding:0 1rem 2rem;"
	"background:var(--paper);color:var(--ink);overflow-wrap:anywhere;"
	"font:1.06rem/1.7 var(--serif)}\n"
	":root:lang(zh) article{line-height:1.9}\n"
	"header,footer,nav,.box,.meta,.kicker,figcaption{font:.94rem/1.6 "
	"var(--sans)}\n"
	"header{padding:1rem 0;border-bottom:1px solid var(--line);"
	"font-weight:bold}\n"
	"footer{margin-top:2rem;border-top:1px solid var(--line)}\n"
	"a{color:var(--link);text-underline-offset:.15em}\n"
	"a:focus-visible{outline:3px solid var(--link);outline-offset:2px}\n"
	"h1{font-size:1.6rem;line-height:1.3;margin:1rem 0 .5rem}\n"
	"h2{font-size:1.15rem;line-height:1.4;margin:1.5rem 0 .5rem}\n"
	".kicker{margin:1rem 0 0}.kicker+h1{margin-top:.25rem}\n"
	".meta{color:var(--faint);margin:.25rem 0}\n"
	".box{margin:1.5rem 0;padding:.5rem 1rem 1rem;background:var(--box);"
	"border-radius:.4rem}\n"
	".box h2{margin:.5rem 0}footer .box{background:none;padding:0}\n"
	"ul,ol{padding-left:1.4rem}li{margin:.35rem 0}\n"
	".row,.parts,.entries{list-style:none;padding:0;margin:.25rem 0}\n"
	".row{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:"
	"flex-start}\n"
	".row li{margin:0}.row a,.entries a,header a{display:"
	"inline-block;min-height:24px;padding:.15rem 0}\n"
	".entries .meta{white-space:nowrap}\n"
	"code{font:.86rem/1.6 ui-monospace,monospace}\n"
	".copy{display:block;padding:.4rem .6rem;border:1px solid "
	"var(--line);border-radius:.3rem;-webkit-user-select:all;"
	"user-select:all}\n"
	"figure{margin:1.2rem 0}figcaption{color:var(--faint)}\n"
	"img,video,svg{max-width:100%;height:auto}\n"
	"pre{white-space:pre-wrap}blockquote{margin:1rem 0;padding-left:1rem;"
	"border-left:3px solid var(--line)}\n"
	"table{border-collapse:collapse;width:100%;table-layout:fixed;"
	"font-size:.94rem}th,td{border:1px solid var(--line);padding:.3rem;"
	"text-align:left;vertical-align:top}\n"
	".code{width:10rem;height:10rem;display:block;margin:.25rem 0}\n"
	".phone{display:none}\n"
	"@media(min-width:48rem){body{font-size:1.13rem}h1{font-size:2rem}"
	".phone{display:block}}\n"
	"@media print{.box,footer{display:none}}\n";

struct slice
page_style(void)
{
	return slice(style, sizeof(style) - 1);
}

struct slice
page_style_address(const struct config *c, struct arena *a)
{
	return site_address(&c->site, arena_printf(a, "style.css?%016llx",
		(unsigned long long)hash64(page_style())), a);
}
