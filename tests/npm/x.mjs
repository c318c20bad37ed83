/*
 * A client of X that is not ours, the package twitter-api-v2: run by
 * test_standin_x.py against the stand-in.
 *
 *	node x.mjs DIRECTORY ADDRESS < order > answer
 *
 * The order is JSON: the keys, and calls, each [method, ...arguments] of the
 * client's v2; bytes are {"base64": ...}, and "$3.data.id" is of what the third
 * call gave.  The answer has one of {value} and {error} for each.  DIRECTORY
 * has node_modules in it.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { meant } from "./meant.mjs";

const [directory, address] = process.argv.slice(2);
const { TwitterApi } = createRequire(resolve(directory,
	"package.json"))("twitter-api-v2");
const { keys, calls } = JSON.parse(readFileSync(0, "utf8"));
const client = new TwitterApi(keys).v2;
const given = [];

client.setPrefix(`${address}/2/`);

for (const [method, ...rest] of calls)
	try {
		const value = await client[method](...meant(rest, given));

		given.push({ value: value?._realData ?? value });
	} catch (error) {
		given.push({ error: { code: error.code, data: error.data,
			reset: error.rateLimit?.reset, text: String(error) } });
	}
process.stdout.write(JSON.stringify(given));
