/** The recording script: what it asks for, whether shells take it, and what it does on a copy of the trees it reads. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { nodeFiles } from "../../cli/node-host.ts";
import { parseFormat, patchesOf } from "../../cli/probes/formats.ts";
import { recordingScript } from "../../cli/probes/script.ts";
import { probePatches, wantedEvents, wantedProbes } from "../../cli/probes/wanted.ts";
import { run } from "../../cli/run.ts";
import { EVENT_NAMES } from "../../traces/event.ts";
import { isInputError, monitorCatalogue, openLog, validateLogs } from "../../traces/validate.ts";
import { expectReport, verdicts } from "../traces/support/logs.ts";
import { writeLog } from "../traces/support/writer.ts";
import { memoryHost } from "./support/memory-host.ts";

const base = mkdtempSync(join(tmpdir(), "kmmcheck-probes-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const has = (program: string): boolean => spawnSync(program, ["--help"]).error === undefined;
const shells = [["dash"], ["busybox", "sh"], ["bash", "--posix"]].filter(([program = ""]) => has(program));

function tree(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

const format = (name: string, fields: readonly string[]): string =>
  `name: ${name}\nID: 1\nformat:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n${fields
    .map((field, i) => `\tfield:${field};\toffset:${8 * i + 8};\tsize:8;\tsigned:0;\n`)
    .join("")}\nprint fmt: "x"\n`;

let made = 0;

/** A machine that runs V1, as far as the script looks at it. */
function machine(): { readonly root: string; readonly env: Record<string, string> } {
  const root = join(base, String(made++));
  const events = [
    ...wantedEvents("v1").map(({ system, name }) => `${system}/${name}`),
    ...wantedProbes("v1").map(({ name }) => `kmmcheck/${name}`),
  ];
  const functions = new Set(wantedProbes("v1").map((probe) => probe.function));
  functions.delete("kmmscand_collect_mm_slot");
  tree(root, {
    "sys/kernel/tracing/trace": "",
    "sys/kernel/tracing/trace_marker": "",
    "sys/kernel/tracing/trace_clock": "[local] global mono boot",
    "sys/kernel/tracing/tracing_on": "1",
    "sys/kernel/tracing/buffer_size_kb": "7",
    "sys/kernel/tracing/kprobe_events": "",
    "sys/kernel/tracing/available_filter_functions": [...functions].join("\n"),
    "sys/kernel/tracing/per_cpu/cpu0/stats": "entries: 4\noverrun: 0\ndropped events: 0\n",
    "sys/kernel/mm/kmmscand/scan_sleep_ms": "50\n",
    "sys/kernel/mm/kmmscand/mms_to_scan": "32\n",
    "sys/devices/virtual/memory_tiering/memory_tier4/nodelist": "0\n",
    "sys/devices/virtual/memory_tiering/memory_tier450/nodelist": "1\n",
    "sys/devices/system/node/has_cpu": "0\n",
    "sys/devices/system/node/has_memory": "0-1\n",
    "proc/vmstat":
      "nr_kmmscand_migadded 2\nnr_kmmscand_migrated 2\nnr_kmmscand_migrate_failed 0\npgmigrate_success 2\n",
    "proc/uptime": "1.00 1.00\n",
    "boot/config-x": "",
    "dmesg.txt": "[    0.000000] Linux version 6.14\n",
    ...Object.fromEntries(events.map((name) => [`sys/kernel/tracing/events/${name}/enable`, "0"])),
    ...Object.fromEntries(
      events.map((name) => [
        `sys/kernel/tracing/events/${name}/format`,
        format(name.split("/")[1] ?? "", ["struct mm_struct * mm"]),
      ]),
    ),
    "log.txt": writeLog("v1").enter("a1").scan("a1", { total: 2 }).migrate("a1", 0, 2).exit("a1").whole(),
  });
  const env = {
    PATH: process.env["PATH"] ?? "",
    SYS: join(root, "sys"),
    PROC: join(root, "proc"),
    BOOT: join(root, "boot"),
    DMESG: `cat ${join(root, "dmesg.txt")}`,
    ARCH: "x86_64",
  };
  return { root, env };
}

interface Ran {
  readonly code: number | null;
  readonly err: string;
  readonly root: string;
  readonly read: (name: string) => string;
}

