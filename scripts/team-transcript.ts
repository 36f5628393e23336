/**
 * Writes docs/team-transcript.md: a team walks one issue through all stages, which takes a minute or more. `--check` does not walk:
 * it fails when something that the story is made of has changed since. `verify team` holds the page against a new walk; where that
 * passed, `--seen` writes down that the page is of the story as it is now.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { saidOn, storyMark, transcriptPage } from '../tests/bench/team/transcript-page.ts';

const page = fileURLToPath(new URL('../docs/team-transcript.md', import.meta.url));

if (process.argv.includes('--check')) {
  const there = existsSync(page) ? readFileSync(page, 'utf8') : '';
  if (!there.includes(storyMark())) {
    console.error('docs/team-transcript.md is older than what its story is made of');
    process.exitCode = 1;
  }
} else if (process.argv.includes('--seen')) {
  const [first = ''] = transcriptPage('').split('\n', 1);
  writeFileSync(page, `${first}\n${saidOn(readFileSync(page, 'utf8'))}`);
} else {
  const { walkTeam } = await import('../tests/bench/team/walk-team.ts');
  const { transcriptOf } = await import('../tests/bench/team/transcript.ts');
  const walked = await walkTeam({ kills: [], progress: (line) => console.error(line) });
  writeFileSync(page, transcriptPage(transcriptOf(walked)));
}
