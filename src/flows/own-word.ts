import type { Actor } from '../domain/actor-policy.ts';
import { decideActor } from '../domain/actor-policy.ts';
import type { Command } from '../domain/command.ts';
import { parseCommand } from '../domain/command-parser.ts';
import type { CommentSnapshot } from '../domain/issue.ts';
import { isAtLeast, type Permission } from '../domain/permission.ts';
import type { Settings } from '../domain/settings.ts';
import type { Forge } from '../ports/forge.ts';

/**
 * The newest command of this kind that this person gave in a comment, by GitHub's word: nobody else can write as them. One that was
 * edited counts for nothing, for whoever may write can edit what others wrote.
 */
export function ownCommand(
  comments: readonly CommentSnapshot[],
  {
    login,
    phrase,
    is,
  }: { readonly login: string; readonly phrase: string; readonly is: (command: Command) => boolean },
): CommentSnapshot | undefined {
  return comments.findLast(({ author, body, createdAt, updatedAt }) => {
    if (author.toLowerCase() !== login.toLowerCase() || createdAt !== updatedAt) return false;
    const asked = parseCommand(body, phrase);
    return asked.kind === 'command' && is(asked.command);
  });
}

export interface RecordedAsker {
  /** Where they are said to have asked. */
  readonly places: readonly number[];
  readonly sender: Actor;
  readonly permission: Permission;
}

export type Believed =
  | { readonly kind: 'believed'; readonly permission: Permission }
  /** `why`: a sentence. */
  | { readonly kind: 'not-believed'; readonly why: string };

/**
 * A record says for whom something goes on, and whoever may push can write it. It is believed when that person's own command stands
 * there. Who asked otherwise (by a label, by a dispatch) has no more of a right by it than anybody who may push: a policy that
 * keeps commands for others wants to see theirs.
 */
export async function believeRecord(
  forge: Pick<Forge, 'comments'>,
  { places, sender, permission }: RecordedAsker,
  { who, triggerPhrase }: Pick<Settings, 'who' | 'triggerPhrase'>,
): Promise<Believed> {
  const asked = { login: sender.login, phrase: triggerPhrase, is: ({ name }: Command) => !telling.has(name) };
  for (const place of places) {
    if (ownCommand(await forge.comments(place), asked) !== undefined) return { kind: 'believed', permission };
  }
  const anybody = { login: '', kind: 'user' } as const;
  const policy = { command: 'fix', who, allowUsers: [], allowedBots: [] } as const;
  if (decideActor(anybody, 'write', policy).kind === 'allowed') {
    return { kind: 'believed', permission: isAtLeast(permission, 'write') ? 'write' : permission };
  }
  const why = `no command of @${sender.login} stands here, and not everybody who may write may give it: comment \`${triggerPhrase} fix\``;
  return { kind: 'not-believed', why };
}

/** Whoever gives these sends nobody. */
const telling: ReadonlySet<Command['name']> = new Set(['help', 'status', 'stop', 'release']);
