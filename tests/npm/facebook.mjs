/*
 * A client of Facebook that is not ours, the package
 * facebook-nodejs-business-sdk: run by test_standin_facebook.py against the
 * stand-in, to which a proxy in the environment leads.
 *
 *	node facebook.mjs DIRECTORY < order > answer
 *
 * The order is JSON: a token, and calls, each [class, id, method, ...arguments]
 * of the package's objects, or ["api", method, ...arguments] of its API;
 * "$3.id" is of what the third call gave.  The answer has one of {value} and
 * {error} for each.  DIRECTORY has node_modules in it.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { meant } from "./meant.mjs";

const sdk = createRequire(resolve(process.argv[2], "package.json"))(
	"facebook-nodejs-business-sdk");
const { token, calls } = JSON.parse(readFileSync(0, "utf8"));
const api = sdk.FacebookAdsApi.init(token, "en_US", false);
const given = [];

/* What an object of the package knows. */
function plain(object) {
	if (Array.isArray(object))
		return { list: [...object].map(plain),
			more: object.hasNext?.() ?? false };
	return object?._data ?? object;
}

async function called([kind, ...rest]) {
	if (kind === "api")
		return api.call(...rest);
	const [id, method, ...args] = meant(rest, given);
	const object = new sdk[kind](id);

	if (method !== "everything")
		return object[method](...args);
	const cursor = await object.getFeed(...args);
	const all = [...cursor];

	while (cursor.hasNext())
		all.push(...await cursor.next());
	return all;
}

for (const call of calls)
	try {
		given.push({ value: plain(await called(call)) });
	} catch (error) {
		given.push({ error: { status: error.status,
			body: error.response, text: String(error) } });
	}
process.stdout.write(JSON.stringify(given));
