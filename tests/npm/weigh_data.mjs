// Makes src/push/weigh_data.c: the facts by which twitter-text counts.
//
//	node weigh_data.mjs MODULES > .../src/push/weigh_data.c
//
// Nothing is copied by hand: the classes are what its expressions match, unit
// by unit, the names are its list, and the emoji are all that the expression
// of twemoji-parser matches and that are longer than one code point (one alone
// weighs the same with or without it).  What weigh.c takes for granted is
// checked here: the longest of several possible matches is the one that is
// taken.
import { createRequire } from "node:module";

const require = createRequire(`${process.argv[2]}/node_modules/`);
const regexp = name => require(`twitter-text/dist/regexp/${name}`);
const supplant = require("twitter-text/dist/lib/regexSupplant");
const emoji = require("twemoji-parser/dist/lib/regex").default;

const fail = text => { throw new Error(text); };

// ---- classes of UTF-16 units ----

const group = name => regexp(name).source;
const classes = [
	["DOMAIN", regexp("validDomainChars")],
	["ASCII", new RegExp(`[-a-z0-9${group("latinAccentChars")}]`, "i")],
	["PATH", regexp("validGeneralUrlPathChars")],
	["PATH_END", new RegExp(regexp("validUrlPathEndingChars").source
		.split("|(?:")[0], "i")],
	["QUERY", regexp("validUrlQueryChars")],
	["QUERY_END", regexp("validUrlQueryEndingChars")],
	["BEFORE", new RegExp(`^${regexp("validUrlPrecedingChars").source
		.replace("|^)", ")")}$`)],
];

function runs() {
	const list = [];

	for (let u = 0; u < 0x10000; u++) {
		const c = String.fromCharCode(u);
		const bits = classes.reduce((n, [, re], i) =>
			n | (re.test(c) ? 1 << i : 0), 0);
		const last = list.at(-1);

		if (last && last.bits === bits)
			last.to = u;
		else
			list.push({ from: u, to: u, bits });
	}
	return list;
}

// ---- names of top-level domains ----

const LOOKAHEAD = "(?=[^0-9a-zA-Z@+-]|$)";

function names() {
	const list = ["validGTLD", "validCCTLD"].flatMap(name => {
		const source = regexp(name).source;

		if (!source.startsWith("(?:(?:") ||
			!source.endsWith(`)${LOOKAHEAD})`))
			fail(`${name} has another form`);
		return source.slice(6, -LOOKAHEAD.length - 2).split("|");
	}).map(s => s.toUpperCase());

	list.forEach((s, i) => list.slice(i + 1).forEach(t => {
		if (t.length > s.length && t.startsWith(s) &&
			!/[0-9A-Z@+-]/.test(t[s.length]))
			fail(`${s} stands before ${t}`);
	}));
	return [...new Set(list)].map(s => Buffer.from(s))
		.sort(Buffer.compare).map(b => b.toString());
}

// ---- emoji ----

// All that a source matches, the preferred first; "!" ends what must not be
// followed by U+FE0E.
function expand(source) {
	let at = 0;
	const unit = () => {
		if (source[at] !== "\\")
			return source[at++];
		if (source[at + 1] !== "u")
			fail(`an escape at ${at}`);
		at += 6;
		return String.fromCharCode(
			parseInt(source.slice(at - 4, at), 16));
	};
	const set = () => {
		const ret = [];

		while (source[at] !== "]") {
			const from = unit();
			let to = from;

			if (source[at] === "-") {
				at++;
				to = unit();
			}
			for (let u = from.charCodeAt(0); u <= to.charCodeAt(0);
				u++)
				ret.push(String.fromCharCode(u));
		}
		at++;
		return ret;
	};
	const atom = () => {
		if (source.startsWith("(?!\\ufe0e)", at)) {
			at += 10;
			return ["!"];
		}
		if (source[at] === "[") {
			at++;
			return set();
		}
		if (source[at] !== "(")
			return [unit()];
		at += source.startsWith("(?:", at) ? 3 : 1;
		const ret = any();
		at++;
		return ret;
	};
	const one = () => {
		let ret = [""];

		while (at < source.length && !"|)".includes(source[at])) {
			let more = atom();

			if (source[at] === "?") {
				at++;
				more = [...more, ""];
			}
			ret = ret.flatMap(a => more.map(b => a + b));
		}
		return ret;
	};
	const any = () => {
		const ret = one();

		while (source[at] === "|") {
			at++;
			ret.push(...one());
		}
		return ret;
	};

	return any();
}

