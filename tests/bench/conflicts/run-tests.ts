import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RealRepository } from '../../fakes/real-repository.ts';
import { type ChangePair, pathsOf } from './pair.ts';

const limitMs = 120_000;

/** The project's own tests on the merged files, in a folder that nobody has worked in. */
export function passesTests(pair: ChangePair, { root, temp }: Pick<RealRepository, 'root' | 'temp'>): Promise<boolean> {
  const room = mkdtempSync(join(temp, 'fresh-'));
  pair.tests.around(room);
  for (const path of pathsOf(pair)) {
    const [from, to] = [join(root, path), join(room, path)];
    rmSync(to, { force: true });
    if (!existsSync(from)) continue;
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to);
  }
  const [program, ...args] = pair.tests.command((path) => existsSync(join(room, path)));
  const env = { PATH: process.env['PATH'], HOME: room };
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const options = { cwd: room, env, timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: 1 << 28 } as const;
  execFile(program, args, options, (error) => resolve(error === null));
  return promise;
}
