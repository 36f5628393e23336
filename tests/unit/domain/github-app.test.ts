import { expect, test } from 'vitest';
import { readFields } from '../../../src/adapters/github/payload-fields.ts';
import {
  appEvents,
  appManifest,
  appPermissions,
  installPage,
  missingOfApp,
  newAppPage,
} from '../../../src/domain/github-app.ts';

const wishes = { name: 'entropy-octo', homepage: 'https://example.com', redirectUrl: 'http://127.0.0.1:1/made' };

test('the manifest asks for exactly what is listed with a reason, and is not for everybody', () => {
  const manifest = appManifest(wishes);
  expect(manifest['default_permissions']).toEqual({
    actions: 'write',
    checks: 'read',
    contents: 'write',
    issues: 'write',
    metadata: 'read',
    pull_requests: 'write',
    statuses: 'read',
  });
  expect(manifest['default_events']).toEqual(appEvents.map(({ name }) => name));
  expect(manifest['public']).toBe(false);
  for (const { reason } of [...appPermissions, ...appEvents]) expect(reason.length).toBeGreaterThan(15);
});

test('the App is told just what the webhook reads: nothing is sent in vain, nothing is waited for in vain', () => {
  expect(appEvents.map(({ name }) => name).sort()).toEqual(Object.keys(readFields).sort());
});

test('it can change no workflow, secret, setting or member', () => {
  const names = appPermissions.map(({ name }) => name);
  for (const strong of ['workflows', 'secrets', 'administration', 'members', 'organization_administration']) {
    expect(names).not.toContain(strong);
  }
});

test('the page for new Apps is that of the owner, and carries the state', () => {
  expect(newAppPage('https://github.com/', { kind: 'person' }, 'a&b')).toBe(
    'https://github.com/settings/apps/new?state=a%26b',
  );
  expect(newAppPage('https://ghe.example.com', { kind: 'organization', login: 'octo' }, 's')).toBe(
    'https://ghe.example.com/organizations/octo/settings/apps/new?state=s',
  );
  expect(installPage('https://github.com/apps/entropy/')).toBe('https://github.com/apps/entropy/installations/new');
});

test('what an App lacks is named as its settings page names it; more than needed is no lack', () => {
  const permissions = {
    actions: 'read',
    checks: 'read',
    contents: 'write',
    issues: 'write',
    metadata: 'write',
    pull_requests: 'write',
    statuses: 'read',
  };
  const events = appEvents.map(({ name }) => name).filter((name) => name !== 'issues');
  expect(missingOfApp({ permissions, events })).toEqual(['permission Actions: read and write', 'event issues']);
});
