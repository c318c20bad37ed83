/*
 * The words around an article, a table for each language.
 *
 * Every language has every word (a test looks).  A new one is a table here
 * and a line in words_for().
 */
#include "feed/page_words.h"

static const struct words english = {
	.lang = "en",
	.locale = "en_US",
	.text = {
		[WORD_COLON] = ": ",
		[WORD_COMMA] = ", ",
		[WORD_AUTHOR] = "Reporter",
		[WORD_EDITOR] = "Editor",
		[WORD_PHOTOGRAPHER] = "Photo",
		[WORD_TRANSLATOR] = "Translator",
		[WORD_CONTRIBUTOR] = "Contributor",
		[WORD_SOURCE] = "Source",
		[WORD_LICENCE] = "Licence",
		[WORD_UPDATED] = "Updated",
		[WORD_TOPICS] = "Topics",
		[WORD_SERIES] = "Series",
		[WORD_NEWEST] = "Newest",
		[WORD_NEWS] = "Related news",
		[WORD_SUBSCRIBE] = "Subscribe",
		[WORD_SHARE] = "Share",
		[WORD_FOLLOW] = "Follow us",
		[WORD_PART] = "Part {}",
		[WORD_MISSING] = "Part {}: not here yet",
		[WORD_EARLIER] = "{} earlier",
		[WORD_LATER] = "{} later",
		[WORD_MORE] = "{} more",
		[WORD_COUNT_OF] = "Articles: {}",
		[WORD_COPY] = "Address to copy into a feed reader:",
		[WORD_PHONE] = "Read on your phone",
		[WORD_WECHAT] = "WeChat",
		[WORD_WECHAT_CODE] = "Scan with WeChat",
		[WORD_APP] = "App",
		[WORD_MOBILE] = "Mobile version",
		[WORD_EMAIL] = "E-mail",
		[WORD_ABOUT_ALL] = "All articles of {}",
		[WORD_ABOUT_SERIES] = "Articles in the series {}",
		[WORD_ABOUT_TOPIC] = "Articles on {}",
		[WORD_NOTHING_YET] = "Nothing is published yet.",
		[WORD_NOT_FOUND] = "There is nothing at this address.",
		[WORD_PARTNERS_ONLY] = "There is nothing at this address for "
			"everybody. Partners show their token.",
		[WORD_WITHDRAWN] = "This article was withdrawn.",
	},
};

static const struct words simplified = {
	.lang = "zh-Hans",
	.locale = "zh_CN",
	.text = {
		[WORD_COLON] = "：",
		[WORD_COMMA] = "、",
		[WORD_AUTHOR] = "记者",
		[WORD_EDITOR] = "编辑",
		[WORD_PHOTOGRAPHER] = "摄影",
		[WORD_TRANSLATOR] = "翻译",
		[WORD_CONTRIBUTOR] = "撰稿",
		[WORD_SOURCE] = "来源",
		[WORD_LICENCE] = "许可协议",
		[WORD_UPDATED] = "更新",
		[WORD_TOPICS] = "专题",
		[WORD_SERIES] = "系列报道",
		[WORD_NEWEST] = "最新",
		[WORD_NEWS] = "相关新闻",
		[WORD_SUBSCRIBE] = "订阅",
		[WORD_SHARE] = "分享",
		[WORD_FOLLOW] = "关注我们",
		[WORD_PART] = "第{}期",
		[WORD_MISSING] = "第{}期：尚未刊出",
		[WORD_EARLIER] = "前面还有{}篇",
		[WORD_LATER] = "后面还有{}篇",
		[WORD_MORE] = "还有{}个",
		[WORD_COUNT_OF] = "{}篇",
		[WORD_COPY] = "可复制到阅读器的订阅地址：",
		[WORD_PHONE] = "用手机阅读",
		[WORD_WECHAT] = "微信",
		[WORD_WECHAT_CODE] = "微信扫一扫",
		[WORD_APP] = "客户端",
		[WORD_MOBILE] = "手机版",
		[WORD_EMAIL] = "电子邮件",
		[WORD_ABOUT_ALL] = "{}的全部报道",
		[WORD_ABOUT_SERIES] = "系列报道“{}”",
		[WORD_ABOUT_TOPIC] = "关于“{}”的报道",
		[WORD_NOTHING_YET] = "还没有文章。",
		[WORD_NOT_FOUND] = "此网址没有内容。",
		[WORD_PARTNERS_ONLY] = "此地址仅供合作伙伴凭令牌访问。",
		[WORD_WITHDRAWN] = "此文已撤回。",
	},
};

static const struct words traditional = {
	.lang = "zh-Hant",
	.locale = "zh_TW",
	.text = {
		[WORD_COLON] = "：",
		[WORD_COMMA] = "、",
		[WORD_AUTHOR] = "記者",
		[WORD_EDITOR] = "編輯",
		[WORD_PHOTOGRAPHER] = "攝影",
		[WORD_TRANSLATOR] = "翻譯",
		[WORD_CONTRIBUTOR] = "撰稿",
		[WORD_SOURCE] = "來源",
		[WORD_LICENCE] = "授權條款",
		[WORD_UPDATED] = "更新",
		[WORD_TOPICS] = "專題",
		[WORD_SERIES] = "系列報道",
		[WORD_NEWEST] = "最新",
		[WORD_NEWS] = "相關新聞",
		[WORD_SUBSCRIBE] = "訂閱",
		[WORD_SHARE] = "分享",
		[WORD_FOLLOW] = "追蹤我們",
		[WORD_PART] = "第{}期",
		[WORD_MISSING] = "第{}期：尚未刊出",
		[WORD_EARLIER] = "前面還有{}篇",
		[WORD_LATER] = "後面還有{}篇",
		[WORD_MORE] = "還有{}個",
		[WORD_COUNT_OF] = "{}篇",
		[WORD_COPY] = "可複製到閱讀器的訂閱網址：",
		[WORD_PHONE] = "用手機閱讀",
		[WORD_WECHAT] = "微信",
		[WORD_WECHAT_CODE] = "微信掃一掃",
		[WORD_APP] = "應用程式",
		[WORD_MOBILE] = "手機版",
		[WORD_EMAIL] = "電子郵件",
		[WORD_ABOUT_ALL] = "{}的全部報道",
		[WORD_ABOUT_SERIES] = "系列報道「{}」",
		[WORD_ABOUT_TOPIC] = "關於「{}」的報道",
		[WORD_NOTHING_YET] = "還沒有文章。",
		[WORD_NOT_FOUND] = "此網址沒有內容。",
		[WORD_PARTNERS_ONLY] = "此網址僅供合作夥伴憑權杖存取。",
		[WORD_WITHDRAWN] = "此文已撤回。",
	},
};

/* Is it a subtag of the language tag? */
static bool
has_subtag(struct slice lang, struct slice wanted)
{
	struct slice subtag;

	while (slice_next_field(&lang, '-', &subtag))
		if (slice_eq_nocase(subtag, wanted))
			return true;
	return false;
}

/* By its script, else by where it is written so. */
static bool
is_traditional(struct slice lang)
{
	if (has_subtag(lang, S("Hant")))
		return true;
	return !has_subtag(lang, S("Hans")) && (has_subtag(lang, S("TW")) ||
		has_subtag(lang, S("HK")) || has_subtag(lang, S("MO")));
}

const struct words *
words_for(struct slice lang)
{
	struct slice rest = lang, first = lang;

	slice_next_field(&rest, '-', &first);
	if (!slice_eq_nocase(first, S("zh")))
		return &english;
	return is_traditional(lang) ? &traditional : &simplified;
}
