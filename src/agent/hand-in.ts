import type { HandOver } from '../domain/run-result.ts';
import { refusal, type ToolContext, type ToolEffect, type ToolOutcome } from './tool.ts';

/** Hands something in: judged first, so that what can be put right is put right by whoever made it. */
export async function handIn(handOver: HandOver, context: ToolContext): Promise<ToolOutcome> {
  if (context.earlierCallFailed) {
    return refusal(
      'Not submitted: an earlier call of the same reply failed. Look at its result, then submit.',
      '✗ not yet',
    );
  }
  const verdict = await context.judge(handOver);
  switch (verdict.kind) {
    case 'accepted':
      return { ok: true, output: verdict.output, summary: '✔', effect: effectOf(handOver) };
    case 'refused':
      return refusal(verdict.output, verdict.summary);
    case 'unproven':
      return {
        ...refusal(verdict.output, verdict.summary),
        effect: { kind: 'unproven', reason: verdict.reason },
      };
    default:
      return verdict satisfies never;
  }
}

function effectOf(handOver: HandOver): ToolEffect {
  switch (handOver.kind) {
    case 'change':
      return { kind: 'submitted', submission: handOver.submission };
    case 'report':
      return { kind: 'reported', report: handOver.report };
    default:
      return handOver satisfies never;
  }
}

/** A title on one line, whatever white space the model wrote. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
