/*
 * Opens pages in Chromium and tells what is wrong with them, as JSON.
 *
 * usage: node visit.mjs MODULES < order.json
 *
 * The order: { chromium, home, pages: [ address ... ], codes: [ address ... ],
 * shots: directory }.  MODULES has node_modules in it.  The answer: {
 * problems: [ text ... ], fonts: { address: [ family ... ] }, codes: [ file
 * ... ] }.
 *
 * 1. Every page is looked at in every way of WAYS, by the same checks.
 * 2. Nothing is loaded from anywhere but the newsroom: a request elsewhere is
 *    a problem.
 */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.argv[2]}/package.json`);
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 900 };
const WAYS = [
	{ name: "phone, light", size: PHONE, colorScheme: "light" },
	{ name: "phone, dark", size: PHONE, colorScheme: "dark" },
	{ name: "desk, light", size: DESK, colorScheme: "light" },
	{ name: "desk, dark", size: DESK, colorScheme: "dark" },
];

const order = JSON.parse(readFileSync(0, "utf8"));
const answer = { problems: [], fonts: {}, codes: [] };

function launch(...more)
{
	return chromium.launch({
		executablePath: order.chromium,
		args: ["--disable-dev-shm-usage", "--no-proxy-server", ...more],
		chromiumSandbox: process.getuid() !== 0,
	});
}

/* Anything that the browser complains of becomes a problem of its page. */
async function open(browser, address)
{
	const page = await browser.newPage({ viewport: PHONE });
	const tell = what => answer.problems.push(`${address}: ${what}`);

	page.on("console", m => {
		/* The page of what is not there is there to be looked at. */
		if (m.location().url !== address || !/status of 4/.test(
			m.text()))
			tell(`console: ${m.text()}`);
	});
	page.on("pageerror", e => tell(`script: ${e}`));
	page.on("request", r => {
		if (!r.url().startsWith(order.home))
			tell(`asks ${r.url()}`);
	});
	page.on("requestfailed", r => tell(`cannot load ${r.url()}`));
	await page.addInitScript(() => {
		window.refused = [];
		document.addEventListener("securitypolicyviolation",
			e => window.refused.push(e.violatedDirective));
	});
	await page.goto(address, { waitUntil: "load" });
	return { page, tell };
}

/* What is so in every way of looking. */
async function measure(page, tell, way)
{
	const seen = await page.evaluate(() => ({
		over: document.documentElement.scrollWidth -
			document.documentElement.clientWidth,
		refused: window.refused,
		scripts: [...document.scripts].filter(s =>
			s.type !== "application/ld+json").length,
		broken: [...document.images].filter(i => i.complete &&
			i.naturalWidth === 0).map(i => i.src),
	}));

	if (seen.over > 0)
		tell(`${way}: ${seen.over} pixels too wide`);
	if (seen.refused.length)
		tell(`${way}: the policy refused ${seen.refused}`);
	if (seen.scripts)
		tell(`${way}: a script`);
	return seen;
}

async function audit(page, tell, way)
{
	const found = await page.evaluate(() => window.axe.run(document, {
		resultTypes: ["violations"],
		rules: {
			"color-contrast-enhanced": { enabled: true },
			"target-size": { enabled: true },
		},
	}));

	for (const v of found.violations)
		for (const n of v.nodes)
			tell(`${way}: ${v.id}: ${n.target} ${n.failureSummary}`);
}

/* The fonts that the browser really drew the article with. */
async function fonts(page)
{
	const cdp = await page.context().newCDPSession(page);

	await cdp.send("DOM.enable");
	await cdp.send("CSS.enable");
	const { root } = await cdp.send("DOM.getDocument");
	const { nodeIds } = await cdp.send("DOM.querySelectorAll",
		{ nodeId: root.nodeId, selector: "main, main *" });
	const names = [];

	for (const nodeId of nodeIds) {
		const used = await cdp.send("CSS.getPlatformFontsForNode",
			{ nodeId });

		names.push(...used.fonts.map(f => f.familyName));
	}
	return [...new Set(names)];
}

async function visit(browser, address)
{
	const { page, tell } = await open(browser, address);

	await page.evaluate(axe.source);
	for (const way of WAYS) {
		await page.setViewportSize(way.size);
		await page.emulateMedia({ colorScheme: way.colorScheme });
		const seen = await measure(page, tell, way.name);

		for (const src of seen.broken)
			tell(`${way.name}: no picture at ${src}`);
		await audit(page, tell, way.name);
	}
	answer.fonts[address] = await fonts(page);
	const text = await page.evaluate(() => document.body.innerText);

	await page.close();
	return text;
}

/* Without pictures the same can be read. */
async function visit_blind(browser, address, text)
{
	const { page, tell } = await open(browser, address);

	await page.setViewportSize(DESK);
	await measure(page, tell, "no pictures");
	if (await page.evaluate(() => document.body.innerText) !== text)
		tell("without pictures other words");
	await page.close();
}

/* Each code of a page as a file, for a camera. */
async function shoot(browser, address)
{
	const { page } = await open(browser, address);

	await page.setViewportSize(DESK);
	for (const code of await page.locator(".code").all()) {
		const path = `${order.shots}/${answer.codes.length}.png`;

		await code.screenshot({ path });
		answer.codes.push(path);
	}
	await page.close();
}

const browser = await launch();
const blind = await launch("--blink-settings=imagesEnabled=false");

for (const address of order.pages)
	await visit_blind(blind, address, await visit(browser, address));
for (const address of order.codes)
	await shoot(browser, address);
await browser.close();
await blind.close();
process.stdout.write(JSON.stringify(answer));
