import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readVerifier } from "../../cli/spin.ts";
import { hasPrograms, scratch } from "./support/built.ts";
import { kmmcheck, memoryHost } from "./support/memory-host.ts";
import { complaints } from "./support/schemas.ts";

test("prints the model as Promela", async () => {
  const { code, out, err } = await kmmcheck("export turns --to promela");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("active proctype ping()");
  expect(out).toContain("never L01 {");
});

test("writes the text to a file", async () => {
  const host = memoryHost();
  const { code, out } = await kmmcheck("export exit-race --patch fixed --set mms=2 --output race.pml", host);
  expect([code, out]).toEqual([0, ""]);
  expect(host.contents.get("/w/race.pml")).toBe(
    (await kmmcheck("export exit-race --patch fixed --set mms=2")).out,
  );
});

test.each(["promela", "tla"])("the JSON report has the text of %s and the names of its files", async (to) => {
  const { out } = await kmmcheck(`export turns --to ${to} --json`);
  const report = JSON.parse(out);
  expect(complaints("export-report", report)).toEqual([]);
  expect(report.texts.map(({ file }: { file: string }) => file)).toEqual(
    to === "tla" ? ["turns.tla", "turns.cfg"] : ["turns.pml"],
  );
  const printed = (await kmmcheck(`export turns --to ${to}`)).out;
  expect(report.texts.map(({ text }: { text: string }) => text).join("\n")).toBe(printed);
});

test("writes a TLA+ module under the name of its file, and the configuration beside it", async () => {
  const host = memoryHost();
  const { code, out } = await kmmcheck("export turns --to tla --output My_Turns.tla", host);
  expect([code, out]).toEqual([0, ""]);
  expect([...host.contents.keys()]).toEqual(["/w/My_Turns.tla", "/w/My_Turns.cfg"]);
  expect(host.contents.get("/w/My_Turns.tla")).toMatch(/^-+ MODULE My_Turns -+\n/);
  expect(host.contents.get("/w/My_Turns.cfg")).toContain("SPECIFICATION Spec\n");
});

test.each([
  ["export turns --to cobol", '--to takes promela, tla, not "cobol"'],
  ["export turns --to tla --output a.cfg", "--output a.cfg is where the configuration goes"],
  [
    "export turns --to tla --output a/My-Turns.tla",
    "--output a/My-Turns.tla: a TLA+ module has the name of its file, and My-Turns is no name for one; My_Turns.tla is",
  ],
  [
    "export turns --to tla --output Integers.tla",
    "--output Integers.tla: a TLA+ module has the name of its file, and Integers is no name for one; Integers_2.tla is",
  ],
  ["export turn", "unknown model turn; did you mean turns?"],
  ["export", "missing required argument 'model'"],
  ["crosscheck turns --max-states 2", "turns was not explored to its end"],
])("refuses `%s`", async (line, message) => {
  const { code, err, out } = await kmmcheck(line);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(message);
});

test("without SPIN, crosscheck says what it needs", async () => {
  const { code, err, out } = await kmmcheck("crosscheck turns", { env: { PATH: "/nonexistent" } });
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(/^kmmcheck: crosscheck needs the model checker SPIN .*not in the PATH\n$/);
});

