import { createHash } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { ObjectTransfers, TransferRefusal } from '../../ports/object-transfers.ts';
import { type ObjectTokens, readToken, type UploadGrant } from './object-tokens.ts';

export interface ObjectTransferOptions {
  readonly store: ObjectStore;
  readonly tokens: ObjectTokens;
  readonly clock: Clock;
}

/** Does what a token of `transferUrl` allows: exactly this object, once, or exactly this version. */
export function createObjectTransfers({ store, tokens, clock }: ObjectTransferOptions): ObjectTransfers {
  return {
    upload: async (token, body, signal) => {
      const grant = readToken(tokens.secret, token, clock.now());
      if (grant?.do !== 'upload') return refused;
      const { key, contentType, metadata } = grant;
      try {
        const options = { contentType, metadata, ifAbsent: true, ...(signal && { signal }) };
        const put = await store.put(key, promised(body, grant), options);
        return put.kind === 'stored' ? { kind: 'stored' } : { kind: 'exists' };
      } catch (error) {
        if (error instanceof Mismatch) return { kind: 'mismatch', reason: error.message };
        throw error;
      }
    },
    download: async (token, signal) => {
      const grant = readToken(tokens.secret, token, clock.now());
      if (grant?.do !== 'download') return refused;
      const { key, version } = grant;
      const found = await store.get(key, { ...(version !== undefined && { version }), ...(signal && { signal }) });
      return found === undefined ? { kind: 'missing' } : { kind: 'object', ...found };
    },
  };
}

const refused: TransferRefusal = {
  kind: 'refused',
  reason: 'the address is not signed by this coordinator, or its time is over',
};

class Mismatch extends Error {}

/** Ends the put before anything is stored when other bytes come than were promised. */
async function* promised(body: AsyncIterable<Uint8Array>, { bytes, sha256 }: UploadGrant): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let seen = 0;
  for await (const chunk of body) {
    seen += chunk.length;
    if (seen > bytes) throw new Mismatch(`more than the ${bytes} bytes came that were announced`);
    hash.update(chunk);
    yield chunk;
  }
  if (seen !== bytes) throw new Mismatch(`${seen} bytes came, ${bytes} were announced`);
  if (hash.digest('hex') !== sha256) throw new Mismatch('the bytes do not have the SHA-256 that was announced');
}
