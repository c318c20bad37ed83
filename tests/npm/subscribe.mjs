/*
 * A WebSub subscriber that is not ours, the package pubsubhubbub: run by
 * test_websub_clients.py.
 *
 *	node subscribe.mjs DIRECTORY PORT
 *
 * Commands come as lines of JSON, {"do": "subscribe", "topic", "hub"}, and so
 * does what happens: {"event": "feed", "topic", "body", ...}.  It is used
 * without a secret, because it signs with another than it verifies with.
 * DIRECTORY has node_modules in it.
 */
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const [directory, port] = process.argv.slice(2);
const load = createRequire(resolve(directory, "package.json"));
const client = load("pubsubhubbub").createServer({
	callbackUrl: `http://127.0.0.1:${port}/callback?mine=1`,
	leaseSeconds: 7200,
});
const tell = (event, more) =>
	process.stdout.write(JSON.stringify({ event, ...more }) + "\n");

client.on("error", e => tell("error", { text: String(e) }));
client.on("denied", e => tell("denied", { topic: e.topic }));
for (const name of ["subscribe", "unsubscribe"])
	client.on(name, e => tell(name, { topic: e.topic, hub: e.hub,
		lease: e.lease - Math.round(Date.now() / 1000) }));
client.on("feed", e => tell("feed", { topic: e.topic, hub: e.hub,
	type: e.headers["content-type"], body: e.feed.toString("base64") }));
client.on("listen", () => tell("listen"));
client.listen(Number(port), "127.0.0.1");

createInterface({ input: process.stdin }).on("line", line => {
	const command = JSON.parse(line);

	client[command.do](command.topic, command.hub, error => tell("answer",
		{ error: error ? String(error) : null }));
}).on("close", () => process.exit(0));
