/*
 * What packages from npm read in feeds: run by test_readers.py.
 *
 *	node read.mjs DIRECTORY PACKAGE < bodies > entries
 *
 * bodies is a JSON array of documents; entries one of arrays of {id, title,
 * link, date}.  DIRECTORY has node_modules in it.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { Readable } from "node:stream";

const [directory, name] = process.argv.slice(2);
const load = createRequire(resolve(directory, "package.json"));
const plain = (id, title, link, date) =>
	({ id, title, link, date: new Date(date).toISOString() });

/* All formats, each in its own words. */
function feedsmith(body) {
	const { format, feed } = load("feedsmith").parseFeed(body);

	if (format === "atom")
		return feed.entries.map(e => plain(e.id, e.title.value ?? e.title,
			e.links.find(l => l.rel === "alternate").href,
			e.published));
	return feed.items.map(e => format === "rss" ?
		plain(e.guid.value, e.title, e.link, e.pubDate) :
		plain(e.id, e.title, e.url, e.date_published));
}

async function rssParser(body) {
	const feed = await new (load("rss-parser"))().parseString(body);

	return feed.items.map(e => plain(e.guid ?? e.id, e.title, e.link,
		e.isoDate));
}

function feedparser(body) {
	return new Promise((done, failed) => {
		const parser = new (load("feedparser"))({ addmeta: false });
		const entries = [];

		parser.on("error", failed);
		parser.on("data", e => entries.push(plain(e.guid, e.title,
			e.link, e.pubdate)));
		parser.on("end", () => done(entries));
		Readable.from([body]).pipe(parser);
	});
}

const readers = { feedsmith, "rss-parser": rssParser, feedparser };
const bodies = JSON.parse(readFileSync(0, "utf8"));
const read = [];

for (const body of bodies)
	read.push(await readers[name](body));
process.stdout.write(JSON.stringify(read));
