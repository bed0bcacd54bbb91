/** The recording script: what it asks for, whether shells take it, and what it does on a copy of the trees it reads. */
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
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

const RELEASE = spawnSync("uname", ["-r"], { encoding: "utf8" }).stdout.trim();

/** As Linux 6.12 prints it: name in 44 columns, hits, misses; another group's probe of the same kernel in front. */
const profile = [["theirs", 9, 9] as const, ...wantedProbes("v1").map(({ name }) => [name, 4, 0] as const)]
  .map(
    ([name, hits, missed]) => `  ${name.padEnd(44)} ${`${hits}`.padStart(15)} ${`${missed}`.padStart(15)}\n`,
  )
  .join("");

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
    "sys/kernel/tracing/trace_clock": "[local] global counter uptime perf mono mono_raw boot tai x86-tsc\n",
    "sys/kernel/tracing/tracing_on": "1\n",
    "sys/kernel/tracing/buffer_size_kb": "7 (expanded: 1408)\n",
    "sys/kernel/tracing/options/hash-ptr": "1\n",
    "sys/kernel/tracing/kprobe_profile": profile,
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
    [`modules/${RELEASE}/build/.config`]: "CONFIG_HZ=250\nCONFIG_KSCAND=y\nCONFIG_HZ_250=y\n",
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
    MODULES: join(root, "modules"),
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

