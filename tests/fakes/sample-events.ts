import type { TrajectoryBody, TrajectoryEvent } from '../../src/domain/trajectory.ts';

type Of<Type extends TrajectoryBody['type']> = Extract<TrajectoryBody, { type: Type }>;

/** Events as a real run records them, to be varied by tests. */
export const runStarted: Of<'run.started'> = {
  type: 'run.started',
  schema: 1,
  runId: '01JD0000000000000000000000',
  repository: 'octo/slug',
  issue: 1,
  title: 'slugify drops the last word',
  baseSha: '1'.repeat(40),
  model: 'scripted',
  budget: { maxTurns: 60, maxTokens: 4_000_000, maxCostMicroUsd: 2_000_000, maxMinutes: 30 },
  version: '0.1.0',
};

export function modelReplied(turn: number, text: string): Of<'model.replied'> {
  return {
    type: 'model.replied',
    turn,
    model: 'claude-opus-5-5',
    content: [
      { type: 'thinking', opaque: { type: 'thinking', thinking: '', signature: 'c2lnbmVk' } },
      { type: 'text', text },
      { type: 'tool_use', id: `toolu_${turn}`, name: 'bash', input: { command: 'npm test' } },
    ],
    stopReason: 'tool_use',
    usage: { inputTokens: 10, outputTokens: 20, cacheReadTokens: 30, cacheWriteTokens: 40 },
    costMicroUsd: 646,
    durationMs: 1200,
  };
}

export function toolFinished(turn: number, output: string): Of<'tool.finished'> {
  return {
    type: 'tool.finished',
    turn,
    callId: `toolu_${turn}`,
    tool: 'bash',
    subject: 'npm test',
    ok: true,
    summary: '9 of 9',
    output,
    durationMs: 812,
  };
}

export function runFinished(treeSha: string): Of<'run.finished'> {
  return {
    type: 'run.finished',
    outcome: 'succeeded',
    reason: 'submitted',
    spend: {
      turns: 1,
      usage: { inputTokens: 10, outputTokens: 20, cacheReadTokens: 30, cacheWriteTokens: 40 },
      costMicroUsd: 646,
      elapsedMs: 5000,
    },
    modelCalls: 1,
    patch: { files: 1, treeSha },
  };
}

export function numbered(bodies: readonly TrajectoryBody[]): TrajectoryEvent[] {
  return bodies.map((body, seq) => ({ seq, at: 1_700_000_000_000 + seq, ...body }));
}
