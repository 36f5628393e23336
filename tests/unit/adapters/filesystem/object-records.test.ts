import { createHmac } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFolderObjectStore } from '../../../../src/adapters/filesystem/folder-object-store.ts';
import { readToken, transferUrl, type UploadGrant } from '../../../../src/adapters/filesystem/object-tokens.ts';
import { simulatedClock } from '../../../fakes/simulated-clock.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';

const secret = Buffer.alloc(32, 7);
const signed = (grant: object): string => {
  const payload = Buffer.from(JSON.stringify(grant)).toString('base64url');
  return `${payload}.${createHmac('sha256', secret).update(payload).digest('base64url')}`;
};
const grant: UploadGrant = {
  do: 'upload',
  ...{ key: 'runs/1/a', bytes: 1, sha256: 'a', contentType: 'text/plain', metadata: { run: '1' } },
  expiresAt: 10,
};

describe('what is signed for a transfer', () => {
  test('is read as it was signed, until its time is over', () => {
    const { url } = transferUrl({ secret, baseUrl: () => '' }, grant);
    expect(readToken(secret, url.split('/').at(-1) ?? '', 9)).toEqual(grant);
    expect(readToken(secret, url.split('/').at(-1) ?? '', 10)).toBeUndefined();
  });

  test.each(['do', 'key', 'bytes', 'sha256', 'contentType', 'metadata', 'expiresAt'])(
    'allows nothing when its %s has another shape, whoever signed it',
    (name) => {
      expect(readToken(secret, signed({ ...grant, [name]: [] }), 0)).toBeUndefined();
    },
  );
});

describe('the record of an object', () => {
  test('is refused by its key and the field that is wrong', async () => {
    using folder = tempFolder();
    const store = createFolderObjectStore({ folder: folder.root, clock: simulatedClock() });
    await store.put('runs/1/a', Buffer.from('a'), {
      contentType: 'text/plain',
      metadata: { run: '1' },
      tags: { t: '1' },
    });
    const at = path.join(folder.root, 'objects/runs/1/a/@');
    mkdirSync(at, { recursive: true });
    const file = path.join(at, '00000001.json');
    const record = JSON.parse(readFileSync(file, 'utf8'));
    for (const name of ['bytes', 'sha256', 'contentType', 'storedAt', 'metadata', 'data']) {
      writeFileSync(file, JSON.stringify({ ...record, [name]: [] }));
      await expect(store.head('runs/1/a')).rejects.toMatchObject({
        code: 'E751',
        message: expect.stringContaining(`00000001 of runs/1/a cannot be used: ${name} is not`),
      });
    }
    writeFileSync(file, JSON.stringify(record));
    writeFileSync(path.join(at, `${record.data}.tags`), '{"t": 5}');
    await expect(store.head('runs/1/a')).rejects.toMatchObject({
      code: 'E751',
      message: expect.stringContaining('t is not text'),
    });
  });
});