function record(shell: readonly string[], args: readonly string[], change?: (root: string) => void): Ran {
  const { root, env } = machine();
  change?.(root);
  writeFileSync(join(root, "record.sh"), recordingScript("v1", null));
  const [program = "", ...first] = shell;
  const workload = ["cp", "log.txt", "sys/kernel/tracing/trace"];
  const all = [...first, "record.sh", "-o", "capture", ...args, ...workload];
  const { status, stderr } = spawnSync(program, all, { cwd: root, env, encoding: "utf8" });
  return { code: status, err: stderr, root, read: (name) => readFileSync(join(root, name), "utf8") };
}

describe("the script", () => {
  test.each(["v0", "v3"] as const)(
    "of %s is taken by every shell that is here, and by shellcheck",
    (patch) => {
      const script = recordingScript(patch, null);
      for (const [program = "", ...args] of shells) {
        const { status, stderr } = spawnSync(program, [...args, "-n"], { input: script, encoding: "utf8" });
        expect([program, status, stderr]).toEqual([program, 0, ""]);
      }
      if (has("shellcheck"))
        expect(spawnSync("shellcheck", ["-s", "sh", "-"], { input: script, encoding: "utf8" }).stdout).toBe(
          "",
        );
    },
  );

  test.each(shells.map((shell) => [shell]))("run by %j records a capture that is judged", async (shell) => {
    const ran = record(shell, ["-k", "scan_sleep_ms=20", "-w", "0"]);
    expect([ran.code, ran.err]).toEqual([0, expect.stringContaining("kmmcheck validate capture")]);
    expect(readdirSync(join(ran.root, "capture")).sort()).toEqual([
      "config",
      "dmesg.txt",
      "formats",
      "knobs.after",
      "knobs.before",
      "kprobe_events.txt",
      "recording.txt",
      "stats.cpu0.after",
      "stats.cpu0.before",
      "sysinfo.txt",
      "trace.txt",
      "uptime.after",
      "uptime.before",
      "vmstat.after",
      "vmstat.before",
    ]);
    const input = await openLog(join(ran.root, "capture"), "capture");
    if (isInputError(input)) throw new Error(input.message);
    const report = expectReport(await validateLogs([input]));
    expect(verdicts(report)).toMatchObject({ A10: "holds", P02: "holds", K01: "holds", S15: "holds" });
    expect(report.logs[0]!.notes.join()).toContain("scan_sleep_ms from 50 to 20");
  });

  test("says what it will miss, and leaves nothing behind", () => {
    const ran = record(["sh"], [], (root) => {
      rmSync(join(root, "sys/kernel/tracing/events/kmem/kmem_mm_exit"), { recursive: true });
    });
    expect(ran.err).toContain("missing: the event kmem:kmem_mm_exit, which this kernel does not have");
    expect(ran.err).toContain(
      "missing: the kprobe collect: the kernel has no function kmmscand_collect_mm_slot",
    );
    expect(ran.err).toContain("without -f these are not decided: A03, A04, F01, L02, S14");
    expect(ran.err).toContain("2 things missing");
    expect(ran.read("sys/kernel/tracing/events/kmmcheck/enter/enable")).toBe("0\n");
    expect(ran.read("sys/kernel/tracing/tracing_on")).toBe("0\n");
    expect(ran.read("sys/kernel/mm/kmmscand/scan_sleep_ms")).toBe("50\n");
    const probes = ran.read("sys/kernel/tracing/kprobe_events");
    for (const line of probes.match(/^[pr]:kmmcheck\/\w+/gm) ?? [])
      expect(probes.lastIndexOf(`-:${line.slice(2)}\n`)).toBeGreaterThan(probes.indexOf(line));
    expect(existsSync(join(ran.root, "sys/kernel/tracing/instances"))).toBe(false);
  });

  test("asks for page-table entries only where their bits are known", () => {
    const costly = record(["sh"], ["-f"]);
    expect(costly.read("capture/kprobe_events.txt")).toContain(
      "p:kmmcheck/pte_entry hot_vma_idle_pte_entry pte=+0(%di):x64 addr=%si:x64 vma=+24(%cx):x64 mm=+8(%cx):x64",
    );
    expect(record(["sh"], []).read("capture/kprobe_events.txt")).not.toContain("pte_entry");
  });

  test.each([
    [
      "no tracefs",
      (root: string) => rmSync(join(root, "sys/kernel/tracing"), { recursive: true }),
      "no tracefs",
    ],
    [
      "a directory that is there",
      (root: string) => mkdirSync(join(root, "capture")),
      "capture is there already",
    ],
  ])("refuses: %s", (_, change, message) => {
    const ran = record(["sh"], [], change);
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(message)]);
  });
  test.each([
    [["-t", "x"], "-t takes a whole number, not 'x'"],
    [["-k", "x"], "-k takes NAME=VALUE, not 'x'"],
    [["-k", "x=1 2"], "-k takes a value without blanks, not 'x=1 2'"],
    [["-z"], "usage:"],
  ])("refuses %j", (args, message) => {
    const ran = record(["sh"], args);
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(message)]);
  });
});

