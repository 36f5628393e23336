import type { CommandName } from './command.ts';
import type { WorkKind } from './roles/work-kind.ts';

/** Where people write: under an issue, or under a pull request. */
export const commandPlaces = ['issue', 'pull-request'] as const;
export type CommandPlace = (typeof commandPlaces)[number];

export const optionNames = ['--role', '--model', '--budget', '--base'] as const;
export type OptionName = (typeof optionNames)[number];

/** What a command sends an agent for. */
export interface CommandWork {
  readonly kind: WorkKind;
  /** Who works where nobody names a role. */
  readonly role: string;
}

export interface CommandEntry {
  /** Where it can be given, with what it does there. */
  readonly does: Readonly<Partial<Record<CommandPlace, string>>>;
  readonly options: readonly OptionName[];
  /** Absent: no agent works. */
  readonly work?: CommandWork;
}

const startOptions = ['--role', '--model', '--budget'] as const;

/** Every command: help, parser and gate go by this table. */
export const commandTable: Readonly<Record<CommandName, CommandEntry>> = {
  fix: {
    does: {
      issue: 'an agent works on this issue and opens a pull request, or goes on with its open one',
      'pull-request': 'the agent goes on with its own pull request: remarks, findings, failed checks',
    },
    options: [...startOptions, '--base'],
    work: { kind: 'change', role: 'coder' },
  },
  retry: {
    does: {
      issue: 'the same, after an answer or a failure',
      'pull-request': 'the same, after an answer or a failure',
    },
    options: [...startOptions, '--base'],
    work: { kind: 'change', role: 'coder' },
  },
  plan: {
    does: { issue: 'posts a plan, and changes nothing until somebody approves it' },
    options: [...startOptions, '--base'],
    work: { kind: 'plan', role: 'coder' },
  },
  triage: {
    does: { issue: 'reads this issue: type, size, priority, duplicates, what is missing' },
    options: startOptions,
    work: { kind: 'triage', role: 'issue-reader' },
  },
  test: {
    does: {
      issue: "verifies the agent's open pull request for this issue with a test of its own",
      'pull-request': 'verifies this pull request with a test of its own: fails before, passes after',
    },
    options: startOptions,
    work: { kind: 'verification', role: 'tester' },
  },
  review: {
    does: {
      issue: "reviews the agent's open pull request for this issue",
      'pull-request': 'reviews this pull request: findings on lines, with severity and suggestions',
    },
    options: startOptions,
    work: { kind: 'review', role: 'reviewer' },
  },
  approve: {
    does: {
      issue: 'with a hash: publishes the change that waits for approval, or has the plan that waits carried out',
    },
    options: [],
  },
  stop: {
    does: {
      issue: 'ends the runs and the team that work on this issue, or gives up what waits for approval',
      'pull-request': 'ends the runs that work on this pull request; nothing is published',
    },
    options: [],
  },
  status: {
    does: {
      issue: 'who works on this issue, since when, until when, and where its team stands',
      'pull-request': 'who works on this pull request, since when, until when',
    },
    options: [],
  },
  release: {
    does: {
      issue: 'frees the claim on this issue, whoever holds it',
      'pull-request': 'frees the claims on this pull request, whoever holds them',
    },
    options: [],
  },
  help: { does: { issue: 'this list', 'pull-request': 'this list' }, options: [] },
};

/** The command whose work is of this kind: what a role is asked for when it is named alone. */
export function commandOfWork(kind: WorkKind): CommandName {
  return commandsOfWork[kind];
}

const commandsOfWork: Readonly<Record<WorkKind, CommandName>> = {
  change: 'fix',
  plan: 'plan',
  triage: 'triage',
  verification: 'test',
  review: 'review',
};
