import type { ObjectStore } from '../../src/ports/object-store.ts';

export interface ObjectStoreFixture extends AsyncDisposable {
  /** Another client of the same store, as another machine would have. */
  client(): ObjectStore;
  now(): number;
  /** Changes one byte of what is stored under the key, or of what is told of it. */
  corrupt(key: string): Promise<void>;
}

/** What every store of objects promises. `open` gives an empty one that keeps versions and can retain. */
export interface ObjectStoreSubject {
  readonly name: string;
  readonly open: () => Promise<ObjectStoreFixture>;
  /** How many bytes a stream has that is too large to be held. */
  readonly bigBytes: number;
  /** How many of them may be under way at once. */
  readonly windowBytes: number;
  /** How far the service's own dates may be from the clock of the fixture. */
  readonly datesWithinMs: number;
  /** Whether an address is made for a length that must be sent exactly. */
  readonly transfers: 'checked' | 'signed only';
}

export const plain = { contentType: 'text/plain' };

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

export async function readText(store: ObjectStore, key: string, version?: string): Promise<string | undefined> {
  const found = await store.get(key, version === undefined ? {} : { version });
  return found === undefined ? undefined : textOf(found.body);
}

export async function putText(store: ObjectStore, key: string, text: string): Promise<string> {
  const put = await store.put(key, bytesOf(text), plain);
  if (put.kind !== 'stored') throw new Error(`${key} was there already`);
  return put.object.version;
}

export async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
