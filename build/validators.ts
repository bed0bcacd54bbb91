import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv2020, type AnySchemaObject, type Options } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";
import type { Plugin } from "rolldown";

/** How schemas are read; the errors carry what complaints are made of. */
export const schemaOptions: Options = {
  allErrors: true,
  verbose: true,
  strict: true,
  allowUnionTypes: true,
  discriminator: true,
};

/**
 * Makes `x.schema.json?validator` a module that exports `validate`, compiled when we are built: compiling a schema takes far
 * longer than using it. A part of the schema is `?validator=/$defs/part`.
 */
export function validators(): Plugin {
  return {
    name: "validators",
    resolveId: {
      order: "pre",
      filter: { id: /\?validator/u },
      handler(id, importer = "") {
        // Not by its own name: JSON would be made a module of another kind.
        const [file = "", part = ""] = id.split("?validator");
        return `\0validator:${part.slice(1)}:${join(dirname(importer), file).replace(/\.json$/u, "")}`;
      },
    },
    load: {
      filter: { id: /^\0validator:/u },
      handler(id) {
        const [, part = "", file = ""] = /^\0validator:([^:]*):(.*)$/su.exec(id) ?? [];
        this.addWatchFile(`${file}.json`);
        return validatorOf(`${file}.json`, part);
      },
    },
  };
}

function validatorOf(file: string, part: string): string {
  const ajv = new Ajv2020({ ...schemaOptions, code: { source: true, esm: true } });
  const read = (name: string): AnySchemaObject => JSON.parse(readFileSync(name, "utf8"));
  for (const name of readdirSync(dirname(file))) {
    if (name.endsWith(".schema.json")) ajv.addSchema(read(join(dirname(file), name)));
  }
  const code = standaloneCode.default(ajv, {
    validate: `${read(file)["$id"]}${part === "" ? "" : `#${part}`}`,
  });
  // It asks for parts of ajv by `require`, which modules do not have. Bundler and node differ in what the default of such a part is.
  const asks = /require\("([^"]+)"\)\.default/gu;
  const parts = [...new Set([...code.matchAll(asks)].map(([, name = ""]) => name))];
  const imports = parts.map(
    (name, i) => `import in${i} from "${name}.js"; const part${i} = in${i}.default ?? in${i};\n`,
  );
  return imports.join("") + code.replaceAll(asks, (_, name) => `part${parts.indexOf(name)}`);
}
