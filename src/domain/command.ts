export const commandNames = [
  'fix',
  'plan',
  'review',
  'test',
  'triage',
  'retry',
  'stop',
  'status',
  'approve',
  'release',
  'help',
] as const;
export type CommandName = (typeof commandNames)[number];

/** A command as a person wrote it: `/agent fix --budget 2usd --base main`. */
export interface Command {
  readonly name: CommandName;
  readonly options: CommandOptions;
}

export interface CommandOptions {
  readonly role?: string;
  readonly model?: string;
  readonly base?: string;
  readonly budgetMicroUsd?: number;
  /** Of `approve`: how the hash of the plan begins that was looked at, lower case. */
  readonly plan?: string;
}
