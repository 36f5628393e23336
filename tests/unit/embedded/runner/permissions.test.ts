import { describe, expect, test } from 'vitest';
import { defaultPermissions, effectivePermissions } from '../../../../src/embedded/runner/plan/permissions.ts';

const request = {
  job: 'job',
  workflow: undefined,
  own: undefined,
  caller: undefined,
  fallback: defaultPermissions('read'),
};

describe('the permissions of a job', () => {
  test('are its own, else its workflow’s, else the default', () => {
    const workflow = { issues: 'write' };
    expect(effectivePermissions({ ...request, workflow, own: { contents: 'read', issues: 'none' } })).toEqual({
      contents: 'read',
    });
    expect(effectivePermissions({ ...request, workflow })).toEqual({ issues: 'write' });
    expect(effectivePermissions(request)).toEqual({ contents: 'read', packages: 'read' });
  });

  test('are none at all with {}', () => {
    expect(effectivePermissions({ ...request, own: {} })).toEqual({});
  });

  test('of read-all and write-all never hold an ID token that was not meant', () => {
    expect(effectivePermissions({ ...request, own: 'read-all' })).toMatchObject({ contents: 'read', issues: 'read' });
    expect(effectivePermissions({ ...request, own: 'read-all' })).not.toHaveProperty('id-token');
    expect(effectivePermissions({ ...request, own: 'write-all' })).toMatchObject({ contents: 'write', models: 'read' });
    expect(defaultPermissions('write')).not.toHaveProperty('id-token');
  });

  test('in a called workflow are the caller’s when it says nothing, and never more', () => {
    const caller = { contents: 'write', issues: 'read' } as const;
    expect(effectivePermissions({ ...request, caller })).toEqual(caller);
    expect(effectivePermissions({ ...request, caller, own: { contents: 'read' } })).toEqual({ contents: 'read' });
    const more = () => effectivePermissions({ ...request, caller, own: { issues: 'write', actions: 'read' } });
    expect(more).toThrow(
      "The nested job 'job' is requesting 'issues: write, actions: read', but is only allowed 'issues: read, actions: none'",
    );
    expect(() => effectivePermissions({ ...request, caller, workflow: 'write-all', own: {} })).toThrow(
      "The workflow of 'job' is requesting",
    );
  });
});
