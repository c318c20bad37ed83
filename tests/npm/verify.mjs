/*
 * Signatures, as packages of npm see them: x-hub-signature for WebSub,
 * standardwebhooks for webhooks.
 *
 *	node verify.mjs DIRECTORY < messages > verdicts
 *
 * messages is a JSON array of {secret, body (base64)} with {signature} or
 * {headers}; verdicts one of true and false.  DIRECTORY has node_modules in it.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const load = createRequire(resolve(process.argv[2], "package.json"));
const Signature = load("x-hub-signature");
const { Webhook } = load("standardwebhooks");

function isGenuine({ secret, body, signature, headers }) {
	const bytes = Buffer.from(body, "base64");

	if (signature)
		return new Signature(signature.split("=")[0], secret)
			.verify(signature, bytes);
	try {
		new Webhook(secret).verify(bytes.toString(), headers);
		return true;
	} catch {
		return false;
	}
}

process.stdout.write(JSON.stringify(
	JSON.parse(readFileSync(0, "utf8")).map(isGenuine)));
