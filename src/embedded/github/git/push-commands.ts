/** One line of a push: `old new ref`. */
export interface PushCommand {
  readonly before: string;
  readonly after: string;
  readonly ref: string;
}

export type PushHead =
  | { readonly kind: 'complete'; readonly commands: readonly PushCommand[] }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'foreign' };

/** The ref changes at the start of what `git push` sends: pkt-lines up to a flush (gitprotocol-pack). */
export function readPushCommands(bytes: Buffer): PushHead {
  const commands: PushCommand[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const digits = bytes.toString('latin1', at, at + 4);
    if (!/^[0-9a-f]{4}$/i.test(digits)) return { kind: 'foreign' };
    const length = Number.parseInt(digits, 16);
    if (length === 0) return { kind: 'complete', commands };
    if (length < 4) return { kind: 'foreign' };
    if (at + length > bytes.length) return { kind: 'incomplete' };
    const line = bytes.toString('utf8', at + 4, at + length);
    const match = /^([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0\n]+)/.exec(line);
    const [before, after, ref] = [match?.[1], match?.[2], match?.[3]];
    if (before !== undefined && after !== undefined && ref !== undefined) commands.push({ before, after, ref });
    at += length;
  }
  return { kind: 'incomplete' };
}
