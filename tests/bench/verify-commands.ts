import { readFileSync } from 'node:fs';
import { whoMayWrite } from './commands/actors.ts';
import { embeddedWorld } from './commands/embedded-world.ts';
import { type Choose, commandMatrix, matrixProblems, type PlacedCell, tableCells } from './commands/matrix.ts';
import { commandStates } from './commands/states.ts';
import { commandsPage } from './commands/table.ts';
import { memoryWorld } from './commands/world.ts';
import { type FigureOptions, type FigureResult, spread } from './figure.ts';

/**
 * Every command of everybody in every state, through the gate: who may gets what the state allows, who may not gets one answer,
 * bots get none, and the eyes come before everything else. The same over HTTP, with claims in git refs, where time allows.
 */
export async function figure({ quick, progress }: FigureOptions): Promise<FigureResult> {
  await using memory = await memoryWorld();
  const all = await commandMatrix(memory);
  progress(`${all.length} cells in memory`);
  const problems = [...matrixProblems(all)];

  await using page = await memoryWorld();
  const documented = commandsPage(await commandMatrix(page, tableCells));
  const drift = readFileSync('docs/commands-table.md', 'utf8') !== documented;
  if (drift) problems.push('docs/commands-table.md is not what the gate does');

  await using embedded = await embeddedWorld();
  let at = 0;
  const overHttp: PlacedCell[] = [];
  for (const cell of await commandMatrix(embedded, everyNth(quick ? 9 : 1))) {
    at += 1;
    overHttp.push(cell);
    const same = all.find((other) => isSamePlace(other, cell));
    const differs = same?.outcome !== cell.outcome || same.comments !== cell.comments;
    if (differs) problems.push(`${nameOf(cell)}: ${cell.outcome} over HTTP, ${same?.outcome} in memory`);
    if (!cell.eyesFirst) problems.push(`${nameOf(cell)}: something was written before the eyes over HTTP`);
  }
  progress(`${at} cells over HTTP`);
  for (const problem of problems.slice(0, 20)) progress(problem);

  const eyes = overHttp.flatMap(({ eyesAfterMs }) => (eyesAfterMs === undefined ? [] : [eyesAfterMs]));
  const acknowledged = spread(eyes);
  const refused = all.filter(({ outcome }) => outcome === 'refused: actor');
  return {
    kind: 'measured',
    ok: problems.length === 0 && acknowledged.p95 < 2_000,
    figures: {
      cells: all.length,
      cellsOverHttp: overHttp.length,
      started: all.filter(({ outcome }) => outcome.startsWith('admitted')).length,
      refusedForTheActor: refused.length,
      answeredTwice: refused.filter(({ repeated }) => repeated > 0).length,
      botsAnswered: all.filter(({ actor, comments }) => actor.name === 'a bot' && comments > 0).length,
      eyesAfterMs: acknowledged,
      problems: problems.length,
    },
    limits: { problems: 0, answeredTwice: 0, botsAnswered: 0, eyesAfterMsP95: 2_000 },
  };
}

/** What differs by where it is kept: work and claims in all states, and everybody once. */
function everyNth(nth: number): Choose {
  const typed = ['fix', 'plan', 'review', 'test', 'triage', 'stop', 'approve', 'release', 'an answer'];
  let count = 0;
  return ({ state, actor, command }) => {
    const inEveryState = actor.name === whoMayWrite && typed.includes(command);
    const everybody = state === commandStates[0] && command === 'fix';
    if (!inEveryState && !everybody) return false;
    count += 1;
    return count % nth === 0;
  };
}

function isSamePlace(a: PlacedCell, b: PlacedCell): boolean {
  return a.state === b.state && a.actor === b.actor && a.command === b.command;
}

function nameOf({ command, actor, state }: PlacedCell): string {
  return `${command} by ${actor.name}, ${state.place}: ${state.name}`;
}
