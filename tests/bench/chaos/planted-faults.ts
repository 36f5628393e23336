import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const packageRoot = path.resolve(import.meta.dirname, '../../..');

interface PlantedFault {
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

/** Mistakes that somebody could make, each of which the judge has to see. */
export const plantedFaults = {
  /** Done with before it was begun: who dies over it is followed by nobody. */
  'acknowledged-early': {
    file: 'src/flows/dispatch/take-delivery.ts',
    find: '  const names = requestNames(delivery, heard.givenUp);\n',
    put: "  const names = requestNames(delivery, heard.givenUp);\n  await heard.end('done');\n",
  },
  /** Whoever sends the same body again is heard again. */
  'heard-again': {
    file: 'src/flows/dispatch/heard-once.ts',
    find: '  let givenUp = 0;\n',
    put: "  let givenUp = 0;\n  if (maxTries > 0) return { kind: 'mine', givenUp, end: async () => {} };\n",
  },
  /** Each try at a request calls its run and its lease something else. */
  'other-names': {
    file: 'src/domain/dispatch/request-names.ts',
    find: 'base32(BigInt(at), 10)',
    put: 'base32(BigInt(at + Math.floor(Math.random() * 1e6)), 10)',
  },
} as const satisfies Readonly<Record<string, PlantedFault>>;
export type PlantedName = keyof typeof plantedFaults;

/** Bundles of the functions with that mistake in them, built from a copy of the sources. */
export async function buildPlanted(name: PlantedName, folder: string): Promise<string> {
  const { file, find, put } = plantedFaults[name];
  const copy = path.join(folder, 'planted');
  mkdirSync(copy);
  for (const part of ['src', 'lambdas', 'scripts', 'package.json', 'tsconfig.json']) {
    cpSync(path.join(packageRoot, part), path.join(copy, part), { recursive: true });
  }
  symlinkSync(path.join(packageRoot, 'node_modules'), path.join(copy, 'node_modules'));
  const target = path.join(copy, file);
  const text = readFileSync(target, 'utf8');
  if (!text.includes(find)) throw new Error(`the fault "${name}" cannot be planted: ${file} reads otherwise by now`);
  writeFileSync(
    target,
    text.replace(find, () => put),
  );
  const child = spawn(process.execPath, [path.join(copy, 'scripts/build-lambdas.ts')], { stdio: 'inherit' });
  const status = await new Promise((resolve) => child.once('exit', resolve));
  if (status !== 0) throw new Error(`the functions with the fault "${name}" were not built: ${status}`);
  return path.join(copy, 'dist/lambdas');
}
