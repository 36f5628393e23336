/**
 * Tries attacks of the catalogue and prints one JSON line for each: `{ id, title, contained, twin, ms }`.
 * `node tests/attack/try-attacks.ts [ID …]`; with `--import ./tests/attack/planted-hole.ts` and ENTROPY_PLANTED_HOLE set,
 * without the defence of that name. `--until-missed` leaves the twins out, and of each id whatever follows one that got through.
 */
import { allAttacks } from './catalogue/all.ts';
import { tryAttack } from './catalogue/try-attack.ts';

const untilMissed = process.argv.includes('--until-missed');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const missed = new Set<string>();
for (const attack of allAttacks) {
  const isWanted =
    wanted.length === 0 || wanted.some((word) => attack.id === word || attack.id.replace(/\d+$/, '') === word);
  if (!isWanted || (untilMissed && missed.has(attack.id))) continue;
  const tried = await tryAttack(attack, { twins: !untilMissed });
  if (tried.contained === false) missed.add(attack.id);
  console.log(JSON.stringify(tried));
}
// A hole may leave a server or a process behind; the verdicts are out.
process.exit(0);
