import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolderObjectStore } from '../../src/adapters/filesystem/folder-object-store.ts';
import { createObjectTransfers } from '../../src/adapters/filesystem/object-transfers.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';
import { tempFolder } from '../fakes/temp-folder.ts';
import { transferServer } from '../fakes/transfer-server.ts';
import { objectStoreContract } from './object-store.contract.ts';
import { all, bytesOf, type ObjectStoreFixture, plain, putText, readText } from './object-store.fixture.ts';

const mebibyte = 1024 * 1024;

function versionsOf(root: string, key: string): string {
  return path.join(root, 'objects', ...key.split('/'), '@');
}

async function open(): Promise<ObjectStoreFixture> {
  const folder = tempFolder();
  const clock = simulatedClock();
  const secret = randomBytes(32);
  let baseUrl = '';
  const tokens = { secret, baseUrl: () => baseUrl };
  const client = () => createFolderObjectStore({ folder: folder.root, clock, tokens });
  const server = await transferServer(createObjectTransfers({ store: client(), tokens, clock }));
  baseUrl = server.url;
  return {
    client,
    now: clock.now,
    corrupt: async (key) => {
      const files = readdirSync(versionsOf(folder.root, key)).filter((name) => name.endsWith('.bin'));
      for (const name of files) {
        const file = path.join(versionsOf(folder.root, key), name);
        const bytes = readFileSync(file);
        bytes[0] = (bytes[0] ?? 0) ^ 1;
        writeFileSync(file, bytes);
      }
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

objectStoreContract({
  name: 'a folder',
  open,
  bigBytes: 64 * mebibyte,
  windowBytes: mebibyte,
  datesWithinMs: 0,
  transfers: 'checked',
});

describe('a folder of objects', () => {
  it('gives an object back for removal when its time is over', async () => {
    using folder = tempFolder();
    const clock = simulatedClock();
    const store = createFolderObjectStore({ folder: folder.root, clock });
    const put = await store.put('a', bytesOf('x'), { ...plain, retainUntil: clock.now() + 1_000 });
    const version = put.kind === 'stored' ? put.object.version : '';
    clock.advance(999);
    expect(await store.remove('a', version)).toBe('retained');
    clock.advance(1);
    expect(await store.remove('a', version)).toBe('removed');
  });

  it('leaves nothing behind of what was not stored, and takes away what a killed process left', async () => {
    using folder = tempFolder();
    const store = () => createFolderObjectStore({ folder: folder.root, clock: simulatedClock() });
    const incoming = path.join(folder.root, 'incoming');
    mkdirSync(incoming, { recursive: true });
    for (const name of ['old', 'young']) writeFileSync(path.join(incoming, name), 'half');
    const twoDaysAgo = Date.now() / 1_000 - 2 * 86_400;
    utimesSync(path.join(incoming, 'old'), twoDaysAgo, twoDaysAgo);
    await putText(store(), 'a', 'x');
    expect(await store().put('a', bytesOf('y'), { ...plain, ifAbsent: true })).toEqual({ kind: 'exists' });
    expect(readdirSync(incoming)).toEqual(['young']);
    expect(readdirSync(versionsOf(folder.root, 'a')).filter((name) => name.endsWith('.bin'))).toHaveLength(1);
  });

  it('keeps what it has from other users of the machine', async () => {
    using folder = tempFolder();
    const store = createFolderObjectStore({ folder: folder.root, clock: simulatedClock() });
    await putText(store, 'a', 'x');
    const names = readdirSync(versionsOf(folder.root, 'a'));
    expect(names.map((name) => statSync(path.join(versionsOf(folder.root, 'a'), name)).mode & 0o077)).toEqual([0, 0]);
  });

  it('says that bytes are missing, and that the folder cannot be used', async () => {
    using folder = tempFolder();
    const store = createFolderObjectStore({ folder: folder.root, clock: simulatedClock() });
    await putText(store, 'a', 'x');
    const bytes = readdirSync(versionsOf(folder.root, 'a')).find((name) => name.endsWith('.bin')) ?? '';
    writeFileSync(path.join(versionsOf(folder.root, 'a'), bytes), 'longer');
    await expect(readText(store, 'a')).rejects.toMatchObject({ code: 'E750' });
    const file = path.join(folder.root, 'file');
    writeFileSync(file, '');
    const unusable = createFolderObjectStore({ folder: file, clock: simulatedClock() });
    await expect(unusable.put('a', bytesOf('x'), plain)).rejects.toMatchObject({ code: 'E751' });
    expect(await all(store.list('b'))).toEqual([]);
  });

  it('takes no token that was changed, is over, or is for something else', async () => {
    using folder = tempFolder();
    const clock = simulatedClock();
    const tokens = { secret: randomBytes(32), baseUrl: () => 'http://here' };
    const store = createFolderObjectStore({ folder: folder.root, clock, tokens });
    const transfers = createObjectTransfers({ store, tokens, clock });
    await putText(store, 'a', 'x');
    const { url } = await store.downloadUrl('a', { expiresInMs: 1_000 });
    const token = url.slice('http://here/v1/objects/'.length);
    expect(await transfers.download(token)).toMatchObject({ kind: 'object' });
    const [payload = '', signature = ''] = token.split('.');
    const other = Buffer.from(JSON.stringify({ do: 'download', key: 'b', expiresAt: 9e15 })).toString('base64url');
    for (const odd of [
      `${other}.${signature}`,
      `${payload}.`,
      payload,
      '',
      '.',
      `${token}.x`,
      `${payload}.${signature}AA`,
    ]) {
      expect(await transfers.download(odd)).toMatchObject({ kind: 'refused' });
    }
    expect(await transfers.upload(token, (async function* () {})())).toMatchObject({ kind: 'refused' });
    clock.advance(1_000);
    expect(await transfers.download(token)).toMatchObject({ kind: 'refused' });
  });

  it('has no addresses where no coordinator serves them', async () => {
    using folder = tempFolder();
    const store = createFolderObjectStore({ folder: folder.root, clock: simulatedClock() });
    await expect(store.downloadUrl('a', { expiresInMs: 1 })).rejects.toMatchObject({ code: 'E725' });
  });
});
