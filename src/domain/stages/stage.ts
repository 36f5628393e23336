import type { CommandName } from '../command.ts';

/**
 * What is done on the way from an issue to a pull request that a person may merge, in this order. `approve` is a person's turn;
 * `address` is the coder's answer to a tester or a reviewer; `ready` is the end: all is told, the pull request is no draft.
 */
export const stages = ['read', 'plan', 'approve', 'code', 'test', 'review', 'address', 'ready'] as const;
export type Stage = (typeof stages)[number];

/** The stages that a repository chooses; the others follow from them. */
export const choosableStages = ['read', 'plan', 'code', 'test', 'review'] as const;
export type ChoosableStage = (typeof choosableStages)[number];

/** The command that does a stage; a person's turn and the end have none. */
export const stageCommands = {
  read: 'triage',
  plan: 'plan',
  code: 'fix',
  test: 'test',
  review: 'review',
  address: 'fix',
} as const satisfies Partial<Record<Stage, CommandName>>;
