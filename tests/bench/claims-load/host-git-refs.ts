import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { startEmbeddedGitHub } from '../../../src/embedded/github/embedded-github.ts';
import type { HostOptions, StoreHost } from './hosted-store.ts';

const repository = { owner: 'octo', name: 'slug' };

/** The embedded GitHub over HTTP, with real git behind it, and the token of a workflow job. */
export async function hostGitRefs({ folder }: HostOptions): Promise<StoreHost> {
  const source = join(folder, 'source');
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'README.md'), '# slug\n');
  const github = await startEmbeddedGitHub({
    dataDir: join(folder, 'github'),
    clock: createSystemClock(),
    rateLimits: 'off',
    users: [{ login: 'alice' }],
    repositories: [{ ...repository, source: { kind: 'folder', path: source }, collaborators: { alice: 'admin' } }],
  });
  const token = github.mintToken({ repository, permissions: { contents: 'write' } });
  return {
    place: { kind: 'git-refs', apiUrl: github.apiUrl, token, ...repository },
    told: 'the embedded GitHub over HTTP, each process with a clock of its own',
    [Symbol.asyncDispose]: () => github.close(),
  };
}
