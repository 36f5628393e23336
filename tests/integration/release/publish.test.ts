import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { releaseScene } from './release-scene.ts';

const program = path.resolve('scripts/release/publish.ts');
const token = 'github_pat_canary0123456789';

describe('the command that publishes', () => {
  it('sends the token to the server of the repositories, and shows it neither in arguments nor in what it says', async () => {
    using scene = releaseScene();
    const authorizations: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      authorizations.push(request.headers.authorization);
      response.writeHead(403).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    // A git that tells what every user of the machine sees of it.
    const seen = path.join(scene.root, 'seen');
    const bin = path.join(scene.root, 'bin');
    mkdirSync(bin);
    const real = spawnSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).stdout.trim();
    writeFileSync(path.join(bin, 'git'), `#!/bin/sh\nprintf '%s\\n' "$@" >>'${seen}'\nexec '${real}' "$@"\n`);
    chmodSync(path.join(bin, 'git'), 0o755);
    const folder = scene.release('1.0.0');
    const base = `http://127.0.0.1:${port}`;
    const run = promisify(execFile)(process.execPath, [program, folder, '--to', base], {
      env: { PATH: `${bin}${path.delimiter}${process.env['PATH']}`, RELEASE_TOKEN: token, GIT_TRACE_CURL: '1' },
    });
    const said = await run.then(
      () => 'it succeeded',
      (error: { stdout: string; stderr: string; message: string }) => `${error.stdout}${error.stderr}${error.message}`,
    );
    server.close();
    const encoded = Buffer.from(`x-access-token:${token}`).toString('base64');
    expect(authorizations).toContain(`basic ${encoded}`);
    expect(said).toContain('403');
    for (const text of [said, readFileSync(seen, 'utf8')]) {
      expect(text).toContain('ls-remote');
      expect(text).not.toContain(token);
      expect(text).not.toContain(encoded);
    }
  });

  it('asks for a token and a folder', () => {
    const run = spawnSync(process.execPath, [program, '/nowhere'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
    expect([run.status, run.stderr]).toEqual([2, expect.stringContaining('RELEASE_TOKEN=')]);
  });
});