test("a promotion is found by its function and told by the registers of each version", () => {
  const promote = (patch: (typeof probePatches)[number]) =>
    wantedProbes(patch).find(({ name }) => name === "promote")!;
  expect(probePatches.map((patch) => promote(patch).function)).toEqual([
    "kmmscand_promote_folio",
    "kmmscand_promote_folio",
    "kmigrated_promote_folio",
    "kmigrated_promote_folio",
  ]);
  expect(promote("v2").args).toMatch(
    /^info=A1:x64 mm=A2:x64 dest=A3:s32 folio=\+16\(A1\):x64 .* addr=\+24\(A1\):x64$/,
  );
  expect(promote("v3").args).toBe("info=A1:x64 mm=A2:x64 dest=A3:s32 pfn=+16(A1):x64 addr=+24(A1):x64");
  for (const registers of ["A3=%dx", "A3=%x2", "A3='$arg3'", "s/A3/$A3/g"])
    expect(recordingScript("v2", null)).toContain(registers);
});

test("probes have names that the reader knows, and name properties that monitors judge", () => {
  const ids = new Set(monitorCatalogue.map(({ id }) => id));
  for (const patch of probePatches) {
    for (const { name, without } of [...wantedEvents(patch), ...wantedProbes(patch)]) {
      expect(EVENT_NAMES).toContain(name);
      const named = without.match(/\b[A-Z]\d\d\b/g) ?? [];
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((id) => !ids.has(id))).toEqual([]);
    }
  }
});

describe("formats", () => {
  const of = (name: string, ...fields: string[]) => parseFormat("kmem", format(name, fields))!;
  test("tell the version by the fields of the daemon's events", () => {
    const [comm, mm, rc] = ["char comm[16]", "struct mm_struct * mm", "int rc"];
    expect(of("kmem_mm_enter", comm, mm).fields).toEqual(["comm", "mm"]);
    expect(patchesOf([of("kmem_scan_mm_migrate", comm, mm, rc)])).toEqual(["v0"]);
    expect(patchesOf([of("kmem_scan_mm_migrate", mm, rc, "int target_node")])).toEqual(["v1", "v2"]);
    expect(patchesOf([of("kmem_scan_mm_migrate", mm, rc, "int msuccess")])).toEqual(["v3"]);
    expect(patchesOf([of("kmem_mm_enter", mm)])).toEqual(["v1", "v2", "v3"]);
    expect(patchesOf([of("mm_page_alloc", "int order")])).toEqual([]);
    expect(parseFormat("kmem", "no format\n")).toBeNull();
  });

  const probes = async (folder: string, ...args: string[]) => {
    const host = memoryHost();
    const code = await run(["probes", ...args, "--kernel-format", folder], {
      ...host,
      cwd: base,
      files: nodeFiles,
    });
    return { code, ...host.written };
  };
  test("of a folder leave out what is not there", async () => {
    const { root } = machine();
    cpSync(join(root, "sys/kernel/tracing/events"), join(base, "tree"), { recursive: true });
    tree(base, {
      "flat/kmem.kmem_mm_enter.format": format("kmem_mm_enter", ["char comm[16]"]),
      "none/x": "",
    });
    expect((await probes("flat")).code).toBe(0);
    const flat = await probes("flat", "--patch", "v1");
    expect([flat.code, flat.err]).toEqual([2, "kmmcheck: flat: the formats are those of v0, not of v1\n"]);
    const whole = await probes("tree", "--patch", "v1");
    expect([whole.code, whole.err]).toEqual([0, ""]);
    expect(whole.out).toContain("\nevent kmem kmem_mm_exit ");
    expect((await probes("tree")).err).toContain("may be those of v1 or v2; say with --patch which it is");
    expect((await probes("none")).err).toContain("no format of an event is in it");
    expect((await probes("missing")).err).toContain("cannot read the formats: there is no such folder");
    expect((await probes("tree", "--patch", "v9")).err).toContain("v9");
  });
});
