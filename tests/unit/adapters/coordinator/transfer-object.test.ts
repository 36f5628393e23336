import { describe, expect, it } from 'vitest';
import { putObject } from '../../../../src/adapters/coordinator/transfer-object.ts';
import type { TransferUrl } from '../../../../src/ports/object-store.ts';
import { instantClock } from '../../../fakes/instant-clock.ts';
import { cut, type HttpStep, scriptedHttp } from '../../../fakes/scripted-http.ts';

const body = Buffer.from('bytes');
const answers =
  (status: number): HttpStep =>
  (_, response) =>
    void response.writeHead(status).end();
const sending = { clock: instantClock(), signal: new AbortController().signal, attemptMs: 5_000 };

function transferTo(url: string): TransferUrl {
  return { method: 'PUT', url: `${url}/secret-address`, headers: { 'content-length': '5' }, expiresAt: 9e15 };
}

describe('a file on its way to its address', () => {
  it('is sent again after a fault of the other side and a lost connection', async () => {
    await using server = await scriptedHttp([answers(503), cut, answers(200)]);
    expect(await putObject(transferTo(server.url), body, sending)).toBe('stored');
    expect(server.seen.map((seen) => [seen.method, seen.body, seen.headers['content-length']])).toEqual(
      Array.from({ length: 3 }, () => ['PUT', 'bytes', '5']),
    );
  });

  it('counts as there when it is, as after an answer that was lost', async () => {
    await using server = await scriptedHttp([cut, answers(412)]);
    expect(await putObject(transferTo(server.url), body, sending)).toBe('exists');
  });

  it('is refused at once, and the address, which is a credential, is not told', async () => {
    await using server = await scriptedHttp([answers(403)]);
    const error: unknown = await putObject(transferTo(server.url), body, sending).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'E720', retryable: false, message: expect.stringContaining('answered 403') });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('secret-address');
  });

  it('is given up after some attempts', async () => {
    await using server = await scriptedHttp([cut, cut, cut]);
    await expect(putObject(transferTo(server.url), body, sending)).rejects.toMatchObject({ code: 'E723' });
  });

  it('ends with its caller', async () => {
    await using server = await scriptedHttp([() => undefined]);
    const caller = new AbortController();
    const put = putObject(transferTo(server.url), body, { ...sending, signal: caller.signal });
    setImmediate(() => caller.abort(new Error('enough')));
    await expect(put).rejects.toThrow('enough');
  });
});
