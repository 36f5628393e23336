import { type AllowedOwner, parseAllowedOwner } from '../../domain/access/allowed-owner.ts';
import { EntropyError } from '../../domain/error.ts';
import { parseFullName, type RepositoryRef } from '../../domain/repository.ts';
import { awsVariables, type FunctionName, variablesOf } from './aws-names.ts';

type Name = keyof typeof awsVariables;

/** What a function is told of its stack. Only those that `variablesOf` lists for it are there. */
export interface AwsSettings {
  readonly table: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly artifactsBucket: string;
  readonly auditBucket: string;
  readonly webhookSecretId: string;
  readonly appId: number;
  readonly appKeyId: string;
  readonly sealingKeyId: string;
  readonly githubApiUrl: string;
  readonly githubServerUrl: string;
  readonly coordinatorUrl: string;
  readonly workflow: string;
  /** Undefined: each run is started in its own repository. */
  readonly runnerRepository: RepositoryRef | undefined;
  readonly owners: readonly AllowedOwner[];
  readonly oidcIssuer: string;
  readonly trustedWorkflows: readonly string[];
  readonly stack: string;
  readonly logLevel: LogLevel;
}

export const logLevels = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof logLevels)[number];

export type SettingsOf<F extends FunctionName> = Pick<AwsSettings, (typeof variablesOf)[F][number] & keyof AwsSettings>;

type Reader = (value: string) => { readonly value: unknown } | { readonly problem: string };

const text: Reader = (value) => (value === '' ? { problem: 'is not set' } : { value });
const url: Reader = (value) =>
  URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
    ? { value: value.replace(/\/$/, '') }
    : { problem: `is "${value.slice(0, 80)}", no address that begins with https://` };

const readers: Readonly<Record<Name, Reader>> = {
  table: text,
  queueUrl: url,
  deadLetterQueueUrl: url,
  artifactsBucket: text,
  auditBucket: text,
  webhookSecretId: text,
  appId: (value) =>
    /^[1-9][0-9]{0,11}$/.test(value)
      ? { value: Number(value) }
      : { problem: `is "${value.slice(0, 80)}", not the number of an App` },
  appKeyId: text,
  sealingKeyId: text,
  githubApiUrl: url,
  githubServerUrl: url,
  coordinatorUrl: url,
  workflow: (value) =>
    /^[A-Za-z0-9._-]+\.ya?ml$/.test(value)
      ? { value }
      : { problem: `is "${value.slice(0, 80)}", not the name of a file in .github/workflows` },
  runnerRepository: (value) => {
    if (value === '') return { value: undefined };
    const repository = parseFullName(value);
    return repository === undefined ? { problem: `is "${value.slice(0, 80)}", not OWNER/NAME` } : { value: repository };
  },
  owners: (value) => {
    const named = value.split(',').map((owner) => owner.trim());
    const owners = named.filter((owner) => owner !== '').map((text) => ({ text, owner: parseAllowedOwner(text) }));
    const wrong = owners.find(({ owner }) => owner === undefined);
    return wrong === undefined
      ? { value: owners.map(({ owner }) => owner) }
      : { problem: `has "${wrong.text.slice(0, 80)}", not LOGIN or LOGIN#ID` };
  },
  oidcIssuer: url,
  trustedWorkflows: (value) => {
    const globs = value
      .split(',')
      .map((glob) => glob.trim())
      .filter((glob) => glob !== '');
    return globs.length === 0 ? { problem: 'is not set' } : { value: globs };
  },
  stack: text,
  logLevel: (value) => {
    const level = logLevels.find((known) => known === (value || 'INFO').toUpperCase());
    return level === undefined
      ? { problem: `is "${value.slice(0, 80)}", not one of ${logLevels.join(', ')}` }
      : { value: level };
  },
};

/** Reads what the stack set for this function; one E101 names everything that is wrong. */
export function parseAwsSettings<F extends FunctionName>(
  environment: Readonly<Record<string, string | undefined>>,
  name: F,
): SettingsOf<F> {
  const problems: string[] = [];
  const values: Partial<Record<Name, unknown>> = {};
  for (const setting of variablesOf[name]) {
    const read = readers[setting](environment[awsVariables[setting]]?.trim() ?? '');
    if ('problem' in read) problems.push(`${awsVariables[setting]} ${read.problem}`);
    else values[setting] = read.value;
  }
  if (problems.length === 0) return values as SettingsOf<F>;
  throw new EntropyError({
    code: 'E101',
    message: `the function ${name} cannot start: ${problems.join('; ')}`,
    fix: 'deploy the stack again, which sets them: entropy-playground deploy',
  });
}