function sequences() {
	// A "!" inside says nothing: what follows is not U+FE0E.
	const all = expand(emoji.source).map(s => s.endsWith("!") ? s :
		s.replace("!", ""));
	const list = all.filter(s => [...s.replace("!", "")].length > 1);
	const place = new Map();

	all.forEach((s, i) => {
		const key = s.replace("!", "");

		if (!place.has(key))
			place.set(key, i);
	});
	for (const s of list) {
		if (s.endsWith("!"))
			fail("a sequence that asks what follows");
		for (let n = 1; n < s.length; n++)
			if (place.get(s.slice(0, n)) < place.get(s))
				fail(`the beginning of ${s} is preferred`);
	}
	return [...new Set(list)];
}

// The least automaton that takes the sequences, and its edges by state.
function automaton(list) {
	const node = () => ({ end: false, next: new Map() });
	const root = node();
	const known = new Map();
	const states = [];

	for (const s of list) {
		let n = root;

		for (const c of s) {
			const cp = c.codePointAt(0);

			if (!n.next.has(cp))
				n.next.set(cp, node());
			n = n.next.get(cp);
		}
		n.end = true;
	}
	const number = n => {
		const edges = [];

		for (const [cp, to] of [...n.next].sort((a, b) => a[0] - b[0])) {
			const id = number(to);
			const last = edges.at(-1);

			if (last && last.to === cp - 1 && last.id === id)
				last.to = cp;
			else
				edges.push({ from: cp, to: cp, id });
		}
		const key = JSON.stringify([n.end, edges]);

		if (!known.has(key)) {
			known.set(key, states.length);
			states.push({ end: n.end, edges });
		}
		return known.get(key);
	};

	number(root);
	return states;
}

// ---- the file ----

const hex = n => "0x" + n.toString(16).padStart(4, "0");

// Items, as many a line as there is room for.
function fill(items, room = 71) {
	const lines = [""];

	for (const item of items) {
		if (lines.at(-1).length + item.length + 1 > room)
			lines.push("");
		lines.push(`${lines.pop()} ${item}`.trimStart());
	}
	return lines.map(l => "\t" + l).join("\n");
}

function main() {
	const states = automaton(sequences());
	const edges = states.flatMap(s => s.edges);
	let first = 0;

	console.log(`/*
 * Made by tests/npm/weigh_data.mjs from twitter-text ${
	require("twitter-text/package.json").version} and
 * twemoji-parser ${require("twemoji-parser/package.json").version}.
 */
#include "push/weigh.h"

const struct weigh_run weigh_runs[] = {
${fill(runs().map(r => `{ ${hex(r.from)}, ${hex(r.bits)} },`))}
};
const size_t weigh_n_runs = COUNT_OF(weigh_runs);

/* In capital letters, in the order of their bytes. */
const char *const weigh_names[] = {
${fill(names().map(s => `"${s}",`))}
};
const size_t weigh_n_names = COUNT_OF(weigh_names);

const struct weigh_edge weigh_edges[] = {
${fill(edges.map(e => `{ ${hex(e.from)}, ${hex(e.to)}, ${e.id} },`))}
};

const struct weigh_state weigh_states[] = {
${fill(states.map(s => {
	const text = `{ ${first}, ${s.edges.length}, ${s.end} },`;

	first += s.edges.length;
	return text;
}))}
};
const size_t weigh_begin = COUNT_OF(weigh_states) - 1;`);
}

main();
