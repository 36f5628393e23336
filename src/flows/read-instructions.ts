import type { Task } from '../domain/task.ts';
import { cutText } from '../domain/visible-text.ts';
import type { Forge } from '../ports/forge.ts';

const paths = ['AGENTS.md', 'CLAUDE.md'] as const;
/** About 8,000 tokens a file; they go with every request to the model. */
const maxCharacters = 32_000;

/** The repository's own instructions for agents, as they are at the base commit. Empty files say nothing. */
export async function readInstructions(forge: Forge, baseSha: string): Promise<Task['instructions']> {
  const found: { path: string; text: string }[] = [];
  for (const path of paths) {
    const bytes = await forge.file(path, baseSha);
    const text = bytes === undefined ? '' : new TextDecoder().decode(bytes);
    // Often the one is a link to the other, or says the same.
    const news = text.trim() !== '' && found.every((earlier) => earlier.text !== text);
    if (news) found.push({ path, text: cutText(text, maxCharacters) });
  }
  return found;
}
