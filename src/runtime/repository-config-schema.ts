import * as z from 'zod';
import { automaticChoices } from '../domain/automatic.ts';
import { type CommandName, commandNames } from '../domain/command.ts';
import { metadataStrategies } from '../domain/conflicts/metadata.ts';
import { mergePolicies } from '../domain/merge-policy.ts';
import { roleNamePattern, roleNameRule } from '../domain/roles/role.ts';
import { requirableRungs } from '../domain/sandbox-rung.ts';
import { choosableStages } from '../domain/stages/stage.ts';
import { toolNames } from '../domain/tool-names.ts';

/**
 * The shape of `.github/entropy.yml`. What values may be beyond their shape is told by `src/domain/setting-rules.ts`,
 * which all sources share. `docs/entropy.schema.json` is generated from this by `node scripts/config-schema.ts`.
 */
const quantity = (meaning: string) => z.union([z.number(), z.string()]).optional().describe(meaning);
const whole = (meaning: string) => z.int().min(1).optional().describe(meaning);
const words = (meaning: string) => z.array(z.string()).optional().describe(meaning);
/** That it is not empty is a rule of `setting-rules.ts`, which says why; editors hear of it here. */
const someOf = <Entry extends z.ZodType>(entry: Entry, meaning: string) =>
  z.array(entry).optional().meta({ description: meaning, minItems: 1 });
const line = (meaning: string) => z.string().optional().describe(meaning);
const rate = z.int().min(0);
const oneOrMore = (meaning: string) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((given) => (typeof given === 'string' ? [given] : given))
    .optional()
    .describe(meaning);

function whoShape(): Record<CommandName, ReturnType<typeof oneOrMore>> {
  const shape: Partial<Record<CommandName, ReturnType<typeof oneOrMore>>> = {};
  for (const name of commandNames) {
    shape[name] = oneOrMore(`Who may give ${name}: a permission (triage, write, maintain, admin), logins, org/team`);
  }
  return shape as Record<CommandName, ReturnType<typeof oneOrMore>>;
}

const rates = {
  input: rate.describe('Input tokens'),
  output: rate.describe('Output tokens'),
  cacheWrite: rate.describe('Tokens written to the prompt cache'),
  cacheRead: rate.describe('Tokens read from the prompt cache'),
};

