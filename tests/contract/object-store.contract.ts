import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { all, bytesOf, type ObjectStoreSubject, plain, putText, readText, textOf } from './object-store.fixture.ts';

const hour = 3_600_000;

async function* one(): AsyncGenerator<Uint8Array> {
  yield bytesOf('one');
}

/** What a store of objects promises: fixed bytes under a key, versions, once only, whole or not at all. */
export function objectStoreContract(subject: ObjectStoreSubject): void {
  const { name, open, bigBytes, windowBytes, datesWithinMs } = subject;
  describe(`${name} keeps objects`, () => {
    it('gives back what was stored, with all that was said of it', async () => {
      await using fixture = await open();
      const body = bytesOf('naïve 😀\n');
      const sha256 = createHash('sha256').update(body).digest('hex');
      const metadata = { run: '01JD', 'trace-id': 'abc' };
      const tags = { kind: 'patch', 'kept for': '90 days' };
      const put = await fixture
        .client()
        .put('runs/01JD/patch.json', body, { contentType: 'application/json', metadata, tags });
      const object = put.kind === 'stored' ? put.object : undefined;
      expect(object).toMatchObject({
        key: 'runs/01JD/patch.json',
        bytes: body.length,
        sha256,
        contentType: 'application/json',
        metadata,
        tags,
      });
      expect(Math.abs((object?.storedAt ?? 0) - fixture.now())).toBeLessThanOrEqual(datesWithinMs);
      const found = await fixture.client().get('runs/01JD/patch.json');
      expect({ ...found?.object, storedAt: 0 }).toEqual({ ...object, storedAt: 0 });
      expect(found && (await textOf(found.body))).toBe('naïve 😀\n');
      const head = await fixture.client().head('runs/01JD/patch.json');
      expect({ ...head, storedAt: 0 }).toEqual({ ...object, storedAt: 0 });
    });

    it('knows nothing of what was not stored', async () => {
      await using fixture = await open();
      const store = fixture.client();
      await putText(store, 'a/b', 'x');
      for (const key of ['a', 'a/b/c', 'a/c', 'b']) {
        expect([await store.get(key), await store.head(key), await store.tag(key, { a: 'b' })]).toEqual([
          undefined,
          undefined,
          'missing',
        ]);
      }
      expect(await store.head('a/b', 'no-such-version')).toBeUndefined();
      expect(await store.remove('a/b', '00000009')).toBe('missing');
      expect(await all(store.versions('a'))).toEqual([]);
      expect(await readText(store, 'a/b')).toBe('x');
    });

    it('stores nothing, and something of no bytes', async () => {
      await using fixture = await open();
      await putText(fixture.client(), 'empty', '');
      expect(await fixture.client().head('empty')).toMatchObject({ bytes: 0 });
      expect(await readText(fixture.client(), 'empty')).toBe('');
    });

    it('keeps every version, and gives the newest to who names none', async () => {
      await using fixture = await open();
      const store = fixture.client();
      const first = await putText(store, 'log', 'one');
      const second = await putText(fixture.client(), 'log', 'two');
      const third = await putText(store, 'log', 'one');
      expect(new Set([first, second, third]).size).toBe(3);
      expect(await readText(store, 'log')).toBe('one');
      expect(await readText(store, 'log', second)).toBe('two');
      expect((await all(store.versions('log'))).map(({ version }) => version)).toEqual([third, second, first]);
      expect(await store.remove('log', third)).toBe('removed');
      expect(await store.remove('log', third)).toBe('missing');
      expect(await readText(store, 'log')).toBe('two');
      expect(await store.remove('log', second)).toBe('removed');
      expect(await store.remove('log', first)).toBe('removed');
      expect([await store.get('log'), await all(store.list(''))]).toEqual([undefined, []]);
      const fourth = await putText(store, 'log', 'anew');
      expect([first, second, third]).not.toContain(fourth);
    });

    it('lets one of many who put the same key have it, and changes nothing for the others', async () => {
      await using fixture = await open();
      const contenders = Array.from({ length: 32 }, (_, index) => index);
      const results = await Promise.all(
        contenders.map(async (index) => {
          const put = await fixture.client().put('once', bytesOf(`by ${index}`), { ...plain, ifAbsent: true });
          return put.kind;
        }),
      );
      const winners = contenders.filter((index) => results[index] === 'stored');
      expect(winners).toHaveLength(1);
      expect(await readText(fixture.client(), 'once')).toBe(`by ${winners[0]}`);
      expect(await all(fixture.client().versions('once'))).toHaveLength(1);
    });

    it('lists keys in their order, the newest version of each', async () => {
      await using fixture = await open();
      const store = fixture.client();
      const keys = ['runs/a', 'runs/a/x', 'runs/a-b', 'runs/a.b', 'runs/b=1/x', 'runs-2/x', 'Runs/x'];
      for (const key of keys) await putText(store, key, key);
      const newest = await putText(store, 'runs/a', 'newer');
      const listed = await all(store.list('runs/'));
      expect(listed.map(({ key }) => key)).toEqual(['runs/a', 'runs/a-b', 'runs/a.b', 'runs/a/x', 'runs/b=1/x']);
      expect(listed[0]).toMatchObject({ version: newest, bytes: 5 });
      expect((await all(store.list('runs/a'))).map(({ key }) => key)).toEqual([
        'runs/a',
        'runs/a-b',
        'runs/a.b',
        'runs/a/x',
      ]);
      expect((await all(store.list(''))).map(({ key }) => key)).toEqual([...keys].sort());
      expect(await all(store.list('nothing'))).toEqual([]);
    });

    it('changes tags, and nothing else, of what is stored', async () => {
      await using fixture = await open();
      const store = fixture.client();
      await store.put('a', bytesOf('x'), { ...plain, tags: { old: '1' } });
      const before = await store.head('a');
      expect(await fixture.client().tag('a', { kept: 'yes' })).toBe('tagged');
      expect(await store.head('a')).toEqual({ ...before, tags: { kept: 'yes' } });
    });

    it('takes a stream of unknown length without holding it, tells how far it is, and gives it back as one', async () => {
      await using fixture = await open();
      const chunk = Buffer.alloc(256 * 1024, 'abcdefgh');
      const hash = createHash('sha256');
      const progress: number[] = [];
      let produced = 0;
      let ahead = 0;
      async function* source(): AsyncGenerator<Uint8Array> {
        for (let index = 0; produced < bigBytes; index += 1) {
          chunk.writeUInt32BE(index, 0);
          hash.update(chunk);
          produced += chunk.length;
          ahead = Math.max(ahead, produced - (progress.at(-1) ?? 0));
          yield Uint8Array.from(chunk);
        }
      }
      const options = { ...plain, ifAbsent: true, onProgress: (bytes: number) => void progress.push(bytes) };
      const put = await fixture.client().put('big', source(), options);
      const sha256 = hash.digest('hex');
      expect(put).toMatchObject({ kind: 'stored', object: { bytes: bigBytes, sha256 } });
      expect(ahead).toBeLessThanOrEqual(windowBytes);
      expect(progress.at(-1)).toBe(bigBytes);
      expect(progress).toEqual([...progress].sort((a, b) => a - b));

      const told: number[] = [];
      const found = await fixture.client().get('big', { onProgress: (bytes) => void told.push(bytes) });
      expect(found?.object).toMatchObject({ bytes: bigBytes, sha256 });
      const seen = createHash('sha256');
      for await (const part of found?.body ?? []) seen.update(part);
      expect(seen.digest('hex')).toBe(sha256);
      expect(told.at(-1)).toBe(bigBytes);
      expect(await fixture.client().put('big', one(), options)).toEqual({ kind: 'exists' });
    });

    it('stores nothing when the source fails, or its caller has enough', async () => {
      await using fixture = await open();
      const store = fixture.client();
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield bytesOf('half');
        throw new Error('the source broke');
      }
      await expect(store.put('half', failing(), plain)).rejects.toThrow('the source broke');
      const caller = new AbortController();
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (let index = 0; ; index += 1) {
          if (index === 3) caller.abort(new Error('enough'));
          yield bytesOf('more');
        }
      }
      await expect(store.put('half', endless(), { ...plain, signal: caller.signal })).rejects.toThrow('enough');
      expect(await all(store.list(''))).toEqual([]);
    });

    it('finds bytes that are not what was stored', async () => {
      await using fixture = await open();
      await putText(fixture.client(), 'a', 'the right bytes');
      await fixture.corrupt('a');
      await expect(readText(fixture.client(), 'a')).rejects.toMatchObject({ code: 'E750' });
    });

    it('removes nothing before its time', async () => {
      await using fixture = await open();
      const store = fixture.client();
      const retainUntil = Math.floor((fixture.now() + hour) / 1_000) * 1_000;
      const put = await store.put('audit', bytesOf('x'), { ...plain, retainUntil });
      const version = put.kind === 'stored' ? put.object.version : '';
      expect(await store.head('audit')).toMatchObject({ retainUntil });
      expect(await store.remove('audit', version)).toBe('retained');
      expect(await readText(store, 'audit')).toBe('x');
      const free = await putText(store, 'audit', 'newer');
      expect(await store.remove('audit', free)).toBe('removed');
    });

    it.each([
      '',
      '/',
      '/a',
      'a/',
      'a//b',
      '.',
      '..',
      'a/../b',
      'a/./b',
      'a b',
      'ä',
      'a\\b',
      'a%2Fb',
      'a\0b',
      '@',
      'a/@/b',
      'x'.repeat(201),
      'x/'.repeat(256).concat('xx'),
    ])('refuses the key %j', async (key) => {
      await using fixture = await open();
      const store = fixture.client();
      await expect(store.put(key, bytesOf('x'), plain)).rejects.toMatchObject({ code: 'E100' });
      await expect(store.get(key)).rejects.toMatchObject({ code: 'E100' });
      await expect(store.uploadUrl(key, { bytes: 1, sha256: 'a', contentType: 'a/b' }, 1_000)).rejects.toMatchObject({
        code: 'E100',
      });
    });

    it.each([
      ['metadata under an odd name', { metadata: { 'Upper Case': 'x' } }],
      ['metadata with a line break', { metadata: { name: 'a\nb' } }],
      ['metadata that is too long', { metadata: { name: 'x'.repeat(2_001) } }],
      ['ten tags', { tags: Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`t${index}`, 'x'])) }],
      ['a tag with an odd character', { tags: { name: '<b>' } }],
      ['a content type that is none', { contentType: 'text/plain\nx: y' }],
    ])('refuses %s', async (_, options) => {
      await using fixture = await open();
      const put = fixture.client().put('a', bytesOf('x'), { ...plain, ...options });
      await expect(put).rejects.toMatchObject({ code: 'E100' });
      expect(await fixture.client().head('a')).toBeUndefined();
    });

    it('gives addresses that take exactly one object, once, and give it to who has no key', async () => {
      await using fixture = await open();
      const store = fixture.client();
      const body = bytesOf('through the door');
      const object = {
        bytes: body.length,
        sha256: createHash('sha256').update(body).digest('hex'),
        contentType: 'text/plain',
        metadata: { run: '01JD' },
      };
      const upload = await store.uploadUrl('door', object, 60_000);
      expect(upload).toMatchObject({ method: 'PUT', expiresAt: expect.closeTo(fixture.now() + 60_000, -4) });
      const send = (content: Uint8Array) =>
        fetch(upload.url, { method: 'PUT', headers: upload.headers, body: Buffer.from(content) }).catch(
          () => undefined,
        );
      if (subject.transfers === 'checked') {
        const other = await send(bytesOf('through the d00r'));
        expect(other?.status).toBe(400);
        expect(await store.head('door')).toBeUndefined();
      }
      expect((await send(body))?.status).toBe(200);
      expect((await send(body))?.status).toBe(412);
      expect(await store.head('door')).toMatchObject(object);
      const download = await store.downloadUrl('door', { expiresInMs: 60_000 });
      const answer = await fetch(download.url, { headers: download.headers });
      expect([answer.status, await answer.text()]).toEqual([200, 'through the door']);
    });
  });
}
