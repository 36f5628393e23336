import { z } from 'zod';
import { ownerForm } from '../src/domain/access/allowed-owner.ts';
import { apiOfServer, cloudServer } from '../src/domain/github-server.ts';
import { trustedWorkflows as shippedWorkflows } from '../src/domain/shipped-workflow.ts';
import { functionNames } from '../src/runtime/aws/aws-names.ts';
import { logLevels } from '../src/runtime/aws/aws-settings.ts';
import { defaultStackName, stackNameForm } from '../src/runtime/aws/stack-outputs.ts';
import { type StackSettingName, stackSettingNames } from '../src/runtime/aws/stack-setting-names.ts';

const owner = z.string().regex(ownerForm, 'a login of GitHub (letters, digits and -), with its number: LOGIN#ID');
const address = z.url({ protocol: /^https$/, error: 'an address that begins with https://' });
const days = z.int().min(1).max(36_500);
const dollars = z.number().positive().max(1_000_000);
const removal = z.enum(['retain', 'destroy']);

/** CloudWatch Logs takes no others. */
export const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Each setting with its default and what it means; docs/aws.md's table is made from here. None of them is a secret. */
export const settingShapes = {
  stackName: z
    .string()
    .regex(stackNameForm, 'a letter, then at most 39 letters, digits or -')
    .default(defaultStackName)
    .describe('Name of the stack; functions, alarms, logs and the dashboard are named after it'),
  githubAppId: z
    .int()
    .min(1)
    .optional()
    .describe('Number of the GitHub App. Not set: CloudFormation asks for it, as the parameter `GithubAppId`'),
  appKeyGeneration: z
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .describe(
      "One more makes a new, empty KMS key for the App's private key, since KMS never takes a second one into the same place",
    ),
  owners: z
    .array(owner)
    .min(1)
    .optional()
    .describe(
      'Owners in whose repositories the stack works, and whose runners may speak with the coordinator: `octo#9919` is the one of this number, `octo` whoever bears the name. `entropy-playground deploy` adds the numbers. Not set: CloudFormation asks, as the parameter `Owners`',
    ),
  githubServerUrl: address.default(cloudServer).describe('Where GitHub is: GitHub Enterprise Server, its address'),
  githubApiUrl: address
    .optional()
    .describe("GitHub's API. Not set: `https://api.github.com`, or `<githubServerUrl>/api/v3` on a server of your own"),
  oidcIssuer: address
    .optional()
    .describe(
      "Who signs runners' tokens. Not set: `https://token.actions.githubusercontent.com`, or `<githubServerUrl>/_services/token` on a server of your own",
    ),
  workflow: z
    .string()
    .regex(/^[A-Za-z0-9._-]+\.ya?ml$/, 'the name of a file in .github/workflows')
    .default('agent.yml')
    .describe('File of the workflow that is dispatched'),
  trustedWorkflows: z
    .array(
      z
        .string()
        .regex(
          /^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+\/\.github\/workflows\/[A-Za-z0-9._-]+\.ya?ml@[A-Za-z0-9._/*-]+$/,
          'OWNER/NAME/.github/workflows/FILE@VERSION, where the version may hold * and **',
        ),
    )
    .min(1)
    .default([...shippedWorkflows])
    .describe(
      'Workflows whose jobs get tasks and tokens. Change it when you call a copy of `agent-dispatched.yml`, as on a server of your own',
    ),
  runnerRepository: z
    .string()
    .regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, 'OWNER/NAME')
    .optional()
    .describe('`OWNER/NAME` in which all runs are started. Not set: each in its own repository'),
  domainName: z
    .string()
    .regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'a name such as agents.example.com')
    .optional()
    .describe('Name of your own for webhook and coordinator; needs `certificateArn`, and a CNAME that the stack tells'),
  certificateArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate\/[a-z0-9-]+$/, 'the ARN of a certificate in ACM')
    .optional()
    .describe('Certificate for `domainName`, in ACM in the region of the stack'),
  tableRemoval: removal
    .default('retain')
    .describe('What happens to the table when the stack is destroyed; `retain` also protects it from deletion by hand'),
  tableStreamArn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table\/[A-Za-z0-9_.-]{3,255}\/stream\/[0-9T:.-]+$/,
      "the ARN of a table's stream",
    )
    .optional()
    .describe('Stream of a restored table, which the stack uses in place of one of its own; that one stays, unused'),
  auditRemoval: removal
    .default('retain')
    .describe('What happens to the audit bucket; `destroy` removes it only when it is empty'),
  auditRetentionDays: days
    .default(90)
    .describe('Days for which nobody can remove an archived object (Object Lock, governance)'),
  auditExpirationDays: days
    .optional()
    .describe(
      'Days after which archived objects are removed, with the people in them. Not set: they are kept for good',
    ),
  artifactRetentionDays: days.default(90).describe("Days for which the files of runs are kept, then they're removed"),
  logRetentionDays: z
    .literal([...logRetentions], `one of ${logRetentions.join(', ')}`)
    .default(30)
    .describe('Days for which logs are kept'),
  logLevel: z.enum(logLevels).default('INFO').describe('How much the functions log'),
  tracing: z.enum(['off', 'active']).default('off').describe('X-Ray segments of the functions; costs by the segment'),
  alarmEmail: z
    .email('an address for mail')
    .optional()
    .describe('Who is told of alarms; has to confirm a mail of AWS once'),
  alarmTopicArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$/, 'the ARN of an SNS topic')
    .optional()
    .describe('A topic of yours for alarms. Not set: the stack makes one'),
  spendPerHourUsd: dollars.default(20).describe('An alarm is raised when models cost more within an hour'),
  spendPerDayUsd: dollars.default(100).describe('An alarm is raised when models cost more in a day (UTC)'),
  concurrency: z.int().min(2).max(1000).default(10).describe('How many dispatchers work at the same time, at most'),
  reservedConcurrency: z
    .partialRecord(z.enum(functionNames), z.int().min(1).max(1000))
    .default({})
    .describe(
      'Concurrency that is kept for a function and is its limit: `{"webhook": 50}`. An account must keep 100 unreserved',
    ),
  requestsPerSecond: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('Requests that the HTTP API lets through in a second; more are answered with 429'),
  requestBurst: z.int().min(1).max(5_000).default(200).describe('Requests that it lets through at once'),
  tags: z
    .record(z.string().regex(/^(?!aws:)[\w .:/=+@-]{1,128}$/, 'the key of a tag'), z.string().max(256))
    .default({})
    .describe('Tags of your own on everything that can carry tags, for example a cost centre'),
} as const satisfies Readonly<Record<StackSettingName, z.ZodType>>;

export type SettingName = StackSettingName;
export const settingNames: readonly SettingName[] = stackSettingNames;

/** What no single setting can tell: settings that need or exclude each other. Told together with all other problems. */
export function disagreements(settings: Readonly<Record<string, unknown>>): readonly Disagreement[] {
  const {
    domainName,
    certificateArn,
    alarmEmail,
    alarmTopicArn,
    spendPerHourUsd = 20,
    spendPerDayUsd = 100,
    auditRetentionDays = 90,
    auditExpirationDays,
  } = settings;
  const found: Disagreement[] = [];
  if (domainName !== undefined && certificateArn === undefined)
    found.push({ setting: 'domainName', problem: 'needs certificateArn' });
  if (certificateArn !== undefined && domainName === undefined)
    found.push({ setting: 'certificateArn', problem: 'needs domainName' });
  if (alarmEmail !== undefined && alarmTopicArn !== undefined)
    found.push({
      setting: 'alarmEmail',
      problem: 'cannot be set with alarmTopicArn: subscribe the address to that topic',
    });
  if (Number(spendPerDayUsd) < Number(spendPerHourUsd))
    found.push({ setting: 'spendPerDayUsd', problem: `is less than spendPerHourUsd (${spendPerHourUsd})` });
  if (auditExpirationDays !== undefined && Number(auditExpirationDays) < Number(auditRetentionDays))
    found.push({ setting: 'auditExpirationDays', problem: `is less than auditRetentionDays (${auditRetentionDays})` });
  return found;
}

interface Disagreement {
  readonly setting: SettingName;
  readonly problem: string;
}

export const stackSettingsSchema = z.strictObject(settingShapes).transform((settings) => {
  const server = settings.githubServerUrl.replace(/\/$/, '');
  return {
    ...settings,
    githubServerUrl: server,
    githubApiUrl: settings.githubApiUrl ?? apiOfServer(server),
    oidcIssuer:
      settings.oidcIssuer ??
      (server === cloudServer ? 'https://token.actions.githubusercontent.com' : `${server}/_services/token`),
  };
});

/** As the constructs read them: checked, with every default filled in. */
export type StackSettings = z.output<typeof stackSettingsSchema>;
