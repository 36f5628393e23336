import type { RoleReport } from '../domain/reports/role-report.ts';
import type { HandOver, Submission } from '../domain/run-result.ts';
import type { ToolSpec } from '../ports/model.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import { describeFields, type InputOf, type InputSchema, parseToolInput } from './tool-input.ts';

/** What a tool may use. Files are reached through the sandbox and in no other way. */
export interface ToolContext {
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
  /** Milliseconds left to the run when the call began; no command may take longer. */
  readonly remainingMs: number;
  /** Whether an earlier call of the same reply failed: its author has not seen that yet. */
  readonly earlierCallFailed: boolean;
  /** Proves a change by the repository's own tests, and holds a report against what it is about. */
  judge(handOver: HandOver): Promise<SubmissionVerdict>;
}

export type SubmissionVerdict =
  | { readonly kind: 'accepted'; readonly output: string }
  /** The model may go on; `output` tells it why. */
  | { readonly kind: 'refused'; readonly output: string; readonly summary: string }
  /** Refused too often: the run ends, `reason` is for people. */
  | { readonly kind: 'unproven'; readonly output: string; readonly summary: string; readonly reason: string };

/** What a call means for the run, beyond its answer to the model. */
export type ToolEffect =
  | { readonly kind: 'noted'; readonly progress: number; readonly done: string; readonly next: string }
  | { readonly kind: 'submitted'; readonly submission: Submission }
  | { readonly kind: 'reported'; readonly report: RoleReport }
  | { readonly kind: 'asked'; readonly questions: readonly string[] }
  | { readonly kind: 'unproven'; readonly reason: string };

export interface ToolOutcome {
  readonly ok: boolean;
  /** What the model is shown. */
  readonly output: string;
  /** A few words for a timeline: `62 lines`, `+3 −1`, `exit 1`. */
  readonly summary: string;
  readonly effect?: ToolEffect;
}

export type PreparedCall =
  | { readonly kind: 'ready'; readonly subject: string; run(context: ToolContext): Promise<ToolOutcome> }
  | { readonly kind: 'invalid'; readonly message: string };

export interface Tool {
  readonly spec: ToolSpec;
  /** Checks the input and names the call for a timeline; nothing has happened yet. */
  prepare(input: unknown): PreparedCall;
}

interface ToolDefinition<Schema extends InputSchema> {
  readonly name: string;
  readonly description: string;
  readonly input: Schema;
  /** One line for a timeline: `npm test`, `src/slugify.ts`. */
  subject(input: InputOf<Schema>): string;
  run(input: InputOf<Schema>, context: ToolContext): Promise<ToolOutcome>;
}

const longestSubject = 120;

/** A tool whose `subject` and `run` only ever see input that its schema let through. */
export function defineTool<const Schema extends InputSchema>(definition: ToolDefinition<Schema>): Tool {
  const { name, description, input: schema } = definition;
  return {
    spec: { name, description, inputSchema: schema },
    prepare: (raw) => {
      const parsed = parseToolInput(schema, raw);
      if (parsed.kind === 'invalid') {
        const problems = parsed.problems.join('; ');
        return {
          kind: 'invalid',
          message: `The input of ${name} was not accepted: ${problems}. Its fields: ${describeFields(schema)}.`,
        };
      }
      return {
        kind: 'ready',
        subject: oneLine(definition.subject(parsed.input)),
        run: (context) => definition.run(parsed.input, context),
      };
    },
  };
}

/** A call that did nothing, and what the model can do about it. */
export function refusal(output: string, summary: string): ToolOutcome {
  return { ok: false, output, summary };
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= longestSubject ? line : `${line.slice(0, longestSubject - 1)}…`;
}
