import type { AttackId } from '../catalogue/attack.ts';

/**
 * One defence, and how it is switched off for a test: a piece of its source is replaced while the program is loaded, so that
 * what is shipped has no switch. Named after what it promises; docs/threat-model.md lists them all.
 */
export interface Defence {
  /** kebab-case: `sandbox-without-network`. */
  readonly id: string;
  /** What it promises, a sentence for docs/threat-model.md. */
  readonly promise: string;
  /** From the root of the repository: `src/domain/patch-check.ts`. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  /** What stands there when the defence is off; the file still has to load. */
  readonly replace: string;
  /** The ids, and no others, that are no longer contained without it. Never empty. */
  readonly noticedBy: readonly AttackId[];
}
