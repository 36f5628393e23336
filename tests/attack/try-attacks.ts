/**
 * Tries attacks of the catalogue and prints one JSON line for each: `{ id, title, contained, twin, ms }`.
 * `node tests/attack/try-attacks.ts [ID …]`; with `--import ./tests/attack/planted-hole.ts` and ENTROPY_PLANTED_HOLE set,
 * without the defence of that name.
 */
import { allAttacks } from './catalogue/all.ts';
import { tryAttack } from './catalogue/try-attack.ts';

const wanted = process.argv.slice(2);
for (const attack of allAttacks) {
  if (wanted.length > 0 && !wanted.some((word) => attack.id === word || attack.id.replace(/\d+$/, '') === word))
    continue;
  console.log(JSON.stringify(await tryAttack(attack)));
}
// A hole may leave a server or a process behind; the verdicts are out.
process.exit(0);