describe.skipIf(!hasPrograms("spin", "gcc"))("crosscheck compiles with what CC names:", () => {
  test.each([
    [
      "no-such-cc -pipe",
      /^kmmcheck: crosscheck needs the C compiler no-such-cc, .*: it is not in the PATH\n$/,
    ],
    ["./cc", /^kmmcheck: crosscheck needs the C compiler \/w\/cc, .*: it is not there\n$/],
    ["true", /^kmmcheck: the C compiler made no program of SPIN's verifier\n$/],
    [
      "false",
      /^kmmcheck: the C compiler does not compile SPIN's verifier: it ended with 1 and said nothing\n$/,
    ],
    ["gcc -c", /^kmmcheck: SPIN's verifier cannot be run: .*EACCES\n$/],
    [
      "gcc -include none.h",
      /^kmmcheck: the C compiler does not compile SPIN's verifier: .*error.*none\.h.*\n$/,
    ],
  ])("%s", async (CC, sentence) => {
    const { code, err, out } = await kmmcheck("crosscheck turns", { env: { CC } });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(sentence);
  });

  test("one that says more than it has to, and reads what nobody writes", async () => {
    const folder = scratch();
    const cc = join(folder, "cc");
    writeFileSync(cc, '#!/bin/sh\ncat\necho "warning: of no error" >&2\nexec gcc "$@"\n', { mode: 0o755 });
    const { code, err } = await kmmcheck("crosscheck turns", { env: { CC: cc } });
    rmSync(folder, { recursive: true });
    expect([code, err]).toEqual([0, ""]);
  });

  test("one that makes nothing the second time", async () => {
    const folder = scratch();
    const cc = join(folder, "cc");
    const once = `[ -e ${folder}/done ] && exit 0\ntouch ${folder}/done`;
    writeFileSync(cc, `#!/bin/sh\n${once}\nexec gcc "$@"\n`, { mode: 0o755 });
    const { code, err } = await kmmcheck("crosscheck turns", { env: { CC: cc } });
    rmSync(folder, { recursive: true });
    expect([code, err]).toEqual([2, "kmmcheck: the C compiler made no program of SPIN's verifier\n"]);
  });
});

describe.skipIf(!hasPrograms("spin", "gcc"))("where SPIN does not count to its end", () => {
  test("nothing is said to differ, and the reason is told", async () => {
    const folder = scratch();
    const cc = join(folder, "cc");
    const said =
      "pan: reached -DMEMLIM bound\n       3 states, stored\n       9 transitions (= stored+matched)";
    writeFileSync(cc, `#!/bin/sh\nprintf '#!/bin/sh\\necho "${said}"' > pan\nchmod +x pan\n`, {
      mode: 0o755,
    });
    const { code, out } = await kmmcheck("crosscheck turns --json", { env: { CC: cc } });
    rmSync(folder, { recursive: true });
    const report = JSON.parse(out);
    expect(complaints("crosscheck-report", report)).toEqual([]);
    expect(code).toBe(3);
    expect(report.counts).toEqual([
      expect.objectContaining({ spin: null, agree: null, reason: expect.stringContaining("MEMLIM") }),
      expect.objectContaining({ spin: null, agree: null, reason: expect.stringContaining("MEMLIM") }),
    ]);
  });

  test("a run that never ends is followed to a hundred times the depth, and given up", async () => {
    const folder = scratch();
    const [cc, log] = [join(folder, "cc"), join(folder, "log")];
    const pan = `#!/bin/sh\\necho "$@" >> ${log}\\necho "error: max search depth too small"\\n`;
    writeFileSync(cc, `#!/bin/sh\nprintf '${pan}' > pan\nchmod +x pan\n`, { mode: 0o755 });
    const { code, out } = await kmmcheck("crosscheck turns --json", { env: { CC: cc } });
    const depths = [...readFileSync(log, "utf8").matchAll(/-m(\d+)/g)].map(([, depth]) => Number(depth));
    rmSync(folder, { recursive: true });
    const [first = 0] = depths;
    expect(depths.slice(0, 3)).toEqual([first, 10 * first, 100 * first]);
    const { counts, properties } = JSON.parse(out);
    expect(depths).toHaveLength(3 * (1 + properties.length));
    expect([code, counts[0].reason]).toEqual([3, "error: max search depth too small"]);
  });

  test("an interrupt is told, and nothing differs", async () => {
    const interrupt = new AbortController();
    const stop = async () => {
      interrupt.abort();
      return 2 ** 30;
    };
    // Memory is asked for once our own search is over.
    const host = { ...memoryHost({ interrupt: interrupt.signal }), memory: stop };
    const { code, out, err } = await kmmcheck("crosscheck turns --json", host);
    expect([code, err]).toEqual([3, ""]);
    const { counts, properties } = JSON.parse(out);
    for (const { agree, reason } of [...counts, ...properties])
      expect([agree, reason]).toEqual([null, expect.stringContaining("it was interrupted")]);
  });

  test("an interrupt of our own search is told as well", async () => {
    const interrupt = new AbortController();
    const honest = memoryHost({ interrupt: interrupt.signal });
    const check: typeof honest.check = async (...args) => {
      interrupt.abort();
      return honest.check(...args);
    };
    const { code, out } = await kmmcheck("crosscheck turns", { ...honest, check });
    expect([code, out, honest.written.err]).toEqual([
      3,
      "",
      expect.stringContaining("was interrupted before"),
    ]);
  });
});

test.skipIf(!hasPrograms("gcc"))("a SPIN that makes nothing is named, and not the compiler", async () => {
  const folder = scratch();
  writeFileSync(join(folder, "spin"), "#!/bin/sh\necho 'spin: error: out of order'\nexit 3\n", {
    mode: 0o755,
  });
  const { code, err } = await kmmcheck("crosscheck turns", {
    env: { PATH: `${folder}:${process.env["PATH"]}` },
  });
  rmSync(folder, { recursive: true });
  expect([code, err]).toEqual([
    2,
    "kmmcheck: SPIN does not translate the model: spin: error: out of order\n",
  ]);
});

test("a temporary folder that is none is bad input", async () => {
  const { code, err } = await kmmcheck("crosscheck turns", { env: { TMPDIR: "/nonexistent" } });
  expect([code, err]).toEqual([
    2,
    "kmmcheck: /nonexistent: cannot make a temporary folder: there is no such file\n",
  ]);
});

const counts = "      15 states, stored\n      13 states, matched\n      28 transitions (= stored+matched)\n";

test.each([
  ["State-vector 36 byte, depth reached 10, errors: 0\n", { error: false, complete: true, words: "" }],
  [
    "pan:1: assertion violated  !broken (at depth 3)\nState-vector 36 byte, depth reached 10, errors: 1\n",
    { error: true, complete: false, words: "" },
  ],
  [
    "pan:1: acceptance cycle (at depth 3)\nState-vector 36 byte, depth reached 10, errors: 1\n",
    { error: true, complete: false, words: "" },
  ],
  [
    "pan:1: indexing array x (at depth 3)\nState-vector 36 byte, depth reached 10, errors: 1\n",
    { error: false, complete: false, words: "pan:1: indexing array x (at depth 3)" },
  ],
  [
    "error: max search depth too small\nState-vector 36 byte, depth reached 9, errors: 0\n",
    { error: false, complete: false, words: "error: max search depth too small" },
  ],
  [
    "pan: ltl formula x\npan: out of memory\nState-vector 36 byte, depth reached 9, errors: 0\nWarning: Search not completed\n",
    { error: false, complete: false, words: "pan: out of memory" },
  ],
])("reads what the verifier prints: %#", (text, expected) => {
  expect(readVerifier(text + counts)).toEqual({ states: 15, transitions: 28, ...expected });
});

test("a verifier that prints nothing has decided nothing", () => {
  expect(readVerifier("")).toMatchObject({ error: false, complete: false, words: "it printed no result" });
});
