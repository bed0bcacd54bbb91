/** Builds trace.dat files the obvious way, in any byte order, version and compression. */
import { deflateSync } from "node:zlib";

export interface BuildOptions {
  readonly version?: 6 | 7;
  readonly little?: boolean;
  /** Bytes of a long of the traced kernel. */
  readonly longSize?: 4 | 8;
  readonly compression?: "none" | "zlib" | "zstd";
  readonly clock?: string;
  readonly stats?: string;
}

/** An event, or what else may stand in a page. */
export type Entry =
  | { readonly at: bigint; readonly data: Buffer }
  | { readonly extend: bigint }
  | { readonly stamp: bigint }
  | { readonly padding: number; readonly delta: number };

export interface Page {
  readonly time: bigint;
  /** Events lost before: a number, or true for an unknown one. */
  readonly lost?: number | true;
  readonly entries: readonly Entry[];
}

const PAGE = 4096;

export class TraceDatBuilder {
  readonly little: boolean;
  readonly longSize: 4 | 8;
  readonly options: BuildOptions;
  readonly formats: string[] = [];
  readonly cpus: Page[][] = [];
  tasks = "";

  constructor(options: BuildOptions = {}) {
    this.options = options;
    this.little = options.little ?? true;
    this.longSize = options.longSize ?? 8;
  }

  number(size: number, value: number | bigint): Buffer {
    const out = Buffer.alloc(size);
    let rest = BigInt.asUintN(size * 8, BigInt(value));
    for (let i = 0; i < size; i++) {
      out[this.little ? i : size - 1 - i] = Number(rest & 255n);
      rest >>= 8n;
    }
    return out;
  }

  format(id: number, name: string, fields: readonly string[], print: string): this {
    const common = [
      "unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;",
      "unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;",
      "unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;",
      "int common_pid;\toffset:4;\tsize:4;\tsigned:1;",
    ];
    const lines = [...common, "", ...fields].map((field) => (field === "" ? "" : `\tfield:${field}`));
    this.formats.push(`name: ${name}\nID: ${id}\nformat:\n${lines.join("\n")}\n\nprint fmt: ${print}\n`);
    return this;
  }

  /** The bytes of a record: type, pid, then the values. */
  record(type: number, pid: number, ...values: readonly Buffer[]): Buffer {
    return Buffer.concat([this.number(2, type), Buffer.alloc(2), this.number(4, pid), ...values]);
  }

  private page({ time, lost, entries }: Page): Buffer {
    const parts: Buffer[] = [];
    let now = time;
    const head = (type: number, delta: bigint | number): void => {
      const d = Number(delta);
      parts.push(this.number(4, this.little ? d * 32 + type : type * 2 ** 27 + d));
    };
    for (const entry of entries) {
      if ("extend" in entry) {
        head(30, entry.extend & 0x7ffffffn);
        parts.push(this.number(4, entry.extend >> 27n));
        now += entry.extend;
      } else if ("stamp" in entry) {
        head(31, entry.stamp & 0x7ffffffn);
        parts.push(this.number(4, entry.stamp >> 27n));
        now = entry.stamp;
      } else if ("padding" in entry) {
        head(29, entry.delta);
        parts.push(this.number(4, entry.padding + 4), Buffer.alloc(entry.padding));
        now += BigInt(entry.delta);
      } else {
        const long = entry.data.length > 112 || entry.data.length % 4 !== 0;
        head(long ? 0 : entry.data.length / 4, entry.at - now);
        if (long) parts.push(this.number(4, entry.data.length + 4));
        parts.push(entry.data, Buffer.alloc((4 - (entry.data.length % 4)) % 4));
        now = entry.at;
      }
    }
    const body = Buffer.concat(parts);
    const stored = typeof lost === "number" ? 2 ** 30 : 0;
    const commit = this.number(this.longSize, body.length + (lost === undefined ? 0 : 2 ** 31) + stored);
    const tail = typeof lost === "number" ? this.number(this.longSize, lost) : Buffer.alloc(0);
    const page = Buffer.concat([this.number(8, time), commit, body, tail]);
    return Buffer.concat([page, Buffer.alloc(PAGE - page.length)]);
  }

  private pack(bytes: Buffer): Buffer {
    const { compression = "none" } = this.options;
    if (compression === "zlib") return deflateSync(bytes);
    if (compression === "none") return bytes;
    // A zstd frame of stored blocks: magic, a size of four bytes, blocks of at most 128 KiB.
    const size = Buffer.alloc(4);
    size.writeUInt32LE(bytes.length);
    const block = Buffer.alloc(4);
    block.writeUInt32LE(bytes.length * 8 + 1);
    return Buffer.concat([Buffer.from("28b52ffda0", "hex"), size, block.subarray(0, 3), bytes]);
  }