async function record(
  shell: readonly string[],
  args: readonly string[],
  change?: (root: string, env: Record<string, string>) => void,
  workload: readonly string[] = ["cp", "log.txt", "sys/kernel/tracing/trace"],
): Promise<Ran> {
  const { root, env } = machine();
  change?.(root, env);
  writeFileSync(join(root, "record.sh"), recordingScript("v1", null));
  const [program = "", ...first] = shell;
  const all = [...first, "record.sh", "-o", "capture", ...args, ...workload];
  const child = spawn(program, all, { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, err, root, read: (name) => readFileSync(join(root, name), "utf8") };
}

/** Programs that go before those of the machine. */
function shim(root: string, env: Record<string, string>, programs: Readonly<Record<string, string>>): void {
  tree(join(root, "bin"), programs);
  for (const name of Object.keys(programs)) chmodSync(join(root, "bin", name), 0o755);
  env["PATH"] = `${join(root, "bin")}:${env["PATH"]}`;
}

/** Gives the machine instances, which tracefs fills when they are made. */
function withInstances(root: string, env: Record<string, string>): void {
  const tracing = join(root, "sys/kernel/tracing");
  cpSync(tracing, join(root, "instance"), { recursive: true });
  mkdirSync(join(tracing, "instances"));
  shim(root, env, {
    mkdir: `#!/bin/sh\n/bin/mkdir "$@" || exit\ncase $1 in */instances/*) cp -r ${root}/instance/. "$1" ;; esac\n`,
    rmdir: `#!/bin/sh\nmv "$1" ${root}/removed\n`,
  });
}

const IN_INSTANCE = ["cp", "log.txt", "sys/kernel/tracing/instances/kmmcheck/trace"];

// Concurrent: the scripts sleep most of the time.
describe.concurrent("the script", () => {
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
    const ran = await record(shell, ["-k", "scan_sleep_ms=20", "-w", "0"]);
    expect([ran.code, ran.err]).toEqual([0, expect.stringContaining("kmmcheck validate capture")]);
    expect(readdirSync(join(ran.root, "capture")).sort()).toEqual([
      "config",
      "dmesg.txt",
      "formats",
      "knobs.after",
      "knobs.before",
      "kprobe_events.txt",
      "kprobe_profile.txt",
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

  test("says what it will miss, and leaves nothing behind", async () => {
    const ran = await record(["sh"], [], (root) => {
      rmSync(join(root, "sys/kernel/tracing/events/kmem/kmem_mm_exit"), { recursive: true });
    });
    expect(ran.err).toContain("missing: the event kmem:kmem_mm_exit, which this kernel does not have");
    expect(ran.err).toContain(
      "missing: the kprobe collect: the kernel has no function kmmscand_collect_mm_slot",
    );
    expect(ran.err).toContain("without -f these are not decided: A03, A04, F01, L02, S14");
    expect(ran.err).toContain("2 things missing");
    expect(ran.read("sys/kernel/tracing/events/kmmcheck/enter/enable")).toBe("0\n");
    expect(ran.read("sys/kernel/tracing/tracing_on")).toBe("1\n");
    expect(ran.read("sys/kernel/tracing/trace_clock")).toBe("local\n");
    expect(ran.read("sys/kernel/tracing/buffer_size_kb")).toBe("1408\n");
    expect(ran.read("sys/kernel/tracing/options/hash-ptr")).toBe("1\n");
    expect(ran.read("sys/kernel/mm/kmmscand/scan_sleep_ms")).toBe("50\n");
    const probes = ran.read("sys/kernel/tracing/kprobe_events");
    for (const line of probes.match(/^[pr]\d*:kmmcheck\/\w+/gm) ?? [])
      expect(probes.lastIndexOf(`-:${line.replace(/^.\d*:/, "")}\n`)).toBeGreaterThan(probes.indexOf(line));
    expect(existsSync(join(ran.root, "sys/kernel/tracing/instances"))).toBe(false);
  });

  test("looks for the kernel's functions, clones of the compiler among them", async () => {
    const ran = await record(["sh"], [], (root) => {
      rmSync(join(root, "sys/kernel/tracing/available_filter_functions"));
      writeFileSync(
        join(root, "proc/kallsyms"),
        [
          "ffffffff81000000 t __kmmscand_enter",
          "ffffffff81000100 T __kmmscand_exit\t[daemon]",
          "ffffffff81000200 t kmmscand_promote_folio.cold",
          "ffffffff81000300 t kmmscand_promote_folio.constprop.0",
          "ffffffff81000400 d kmmscand_walk_page_vma",
          "ffffffff81000500 t kmmscand_collect_mm_slot.cold",
        ].join("\n"),
      );
    });
    expect(ran.err).toContain(
      "missing: the kprobe promote: the compiler made kmmscand_promote_folio into kmmscand_promote_folio.constprop.0, whose arguments are not known; not decided without it: F01 to F04, S05, S08\n",
    );
    expect(ran.err).toContain(
      "missing: the kprobe collect: the kernel has no function kmmscand_collect_mm_slot,",
    );
    expect(ran.err).toContain(
      "missing: the kprobe walk_vma: the kernel has no function kmmscand_walk_page_vma,",
    );
    expect(ran.read("capture/kprobe_events.txt").match(/^\w+:kmmcheck\/\w+/gm)).toEqual([
      "p:kmmcheck/enter",
      "p:kmmcheck/exit",
      "r256:kmmcheck/exit_ret",
    ]);
  });

  test("says why the kernel refuses a kprobe, in the kernel's words", async () => {
    const ran = await record(["sh"], [], (root, env) => {
      rmSync(join(root, "sys/kernel/tracing/events/kmmcheck/exit"), { recursive: true });
      tree(root, { "sys/kernel/tracing/error_log": "" });
      // The last line of error_log, as it is before and after the kernel refused something.
      shim(root, env, {
        tail: `#!/bin/sh\necho x >>${root}/looks\necho "[    $(wc -l <${root}/looks).000000] Failed to register probe event"\n`,
      });
    });
    expect(ran.err).toContain(
      "missing: the kprobe exit: the kernel refuses it (Failed to register probe event); not decided without it: B04,",
    );
    expect(ran.err.match(/the kernel refuses it/g)).toHaveLength(1);
  });

  test("says that a kernel without the daemon has nothing of it, and records all the same", async () => {
    const ran = await record(["sh"], [], (root) => {
      rmSync(join(root, "sys/kernel/tracing/events/kmem"), { recursive: true });
      writeFileSync(join(root, "sys/kernel/tracing/available_filter_functions"), "mmput\n");
    });
    expect(ran.err).toContain("this kernel has nothing of kmmscand, neither events nor functions");
    expect(ran.err).toContain("recorded into capture, 12 things missing.");
    expect(ran.code).toBe(0);
  });

  test("has a buffer of its own where there are instances, and leaves the other one alone", async () => {
    const kept = ["trace_clock", "tracing_on", "buffer_size_kb", "trace_marker", "trace", "options/hash-ptr"];
    const ran = await record(["sh"], ["-k", "scan_sleep_ms=20", "-w", "0"], withInstances, IN_INSTANCE);
    expect([ran.code, ran.err]).toEqual([
      0,
      expect.stringContaining("recorded into capture, 1 things missing."),
    ]);
    const { root } = machine();
    for (const name of kept)
      expect([name, ran.read(`sys/kernel/tracing/${name}`)]).toEqual([
        name,
        readFileSync(join(root, "sys/kernel/tracing", name), "utf8"),
      ]);
    expect(readdirSync(join(ran.root, "sys/kernel/tracing/instances"))).toEqual([]);
    expect(ran.read("removed/trace_clock")).toBe("boot\n");
    expect(ran.read("removed/buffer_size_kb")).toBe("65536\n");
    expect(ran.read("removed/options/hash-ptr")).toBe("0\n");
    expect(ran.read("removed/events/kmmcheck/enter/enable")).toBe("0\n");
    const written = (name: string): bigint =>
      statSync(join(ran.root, "removed", name), { bigint: true }).mtimeNs;
    expect(written("tracing_on")).toBeLessThanOrEqual(written("events/kmem/kmem_mm_enter/enable"));
    expect(ran.read("capture/trace.txt")).toBe(ran.read("log.txt"));
    expect(ran.read("sys/kernel/mm/kmmscand/scan_sleep_ms")).toBe("50\n");
  });

  test("gives the common buffer back its size where the kernel forgot that it grows on first use", async () => {
    const ran = await record(["sh"], [], withInstances, [
      "sh",
      "-c",
      "cp log.txt sys/kernel/tracing/instances/kmmcheck/trace; echo 7 >sys/kernel/tracing/buffer_size_kb",
    ]);
    expect(ran.code).toBe(0);
    expect(ran.read("sys/kernel/tracing/buffer_size_kb")).toBe("1408\n");
  });

  test("leaves nothing when it is stopped before it records", async () => {
    const ran = await record(["sh"], [], (root, env) => {
      withInstances(root, env);
      const mkdir = readFileSync(join(root, "bin/mkdir"), "utf8");
      shim(root, env, { mkdir: `${mkdir}case $1 in */instances/*) kill -s TERM "$PPID" ;; esac\n` });
    });
    expect([ran.code, ran.err]).toEqual([143, "stopped by SIGTERM\n"]);
    expect(readdirSync(join(ran.root, "sys/kernel/tracing/instances"))).toEqual([]);
    expect(existsSync(join(ran.root, "capture"))).toBe(false);
  });

  test("removes with -x what a killed recording left", async () => {
    const ran = await record(["sh"], ["-x"], (root, env) => {
      withInstances(root, env);
      mkdirSync(join(root, "sys/kernel/tracing/instances/kmmcheck/events"), { recursive: true });
      writeFileSync(
        join(root, "sys/kernel/tracing/kprobe_events"),
        "p:kmmcheck/enter __kmmscand_enter mm=%di:x64\nr256:kmmcheck/exit_ret __kmmscand_exit\np:theirs/x do_exit\n",
      );
    });
    expect([ran.code, ran.err]).toEqual([0, ""]);
    expect(ran.read("sys/kernel/tracing/kprobe_events").match(/^-:.*$/gm)).toEqual([
      "-:kmmcheck/enter",
      "-:kmmcheck/exit_ret",
    ]);
    expect(existsSync(join(ran.root, "sys/kernel/tracing/instances/kmmcheck"))).toBe(false);
    expect(existsSync(join(ran.root, "capture"))).toBe(false);
  });

  test("tells of hits that the kernel missed, and keeps them for the judgement", async () => {
    const ran = await record(["sh"], [], (root) => {
      const file = join(root, "sys/kernel/tracing/kprobe_profile");
      writeFileSync(file, profile.replace(/^( {2}exit_ret .*)0$/m, "$13"));
    });
    expect(ran.err).toContain("the kprobe exit_ret missed 3 of 7 hits\n");
    expect(ran.err).not.toContain("theirs");
    expect(ran.read("capture/kprobe_profile.txt")).toBe(
      ["enter", "exit", "exit_ret", "walk_vma", "promote", "promote_ret"]
        .map((name) => `${name} 4 ${name === "exit_ret" ? 3 : 0}\n`)
        .join(""),
    );
  });

  test("finds the configuration of a kernel that was built and not packaged", async () => {
    expect((await record(["sh"], [])).read("capture/config")).toBe("CONFIG_HZ=250\nCONFIG_KSCAND=y\n");
  });

  /** Runs the script where no file may be larger than 4 KiB. */
  const cramped = ["sh", "-c", 'trap "" XFSZ; ulimit -f 8; exec dash "$@"', "sh"];
  test("says that a file is not whole", async () => {
    const ran = await record(cramped, [], (root) => writeFileSync(join(root, "log.txt"), "x".repeat(9000)), [
      "ln",
      "-sf",
      "../../../log.txt",
      "sys/kernel/tracing/trace",
    ]);
    expect([ran.code, ran.err]).toEqual([
      1,
      expect.stringContaining("capture/trace.txt is not whole: cat: "),
    ]);
    expect(ran.err).toMatch(/File too large\nthe capture in capture is not whole\n$/);
    expect(ran.read("sys/kernel/tracing/kprobe_events")).toContain("-:kmmcheck/exit_ret\n");
  });
  test("does not begin if what stands beside the log cannot be written", async () => {
    const ran = await record(cramped, [], (root) =>
      writeFileSync(join(root, "proc/vmstat"), "x".repeat(9000)),
    );
    expect([ran.code, ran.err]).toEqual([
      1,
      expect.stringMatching(/^capture\/vmstat\.before is not whole: .*\nnothing was recorded\n$/m),
    ]);
    expect(ran.err).not.toContain("recorded into");
    expect(ran.read("sys/kernel/tracing/kprobe_events")).toContain("-:kmmcheck/exit_ret\n");
    expect(ran.read("sys/kernel/tracing/trace_clock")).toBe("local\n");
  });

  test.each([
    ...shells.map((shell) => ["SIGTERM", 143, shell] as const),
    ["SIGINT", 130, ["sh"]] as const,
    ["SIGHUP", 129, ["sh"]] as const,
  ])("on %s ends with %i, the recording whole and the command gone, in %j", async (signal, code, shell) => {
    const { root, env } = machine();
    writeFileSync(join(root, "record.sh"), recordingScript("v1", null));
    const [program = "", ...first] = shell;
    const workload =
      "cp log.txt sys/kernel/tracing/trace; sleep 600 & echo $! >child; echo started >&2; wait";
    const all = [
      ...first,
      "record.sh",
      "-o",
      "capture",
      "-k",
      "scan_sleep_ms=20",
      "-w",
      "0",
      "sh",
      "-c",
      workload,
    ];
    const child = spawn(program, all, { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });
    let err = "";
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
      if (text.includes("started")) for (const _ of [1, 2]) child.kill(signal);
    });
    expect([await ended, err]).toEqual([code, expect.stringContaining(`stopped by ${signal}\n`)]);
    const read = (name: string): string => readFileSync(join(root, name), "utf8");
    expect(err).toMatch(/recorded into capture, 1 things missing\. Now: kmmcheck validate capture\n$/);
    expect(read("capture/trace.txt")).toBe(read("log.txt"));
    expect(read("sys/kernel/mm/kmmscand/scan_sleep_ms")).toBe("50\n");
    expect(read("sys/kernel/tracing/kprobe_events")).toContain("-:kmmcheck/exit_ret\n");
    const state = spawnSync("ps", ["-o", "stat=", "-p", read("child").trim()], { encoding: "utf8" }).stdout;
    expect(state.trim().replace(/^Z.*/, "")).toBe("");
  });

  /** trace-cmd as the script sees it: it records until it is interrupted, then writes its file, and changes tracefs on its way. */
  function withTraceCmd(root: string, env: Record<string, string>): void {
    const tracing = join(root, "sys/kernel/tracing");
    shim(root, env, {
      // No shell: one that is started in the background cannot take interrupts.
      "trace-cmd": [
        `#!${process.execPath}`,
        'const { readFileSync, renameSync, writeFileSync } = require("node:fs");',
        `const log = ${JSON.stringify(join(root, "log.txt"))};`,
        "const args = process.argv.slice(2);",
        'if (args[0] === "report") process.stdout.write(readFileSync(log));',
        "else {",
        '  process.on("SIGINT", () => {',
        '    renameSync("capture/trace.dat.cpu0", "capture/trace.dat");',
        "    process.exit(0);",
        "  });",
        "  setTimeout(() => process.exit(9), 60_000);",
        `  const tracing = ${JSON.stringify(tracing)};`,
        `  writeFileSync("arguments", args.join(" "));`,
        '  writeFileSync(tracing + "/trace_clock", "mono");',
        '  writeFileSync(tracing + "/buffer_size_kb", "65539");',
        '  writeFileSync(tracing + "/events/kmem/kmem_mm_enter/enable", "1");',
        '  writeFileSync("capture/trace.dat.cpu0", "dat");',
        "}",
      ].join("\n"),
    });
  }

  test("with -c interrupts trace-cmd at the end, and puts back what it changes", async () => {
    const ran = await record(["sh"], ["-c"], withTraceCmd, ["cp", "log.txt", "ran"]);
    expect([ran.code, ran.err]).toEqual([0, expect.stringContaining("recorded into capture")]);
    expect(ran.read("arguments")).toMatch(
      /^record -q -b 65536 -C mono -o capture\/trace\.dat -e kmem:kmem_mm_enter .*-e kmmcheck:promote_ret$/,
    );
    expect(ran.read("capture/trace.dat")).toBe("dat");
    expect(ran.read("capture/trace-cmd.report.txt")).toBe(ran.read("log.txt"));
    expect(ran.read("ran")).toBe(ran.read("log.txt"));
    for (const [name, value] of [
      ["trace_clock", "local\n"],
      ["buffer_size_kb", "1408\n"],
      ["tracing_on", "1\n"],
      ["events/kmem/kmem_mm_enter/enable", "0\n"],
    ] as const)
      expect([name, ran.read(`sys/kernel/tracing/${name}`)]).toEqual([name, value]);
  });

  test("with -c says that trace-cmd did not record, and undoes what it left", async () => {
    const ran = await record(["sh"], ["-c"], (root, env) => {
      shim(root, env, {
        "trace-cmd": `#!/bin/sh\necho 1 >${root}/sys/kernel/tracing/events/kmem/kmem_mm_enter/enable\nexit 1\n`,
      });
    });
    expect([ran.code, ran.err]).toEqual([
      1,
      expect.stringContaining(
        "capture/trace.dat is not whole: trace-cmd record ended with 1, see trace-cmd.record.log\n",
      ),
    ]);
    expect(ran.read("sys/kernel/tracing/events/kmem/kmem_mm_enter/enable")).toBe("0\n");
  });

  test("asks for page-table entries only where their bits are known", async () => {
    const costly = await record(["sh"], ["-f"]);
    expect(costly.read("capture/kprobe_events.txt")).toContain(
      "p:kmmcheck/pte_entry hot_vma_idle_pte_entry pte=+0(%di):x64 addr=%si:x64 vma=+24(%cx):x64 mm=+8(%cx):x64",
    );
    expect((await record(["sh"], [])).read("capture/kprobe_events.txt")).not.toContain("pte_entry");
  });

  test.each([
    [
      "no tracefs",
      (root: string) => rmSync(join(root, "sys/kernel/tracing"), { recursive: true }),
      "no tracefs",
    ],
    [
      "a tracefs that a lockdown emptied",
      (root: string) => {
        rmSync(join(root, "sys/kernel/tracing"), { recursive: true });
        writeFileSync(
          join(root, "proc/mounts"),
          "sys /sys sysfs rw 0 0\nnodev /sys/kernel/tracing tracefs rw,relatime 0 0\n",
        );
      },
      "tracefs is mounted and empty: is the kernel locked down?",
    ],
    [
      "a kernel that lets nobody read",
      // A directory fails as a locked down file does: it is there, and cannot be read.
      (root: string) => {
        rmSync(join(root, "sys/kernel/tracing/tracing_on"));
        mkdirSync(join(root, "sys/kernel/tracing/tracing_on"));
      },
      "tracefs may not be read, not even by root: is the kernel locked down?",
    ],
    [
      "what another recording uses",
      (root: string) =>
        writeFileSync(
          join(root, "sys/kernel/tracing/kprobe_events"),
          "p:kmmcheck/enter __kmmscand_enter mm=%di:x64\n",
        ),
      "another recording is under way, or one was killed: sh record.sh -x removes what is left of it",
    ],
    [
      "a kernel of another version",
      (root: string) =>
        writeFileSync(
          join(root, "sys/kernel/tracing/events/kmem/kmem_mm_enter/format"),
          format("kmem_mm_enter", ["char comm[16]", "void * mm"]),
        ),
      "this kernel runs v0, and this script is for v1: kmmcheck probes --patch v0",
    ],
    [
      "a kernel with the later daemon",
      (root: string) =>
        writeFileSync(
          join(root, "sys/kernel/tracing/available_filter_functions"),
          "__kscand_enter\nkmigrated_promote_folio\n",
        ),
      "this kernel runs v2, and this script is for v1: kmmcheck probes --patch v2",
    ],
    [
      "a directory that is there",
      (root: string) => mkdirSync(join(root, "capture")),
      "capture is there already",
    ],
  ])("refuses: %s", async (_, change, message) => {
    const ran = await record(["sh"], [], change);
    expect([ran.code, ran.err.split("\n").length, ran.err]).toEqual([2, 2, expect.stringContaining(message)]);
    expect(existsSync(join(ran.root, "capture/formats"))).toBe(false);
  });
  test.each(shells.map((shell) => [shell]))(
    "refuses in one sentence with %j: no room for a directory",
    async (shell) => {
      const ran = await record(shell, ["-o", "log.txt/capture"]);
      expect([ran.code, ran.err]).toEqual([
        2,
        "record.sh: the directory log.txt/capture cannot be made: Not a directory\n",
      ]);
    },
  );
  test.each([
    [["-t", "x"], "-t takes a whole number, not 'x'"],
    [["-k", "x"], "-k takes NAME=VALUE, not 'x'"],
    [["-k", "x=1 2"], "-k takes a value without blanks, not 'x=1 2'"],
    [["-z"], "usage:"],
  ])("refuses %j", async (args, message) => {
    const ran = await record(["sh"], args);
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(message)]);
  });
});

