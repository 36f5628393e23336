import { createHash } from 'node:crypto';
import type { ToolResultBlock, ToolUseBlock } from '../domain/conversation.ts';
import { clipText, shownCharacters } from '../domain/output-clip.ts';
import { withVisibleInvisible } from '../domain/sanitise/invisible-characters.ts';
import { type Act, errorFingerprint } from '../domain/stuck-detector.ts';
import type { Clock } from '../ports/clock.ts';
import type { TrajectoryRecorder } from '../ports/trajectory-recorder.ts';
import type { PreparedCall, Tool, ToolContext, ToolEffect, ToolOutcome } from './tool.ts';

export interface CallSetting {
  readonly tools: readonly Tool[];
  readonly recorder: TrajectoryRecorder;
  readonly clock: Clock;
  readonly turn: number;
  readonly context: ToolContext;
}

export interface AnsweredCall {
  readonly result: ToolResultBlock;
  readonly act: Act;
  readonly effect: ToolEffect | undefined;
}

/** An error this short says nothing by itself (`exit code 1`), so what was tried counts too. */
const tellingError = 60;

/** Does what one call asks for and answers it. Whatever the model wrote, the answer is something that it can work with. */
export async function answerCall(call: ToolUseBlock, setting: CallSetting): Promise<AnsweredCall> {
  const { recorder, clock, turn } = setting;
  const prepared = prepare(call, setting.tools);
  const subject = prepared.kind === 'ready' ? prepared.subject : '';
  const named = { turn, callId: call.id, tool: call.name.slice(0, 64), subject };
  recorder.record({ type: 'tool.started', ...named });

  const started = clock.monotonic();
  const finish = (outcome: ToolOutcome, output: string): void =>
    recorder.record({
      type: 'tool.finished',
      ...named,
      ok: outcome.ok,
      summary: outcome.summary,
      output,
      durationMs: Math.round(clock.monotonic() - started),
    });
  try {
    const outcome = await perform(prepared, setting.context);
    const output = clipText(withVisibleInvisible(outcome.output), shownCharacters);
    finish(outcome, output);
    return {
      result: { type: 'tool_result', toolUseId: call.id, content: output, isError: !outcome.ok },
      act: actOf(call, subject, outcome),
      effect: outcome.effect,
    };
  } catch (error) {
    const summary = setting.context.signal.aborted ? '✗ cancelled' : '✗ fault';
    finish({ ok: false, output: '', summary }, '');
    throw error;
  }
}

type Prepared = PreparedCall | { readonly kind: 'unknown'; readonly message: string };

function prepare(call: ToolUseBlock, tools: readonly Tool[]): Prepared {
  const tool = tools.find(({ spec }) => spec.name === call.name);
  if (tool !== undefined) return tool.prepare(call.input);
  const names = tools.map(({ spec }) => spec.name).join(', ');
  return { kind: 'unknown', message: `There is no tool ${JSON.stringify(call.name.slice(0, 64))}. Tools: ${names}.` };
}

async function perform(prepared: Prepared, context: ToolContext): Promise<ToolOutcome> {
  switch (prepared.kind) {
    case 'ready':
      return await prepared.run(context);
    case 'invalid':
      return { ok: false, output: prepared.message, summary: '✗ input' };
    case 'unknown':
      return { ok: false, output: prepared.message, summary: `✗ no such tool` };
    default:
      return prepared satisfies never;
  }
}

function actOf(call: ToolUseBlock, subject: string, outcome: ToolOutcome): Act {
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([call.name, call.input]))
    .digest('hex');
  const label = `${call.name} ${subject}`.trim();
  if (outcome.ok) return { fingerprint, label };
  const output = outcome.output.length < tellingError ? `${subject} ${outcome.output}` : outcome.output;
  return { fingerprint, label, error: errorFingerprint(call.name, output) };
}
