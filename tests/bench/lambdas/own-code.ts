import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../../..');

/** Our own code of a function as it travels: minified and compressed, without any package. */
export async function ownCompressedBytes(name: string): Promise<number> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`lambdas/${name}/handler.ts`],
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    legalComments: 'none',
    write: false,
  });
  return outputFiles.reduce((total, { contents }) => total + gzipSync(contents).length, 0);
}
