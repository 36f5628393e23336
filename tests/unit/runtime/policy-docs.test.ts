import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { examinePolicy } from '../../../src/runtime/policy-report.ts';
import { repositoryConfigSchema } from '../../../src/runtime/repository-config-schema.ts';

interface Block {
  readonly name: string;
  readonly text: string;
}

/** Blocks of YAML whose keys at the top are all settings; workflows and OpenAPI have others. */
function policies(page: string): readonly Block[] {
  const blocks = readFileSync(page, 'utf8').matchAll(/^( *)```ya?ml\n([\s\S]*?)^ *```$/gm);
  return [...blocks].flatMap(([, indent = '', body = ''], index) => {
    const text = body.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    const named = text.includes('docs/entropy.schema.json') || /^# .*\.github\/entropy\.yml/m.test(text);
    return named || holdsSettings(text) ? [{ name: `${page}, YAML block ${index + 1}`, text }] : [];
  });
}

function holdsSettings(text: string): boolean {
  const whole: unknown = parse(text);
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) return false;
  const names = Object.keys(whole);
  return names.length > 0 && names.every((name) => Object.hasOwn(repositoryConfigSchema.shape, name));
}

const pages = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((page) => `docs/${page}`),
];
const blocks = pages.filter((page) => page.endsWith('.md')).flatMap(policies);

it.each(['policy', 'approval', 'threat-model', 'secrets', 'network'])(
  'the README leads to docs/%s.md where it speaks of security',
  (page) => {
    const [, after = ''] = readFileSync('README.md', 'utf8').split('\n## Security');
    expect(after.split('\n## ')[0]).toContain(`](docs/${page}.md)`);
  },
);

describe('the policies that the documents show', () => {
  it('are found', () => {
    const names = blocks.map(({ name }) => name.split(',')[0]);
    expect(names).toEqual(expect.arrayContaining(['docs/policy.md', 'docs/configuration.md', 'docs/network.md']));
  });

  it.each(blocks)('$name: nothing is wrong with it', async ({ text }) => {
    expect((await examinePolicy(text)).findings).toEqual([]);
  });
});
