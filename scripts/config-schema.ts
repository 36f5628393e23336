/** Writes docs/entropy.schema.json from the schema that reads `.github/entropy.yml`; `--check` fails on drift instead. */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { repositoryConfigSchema } from '../src/runtime/repository-config-schema.ts';

const file = 'docs/entropy.schema.json';

export function configSchemaJson(): string {
  const schema = {
    $id: 'https://raw.githubusercontent.com/entropy-playground/entropy-playground/main/docs/entropy.schema.json',
    title: '.github/entropy.yml',
    ...z.toJSONSchema(repositoryConfigSchema, { target: 'draft-7', io: 'input' }),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (import.meta.main) {
  const wanted = configSchemaJson();
  if (process.argv.includes('--check')) {
    if (readFileSync(file, 'utf8') !== wanted) {
      console.error(`${file} is not what the schema says; run \`node scripts/config-schema.ts\``);
      process.exitCode = 1;
    }
  } else {
    writeFileSync(file, wanted);
  }
}
