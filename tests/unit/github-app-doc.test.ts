import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { filledGitHubAppPage, githubAppPage } from '../../scripts/github-app-doc.ts';
import { appEvents, appPermissions } from '../../src/domain/github-app.ts';

const page = readFileSync(path.join(import.meta.dirname, '../..', githubAppPage), 'utf8');

test('the page of the GitHub App says what its manifest asks for', () => {
  expect(filledGitHubAppPage(page)).toBe(page);
  for (const { title, reason } of appPermissions)
    expect(page).toMatch(new RegExp(`| ${title} | .* | ${reason.slice(0, 10)}`));
  for (const { name } of appEvents) expect(page).toContain(`| \`${name}\` |`);
});

test('a permission that is not on the page is drift', () => {
  const other = page.replace('| Actions | read and write |', '| Actions | read-only |');
  expect(filledGitHubAppPage(other)).not.toBe(other);
});
