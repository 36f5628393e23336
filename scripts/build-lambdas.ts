/**
 * Bundles every `lambdas/<name>/handler.ts` into `dist/lambdas/<name>/`, which is what is deployed: `index.mjs`, and chunks for
 * what is imported lazily. Beside them, in `dist/lambda-maps/<name>/`: their source maps, and `meta.json`, which tells what
 * went into each file. The same sources give the same bytes. `node scripts/build-lambdas.ts` builds them alone.
 */
import { existsSync, globSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
export const lambdasFolder = path.join(root, 'dist/lambdas');
export const lambdaMapsFolder = path.join(root, 'dist/lambda-maps');

/** Functions whose handler is there. */
export function lambdaNames(): readonly string[] {
  return globSync('lambdas/*/handler.ts', { cwd: root })
    .map((file) => path.basename(path.dirname(file)))
    .sort();
}

export async function buildLambdas(): Promise<readonly string[]> {
  const names = lambdaNames();
  await Promise.all(names.map(buildLambda));
  return names;
}

async function buildLambda(name: string): Promise<void> {
  const { build } = await import('esbuild');
  // Built beside it and put in its place at once: whoever loads it must not find half a function.
  const fresh = emptied(path.join(root, '.build', `lambda-${name}-${process.pid}`));
  const maps = emptied(path.join(root, '.build', `lambda-maps-${name}-${process.pid}`));
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [{ in: `lambdas/${name}/handler.ts`, out: 'index' }],
    outdir: fresh,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The form that can be shaken: what nobody imports stays out.
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: false,
    treeShaking: true,
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    // Older libraries within the bundle call `require` for what Node itself has.
    banner: {
      js: "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);",
    },
    metafile: true,
    logLevel: 'warning',
  });
  const meta = onlyReached(withoutFolder(metafile, fresh));
  writeFileSync(path.join(maps, 'meta.json'), `${JSON.stringify(meta, null, 1)}\n`);
  for (const file of readdirSync(fresh)) {
    const from = path.join(fresh, file);
    if (!(file in meta.outputs)) rmSync(from);
    else if (file.endsWith('.map')) renameSync(from, path.join(maps, file));
  }
  replace(path.join(lambdaMapsFolder, name), maps);
  replace(path.join(lambdasFolder, name), fresh);
}

function emptied(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

function replace(target: string, fresh: string): void {
  mkdirSync(path.dirname(target), { recursive: true });
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
}

/** Outputs by the names that they have in their place. */
function withoutFolder(metafile: Metafile, folder: string): Metafile {
  const from = `${path.relative(root, folder)}/`;
  const outputs = Object.entries(metafile.outputs).map(([file, output]) => {
    const imports = output.imports.map((each) => ({ ...each, path: each.path.replace(from, '') }));
    return [file.replace(from, ''), { ...output, imports }];
  });
  return { ...metafile, outputs: Object.fromEntries(outputs) };
}

/** esbuild also makes chunks for lazy imports within functions that it then left out; nothing leads to those. */
function onlyReached({ inputs, outputs }: Metafile): Metafile {
  const reached = new Set<string>();
  const open = ['index.mjs'];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    reached.add(file).add(`${file}.map`);
    open.push(...(outputs[file]?.imports.filter(({ external }) => external !== true).map((each) => each.path) ?? []));
  }
  const kept = Object.entries(outputs).filter(([file]) => reached.has(file));
  const used = new Set(kept.flatMap(([, output]) => Object.keys(output.inputs)));
  return {
    inputs: Object.fromEntries(Object.entries(inputs).filter(([file]) => used.has(file))),
    outputs: Object.fromEntries(kept),
  };
}

/** Whether one of them was never built. */
export function lambdasMissing(): boolean {
  return lambdaNames().some((name) => !existsSync(path.join(lambdasFolder, name, 'index.mjs')));
}

if (import.meta.main) {
  const start = performance.now();
  const names = await buildLambdas();
  console.error(`built ${names.join(', ')} in ${Math.round(performance.now() - start)} ms`);
}
