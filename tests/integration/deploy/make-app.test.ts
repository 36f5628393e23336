import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { type EmbeddedGitHub, startEmbeddedGitHub } from '../../../src/embedded/github/embedded-github.ts';
import { type MakeAppOptions, makeAppInBrowser } from '../../../src/runtime/deploy/make-app.ts';
import { leadingFile } from '../../../src/runtime/deploy/open-browser.ts';
import { readPrivateKeyText } from '../../../src/runtime/deploy/private-key.ts';
import { agreeInBrowser } from '../../fakes/deploy-scene.ts';
import { type TempFolder, tempFolder } from '../../fakes/temp-folder.ts';

test('the browser is led there by a file of its own user, and not by an argument that all can read', () => {
  const url = 'http://127.0.0.1:8700/secret/';
  const file = leadingFile(url);
  expect(file).not.toContain('secret');
  expect(readFileSync(file, 'utf8')).toContain(`content="0;url=${url}"`);
  expect([statSync(file).mode & 0o777, statSync(path.dirname(file)).mode & 0o777]).toEqual([0o600, 0o700]);
});

describe('making the GitHub App in the browser', () => {
  let folder: TempFolder;
  let github: EmbeddedGitHub;
  beforeAll(async () => {
    folder = tempFolder();
    github = await startEmbeddedGitHub({
      dataDir: folder.root,
      clock: createSystemClock(),
      users: [{ login: 'alice' }],
      repositories: [{ owner: 'octo', name: 'slug', source: { kind: 'empty' } }],
    });
  });
  afterAll(async () => {
    await github.close();
    folder[Symbol.dispose]();
  });

  const make = (onPage: (url: string) => void, more: Partial<MakeAppOptions> = {}) =>
    makeAppInBrowser({
      owner: { kind: 'organization', login: 'octo' },
      name: 'entropy-octo',
      homepage: 'https://example.com',
      serverUrl: github.url,
      apiUrl: github.apiUrl,
      userAgent: 'test',
      port: 0,
      onPage,
      signal: new AbortController().signal,
      ...more,
    });

  test('ends with the App and its key, and tells the person that it did', async () => {
    let last: Promise<Response> | undefined;
    const { app, privateKey } = await make((url) => {
      last = agreeInBrowser(url);
    });
    expect(app).toMatchObject({
      slug: 'entropy-octo',
      owner: 'octo',
      permissions: { contents: 'write', metadata: 'read' },
    });
    expect(readPrivateKeyText(privateKey, 'GitHub').type).toBe('private');
    expect(await (await last)?.text()).toContain('The App is made');
  });

  test('a code with another state is not ours, and the right one is still waited for', async () => {
    const answers: number[] = [];
    await make(async (url) => {
      for (const query of ['code=abc&state=other', 'code=abc', 'state=x', '']) {
        answers.push((await fetch(`${url}made?${query}`)).status);
      }
      await agreeInBrowser(url);
    });
    expect(answers).toEqual([400, 400, 400, 400]);
  });

  test('a code that GitHub does not know, or that was used, is told with how to go on', async () => {
    let page: Promise<Response> | undefined;
    const used = make((url) => {
      page = (async () => {
        const html = await (await fetch(url)).text();
        const state = /state=([\w-]+)/.exec(html)?.[1];
        return fetch(`${url}made?code=${'0'.repeat(40)}&state=${state}`);
      })();
    });
    await expect(used).rejects.toMatchObject({
      code: 'E761',
      message: expect.stringContaining('does not know the code'),
    });
    expect((await page)?.status).toBe(502);
  });

  test('an answer that is lost says that the App may be there', async () => {
    const lost = make((url) => void agreeInBrowser(url), { apiUrl: 'http://127.0.0.1:9' });
    await expect(lost).rejects.toMatchObject({ code: 'E761', fix: expect.stringContaining('--app-id') });
  });

  test('nobody at the browser: it ends in time, and by Ctrl-C at once', async () => {
    await expect(make(() => undefined, { deadlineMs: 50 })).rejects.toMatchObject({ code: 'E761' });
    const stop = new AbortController();
    const stopped = make(() => stop.abort(new DOMException('stopped', 'AbortError')), { signal: stop.signal });
    await expect(stopped).rejects.toThrow('stopped');
  });

  test('the page is for who was told its address: others on this machine find nothing, whatever they guess', async () => {
    const answers: number[] = [];
    await make(async (url) => {
      const { origin, pathname } = new URL(url);
      expect(pathname).toMatch(/^\/[\w-]{32}\/$/);
      const guesses = [
        '/',
        '/made?code=abc&state=x',
        `/${'A'.repeat(32)}/`,
        pathname.slice(0, -2),
        `${pathname}made/more`,
      ];
      for (const guess of guesses) answers.push((await fetch(`${origin}${guess}`)).status);
      await agreeInBrowser(url);
    });
    expect(answers).toEqual([404, 404, 404, 404, 404]);
  });

  test('the page is for this machine alone: another name, method or address finds nothing', async () => {
    const answers: string[] = [];
    await make(async (url) => {
      const { port, hostname, pathname } = new URL(url);
      const raw = (request: string): Promise<string> =>
        new Promise((resolve) => {
          const socket = connect(Number(port), hostname, () => socket.write(`${request}\r\nConnection: close\r\n\r\n`));
          let text = '';
          socket.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          socket.on('close', () => resolve(text));
        });
      for (const request of [
        `GET ${pathname} HTTP/1.1\r\nHost: evil.example.com`,
        `POST ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}`,
      ]) {
        answers.push((await raw(request)).split(' ')[1] ?? '');
      }
      answers.push(String((await fetch(`${url}other`)).status));
      const { headers } = await fetch(url);
      answers.push(headers.get('content-security-policy') ?? '', headers.get('referrer-policy') ?? '');
      await agreeInBrowser(url);
    });
    expect(answers.slice(0, 3)).toEqual(['404', '404', '404']);
    expect(answers[3]).toContain("default-src 'none'");
    expect(answers[4]).toBe('no-referrer');
  });
});
