import { type CommandName, commandNames } from '../../../src/domain/command.ts';
import type { TriggerEvent } from '../../../src/domain/trigger-event.ts';
import { admitEvent } from '../../../src/flows/admit-event.ts';
import type { Admission } from '../../../src/flows/gate.ts';
import type { Forge } from '../../../src/ports/forge.ts';
import type { CommandActor } from './actors.ts';
import type { CommandState } from './states.ts';
import { type CommandWorld, gateOf } from './world.ts';

/** What is typed: a command, or an answer without one. */
export const typedCommands = [...commandNames, 'an answer'] as const;
export type TypedCommand = CommandName | 'an answer';

/** What came of one command of one person in one state. */
export interface CommandCell {
  /** `admitted: reviewer, review`; `refused: closed`; `answered: help`; `ignored`. */
  readonly outcome: string;
  /** What was said, when something was. */
  readonly text: string | undefined;
  /** Comments that were written, the tracking comment among them. */
  readonly comments: number;
  /** The same again, when the very same person writes the command once more. */
  readonly repeated: number;
  /** Of the first try, in order. */
  readonly reactions: readonly string[];
  /** Whether the eyes came before everything else that was written. */
  readonly eyesFirst: boolean;
  /** Milliseconds until the eyes were on the comment; undefined: none. */
  readonly eyesAfterMs: number | undefined;
}

/** Read by nobody when it is written; the first two of these are a person's acknowledgement. */
const writing = /^(?:reactTo|create|update|delete|mergePull|askToMerge|cancel)/;

export async function tryCommand(
  world: CommandWorld,
  state: CommandState,
  { actor, settings }: CommandActor,
  command: TypedCommand,
): Promise<CommandCell> {
  const prepared = await state.prepare(world);
  const { number } = prepared;
  const written: string[] = [];
  const reactions: string[] = [];
  let eyesAt: number | undefined;
  const forge = new Proxy(prepared.forge ?? world.forge, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...args: readonly unknown[]) => {
        const done: unknown = await value.apply(target, args);
        if (writing.test(String(name))) written.push(String(name));
        if (name === 'reactToComment') {
          reactions.push(String(args[1]));
          eyesAt ??= performance.now();
        }
        return done;
      };
    },
  });
  const gate = await gateOf(
    world,
    { ...state.settings, ...settings },
    answersAtOnce(forge, prepared.forge ?? world.forge),
  );
  const text = textOf(command, prepared.hash);

  const say = async (): Promise<{ readonly admission: Admission; readonly comments: number }> => {
    const event = await commentEvent(world, { login: actor.login, kind: actor.kind, number, text });
    const before = written.length;
    const admission = await admitEvent(gate, event, AbortSignal.timeout(60_000));
    const comments = written.slice(before).filter((name) => name === 'createComment').length;
    return { admission, comments };
  };
  const startedAt = performance.now();
  const first = await say();
  const eyesAfterMs = eyesAt === undefined || reactions[0] !== 'eyes' ? undefined : eyesAt - startedAt;
  const eyesFirst = reactions[0] !== 'eyes' || written[0] === 'reactToComment';
  const seen = [...reactions];
  if (first.admission.kind === 'admitted') await world.claims.release(first.admission.task.lease);
  const isNo = first.admission.kind === 'refused' && first.admission.reason === 'actor';
  const repeated = isNo ? (await say()).comments : 0;
  const { comments } = first;
  return { ...told(first.admission), comments, repeated, reactions: seen, eyesFirst, eyesAfterMs };
}

/** `requestCounts` is no question. */
function answersAtOnce(forge: Forge, bare: Forge): Forge {
  return new Proxy(forge, {
    get: (target, name) => (name === 'requestCounts' ? () => bare.requestCounts() : Reflect.get(target, name)),
  });
}

function textOf(command: TypedCommand, hash: string | undefined): string {
  if (command === 'an answer') return 'It also happens with umlauts.';
  return command === 'approve' ? `/agent approve ${hash ?? '0'.repeat(24)}` : `/agent ${command}`;
}

async function commentEvent(
  world: CommandWorld,
  said: { readonly login: string; readonly kind: 'user' | 'bot'; readonly number: number; readonly text: string },
): Promise<TriggerEvent> {
  const { id, body, createdAt } = await world.comment(said.login, said.number, said.text);
  const { number, title, body: words, isPullRequest, updatedAt } = await world.forge.issue(said.number);
  const issue = { number, title, body: words, isPullRequest, updatedAt };
  const sender = { login: said.login, kind: said.kind };
  return { kind: 'comment', issue, comment: { id, body, createdAt }, sender };
}

function told(admission: Admission): Pick<CommandCell, 'outcome' | 'text'> {
  switch (admission.kind) {
    case 'admitted': {
      const { task } = admission;
      const work = task.approved === undefined ? task.work : 'published as approved';
      const step = task.step === undefined ? '' : ', for the team';
      return { outcome: `admitted: ${task.agent.role}, ${work}${step}`, text: undefined };
    }
    case 'refused':
      return { outcome: `refused: ${admission.reason}`, text: admission.text };
    case 'answered':
      return { outcome: `answered: ${admission.what}`, text: admission.text };
    case 'waiting':
      return { outcome: 'waiting', text: admission.text };
    case 'ignored':
      return { outcome: 'ignored', text: undefined };
    default:
      return admission satisfies never;
  }
}
