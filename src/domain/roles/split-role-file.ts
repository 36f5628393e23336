export type SplitRoleFile =
  | {
      readonly kind: 'split';
      readonly frontMatter: string;
      /** Lines of the file above the front matter. */
      readonly linesBefore: number;
      readonly body: string;
    }
  | { readonly kind: 'no-front-matter' };

/** A fence of three dashes at the very beginning, YAML, three dashes, and markdown: as other tools write such files. */
export function splitRoleFile(text: string): SplitRoleFile {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (lines[0]?.trimEnd() !== '---') return { kind: 'no-front-matter' };
  const end = lines.findIndex((line, at) => at > 0 && line.trimEnd() === '---');
  if (end === -1) return { kind: 'no-front-matter' };
  return {
    kind: 'split',
    frontMatter: lines.slice(1, end).join('\n'),
    linesBefore: 1,
    body: lines.slice(end + 1).join('\n'),
  };
}
