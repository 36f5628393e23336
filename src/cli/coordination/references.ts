import { isReservedName } from '../../domain/access/caller.ts';
import type { ClaimKey } from '../../domain/claim.ts';
import { readClaimReference } from '../../domain/coordination/claim-reference.ts';
import { EntropyError } from '../../domain/error.ts';
import type { CliIo } from '../cli-io.ts';
import { type RoomFlags, repositoryOf } from './store-options.ts';

/** The key that an argument means. E100 says how to write it. */
export async function readKey(text: string, flags: RoomFlags, io: CliIo): Promise<ClaimKey> {
  const plain = /^#?\d+$/.test(text.trim());
  const reference = readClaimReference(text, plain ? await repositoryOf(flags, io) : undefined);
  switch (reference.kind) {
    case 'key':
      return reference.key;
    case 'needs-repository':
      throw new EntropyError({
        code: 'E100',
        message: `#${reference.number} of which repository?`,
        fix: `write OWNER/REPO#${reference.number}, or add -R OWNER/REPO`,
      });
    case 'unknown':
      throw new EntropyError({
        code: 'E100',
        message: `"${text}" names no issue and no lock`,
        fix: "write 42, octo/slug#42, an issue's address, or locks/NAME for a lock of your own",
      });
    default:
      return reference satisfies never;
  }
}

export interface Who {
  /** As claims and activity name it: `person/alice`. `github/…` is kept for those whom GitHub itself named. */
  readonly actor: string;
  /** The login behind `@me`. */
  readonly me?: string;
}

/** Who types: `--as`, the person a job works for, or the user of this machine. Nobody checks it, and the name says so. */
export function whoIsIt(as: string | undefined, { environment }: CliIo): Who {
  const { person } = environment.coordination;
  if (as === undefined) {
    const login = (person?.login ?? 'somebody').replace(/[^A-Za-z0-9._-]/g, '-');
    return { actor: `person/${login}`, ...(person?.from === 'github' && { me: person.login }) };
  }
  if (!/^[A-Za-z0-9._:@+~/-]{1,190}$/.test(as) || isReservedName(as)) {
    const reserved = isReservedName(as);
    throw new EntropyError({
      code: 'E100',
      message: reserved ? `--as ${as} is not for anybody to say` : `--as ${as} cannot be a name`,
      fix: reserved ? 'write the login alone: --as alice' : 'letters, digits and . _ : @ + ~ / - only: --as alice',
    });
  }
  return as.includes('/') ? { actor: as } : { actor: `person/${as}`, me: as };
}
