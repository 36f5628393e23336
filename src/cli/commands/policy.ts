import type { Command } from 'commander';
import type { Cli } from '../cli-io.ts';
import { jsonOption } from '../json-output.ts';
import { checkPolicy } from '../policy/check-policy.ts';
import { explainPolicy } from '../policy/explain-policy.ts';

export interface PolicyFlags {
  readonly repo?: string;
  readonly file?: string;
  readonly as?: string;
  readonly json?: string;
}

const repoOption = ['--repo <path>', 'the repository; the one around this folder when absent'] as const;

export function define(command: Command, cli: Cli): void {
  command
    .command('check')
    .description('Everything that is wrong with a policy file, and what is unsafe together, with lines and what to do.')
    .argument('[file]', 'a file; .github/entropy.yml of the repository when absent')
    .configureHelp({ sortOptions: false })
    .option(...repoOption)
    .option(...jsonOption)
    .action((file: string | undefined, flags: PolicyFlags) => cli.run((io) => checkPolicy(file, flags, io)));
  command
    .command('explain')
    .description('Which rule decides about a path or a person, whether an approval gets past it, and where it stands.')
    .argument('<path|user>', 'src/pay/card.ts, @alice, renovate[bot]')
    .configureHelp({ sortOptions: false })
    .option(...repoOption)
    .option('--file <file>', 'a policy file in the place of .github/entropy.yml')
    .option('--as <kind>', 'path or user, where the word could be both')
    .option(...jsonOption)
    .action((subject: string, flags: PolicyFlags) => cli.run((io) => explainPolicy(subject, flags, io)));
}
