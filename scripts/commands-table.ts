/**
 * Writes docs/commands-table.md from what the gate does with every command: `node scripts/commands-table.ts`; `--check` fails on
 * drift and writes nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { commandMatrix, matrixProblems, tableCells } from '../tests/bench/commands/matrix.ts';
import { commandsPage } from '../tests/bench/commands/table.ts';
import { memoryWorld } from '../tests/bench/commands/world.ts';

export const commandsTablePage = 'docs/commands-table.md';

await using world = await memoryWorld();
const cells = await commandMatrix(world, tableCells);
const problems = matrixProblems(cells);
const wanted = commandsPage(cells);

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
} else if (!process.argv.includes('--check')) {
  writeFileSync(commandsTablePage, wanted);
} else if (readFileSync(commandsTablePage, 'utf8') !== wanted) {
  console.error(`${commandsTablePage} is not what the gate does; run \`node scripts/commands-table.ts\``);
  process.exitCode = 1;
}
