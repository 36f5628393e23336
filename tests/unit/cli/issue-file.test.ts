import { describe, expect, it } from 'vitest';
import { parseIssueText, readIssueFile } from '../../../src/cli/issue-file.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

describe('an issue in a Markdown file', () => {
  it.each([
    ['# A bug\n\nIt *breaks*.\n', { title: 'A bug', body: 'It *breaks*.' }],
    ['\uFEFF\r\n# A bug #\r\nmore\r\n', { title: 'A bug', body: 'more' }],
    ['---\ntitle: "A: bug"\nlabels: [x]\n---\n# Not the title\n', { title: 'A: bug', body: '# Not the title' }],
    ['---\nlabels: [x]\n---\n# A bug\nbody', { title: 'A bug', body: 'body' }],
    ['# A bug', { title: 'A bug', body: '' }],
  ])('%j is read', async (text, expected) => {
    expect(await parseIssueText(text, 'i.md')).toEqual(expected);
  });

  it.each(['', 'no heading', '## second level', '# ', '---\ntitle: [\n---\n'])(
    '%j is refused with what to write',
    async (text) => {
      await expect(parseIssueText(text, 'i.md')).rejects.toMatchObject({ code: 'E102', fix: /# Title/ });
    },
  );

  it.each([`# ${'x'.repeat(300)}`, `# t\n${'x'.repeat(70_000)}`])(
    'that GitHub would not take is refused with what to shorten',
    async (text) => {
      await expect(parseIssueText(text, 'i.md')).rejects.toMatchObject({ code: 'E102', fix: /^shorten/ });
    },
  );

  it('that is not there or no text is refused by its name', async () => {
    using folder = tempFolder({ 'binary.md': new Uint8Array([0x23, 0x20, 0xff, 0xfe]) });
    await expect(readIssueFile(`${folder.root}/none.md`)).rejects.toMatchObject({ message: /none\.md/ });
    await expect(readIssueFile(`${folder.root}/binary.md`)).rejects.toMatchObject({
      message: /not UTF-8/,
      fix: /iconv/,
    });
  });
});
