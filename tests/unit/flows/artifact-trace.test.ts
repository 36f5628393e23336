import { expect, it } from 'vitest';
import { createFolderObjectStore } from '../../../src/adapters/filesystem/folder-object-store.ts';
import { offerUpload } from '../../../src/flows/run-artifacts.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

const artifact = { name: 'result.json', bytes: 2, sha256: 'a'.repeat(64), contentType: 'application/json' } as const;

it('the trace that a run belongs to is written with its files, as the books know it', async () => {
  using folder = tempFolder();
  const clock = simulatedClock();
  const asked: unknown[] = [];
  const store = createFolderObjectStore({ folder: folder.root, clock });
  const objects = {
    ...store,
    uploadUrl: async (_key: string, object: unknown) => {
      asked.push(object);
      return { method: 'PUT', url: '/', headers: {}, expiresAt: 0 } as const;
    },
  };
  const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
  const dispatched = { tries: 1, at: 1, traceparent };
  await offerUpload(objects, { id: 'run-1', dispatched }, artifact);
  await offerUpload(objects, { id: 'run-1' }, artifact);
  await offerUpload(objects, { id: 'run-1', dispatched: { ...dispatched, traceparent: 'made up' } }, artifact);
  expect(asked).toEqual([{ ...artifact, metadata: { trace: 'ab'.repeat(16) } }, artifact, artifact]);
});
