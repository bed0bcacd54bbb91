// Explores every version of every model and writes docs/findings.json and the table of docs/findings.md; with --check it
// writes nothing, and fails where one of them is out of date; with --page it makes the page of the document, and explores nothing.
// `npm run findings` builds and calls it.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findingsMarkdown } from "../dist/tools/findings-markdown.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const given = process.argv.slice(2);

function exploreAll() {
  const main = `${root}/dist/cli/main.js`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "explore", "--all", "--json"], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0 && status !== 1) throw new Error(`explore --all exited with ${status}: ${stderr}`);
  return stdout;
}

const json = given.includes("--page") ? readFileSync(`${root}/docs/findings.json`, "utf8") : exploreAll();
const page = readFileSync(`${root}/docs/findings.md`, "utf8");
const table = findingsMarkdown(JSON.parse(json));
const wanted = {
  "docs/findings.json": json,
  "docs/findings.md": page.replace(
    /(<!-- table -->\n)[\s\S]*?(<!-- end of table -->)/,
    (_, begin, end) => `${begin}\n${table}\n${end}`,
  ),
};
for (const [file, text] of Object.entries(wanted)) {
  if (!given.includes("--check")) writeFileSync(`${root}/${file}`, text);
  else if (readFileSync(`${root}/${file}`, "utf8") !== text) {
    console.log(`${file} is out of date: npm run findings`);
    process.exitCode = 1;
  }
}
