import { type CommandActor, commandActors, whoMayWrite } from './actors.ts';
import { type CommandCell, type TypedCommand, tryCommand, typedCommands } from './cell.ts';
import { type CommandState, commandStates } from './states.ts';
import type { CommandWorld } from './world.ts';

export interface PlacedCell extends CommandCell {
  readonly state: CommandState;
  readonly actor: CommandActor;
  readonly command: TypedCommand;
}

export type Choose = (at: Pick<PlacedCell, 'state' | 'actor' | 'command'>) => boolean;

/** Every command of everybody in every state, or those that are chosen, each on an issue or pull request of its own. */
export async function commandMatrix(world: CommandWorld, choose: Choose = () => true): Promise<readonly PlacedCell[]> {
  const cells: PlacedCell[] = [];
  for (const state of commandStates) {
    for (const command of typedCommands) {
      for (const actor of commandActors) {
        if (!choose({ state, command, actor })) continue;
        cells.push({ state, command, actor, ...(await tryCommand(world, state, actor, command)) });
      }
    }
  }
  return cells;
}

/** Enough for the tables: everybody in one state, and somebody who may in all of them. */
export const tableCells: Choose = ({ state, actor }) => state === commandStates[0] || actor.name === whoMayWrite;

const isNo = ({ outcome }: CommandCell): boolean => outcome === 'refused: actor';
const isSilence = ({ outcome }: CommandCell): boolean => outcome === 'ignored';

/** Who may give a command is one question, what it does another: the whole is the product of two tables, but for answers. */
export function matrixProblems(cells: readonly PlacedCell[]): readonly string[] {
  const found: string[] = [];
  for (const cell of cells) {
    const { state, actor, command } = cell;
    const name = `${command} by ${actor.name}, ${state.place}: ${state.name}`;
    if (isNo(cell)) {
      if (cell.comments !== (state.name === 'it is locked' ? cell.comments : 1))
        found.push(`${name}: ${cell.comments} answers`);
      if (cell.repeated !== 0) found.push(`${name}: answered again`);
      if (cell.reactions.length > 0) found.push(`${name}: ${cell.reactions.join()} at the first try`);
      continue;
    }
    if (isSilence(cell)) {
      if (cell.comments + cell.reactions.length > 0) found.push(`${name}: not silent`);
      continue;
    }
    if (command !== 'an answer' && cell.reactions[0] !== 'eyes') found.push(`${name}: no eyes`);
    if (!cell.eyesFirst) found.push(`${name}: something was written before the eyes`);
    if (cell.comments < 1 && state.name !== 'it is locked') found.push(`${name}: eyes, and then nothing`);
  }
  for (const cell of cells) {
    const { state, actor, command } = cell;
    const usual = cells.find(
      (other) => other.state === commandStates[0] && other.actor === actor && other.command === command,
    );
    const may = cells.find(
      (other) => other.state === state && other.actor.name === whoMayWrite && other.command === command,
    );
    if (usual === undefined || may === undefined || command === 'an answer') continue;
    const wanted = isNo(usual) || isSilence(usual) ? usual.outcome : may.outcome;
    if (cell.outcome !== wanted) {
      found.push(`${command} by ${actor.name}, ${state.place}: ${state.name}: ${cell.outcome}, not ${wanted}`);
    }
  }
  return found;
}