test("a promotion is found by its function and told by the registers of each version", () => {
  const promote = (patch: (typeof probePatches)[number]) =>
    wantedProbes(patch).find(({ name }) => name === "promote")!;
  expect(probePatches.map((patch) => promote(patch).function)).toEqual([
    "kmmscand_promote_folio",
    "kmmscand_promote_folio",
    "kmmscand_promote_folio",
    "kmigrated_promote_folio",
    "kmigrated_promote_folio",
  ]);
  expect(promote("p1")).toEqual(promote("v1"));
  expect(promote("v2").args).toMatch(
    /^info=A1:x64 mm=A2:x64 dest=A3:s32 folio=\+16\(A1\):x64 .* addr=\+24\(A1\):x64$/,
  );
  expect(promote("v3").args).toBe("info=A1:x64 mm=A2:x64 dest=A3:s32 pfn=+16(A1):x64 addr=+24(A1):x64");
  for (const registers of ["A3=%dx", "A3=%x2", "A3='$arg3'", "3*) ARGUMENTS=$ARGUMENTS$A3"])
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
    expect(patchesOf([of("kmem_scan_mm_migrate", mm, rc, "int target_node")])).toEqual(["p1", "v1", "v2"]);
    expect(patchesOf([of("kmem_scan_mm_migrate", mm, rc, "int msuccess")])).toEqual(["v3"]);
    expect(patchesOf([of("kmem_mm_enter", mm)])).toEqual(["p1", "v1", "v2", "v3"]);
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
    expect((await probes("tree")).err).toContain(
      "may be those of p1 or v1 or v2; say with --patch which it is",
    );
    expect((await probes("none")).err).toContain("no format of an event is in it");
    expect((await probes("missing")).err).toContain("cannot read the formats: there is no such folder");
    expect((await probes("tree", "--patch", "v9")).err).toContain("v9");
  });
});
