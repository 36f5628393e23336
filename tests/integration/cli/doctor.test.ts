import { execFileSync } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../fakes/temp-folder.ts';
import { runCli } from './run-cli.ts';

async function server(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const http = createServer(answer);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function repository(remote: string) {
  const folder = tempFolder({ 'README.md': 'x' });
  execFileSync('git', ['init', '-q', '-b', 'main', folder.root]);
  execFileSync('git', ['-C', folder.root, 'remote', 'add', 'origin', remote]);
  return folder;
}

describe('doctor against a server', () => {
  it('asks GitHub and the model host with the secrets, and prints neither', async () => {
    const asked: string[] = [];
    await using host = await server((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const { authorization } = request.headers;
      if (request.url?.startsWith('/v1/models')) {
        json(response, request.headers['x-api-key'] === 'sk-ant-verysecret' ? 200 : 401, { data: [] });
        return;
      }
      if (authorization !== 'token ghp_verysecret') return json(response, 401, { message: 'Bad credentials' });
      if (request.url === '/repos/octo/slug')
        return json(response, 200, { permissions: { push: true }, has_issues: true });
      return json(response, 404, { message: 'Not Found' });
    });
    using folder = repository(`${host.url}/octo/slug.git`);
    const env = {
      ANTHROPIC_API_KEY: 'sk-ant-verysecret',
      ANTHROPIC_BASE_URL: host.url,
      GITHUB_TOKEN: 'ghp_verysecret',
      GITHUB_API_URL: host.url,
      GITHUB_SERVER_URL: host.url,
    };
    const { code, stdout, stderr } = await runCli(['doctor', '--json'], { cwd: folder.root, env });
    const checks: readonly { id: string; status: string }[] = JSON.parse(stdout).checks;
    const statusOf = (id: string) => checks.find((check) => check.id === id)?.status;
    expect([statusOf('model-key'), statusOf('token'), statusOf('labels'), statusOf('workflow')]).toEqual([
      'ok',
      'ok',
      'warn',
      'fail',
    ]);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toContain('verysecret');
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((line) => !line.startsWith('GET '))).toEqual([]);
  });

  it('never shows the token to a host that only the remote names', async () => {
    const asked: string[] = [];
    await using host = await server((request, response) => {
      asked.push(request.url ?? '');
      json(response, 200, {});
    });
    using folder = repository(`${host.url}/octo/slug.git`);
    const env = { GITHUB_TOKEN: 'ghp_verysecret' };
    const { stdout } = await runCli(['doctor'], { cwd: folder.root, env });
    expect(stdout).toContain('the token is not shown to its host');
    expect(asked).toEqual([]);
  });

  it('stops at once on Ctrl-C and ends with 130', async () => {
    let reached: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      reached = resolve;
    });
    await using host = await server(() => reached());
    using folder = repository(`${host.url}/octo/slug.git`);
    const env = { ANTHROPIC_API_KEY: 'sk-x', ANTHROPIC_BASE_URL: host.url };
    const act = (child: { kill: (signal: 'SIGINT') => boolean }) => void waiting.then(() => child.kill('SIGINT'));
    const started = Date.now();
    const run = await runCli(['doctor'], { cwd: folder.root, env, when: { seen: 'sandbox', act } });
    expect(run.code).toBe(130);
    expect(run.stderr).toContain('stopping');
    expect(run.stderr).not.toContain('error[');
    expect(Date.now() - started).toBeLessThan(8_000);
  });
});
