/**
 * Tries attacks of the catalogue and prints one JSON line for each: `{ id, attack, title, contained, twin, ms }`.
 * `node tests/attack/try-attacks.ts [ID | ID#2 …]`, where `#2` means the second attack of the id; with
 * `--import ./tests/attack/planted-hole.ts` and ENTROPY_PLANTED_HOLE set, without the defence of that name.
 * `--until-missed` leaves the twins out, and of each id whatever follows one that got through.
 */
import { numberedAttacks } from './catalogue/numbered.ts';
import { tryAttack } from './catalogue/try-attack.ts';
import { noteRuns } from './watch-runs.ts';

const untilMissed = process.argv.includes('--until-missed');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const missed = new Set<string>();
noteRuns();
for (const { name, attack } of numberedAttacks) {
  const isWanted = wanted.length === 0 || wanted.some((word) => [name, attack.id, family(attack.id)].includes(word));
  if (!isWanted || (untilMissed && missed.has(attack.id))) continue;
  const tried = await tryAttack(attack, { twins: !untilMissed });
  if (tried.contained === false) missed.add(attack.id);
  noteRuns(name);
  console.log(JSON.stringify({ attack: name, ...tried }));
}
// A hole may leave a server or a process behind; the verdicts are out.
process.exit(0);

function family(id: string): string {
  return id.replace(/\d+$/, '');
}