  private sized(text: string): Buffer {
    return Buffer.concat([this.number(8, text.length), Buffer.from(text, "latin1")]);
  }

  private headers(): Buffer {
    const { longSize } = this;
    const page = `\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n\tfield: local_t commit;\toffset:8;\tsize:${longSize};\tsigned:1;\n\tfield: char data;\toffset:${8 + longSize};\tsize:${PAGE - 8 - longSize};\tsigned:1;\n`;
    return Buffer.concat([
      Buffer.from("header_page\0"),
      this.sized(page),
      Buffer.from("header_event\0"),
      this.sized("# compressed entry header\n"),
    ]);
  }

  private systemFormats(): Buffer {
    return Buffer.concat([
      this.number(4, 1),
      Buffer.from("kmem\0"),
      this.number(4, this.formats.length),
      ...this.formats.map((text) => this.sized(text)),
    ]);
  }

  private start(): Buffer {
    const { version = 7 } = this.options;
    return Buffer.concat([
      Buffer.from(`\x17\x08Dtracing${version}\0`, "latin1"),
      Buffer.from([this.little ? 0 : 1, 8]),
      this.number(4, PAGE),
    ]);
  }

  build(): Buffer {
    return this.options.version === 6 ? this.version6() : this.version7();
  }

  private pages(cpu: readonly Page[]): Buffer {
    return Buffer.concat(cpu.map((page) => this.page(page)));
  }

  private version6(): Buffer {
    const { clock = "local", stats } = this.options;
    const option = (id: number, data: Buffer): Buffer =>
      Buffer.concat([this.number(2, id), this.number(4, data.length), data]);
    const front = Buffer.concat([
      this.start(),
      this.headers(),
      this.number(4, 0),
      this.systemFormats(),
      this.number(4, 3),
      Buffer.from("sym"),
      this.number(4, 0),
      this.sized(this.tasks),
      this.number(4, this.cpus.length),
      Buffer.from("options  \0"),
      option(4, Buffer.from(`[${clock}] other`)),
      stats === undefined ? Buffer.alloc(0) : option(2, Buffer.from(stats)),
      this.number(2, 0),
      Buffer.from("flyrecord\0"),
    ]);
    const data = this.cpus.map((cpu) => this.pages(cpu));
    let at = front.length + 16 * data.length;
    const table = data.map((bytes) => {
      at += bytes.length;
      return Buffer.concat([this.number(8, at - bytes.length), this.number(8, bytes.length)]);
    });
    return Buffer.concat([front, ...table, ...data]);
  }

  private version7(): Buffer {
    const { compression = "none", clock = "local", stats } = this.options;
    const start = Buffer.concat([this.start(), Buffer.from(`${compression}\x001.0\0`)]);
    const parts: Buffer[] = [];
    let at = start.length + 8;
    const place = (bytes: Buffer): number => {
      parts.push(bytes);
      at += bytes.length;
      return at - bytes.length;
    };
    const section = (id: number, content: Buffer, plain = false): number => {
      const packed = plain || compression === "none";
      const inner = packed
        ? content
        : Buffer.concat([
            this.number(4, this.pack(content).length),
            this.number(4, content.length),
            this.pack(content),
          ]);
      return place(
        Buffer.concat([
          this.number(2, id),
          this.number(2, packed ? 0 : 1),
          this.number(4, 0),
          this.number(8, inner.length),
          inner,
        ]),
      );
    };
    const options: Buffer[] = [];
    const option = (id: number, data: Buffer): void => {
      options.push(Buffer.concat([this.number(2, id), this.number(4, data.length), data]));
    };
    option(16, this.number(8, section(16, this.headers())));
    option(18, this.number(8, section(18, this.systemFormats())));
    option(21, this.number(8, section(21, this.sized(this.tasks))));
    option(8, this.number(4, this.cpus.length));
    if (stats !== undefined) option(2, Buffer.from(stats));
    const cpus = this.cpus.map((cpu, i) => {
      const bytes = this.pages(cpu);
      const chunks = Buffer.concat([
        this.number(4, 1),
        this.number(4, this.pack(bytes).length),
        this.number(4, bytes.length),
        this.pack(bytes),
      ]);
      const from = place(compression === "none" ? bytes : chunks);
      const size = compression === "none" ? bytes.length : chunks.length - 4;
      return Buffer.concat([this.number(4, i), this.number(8, from), this.number(8, size)]);
    });
    const buffer = [
      this.number(8, 0),
      Buffer.from(`\0${clock}\0`),
      this.number(4, PAGE),
      this.number(4, cpus.length),
    ];
    option(3, Buffer.concat([...buffer, ...cpus]));
    option(0, this.number(8, 0));
    const first = section(0, Buffer.concat(options), true);
    return Buffer.concat([start, this.number(8, first), ...parts]);
  }
}
