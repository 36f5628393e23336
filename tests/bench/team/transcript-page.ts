import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** What the story is made of: with a change of these the page is to be written anew. */
const sources = ['src/domain/stages', 'tests/bench/team', 'examples/slug'];

/** docs/team-transcript.md. */
export function transcriptPage(transcript: string): string {
  return `<!-- Written by \`node scripts/team-transcript.ts\`, from what a team really said. ${storyMark()} -->
# A team at work

One issue, from being opened to a pull request that a person may merge: every comment, review and answer that was written, in
the order in which the conversations were opened. Comments that follow something are edited in place, and stand here as they
were in the end. Models were scripted, all else is real: the gate, the sandbox, the tests, the publisher, and GitHub's stand-in.
The first attempt is wrong on purpose. \`npm run -s verify -- team\` walks this way again, and once more with the process of
each step killed; [team.md](team.md) says how to have it in a repository.

${transcript}`;
}

/** The page without the line that names its story: what people said. */
export function saidOn(page: string): string {
  return page.slice(page.indexOf('\n') + 1);
}

/** Names everything that the story is made of, so that a page that was not written anew is seen without walking again. */
export function storyMark(): string {
  const hash = createHash('sha256');
  for (const source of sources) {
    const names = readdirSync(path.join(root, source), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
    for (const name of names.sort()) hash.update(`${name}\0`).update(readFileSync(path.join(root, name)));
  }
  return `Story ${hash.digest('hex').slice(0, 16)}.`;
}
