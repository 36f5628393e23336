import { describe, expect, it } from 'vitest';
import type { Forge } from '../../src/ports/forge.ts';
import { sampleTeamRecord } from '../fakes/sample-team-record.ts';

export interface TeamRecordsFixture extends AsyncDisposable {
  readonly forge: Forge;
}

/** What every forge promises about where the team stands. */
export function teamRecordsContract(name: string, open: () => Promise<TeamRecordsFixture>): void {
  describe(`${name} keeps where the team stands`, () => {
    const record = sampleTeamRecord();

    it('as it was written, one record an issue', async () => {
      await using at = await open();
      const { team } = at.forge;
      expect(await team.read(42)).toBeUndefined();
      const written = await team.swap(42, { seen: undefined, record });
      expect(written).toMatchObject({ kind: 'stored' });
      const id = written.kind === 'stored' ? written.id : '';
      expect(await team.read(42)).toEqual({ id, record });
      expect(await team.read(43)).toBeUndefined();
    });

    it('for one of two who saw the same state, and the other learns that it moved', async () => {
      await using at = await open();
      const { team } = at.forge;
      const both = await Promise.all(
        [1, 2].map((tries) => team.swap(42, { seen: undefined, record: { ...record, tries } })),
      );
      expect(both.map(({ kind }) => kind).sort()).toEqual(['moved', 'stored']);
      const seen = both.find((each) => each.kind === 'stored')?.id;
      const later = await Promise.all([3, 4, 5].map((tries) => team.swap(42, { seen, record: { ...record, tries } })));
      expect(later.map(({ kind }) => kind).sort()).toEqual(['moved', 'moved', 'stored']);
      const winner = later.findIndex(({ kind }) => kind === 'stored');
      expect((await team.read(42))?.record.tries).toBe(3 + winner);
    });

    it('and tells which issues it is not over with', async () => {
      await using at = await open();
      const { team } = at.forge;
      for (const issue of [9, 10, 2]) await team.swap(issue, { seen: undefined, record: { ...record, issue } });
      const ended = await team.read(10);
      const over = { kind: 'over', how: 'ready', what: 'A person may merge it.' } as const;
      await team.swap(10, { seen: ended?.id, record: { ...record, issue: 10, state: over } });
      expect(await team.issues()).toEqual([2, 9]);
      expect((await team.read(10))?.record.state).toEqual(over);
    });

    it('and tells with which of them machines are at work', async () => {
      await using at = await open();
      const { team } = at.forge;
      const waits = { kind: 'waiting', for: 'person', what: 'two tries failed' } as const;
      const checks = { kind: 'waiting', for: 'checks', what: 'the checks' } as const;
      const running = { kind: 'running', runId: 'r', fence: 1, step: 's' } as const;
      const all = [
        [2, { stage: 'code', state: waits }],
        [5, { stage: 'ready', state: checks }],
        [7, { stage: 'code', state: running }],
        [8, { stage: 'read', state: running }],
      ] as const;
      for (const [issue, how] of all) {
        await team.swap(issue, { seen: undefined, record: { ...record, issue, ...how } });
      }
      expect(await team.issues()).toEqual([2, 5, 7, 8]);
      expect(await team.issues('at-work')).toEqual([5, 7]);
    });
  });
}
