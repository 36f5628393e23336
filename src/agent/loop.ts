import type { AssistantBlock, ToolUseBlock, UserBlock } from '../domain/conversation.ts';
import { describeError } from '../domain/error.ts';
import type { HandOver } from '../domain/run-result.ts';
import { runsCommands } from '../domain/sandbox-rung.ts';
import { type Act, judgeStuck } from '../domain/stuck-detector.ts';
import type { Clock } from '../ports/clock.ts';
import type { Model, ModelReply } from '../ports/model.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { TrajectoryRecorder } from '../ports/trajectory-recorder.ts';
import { type AnsweredCall, answerCall } from './answer-call.ts';
import { askModel, outputTokens } from './ask-model.ts';
import { Conversation } from './conversation.ts';
import type { LoopEnd } from './loop-end.ts';
import type { Meter } from './meter.ts';
import type { SubmissionVerdict, Tool, ToolContext, ToolEffect } from './tool.ts';
import { withoutCommands } from './toolbox.ts';

export interface LoopRequest {
  readonly model: Model;
  /** Or a promise of it: the first request to the model does not wait, the first tool does. */
  readonly sandbox: Sandbox | Promise<Sandbox>;
  readonly recorder: TrajectoryRecorder;
  readonly clock: Clock;
  readonly meter: Meter;
  /** How to work, the same for every task of a kind. */
  readonly system: string;
  /** The first message: what is to be done. */
  readonly task: string;
  /** What the model can call; it is told of nothing else, and nothing else is done. */
  readonly tools: readonly Tool[];
  /** Resolves when files may change; waited for like the sandbox. */
  readonly filesMayChange?: Promise<unknown>;
  /** Holds what is handed in against the truth; asked by the tools that end the work. */
  judge(handOver: HandOver): Promise<SubmissionVerdict>;
}

/** Replies in a row without a tool call, until the model is taken to have nothing to say. */
const mostSilentReplies = 3;

/**
 * The whole agent: ask the model, do what it asks for, tell it what came of it, until one of the stops. Everything that
 * happens is on record before the next thing begins.
 */
export async function runLoop(request: LoopRequest, signal: AbortSignal): Promise<LoopEnd> {
  try {
    return await takeTurns(request, signal);
  } catch (error) {
    // A cancelled run unwinds with the signal's own reason, from wherever it was.
    if (signal.aborted) return { kind: 'cancelled', reason: describeError(signal.reason) };
    throw error;
  }
}

async function takeTurns(request: LoopRequest, signal: AbortSignal): Promise<LoopEnd> {
  const { meter, model, recorder, system } = request;
  let { tools } = request;
  const conversation = new Conversation({
    task: request.task,
    fixedText: system + JSON.stringify(specsOf(tools)),
    contextWindow: model.contextWindow,
    maxOutputTokens: outputTokens(model),
  });
  const acts: Act[] = [];
  let silentReplies = 0;
  let scarcityTold = false;

  for (let turn = 1; ; turn += 1) {
    signal.throwIfAborted();
    const usedUp = meter.exhausted();
    if (usedUp !== undefined) return { kind: 'over-budget', limit: usedUp };

    const asked = await askModel({ ...request, conversation, system, tools: specsOf(tools), turn }, signal);
    if (asked.kind === 'ended') return asked.end;
    const { reply } = asked;
    conversation.addReply(reply.content);
    if (reply.stopReason === 'refusal') return { kind: 'gave-up', reason: 'it declined to work on this' };

    const calls = reply.content.filter(isToolUse);
    if (calls.length === 0) {
      silentReplies += 1;
      const reason = `it gave ${silentReplies} replies in a row without calling a tool`;
      if (silentReplies >= mostSilentReplies) return { kind: 'gave-up', reason };
      conversation.addAnswer([text(silenceReminder(reply))]);
      continue;
    }
    silentReplies = 0;
    await request.filesMayChange;
    const sandbox = await request.sandbox;

    const answers: UserBlock[] = [];
    const words: string[] = [];
    // The first reply was asked for before the sandbox was known.
    const fewer = runsCommands(sandbox.rung) ? tools : withoutCommands(tools);
    if (fewer.length < tools.length) words.push(noCommandsNotice);
    tools = fewer;
    let earlierCallFailed = false;
    for (const call of calls) {
      signal.throwIfAborted();
      const remainingMs = meter.remainingMs();
      if (remainingMs === 0) return { kind: 'over-budget', limit: 'minutes' };
      const context: ToolContext = {
        sandbox,
        signal,
        remainingMs,
        earlierCallFailed,
        judge: request.judge,
      };
      const setting = { tools, recorder, clock: request.clock, turn, context };
      const answered: AnsweredCall = isCutOff(call, reply) ? cutOff(call) : await answerCall(call, setting);
      const { result, act, effect } = answered;
      answers.push(result);
      acts.push(act);
      earlierCallFailed ||= result.isError;

      const end = effect === undefined ? undefined : conclude(effect, { recorder, conversation, turn });
      if (end !== undefined) return end;
      const standing = judgeStuck(acts);
      if (standing.kind === 'stuck') return { kind: 'gave-up', reason: `it went in circles: ${standing.reason}` };
      if (standing.kind === 'warning') words.push(stuckWarning(standing.reason));
    }

    const scarce = scarcityTold ? undefined : meter.scarce();
    if (scarce !== undefined) {
      scarcityTold = true;
      words.push(`Left to this run: ${scarce.left}. Finish what you have, test it and submit.`);
    }
    conversation.addAnswer([...answers, ...words.map(text)]);
  }
}

