import { describe, expect, it } from 'vitest';
import type { Forge } from '../../src/ports/forge.ts';
import { commitOn, headOf } from './forge.contract.ts';

export interface HeldFixture extends AsyncDisposable {
  readonly forge: Forge;
  /** Only some stand-ins have workflows: events of refs, by what they would start. */
  branchEvents?(): readonly string[];
}

/** What every forge promises about changes that wait, about how commits stand to each other, and about merging by itself. */
export function heldChangesContract(name: string, open: () => Promise<HeldFixture>): void {
  describe(`${name} holds changes`, () => {
    it('one an issue, where no branch is and nothing starts', async () => {
      await using at = await open();
      const { forge } = at;
      const change = await commitOn(forge, await headOf(forge, 'main'), 'one');
      expect(await forge.held.read(42)).toBeUndefined();
      expect(await forge.held.issues()).toEqual([]);
      const written = await forge.held.write(42, { change, text: '{"plan":"ü"}' });
      expect(written).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{40}$/), text: '{"plan":"ü"}' });
      expect(await forge.held.read(42)).toMatchObject(written);
      expect(await forge.held.issues()).toEqual([42]);
      expect(await forge.branchesWithPrefix('')).toHaveLength(1);
      expect(at.branchEvents?.() ?? []).toEqual([]);
      // Kept together: whoever removes nothing else still finds the change.
      expect((await forge.commit(written.id)).parents).toEqual([change]);
      expect(Buffer.from((await forge.file('one', change)) ?? []).toString()).toBe('one');
    });

    it('the newest, whatever was held before; and none once it was removed, twice too', async () => {
      await using at = await open();
      const { forge } = at;
      const base = await headOf(forge, 'main');
      const first = await forge.held.write(7, { change: await commitOn(forge, base, 'one'), text: 'first' });
      const second = await forge.held.write(7, { change: await commitOn(forge, base, 'two'), text: 'second' });
      expect(second.id).not.toBe(first.id);
      expect(await forge.held.read(7)).toMatchObject({ id: second.id, text: 'second' });
      await forge.held.write(8, { change: await commitOn(forge, base, 'three'), text: 'third' });
      await forge.held.remove(7);
      await forge.held.remove(7);
      expect(await forge.held.read(7)).toBeUndefined();
      expect(await forge.held.issues()).toEqual([8]);
    });
  });

  describe(`${name} compares commits`, () => {
    it('by what lies between, and tells rewritten history apart', async () => {
      await using at = await open();
      const { forge } = at;
      const base = await headOf(forge, 'main');
      const two = await commitOn(forge, await commitOn(forge, base, 'one'), 'two');
      const other = await commitOn(forge, base, 'three');
      expect(await forge.compare(base, base)).toEqual({ kind: 'same' });
      expect(await forge.compare(base, two)).toEqual({ kind: 'ahead', paths: ['one', 'two'] });
      expect(await forge.compare(other, two)).toEqual({ kind: 'apart' });
      expect(await forge.compare(two, base)).toEqual({ kind: 'apart' });
    });
  });
}
