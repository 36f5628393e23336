import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filledQueryPage, queryPage } from '../../scripts/query-doc.ts';
import { queryErrorText } from '../../src/domain/query/error.ts';
import { queryFields } from '../../src/domain/query/fields.ts';
import { queryLimits } from '../../src/domain/query/limits.ts';
import { parseQuery } from '../../src/domain/query/parser.ts';

const page = readFileSync(queryPage, 'utf8');

test('the tables of docs/query.md are the fields that the parser knows', () => {
  expect(filledQueryPage(page)).toBe(page);
});

test.each(queryFields.map(({ example }) => example))('the example %s of a field can be read', (example) => {
  expect(parseQuery(example)).toMatchObject({ kind: 'ok' });
});

test('the examples at the top of the page can be read', () => {
  const examples = /```\n([\s\S]*?)```/.exec(page)?.[1]?.trim().split('\n') ?? [];
  expect(examples.length).toBeGreaterThan(3);
  for (const example of examples) expect(parseQuery(example), example).toMatchObject({ kind: 'ok' });
});

test('the error and the limits on the page are the real ones', () => {
  const parsed = parseQuery('is:open lable:bug');
  expect(page).toContain(parsed.kind === 'error' ? queryErrorText(parsed.error) : 'was read');
  const flat = page.replaceAll(/\s+/g, ' ');
  for (const limit of Object.values(queryLimits)) expect(flat).toContain(` ${limit.toLocaleString('en-US')} `);
});