/** Puts on record what a call meant for the run; the end of it, for those calls that end it. */
function conclude(
  effect: ToolEffect,
  run: { readonly recorder: TrajectoryRecorder; readonly conversation: Conversation; readonly turn: number },
): LoopEnd | undefined {
  const { recorder, turn } = run;
  switch (effect.kind) {
    case 'noted': {
      const { progress, done, next } = effect;
      recorder.record({ type: 'progress.noted', turn, progress, done, next });
      run.conversation.addNote(`${done} Next: ${next}`);
      return undefined;
    }
    case 'submitted':
      recorder.record({ type: 'run.submitted', turn, submission: effect.submission });
      return effect;
    case 'reported':
      recorder.record({ type: 'run.reported', turn, report: effect.report });
      return effect;
    case 'asked':
      recorder.record({ type: 'run.asked', turn, questions: effect.questions });
      return effect;
    case 'unproven':
      return effect;
    default:
      return effect satisfies never;
  }
}

function isToolUse(block: AssistantBlock): block is ToolUseBlock {
  return block.type === 'tool_use';
}

function specsOf(tools: readonly Tool[]) {
  return tools.map((tool) => tool.spec);
}

function text(words: string): UserBlock {
  return { type: 'text', text: words };
}

/** A reply that reached its length ends in the middle of something; half a call must not be made. */
function isCutOff(call: ToolUseBlock, reply: ModelReply): boolean {
  return reply.stopReason === 'max_tokens' && reply.content.at(-1) === call;
}

function cutOff(call: ToolUseBlock): AnsweredCall {
  const content =
    'Not done: the reply reached its greatest length in the middle of this call. Write less at a time, for example a file in parts.';
  return {
    result: { type: 'tool_result', toolUseId: call.id, content, isError: true },
    act: { fingerprint: `cut off ${call.name}`, label: `${call.name}, cut off`, error: content },
    effect: undefined,
  };
}

function silenceReminder(reply: ModelReply): string {
  const cut = reply.stopReason === 'max_tokens' ? 'The reply reached its greatest length. ' : '';
  return `${cut}Nobody reads plain replies: call a tool. Use submit when the work is done, ask if only a person can decide.`;
}

const noCommandsNotice =
  'The sandbox of this machine reads and writes files and runs no commands: there is no bash, and no test is run, not on submit either. Work by reading with care, and say in the body that nothing was run.';

function stuckWarning(reason: string): string {
  return `This goes in circles: ${reason}. Doing it again will end the run. Look at the problem from another side.`;
}
