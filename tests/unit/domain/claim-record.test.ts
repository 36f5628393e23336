import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClaimRecord } from '../../../src/domain/claim-record.ts';

const record = {
  schema: 1,
  key: 'github/octo/slug/issues/1',
  state: 'held',
  holder: { owner: 'coder/a', runId: 'a', kind: 'agent', reason: 'r', workflowRun: { id: 7, attempt: 1, url: 'u' } },
  leaseId: 'l',
  fence: 3,
  acquiredAt: 1,
  expiresAt: 2,
  ttlMs: 1,
} as const;

describe('a stored claim', () => {
  it('is read back as it was, with or without a workflow run', () => {
    expect(parseClaimRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
    const { workflowRun: _, ...holder } = record.holder;
    expect(parseClaimRecord({ ...record, holder })).toEqual({ ...record, holder });
  });

  it.each([
    ['of another schema', { schema: 2 }],
    ['without a fence', { fence: undefined }],
    ['with a negative fence', { fence: -1 }],
    ['with a broken fence', { fence: 1.5 }],
    ['in an unknown state', { state: 'gone' }],
    ['without a holder', { holder: null }],
    ['with a holder of an unknown kind', { holder: { ...record.holder, kind: 'cat' } }],
    ['with half a workflow run', { holder: { ...record.holder, workflowRun: { id: 7 } } }],
  ])('is none %s', (_name, change) => {
    expect(parseClaimRecord({ ...record, ...change })).toBeUndefined();
  });

  it('is none for anything else, without an exception', () => {
    fc.assert(fc.property(fc.anything(), (value) => parseClaimRecord(value) === undefined));
  });
});
