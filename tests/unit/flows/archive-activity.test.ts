import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createFolderObjectStore } from '../../../src/adapters/filesystem/folder-object-store.ts';
import type { ActivityEvent } from '../../../src/domain/coordination/activity.ts';
import { type ArchiveRoom, archiveActivity, archiveCursor } from '../../../src/flows/archive-activity.ts';
import type { StoredCursor } from '../../../src/ports/cursor-store.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

const never = new AbortController().signal;

function told(count: number, who = 'a'): ActivityEvent[] {
  return Array.from({ length: count }, (_, at) => ({
    seq: at + 1,
    at: Date.UTC(2026, 10, 21, 23, 59, 59),
    actor: who,
    change: { type: 'state.restored', floor: at + 1 },
  }));
}

function scene() {
  const folder = tempFolder({});
  const events: ActivityEvent[] = [];
  let cursor: StoredCursor | undefined;
  const archive = createFolderObjectStore({ folder: folder.root, clock: simulatedClock() });
  const room: ArchiveRoom = {
    activity: {
      read: async ({ after = 0, limit }) => events.filter(({ seq }) => seq > after).slice(0, limit),
    },
    cursors: {
      read: async () => cursor,
      write: async (_name, value, over) => {
        if (cursor?.version !== over) return 'moved';
        cursor = { value, version: (over ?? 0) + 1 };
        return 'written';
      },
    },
    archive,
  };
  return {
    ...{ room, events },
    moveCursor: (to: StoredCursor | undefined): void => {
      cursor = to;
    },
    cursor: () => cursor?.value,
    objects: async () => {
      const found: Record<string, number[]> = {};
      for await (const { key } of archive.list('')) {
        const parts: Uint8Array[] = [];
        for await (const part of (await archive.get(key))?.body ?? []) parts.push(part);
        const lines = gunzipSync(Buffer.concat(parts)).toString('utf8').trimEnd().split('\n');
        found[key] = lines.map((line): number => JSON.parse(line).seq);
      }
      return found;
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

describe('archiving activity', () => {
  it('puts each stretch under the day and the position of its first event', async () => {
    using s = scene();
    s.events.push(...told(2));
    expect(await archiveActivity(s.room, never)).toEqual({ objects: 1, events: 2, last: s.events[1] });
    s.events.push({ ...told(3)[2], at: Date.UTC(2026, 10, 22) } as ActivityEvent);
    await archiveActivity(s.room, never);
    expect(await archiveActivity(s.room, never)).toEqual({ objects: 0, events: 0 });
    expect(await s.objects()).toEqual({
      'activity/v1/2026/11/21/0000000000000001.jsonl.gz': [1, 2],
      'activity/v1/2026/11/22/0000000000000003.jsonl.gz': [3],
    });
  });

  it('writes long logs in several objects', async () => {
    using s = scene();
    s.events.push(...told(2_150));
    expect(await archiveActivity(s.room, never)).toMatchObject({ objects: 3, events: 2_150 });
    expect(Object.values(await s.objects()).map((seqs) => seqs.length)).toEqual([1_000, 1_000, 150]);
  });

  it('goes on behind what lies there, when it was ended before its cursor moved', async () => {
    using s = scene();
    s.events.push(...told(2));
    await archiveActivity(s.room, never);
    s.moveCursor(undefined);
    s.events.push(...told(5).slice(2));
    await archiveActivity(s.room, never);
    expect(Object.values(await s.objects())).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
    expect(s.cursor()).toEqual({ seq: 5 });
  });

  it('keeps what was archived before a restore beside what happened after it', async () => {
    using s = scene();
    s.events.push(...told(3));
    await archiveActivity(s.room, never);
    s.events.splice(0, 3, ...told(2, 'after the restore'));
    s.moveCursor(undefined);
    await archiveActivity(s.room, never);
    expect(Object.keys(await s.objects())).toEqual([
      'activity/v1/2026/11/21/0000000000000001-2.jsonl.gz',
      'activity/v1/2026/11/21/0000000000000001.jsonl.gz',
    ]);
  });

  it('archives nothing behind a hole, and says where it is', async () => {
    using s = scene();
    s.events.push(...told(3).filter(({ seq }) => seq !== 2));
    await expect(archiveActivity(s.room, never)).rejects.toMatchObject({
      code: 'E710',
      message: expect.stringContaining('no event 2'),
    });
    expect(await s.objects()).toEqual({});
  });

  it('says so when somebody wrote something else into its cursor', async () => {
    using s = scene();
    s.moveCursor({ value: 'x', version: 1 });
    await expect(archiveActivity(s.room, never)).rejects.toThrow(archiveCursor);
  });
});