export const repositoryConfigSchema = z
  .strictObject({
    base: line('Branch that the work starts from and the pull request goes to; the default branch when absent'),
    setup: line(
      'Command that prepares the workspace (install, build); reaches package registries, before any key is there',
    ),
    test: line(
      'Command that proves the work; run before and after, in the sandbox, with what network.agent and network.services list',
    ),
    model: line('Model that the agents use, such as claude-opus-4-8'),
    prompt: line('Extra instructions for agents, added to those of AGENTS.md and CLAUDE.md'),
    prices: z
      .record(
        z.string(),
        z.strictObject({
          ...rates,
          longPrompt: z
            .strictObject({ ...rates, aboveTokens: rate })
            .optional()
            .describe('Rates of requests with a longer prompt than this'),
        }),
      )
      .optional()
      .describe('Prices by model, in millionths of a US dollar per million tokens'),
    limits: z
      .strictObject({
        'max-turns': whole('Most turns of one run'),
        'max-tokens': whole('Most tokens of one run, all kinds together'),
        'max-cost-usd': quantity('Most money of one run, in US dollars: 2, 0.50'),
        'max-minutes': quantity('Most time of one run: 30, 1h30m'),
        'max-files': whole('Most files that one patch may change'),
        'max-patch-size': quantity('Most bytes of one patch: 524288, 512 KiB'),
      })
      .optional()
      .describe('What one run may use, and how large its patch may be'),
    budgets: z
      .strictObject({
        'max-issue-usd': quantity('Most money of all runs on one issue together, in US dollars'),
        'max-day-usd': quantity('Most money of all runs in the repository on one day (UTC), in US dollars'),
        'max-concurrent-runs': whole('Most runs at work in the repository at the same time'),
      })
      .optional()
      .describe('What all runs together may use; a coordinator can set lower limits'),
    paths: z
      .strictObject({
        allowed: someOf(z.string(), 'Globs; when given, only these paths may change'),
        protected: words('Globs that may not change, besides the built-in ones'),
        unprotected: words('Globs of built-in protected paths that may change after all, such as package-lock.json'),
        'review-required': words('Globs; a patch that touches them is held until somebody approves it'),
      })
      .optional()
      .describe('What a patch may touch'),
    draft: z.boolean().optional().describe('Whether pull requests are opened as drafts'),
    merge: z
      .enum(mergePolicies)
      .optional()
      .describe('auto: GitHub merges when all that it requires is there; we never merge by ourselves'),
    'branch-prefix': line('First part of the branches that agents make'),
    'label-trigger': line('Label that starts an agent'),
    'assignee-trigger': line('Login of a machine account; assigning an issue to it asks for a fix'),
    'trigger-phrase': line('Word that starts a command in a comment'),
    'allow-users': words('Logins that may start an agent without write access'),
    'allowed-bots': words('Logins of bots, with [bot], that may start an agent'),
    who: z
      .strictObject(whoShape())
      .optional()
      .describe('Who may give which command; a command that is not named is for write access and allow-users'),
    'change-sets': words('Repositories that an issue here may have changed together with this one: octo/app'),
    roles: z
      .strictObject({
        allowed: someOf(z.string().regex(roleNamePattern, roleNameRule), 'When given, only these roles'),
        models: z
          .record(z.string(), z.string())
          .optional()
          .describe('The model of a role by its name, over what the file of the role says'),
      })
      .optional(),
    team: z
      .strictObject({
        stages: someOf(z.enum(choosableStages), 'What fix walks through: read, plan, code, test, review'),
        rounds: whole('How often tester and reviewer send the coder back until a person is asked'),
      })
      .optional()
      .describe('A team instead of one agent'),
    automatic: z
      .strictObject({
        review: z
          .enum(automaticChoices)
          .optional()
          .describe('For whom pull requests are reviewed that nobody asked about'),
        triage: z.enum(automaticChoices).optional().describe('For whom issues are triaged when they are opened'),
        remarks: z
          .boolean()
          .optional()
          .describe("Whether people's reviews and comments on lines of an agent's pull request send its coder again"),
        checks: z.boolean().optional().describe("Whether checks that fail on an agent's branch send its coder again"),
        base: z
          .boolean()
          .optional()
          .describe("Whether a base that went on and conflicts with an agent's pull request sends its coder again"),
      })
      .optional()
      .describe('What is done that nobody asked for by a command'),
    triage: z
      .strictObject({
        labels: words('Globs over labels that a triage may set beside those of type, size and priority'),
        edits: z
          .enum(metadataStrategies)
          .optional()
          .describe('Whose word counts on labels, title, milestone and state of an issue that is triaged'),
      })
      .optional(),
    models: z
      .strictObject({ allowed: someOf(z.string(), 'Globs over names of models; when given, no other model is asked') })
      .optional(),
    tools: z
      .strictObject({
        allowed: someOf(z.enum(toolNames), 'When given, only these tools, and submit and ask'),
        denied: z.array(z.enum(toolNames)).optional().describe('Never these tools'),
      })
      .optional()
      .describe('What the model can call'),
    network: z
      .strictObject({
        setup: oneOrMore(
          "Hosts that the set-up command reaches; registries (the default), npm, pypi, cargo, … stand for their hosts, open for the machine's network",
        ),
        agent: oneOrMore("Hosts that the agent's commands and the tests reach; none by default"),
        services: z
          .array(z.int().min(1).max(65_535))
          .optional()
          .describe('Ports of the machine that commands reach as 127.0.0.1:<port>, for databases and other services'),
      })
      .optional()
      .describe('What can be reached from inside the sandbox'),
    sandbox: z
      .strictObject({
        required: z.enum(requirableRungs).optional().describe('Weakest sandbox that will do'),
        env: z
          .record(z.string(), z.string())
          .optional()
          .describe('Variables for the commands in the sandbox; never secrets, the agent can read them'),
      })
      .optional(),
  })
  .describe('Settings of Entropy Playground for one repository, read from the base branch');

export type RepositoryConfigShape = z.infer<typeof repositoryConfigSchema>;
