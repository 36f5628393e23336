import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFolderObjectStore } from '../../../src/adapters/filesystem/folder-object-store.ts';
import { createObjectTransfers } from '../../../src/adapters/filesystem/object-transfers.ts';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { defaultRunnerEvents } from '../../../src/domain/access/runner-policy.ts';
import { type Artifact, artifactRules, artifactType } from '../../../src/domain/artifact.ts';
import type { RunArtifacts } from '../../../src/ports/run-artifacts.ts';
import { sampleRun } from '../../fakes/coordination-samples.ts';
import { coordinatorScene, type Scene } from '../../fakes/coordinator-scene.ts';
import { jobClaims, type OidcIssuer, oidcIssuer } from '../../fakes/oidc-issuer.ts';
import { servedCoordinator } from '../../fakes/served-coordinator.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

function fileOf(name: string, text: string | Uint8Array): Artifact & { readonly body: Uint8Array } {
  const body = Buffer.from(text);
  const sha256 = createHash('sha256').update(body).digest('hex');
  return { name, bytes: body.length, sha256, contentType: artifactType(name), body };
}

async function send(artifacts: RunArtifacts, run: string, file: ReturnType<typeof fileOf>) {
  const { body, ...artifact } = file;
  return artifacts.upload(run, artifact, body);
}

