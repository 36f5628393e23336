import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../../src/domain/canonical-json.ts';
import type { ChangePlan, Plan, PlannedFile } from '../../../../src/domain/held/plan.ts';
import { planBlocks } from '../../../../src/domain/held/plan-text.ts';
import { parseHeldRecord } from '../../../../src/flows/held-record-schema.ts';
import { planHash } from '../../../../src/flows/plan-hash.ts';
import { readyResult } from '../../../fakes/publish-scene.ts';

const sha = 'a'.repeat(40);
const { patch: _patch, ...result } = readyResult(undefined);
const plan: ChangePlan = {
  schema: 1,
  kind: 'change',
  repository: 'octo/slug',
  issue: 1,
  runId: '01JD',
  fence: 1,
  role: 'coder',
  askedBy: 'alice',
  base: { branch: 'main', sha },
  patch: { schema: 1, base: { sha, treeSha: sha }, treeSha: sha, files: [{ change: 'deleted', path: 'a' }] },
  reasons: [{ rule: 'review-required', path: 'a', message: 'review required: a' }],
  result,
  expiresAt: 1_000,
};

describe('the hash of a plan', () => {
  it('is the same whatever the order of its members, and another one for anything else that is said', () => {
    const turned = Object.fromEntries(Object.entries(plan).reverse()) as unknown as Plan;
    expect(planHash(turned)).toBe(planHash(plan));
    const others: readonly Plan[] = [
      { ...plan, base: { branch: 'main', sha: 'b'.repeat(40) } },
      { ...plan, base: { branch: 'next', sha } },
      { ...plan, continues: { branch: 'agent/1/f1-x', headSha: sha, pullRequest: 2 } },
      { ...plan, patch: { ...plan.patch, files: [{ change: 'deleted', path: 'b' }] } },
      { ...plan, patch: { ...plan.patch, treeSha: 'b'.repeat(40) } },
      { ...plan, result: { ...result, submission: { title: 'other', body: '', verified: [] } } },
      { ...plan, result: { ...result, reason: 'other' } },
      { ...plan, expiresAt: 2_000 },
      { ...plan, issue: 2 },
      { ...plan, repository: 'octo/other' },
      { ...plan, reasons: [] },
    ];
    const hashes = new Set([plan, ...others].map(planHash));
    expect(hashes.size).toBe(others.length + 1);
  });

  it('is taken of one text for each value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe('a record of what is held', () => {
  const record = { schema: 1, plan, change: sha, comment: { id: 1, digest: 'd'.repeat(64) } };

  it('comes back as it was written', async () => {
    expect(await parseHeldRecord(JSON.stringify(record))).toEqual(record);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['something else', '[]'],
    ['more than we write', JSON.stringify({ ...record, more: 1 })],
    ['a plan without files', JSON.stringify({ ...record, plan: { ...plan, patch: { ...plan.patch, files: [] } } })],
    ['a symbolic link', JSON.stringify(record).replace('"change":"deleted"', '"change":"added","mode":"120000"')],
    ['another hash for the change', JSON.stringify({ ...record, change: 'HEAD' })],
  ])('is none: %s', async (_name, text) => {
    expect(await parseHeldRecord(text)).toBeUndefined();
  });

  it('is none for any text, and never a fault', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        expect(await parseHeldRecord(text)).toBeUndefined();
      }),
    );
  });
});

describe('what is shown of a plan', () => {
  const files = Array.from({ length: 60 }, (_, index): PlannedFile => ({ change: 'deleted', path: `f${index}` }));
  const shown = { hash: 'c'.repeat(64), base: plan.base, expiresAt: 0 };

  it('names every file that waits before any that does not, and says how many are left out', () => {
    const reasons = [{ rule: 'review-required', path: 'f59', message: 'review required: f59' }] as const;
    const [, table = '', more] = planBlocks({ ...shown, files, reasons });
    expect(table.split('\n')[2]).toContain('`f59`');
    expect(more).toBe('and 20 more files');
  });

  it('says so when not all that waits is shown', () => {
    const reasons = files.map(({ path }) => ({ rule: 'review-required', path, message: 'x' }) as const);
    expect(planBlocks({ ...shown, files, reasons })[2]).toBe('and 20 more files, 20 of which need approval as well');
  });

  it('lets no path break out of its cell', () => {
    const path = 'a`|b](https://evil.example) @octo <!-- x';
    const [, table = ''] = planBlocks({ ...shown, files: [{ change: 'deleted', path }], reasons: [] });
    expect(table.split('\n')[2]).toBe("| `a'\\|b](https://evil.example) @octo < !-- x` | deleted | binary |  |");
  });
});
