import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

/** A workflow of `examples/workflows`, as it is written into a repository. */
export interface ExampleWorkflow {
  /** `review-every-pull-request` */
  readonly name: string;
  /** What it does: the sentence of its first line. */
  readonly does: string;
  readonly text: string;
}

/** All of them, sorted by name. */
export async function exampleWorkflows(): Promise<readonly ExampleWorkflow[]> {
  const folder = join(packageRoot(), 'examples', 'workflows');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yml')).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8');
      return { name: file.slice(0, -'.yml'.length), does: doesIn(text), text };
    }),
  );
}

/** `# Triage on open: an agent reads …` → `an agent reads …`, to the end of the sentence or of the comment. */
export function doesIn(text: string): string {
  const [comment = ''] = /^(?:#.*\n)*/.exec(text) ?? [];
  const words = comment.replaceAll(/^# ?/gm, '').replaceAll('\n', ' ').trim();
  return /^[^:]*: (.*?\.)(?: |$)/.exec(words)?.[1] ?? words;
}