async function textOf(body: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('files of a run at a coordinator', () => {
  async function served() {
    const folder = tempFolder();
    const coordinator = await servedCoordinator(createSystemClock(), path.join(folder.root, 'state.db'));
    const client = coordinator.client();
    for (const id of ['run-1', 'run-2']) await client.runs.open(sampleRun(id), 'coder/1');
    return {
      artifacts: client.artifacts,
      objects: path.join(folder.root, 'state.db.objects', 'objects'),
      [Symbol.asyncDispose]: async () => {
        await coordinator[Symbol.asyncDispose]();
        folder[Symbol.dispose]();
      },
    };
  }

  test('are put once, listed, and given back whole', async () => {
    await using it = await served();
    const trajectory = fileOf('trajectory.jsonl.gz', randomBytes(3_000_000));
    const progress: number[] = [];
    const { body, ...artifact } = trajectory;
    const onProgress = (bytes: number): void => void progress.push(bytes);
    expect(await it.artifacts.upload('run-1', artifact, body, { onProgress })).toEqual({ kind: 'stored' });
    expect(progress.at(-1)).toBe(body.length);
    expect(progress.length).toBeGreaterThan(5);
    expect(await send(it.artifacts, 'run-1', fileOf('patch.json', '{}'))).toEqual({ kind: 'stored' });
    expect(await send(it.artifacts, 'run-1', fileOf('agent.log', ''))).toEqual({ kind: 'stored' });
    expect(await it.artifacts.list('run-1')).toMatchObject([
      { name: 'agent.log', bytes: 0 },
      { name: 'patch.json', bytes: 2 },
      { name: 'trajectory.jsonl.gz', bytes: body.length },
    ]);
    expect(await it.artifacts.list('run-2')).toEqual([]);
    const found = await it.artifacts.download('run-1', 'trajectory.jsonl.gz');
    expect(found?.artifact).toMatchObject(artifact);
    const hash = createHash('sha256');
    for await (const chunk of found?.body ?? []) hash.update(chunk);
    expect(hash.digest('hex')).toBe(artifact.sha256);
    expect(await it.artifacts.download('run-1', 'result.json')).toBeUndefined();
  });

  test('stay as they are, and the same bytes again are no trouble', async () => {
    await using it = await served();
    const first = fileOf('result.json', '{"a":1}');
    expect(await send(it.artifacts, 'run-1', first)).toEqual({ kind: 'stored' });
    expect(await send(it.artifacts, 'run-1', first)).toEqual({ kind: 'exists' });
    expect(await send(it.artifacts, 'run-1', fileOf('result.json', '{"a":2}'))).toEqual({ kind: 'occupied' });
    expect(await textOf((await it.artifacts.download('run-1', 'result.json'))?.body)).toBe('{"a":1}');
  });

  test('are of a run that there is', async () => {
    await using it = await served();
    expect(await send(it.artifacts, 'run-9', fileOf('result.json', '{}'))).toEqual({ kind: 'missing' });
    expect(await it.artifacts.list('run-9')).toBeUndefined();
    expect(await it.artifacts.download('run-9', 'result.json')).toBeUndefined();
  });

  test('are so many and no more', async () => {
    await using it = await served();
    const names = Array.from({ length: artifactRules.count }, (_, index) => `part-${index}.log`);
    for (const name of names) expect(await send(it.artifacts, 'run-1', fileOf(name, name))).toEqual({ kind: 'stored' });
    expect(await send(it.artifacts, 'run-1', fileOf('one-more.log', 'x'))).toEqual({ kind: 'full', limit: 'count' });
    expect(await send(it.artifacts, 'run-2', fileOf('one-more.log', 'x'))).toEqual({ kind: 'stored' });
  });

  test('that were changed on the disk are not taken for whole', async () => {
    await using it = await served();
    await send(it.artifacts, 'run-1', fileOf('agent.log', 'what the agent said'));
    const folder = path.join(it.objects, 'runs', 'run-1', 'artifacts', 'agent.log', '@');
    const name = readdirSync(folder).find((file) => file.endsWith('.bin')) ?? '';
    const bytes = readFileSync(path.join(folder, name));
    writeFileSync(
      path.join(folder, name),
      bytes.map((byte, index) => (index === 3 ? byte ^ 1 : byte)),
    );
    const found = await it.artifacts.download('run-1', 'agent.log');
    // The coordinator finds it itself and breaks the answer off.
    await expect(textOf(found?.body)).rejects.toThrow();
  });
});

describe('who may have to do with files of runs', () => {
  let issuer: OidcIssuer;
  beforeAll(async () => {
    issuer = await oidcIssuer();
  });
  afterAll(() => issuer[Symbol.asyncDispose]());

  async function scene(): Promise<Scene> {
    const folder = tempFolder();
    const clock = simulatedClock();
    const tokens = { secret: randomBytes(32), baseUrl: () => '' };
    const objects = createFolderObjectStore({ folder: folder.root, clock, tokens });
    const policy = { repositories: [{ glob: 'octo/*' }], workflows: [], events: defaultRunnerEvents };
    const it = coordinatorScene({
      clock,
      objects,
      transfers: createObjectTransfers({ store: objects, tokens, clock }),
      oidc: { issuer: issuer.url, audience: jobClaims.aud, policy },
    });
    await it.coordination.runs.open(sampleRun('run-1'), 'coder/1');
    await it.coordination.runs.open(sampleRun('run-2', { task: 'github/octo/other/issues/1' }), 'coder/2');
    return {
      ...it,
      [Symbol.asyncDispose]: async () => {
        await it[Symbol.asyncDispose]();
        folder[Symbol.dispose]();
      },
    };
  }

  const { body: bytes, ...artifact } = fileOf('result.json', '{}');
  const of = (run: string): string => `/v1/runs/${run}/artifacts`;

  test('asks for addresses of as many names as a run may keep, whether the files come or not', async () => {
    await using it = await scene();
    const token = await issuer.token(it.clock.now());
    const ask = (name: string) =>
      it.ask('POST', of('run-1'), { token, body: { ...artifact, name, contentType: 'text/plain' } });
    for (let part = 0; part < artifactRules.count; part += 1) expect((await ask(`part-${part}.log`)).status).toBe(200);
    expect(await ask('one-more.log')).toMatchObject({
      status: 409,
      body: { refusal: { kind: 'full', limit: 'count' } },
    });
    // A name that was asked for has its place.
    expect((await ask('part-3.log')).status).toBe(200);
  });

  test('is a job of the repository, an operator with a key for it, and nobody else', async () => {
    await using it = await scene();
    const job = await issuer.token(it.clock.now());
    const limited = await it.key('operator', { repositories: ['octo/other'] });
    const viewer = await it.key('viewer');
    const may = async (token: string, run: string) => (await it.ask('POST', of(run), { token, body: artifact })).status;
    expect([await may(job, 'run-1'), await may(job, 'run-2')]).toEqual([200, 404]);
    expect([await may(limited, 'run-1'), await may(limited, 'run-2')]).toEqual([404, 200]);
    expect(await may(viewer, 'run-1')).toBe(403);
    expect((await it.ask('POST', of('run-1'), { body: artifact })).status).toBe(401);
    const reads = async (token: string, run: string) => (await it.ask('GET', of(run), { token })).status;
    expect([await reads(viewer, 'run-1'), await reads(job, 'run-2'), await reads(limited, 'run-1')]).toEqual([
      200, 404, 404,
    ]);
  });

  test.each([
    ['a name that there is not', { name: 'task.json' }],
    ['a name that leads elsewhere', { name: '../task.json' }],
    ['a type of its own', { contentType: 'text/html' }],
    ['the type of another file', { contentType: 'application/gzip' }],
    ['more than a file may have', { bytes: artifactRules.bytes + 1 }],
    ['no sum', { sha256: 'x' }],
  ])('is refused with %s', async (_, change) => {
    await using it = await scene();
    const token = await it.key('operator');
    expect(await it.ask('POST', of('run-1'), { token, body: { ...artifact, ...change } })).toMatchObject({
      status: 400,
    });
  });

  test('is whoever has the address, for this very file, once', async () => {
    await using it = await scene();
    const token = await it.key('operator');
    const { transfer } = (await it.ask('POST', of('run-1'), { token, body: artifact })).body;
    const put = async (url: string, body: string | Uint8Array) =>
      (await it.app.request(url, { method: 'PUT', headers: transfer.headers, body: Buffer.from(body) })).status;
    expect(await put(transfer.url, '[]')).toBe(400);
    expect(await put(transfer.url, '{} and more')).toBe(400);
    expect(await put(`${transfer.url.slice(0, -2)}xx`, bytes)).toBe(403);
    expect(await put('/v1/objects/none', bytes)).toBe(403);
    expect(await put(transfer.url, bytes)).toBe(200);
    expect(await put(transfer.url, bytes)).toBe(412);
    const found = (await it.ask('GET', `${of('run-1')}/result.json`, { token })).body;
    expect(found.artifact).toMatchObject(artifact);
    const answer = await it.app.request(found.transfer.url);
    expect([answer.status, await answer.text(), answer.headers.get('content-disposition')]).toEqual([
      200,
      '{}',
      'attachment',
    ]);
    expect((await it.app.request(found.transfer.url, { method: 'PUT', body: 'x' })).status).toBe(403);
  });

  test('is nobody where no files are kept', async () => {
    await using it = coordinatorScene();
    const token = await it.key('admin');
    await it.coordination.runs.open(sampleRun('run-1'), 'coder/1');
    expect(await it.ask('GET', of('run-1'), { token })).toMatchObject({ status: 403, body: { code: 'E722' } });
    expect((await it.app.request('/v1/objects/a.b')).status).toBe(403);
  });
});
