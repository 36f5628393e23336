import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { lambdaMapsFolder, lambdasFolder } from '../../../scripts/build-lambdas.ts';
import type { FunctionName } from '../../../src/runtime/aws/aws-names.ts';

export interface BundleContent {
  /** All that is deployed. */
  readonly bytes: number;
  /** What is loaded with the handler, before any lazy import. */
  readonly bytesAtStart: number;
  /** Our own code in it, as minified: what does not come from a package. */
  readonly ownBytes: number;
  readonly ownBytesAtStart: number;
  /** Packages, those that are imported lazily as well. */
  readonly packages: readonly string[];
  /** Our own files. */
  readonly files: readonly string[];
}

const kb = 1024;

/** The design's budgets, as docs/decisions/0017-one-small-message-for-each-delivery.md reads them. */
export const limits = {
  /** Our own code as it travels: minified and compressed. */
  ownCompressed: 150 * kb,
  importMs: 150,
  webhook: { bytes: 150 * kb, importMs: 100, p50Ms: 1 },
} as const;

interface AgreedBytes {
  readonly atStart: number;
  readonly whole: number;
  /** As it travels. Dispatcher and sweeper are beyond the design's 150 KB since the gate knows teams, reviews and sets of changes. */
  readonly compressed: number;
}

/** What each function's own code may grow to before somebody has to decide that it may. */
export const agreedOwnBytes: Readonly<Record<FunctionName, AgreedBytes>> = {
  webhook: { atStart: 60 * kb, whole: 60 * kb, compressed: 25 * kb },
  archiver: { atStart: 150 * kb, whole: 150 * kb, compressed: 40 * kb },
  dispatcher: { atStart: 60 * kb, whole: 550 * kb, compressed: 192 * kb },
  sweeper: { atStart: 60 * kb, whole: 560 * kb, compressed: 196 * kb },
  api: { atStart: 290 * kb, whole: 350 * kb, compressed: 125 * kb },
};

/** What went into the bundle of a function, by what esbuild wrote down and by the files that are there. */
export function bundleContent(name: string): BundleContent {
  const folder = path.join(lambdasFolder, name);
  const meta: Metafile = JSON.parse(readFileSync(path.join(lambdaMapsFolder, name, 'meta.json'), 'utf8'));
  const files = readdirSync(folder);
  const sizeOf = (file: string) => statSync(path.join(folder, file)).size;
  const atStart = loadedFrom(meta, 'index.mjs');
  const inputs = (outputs: readonly string[]) =>
    outputs.flatMap((file) =>
      Object.entries(meta.outputs[file]?.inputs ?? {}).map(([input, { bytesInOutput }]) => ({ input, bytesInOutput })),
    );
  const own = (outputs: readonly string[]) => inputs(outputs).filter(({ input }) => packageOf(input) === undefined);
  const sum = (parts: readonly { readonly bytesInOutput: number }[]) =>
    parts.reduce((total, { bytesInOutput }) => total + bytesInOutput, 0);
  return {
    bytes: files.reduce((total, file) => total + sizeOf(file), 0),
    bytesAtStart: atStart.reduce((total, file) => total + sizeOf(file), 0),
    ownBytes: sum(own(files)),
    ownBytesAtStart: sum(own(atStart)),
    packages: [...new Set(inputs(files).flatMap(({ input }) => packageOf(input) ?? []))].sort(),
    files: [...new Set(own(files).map(({ input }) => input))].sort(),
  };
}

function loadedFrom(meta: Metafile, entry: string): readonly string[] {
  const loaded = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (loaded.has(file)) continue;
    loaded.add(file);
    for (const { path: target, kind, external } of meta.outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) open.push(target);
    }
  }
  return [...loaded];
}

function packageOf(input: string): string | undefined {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
}
