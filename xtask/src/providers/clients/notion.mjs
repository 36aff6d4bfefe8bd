// Notion's own client against the fake. Arguments: what the fake's world holds, as JSON; and where to ask.
// Ends with an error at the first thing that is not as the client expects it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

// The package is in the folder that this was started in.
const require = createRequire(process.cwd() + "/");
const notionClient = require("@notionhq/client");
const { Client, iteratePaginatedAPI, isFullPage, isFullBlock, isFullDataSource, APIErrorCode } = notionClient;

const world = JSON.parse(process.argv[2]);
const base = process.argv[3];
const isJudged = process.env.JUDGED_BY_PRISM === "yes";
const version = "2026-03-11";
const notion = new Client({ auth: world.token, baseUrl: base, notionVersion: version, retry: { maxRetries: 4, initialRetryDelayMs: 50 } });

async function all(list, args) {
  const items = [];
  for await (const item of iteratePaginatedAPI(list, args)) items.push(item);
  return items;
}

async function refused(call, code) {
  await assert.rejects(call, (error) => error.code === code);
}

const started = Date.now();
const me = await notion.users.me({});
assert.equal(me.type, "bot");

const pages = await all(notion.search, { page_size: 30, filter: { property: "object", value: "page" } });
assert.ok(pages.every(isFullPage), "search gives whole pages");
assert.equal(new Set(pages.map((page) => page.id)).size, pages.length, "no page twice");
assert.ok(pages.some((page) => page.id === world.page) && !pages.some((page) => page.id === world.unshared));
const sources = await all(notion.search, { filter: { property: "object", value: "data_source" } });
assert.ok(sources.length === 1 && isFullDataSource(sources[0]) && sources[0].id === world.source);
assert.ok(Date.now() - started >= 1000, "the client has waited as the refusals said");

const database = await notion.databases.retrieve({ database_id: world.database });
assert.deepEqual(database.data_sources.map((source) => source.id), [world.source]);
const source = await notion.dataSources.retrieve({ data_source_id: world.source });
assert.equal(source.parent.database_id, world.database);

// One query ends at the limit and says so; the client's own way round it finds every row.
const cut = await all(notion.dataSources.query, { data_source_id: world.source, page_size: 20 });
assert.ok(cut.length < world.rows, "a query ends at its limit");
if (notionClient.iterateAllDataSourceRows) {
  const rows = new Set();
  for await (const row of notionClient.iterateAllDataSourceRows(notion, { data_source_id: world.source })) rows.add(row.id);
  assert.equal(rows.size, world.rows, "windows of time find every row");
}

const row = await notion.pages.retrieve({ page_id: world.row });
assert.ok(isFullPage(row) && row.parent.type === "data_source_id" && row.properties.Points.number === 3.5);

// Every block, level by level.
const types = new Set();
const waiting = [world.page];
while (waiting.length > 0) {
  const id = waiting.pop();
  if (id === world.orphan) {
    await refused(() => all(notion.blocks.children.list, { block_id: id }), APIErrorCode.ObjectNotFound);
    continue;
  }
  const blocks = await all(notion.blocks.children.list, { block_id: id, page_size: 7 });
  assert.ok(blocks.every(isFullBlock), "whole blocks");
  blocks.forEach((block) => types.add(block.type));
  waiting.push(...blocks.filter((block) => block.has_children).map((block) => block.id));
}
assert.ok(types.size >= 30, `blocks of every type: ${[...types]}`);

const markdown = await notion.pages.retrieveMarkdown({ page_id: world.page });
assert.ok(markdown.markdown.startsWith("# How we work\n") && !markdown.truncated);
await refused(() => notion.pages.retrieve({ page_id: world.unshared }), APIErrorCode.ObjectNotFound);
await refused(() => notion.search({ page_size: 101 }), APIErrorCode.ValidationError);
await refused(() => new Client({ auth: "wrong", baseUrl: base, notionVersion: version }).users.me({}), APIErrorCode.Unauthorized);

if (isJudged) {
  // The judge is awake: it finds fault with a wrong request and with a wrong answer.
  const headers = { authorization: `Bearer ${world.token}` };
  const noVersion = await fetch(`${base}/v1/users/me`, { headers });
  assert.ok(noVersion.status >= 400 && !noVersion.headers.has("x-notion-request-id"), "a missing version does not reach the fake");
  const strange = await fetch(`${base}/v1/blocks/${world.strange}/children`, { headers: { ...headers, "notion-version": version } });
  assert.equal(strange.status, 500);
  assert.match((await strange.json()).type, /VIOLATIONS/, "a block that the document does not know is reported");
}
console.log(`providers: notion: ${pages.length} pages, ${types.size} types of blocks, ${isJudged ? "judged by Prism" : "without Prism"}`);
