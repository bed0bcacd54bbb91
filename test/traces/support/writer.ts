/** A small language to write logs in: one call a line, times in milliseconds. */

const V0_LABEL = { start: "scan_mm_start", enter: "mm_enter" } as const;

export interface EndOptions {
  readonly total?: number;
  readonly period?: number;
  readonly size?: number;
  readonly start?: string;
}

export interface LogWriter {
  readonly lines: string[];
  at: number;
  cpu: number;
  readonly enter: (mm: string, pid?: number) => LogWriter;
  readonly exit: (mm: string, pid?: number) => LogWriter;
  readonly start: (mm: string) => LogWriter;
  readonly end: (mm: string, options?: EndOptions) => LogWriter;
  readonly scan: (mm: string, options?: EndOptions) => LogWriter;
  readonly migrate: (mm: string, rc?: number, times?: number) => LogWriter;
  readonly sched: (what: "fork" | "exec" | "exit", pid: number) => LogWriter;
  readonly probe: (name: string, args: string, pid?: number) => LogWriter;
  readonly raw: (line: string) => LogWriter;
  readonly wait: (ms: number) => LogWriter;
  readonly on: (cpu: number) => LogWriter;
  /** The lines, and a remark behind them where there is but one CPU: else it might be the log of one of several. */
  readonly text: () => string;
  /** The text under a header that promises exactly the lines there are. */
  readonly whole: () => string;
}

const GIB = 2 ** 30;

/** A log of the given version; the daemon has pid 37, its migrator 38, and everything else pid 100. */
export function writeLog(
  patch: "v0" | "v1" | "v3" = "v0",
  daemon = patch === "v3" ? "kscand" : "kmmscand",
): LogWriter {
  const lines: string[] = [];
  const first = patch === "v0";
  const hash = (mm: string): string => mm.padStart(16, "0");

  const self: LogWriter = {
    lines,
    at: 1000,
    cpu: 0,
    enter: (mm, pid = 100) => put("sh", pid, "kmem_mm_enter", named(V0_LABEL.enter, mm)),
    exit: (mm, pid = 100) => put("sh", pid, "kmem_mm_exit", `mm = ${hash(mm)}`),
    start: (mm) => put(daemon, 37, "kmem_scan_mm_start", named(V0_LABEL.start, mm)),
    end(mm, options = {}) {
      const { total = 0, period = 2000, size = first ? 4 * GIB : GIB, start = "0" } = options;
      const head = first ? `kmmscand: scan_mm_end comm =sh mm=${hash(mm)}` : `mm=${hash(mm)}`;
      const tail = `, start = ${start}, total = ${total}, scan_period = ${period}, scan_size = ${size}${first ? "" : " node = 0"}`;
      return put(daemon, 37, "kmem_scan_mm_end", head + tail);
    },
    scan: (mm, options) => self.start(mm).wait(1).end(mm, options),
    migrate(mm, rc = 0, times = 1) {
      const counts = patch === "v3" ? " msuccess = 1 mfailed = 0 " : "";
      const text = first
        ? `kmmscand: scan_mm_migrate comm =sh mm=${hash(mm)} rc=${rc}`
        : `mm = ${hash(mm)} rc = ${rc} node = 0${counts}`;
      for (let i = 0; i < times; i++) put(daemon, first ? 37 : 38, "kmem_scan_mm_migrate", text);
      return self;
    },
    sched(what, pid) {
      const text = {
        fork: `comm=sh pid=${pid} child_comm=sh child_pid=${pid + 1}`,
        exec: `filename=/bin/true pid=${pid} old_pid=${pid}`,
        exit: `comm=sh pid=${pid} prio=120`,
      };
      return put("sh", pid, `sched_process_${what}`, text[what]);
    },
    probe: (name, args, pid = 37) => put(pid === 37 ? daemon : "sh", pid, name, args),
    raw(line) {
      lines.push(line);
      return self;
    },
    wait(ms) {
      self.at += ms;
      return self;
    },
    on(cpu) {
      self.cpu = cpu;
      return self;
    },
    text: () => `${records()}${cpus() === 1 ? "# nrcpus online : 1\n" : ""}`,
    whole: () =>
      `# tracer: nop\n#\n# entries-in-buffer/entries-written: ${lines.length}/${lines.length}   #P:${cpus()}\n#\n${records()}`,
  };

  const records = (): string => `${lines.join("\n")}\n`;
  const cpus = (): number => new Set(lines.flatMap((line) => / \[(\d+)\] /.exec(line)?.[1] ?? [])).size;

  function named(label: string, mm: string): string {
    return first ? `kmmscand: ${label} comm =sh mm=${hash(mm)}` : `mm = ${hash(mm)}`;
  }

  function put(comm: string, pid: number, event: string, payload: string): LogWriter {
    const us = Math.round(self.at * 1000);
    const time = `${Math.floor(us / 1e6)}.${String(us % 1e6).padStart(6, "0")}`;
    const cpu = String(self.cpu).padStart(3, "0");
    lines.push(
      `${comm.padStart(16)}-${String(pid).padEnd(7)} [${cpu}] ..... ${time.padStart(12)}: ${event}: ${payload}`,
    );
    self.at += 0.01;
    return self;
  }
  return self;
}

/** Replaces the only place where `from` stands. */
export function edit(text: string, from: string | RegExp, to: string): string {
  const out = text.replace(from, to);
  if (out === text) throw new Error(`nothing to replace: ${from}`);
  return out;
}
