import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const atRoot = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md'].filter((page) => existsSync(path.join(root, page)));
const pages = [...atRoot, ...globSync('docs/**/*.md', { cwd: root })].sort();

/** Without what stands in code: nothing in there is a link. */
function prose(markdown: string): string {
  return markdown
    .replace(/^( *)(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1\2[`~]*[ \t]*$/gm, '')
    .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '``');
}

function linksOf(markdown: string): readonly string[] {
  const text = prose(markdown);
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const defined = [...text.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?\s*$/gm)];
  const html = [...text.matchAll(/\b(?:href|src(?:set)?)="([^"]+)"/g)];
  return [...inline, ...defined, ...html].map(([, target = '']) => target);
}

/** The names that GitHub gives to headings, and those that a page gives itself. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const names = new Set([...markdown.matchAll(/\b(?:id|name)="([^"]+)"/g)].map(([, name = '']) => name));
  const outside = markdown.replace(/^( *)(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1\2[`~]*[ \t]*$/gm, '');
  for (const [, heading = ''] of outside.matchAll(/^#{1,6}[ \t]+(.+?)[ \t]*#*$/gm)) {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = words.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    names.add(times === 0 ? slug : `${slug}-${times}`);
  }
  return names;
}

/** What is wrong with one link of a page; undefined for what leads somewhere, or out of the repository. */
function deadness(page: string, link: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(link)) return undefined;
  const [to = '', anchor] = link.split('#', 2);
  const [file = ''] = to.split('?');
  const target = file === '' ? path.join(root, page) : path.resolve(root, path.dirname(page), decodeURIComponent(file));
  const inside = !path.relative(root, target).startsWith('..');
  if (!inside || !existsSync(target)) return `${page}: ${link} leads nowhere`;
  if (anchor === undefined || anchor === '' || !target.endsWith('.md') || !statSync(target).isFile()) return undefined;
  return anchorsOf(readFileSync(target, 'utf8')).has(anchor) ? undefined : `${page}: ${link} is no heading there`;
}

describe('the documentation', () => {
  it.each(pages)('%s links to nothing that is not there', (page) => {
    const links = linksOf(readFileSync(path.join(root, page), 'utf8'));
    expect(links.map((link) => deadness(page, link)).filter((dead) => dead !== undefined)).toEqual([]);
  });

  it('is looked through for links of every kind, except in code', () => {
    const page = 'a [b](c.md) ![d](e.svg "f") `[g](h)`\n\n```md\n[i](j)\n```\n\n[k]: l.md\n<a href="m.md">n</a>\n';
    expect([...linksOf(page)].sort()).toEqual(['c.md', 'e.svg', 'l.md', 'm.md']);
    expect(deadness('README.md', 'docs/no-such-page.md')).toContain('leads nowhere');
    expect(deadness('README.md', '../elsewhere.md')).toContain('leads nowhere');
    expect(deadness('README.md', 'docs/sandbox.md#no-such-heading')).toContain('is no heading');
    expect(deadness('docs/policy.md', 'sandbox.md#the-ladder')).toBeUndefined();
    expect(deadness('README.md', 'https://example.com/x')).toBeUndefined();
  });
});
