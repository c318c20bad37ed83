// Texts by chance, and what twitter-text says of their length: a line of the
// weight and the UTF-8 in hexadecimal for each.
//
//	node weigh.mjs MODULES SEED COUNT
//
// They are made of what the rules are about: schemes, labels, names of
// countries, paths with brackets, parts of emoji, marks and directions.
import { createRequire } from "node:module";
import { once } from "node:events";

const [modules, seed, count] = process.argv.slice(2);
const require = createRequire(`${modules}/node_modules/`);
const { parseTweet } = require("twitter-text");
const list = name => require(`twitter-text/dist/regexp/${name}`).source
	.slice(6).split(")")[0].split("|");
const names = [...list("validGTLD"), ...list("validCCTLD")];

// xorshift32: the same texts for the same seed everywhere.
let state = (Number(seed) ^ 0x9e3779b9) >>> 0 || 1;
const below = n => {
	state ^= state << 13;
	state ^= state >>> 17;
	state ^= state << 5;
	state >>>= 0;
	return state % n;
};
const pick = from => from[below(from.length)];
const point = (low, high) => String.fromCodePoint(low + below(high - low));

const fixed = ["http://", "https://", "HTTP://", "httpS://", "hTTp:/", "www.",
	"t.co/", "https://t.co/", "T.CO/Ab1", "xn--", "XN--p1ai", ".xn--a-b",
	".com", ".co", ".uk", ".Com", ".hk", ".中国", ".中文网", ".рф", ".РФ",
	".ελ", ".გე", ".\u1c92\u1c94", "vermögensberater", "a.b.", "foo_bar.",
	"_a.", "-a.", "a-.", "日本.", "é.", "ü", "ɠ", "Ι", "ι", "ſ", "\u212a",
	"ı", "ß", "/", "/a", "/(a)", "/(a(b)c)", "((", "))", "/)", "/@a/",
	"@", "/-", "/.", "/a.", "/a!", "–", "?", "?a=1", "?a=1&b", "?=.",
	"?a.", "#", "#a", "$", "&", "=", "+", "~", "|", "%", ";", "*", ":",
	":80", ":8080/", ":a", "。", "．", "｡", "，", "＠", "＃", ".", "..",
	"-", "_", "'", "\"", "<", ">", "[", "]", "{", "}", "\\", "^", "`",
	" ", "  ", "\n", "\t", "\u3000", "\u00a0", "\u0085", "\u180e",
	"\u200e", "\u202a", "\u202e", "\u061c", "\u2066", "\u2069", "\ufeff",
	"\ufffe", "\uffff", "\u007f", "\u0301", "e\u0301", "A\u030a", "각",
	"\u1112\u1161\u11ab", "\u0345", "\u200d", "\ufe0f", "\ufe0e", "\u20e3",
	"1", "9", "*\ufe0f\u20e3", "©", "®", "™", "❤", "❤\ufe0f", "☺", "⚕",
	"♀", "♂", "👨", "👩", "👧", "👦", "👁", "🗨", "🏳", "🏴", "🌈", "💋",
	"🎤", "🏽", "🏻", "🏿", "🙋", "🕵", "⛹", "🏋", "🦰", "🧜", "🧑", "🥰",
	"🇨", "🇳", "🇩", "🇪", "🇺", "🇸",
	"\u{e0067}", "\u{e0062}", "\u{e0065}", "\u{e006e}", "\u{e007f}",
	"👨\u200d👩\u200d👧\u200d👦", "👩\u200d❤\ufe0f\u200d💋\u200d👨"];
const makers = [
	() => pick(fixed), () => pick(fixed), () => pick(fixed),
	() => `.${pick(names)}`,
	() => pick(names),
	() => "abcdefghijklmnopqrstuvwxyz0123456789".slice(below(36)),
	() => "a".repeat(below(70)),
	() => point(0x20, 0x7f),
	() => point(0xa0, 0x250),
	() => point(0x250, 0x530),
	() => point(0x2000, 0x2c00),
	() => point(0x3000, 0x3100),
	() => point(0x4e00, 0x9fa0).repeat(1 + below(24)),
	() => point(0x10a0, 0x1200),
	() => point(0x1f300, 0x1fa00),
	() => point(0x1, 0xd800),
	() => point(0xe000, 0x10000),
];

function text() {
	let ret = "";

	for (let n = 1 + below(12); n > 0; n--)
		ret += pick(makers)();
	return ret;
}

let lines = "";
for (let i = 0; i < Number(count); i++) {
	const t = text();

	lines += `${parseTweet(t).weightedLength} ${
		Buffer.from(t).toString("hex")}\n`;
	if (lines.length < 1 << 16 && i + 1 < Number(count))
		continue;
	if (!process.stdout.write(lines))
		await once(process.stdout, "drain");
	lines = "";
}
