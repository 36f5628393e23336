import * as z from 'zod';
import { requirableRungs } from '../domain/sandbox-rung.ts';

/**
 * The shape of `.github/entropy.yml`. What values may be beyond their shape is told by `src/domain/setting-rules.ts`,
 * which all sources share. `docs/entropy.schema.json` is generated from this by `node scripts/config-schema.ts`.
 */
const quantity = (meaning: string) => z.union([z.number(), z.string()]).optional().describe(meaning);
const whole = (meaning: string) => z.int().min(1).optional().describe(meaning);
const words = (meaning: string) => z.array(z.string()).optional().describe(meaning);
const line = (meaning: string) => z.string().optional().describe(meaning);
const rate = z.int().min(0);

const rates = {
  input: rate.describe('Input tokens'),
  output: rate.describe('Output tokens'),
  cacheWrite: rate.describe('Tokens written to the prompt cache'),
  cacheRead: rate.describe('Tokens read from the prompt cache'),
};

export const repositoryConfigSchema = z
  .strictObject({
    base: line('Branch that the work starts from and the pull request goes to; the default branch when absent'),
    setup: line('Command that prepares the workspace (install, build); runs with the network, before any key is there'),
    test: line('Command that proves the work; run before and after, in the sandbox, without a network'),
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
        allowed: words('Globs; when given, only these paths may change'),
        protected: words('Globs that may not change, besides the built-in ones'),
        unprotected: words('Globs of built-in protected paths that may change after all, such as package-lock.json'),
      })
      .optional()
      .describe('What a patch may touch'),
    draft: z.boolean().optional().describe('Whether pull requests are opened as drafts'),
    'branch-prefix': line('First part of the branches that agents make'),
    'label-trigger': line('Label that starts an agent'),
    'trigger-phrase': line('Word that starts a command in a comment'),
    'allow-users': words('Logins that may start an agent without write access'),
    'allowed-bots': words('Logins of bots, with [bot], that may start an agent'),
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
