/*
 * Clients of WeChat that are not ours, the packages co-wechat-api and
 * node-easywechat: run by test_standin_wechat.py against the stand-in.
 *
 *	node wechat.mjs DIRECTORY ADDRESS < order > answer
 *
 * The order is JSON: {"appid", "secret", "calls"}.  A call is [method,
 * ...arguments] of co-wechat-api, or ["easy", path, body] for node-easywechat,
 * which gets its token by stable_token; "$3.media_id" is of what the third call
 * gave.  The answer has one of {value} and {error} for each.  DIRECTORY has
 * node_modules in it.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { meant } from "./meant.mjs";

const [directory, address] = process.argv.slice(2);
const load = createRequire(resolve(directory, "package.json"));
const { appid, secret, calls } = JSON.parse(readFileSync(0, "utf8"));
const api = new (load("co-wechat-api"))(appid, secret);
const { OfficialAccount } = load("node-easywechat");
const easy = new OfficialAccount({ app_id: appid, secret,
	use_stable_access_token: true, http: { baseURL: `${address}/` } });
const given = [];

api.prefix = `${address}/cgi-bin/`;

async function call(method, ...rest) {
	if (method !== "easy")
		return api[method](...rest);
	return (await easy.getClient().postJson(...rest)).toObject();
}

for (const one of calls)
	try {
		given.push({ value: await call(...meant(one, given)) });
	} catch (error) {
		given.push({ error: { code: error.code, text: String(error) } });
	}
process.stdout.write(JSON.stringify(given));
