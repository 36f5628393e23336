import type { SettingKey } from '../settings.ts';

/** Settings that do not go together, each of which is fine by itself. */
export interface PolicyProblem {
  /** `unsafe`: it would take a defence away. `contradiction`: something that is written there can do nothing. */
  readonly kind: 'unsafe' | 'contradiction';
  /** The one that is pointed at, then the others. */
  readonly settings: readonly [SettingKey, ...SettingKey[]];
  /** Where in the value of the first one, when it is a group: the command of `who`. */
  readonly at?: string;
  /** What is wrong, to follow the name of the first setting in a sentence. */
  readonly message: string;
  readonly fix: string;
}
