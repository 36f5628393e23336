import { publishPatch } from './publish-patch.ts';
import { publishReported } from './publish-reported.ts';
import type { Publisher, PublishReport, PublishRequest } from './publish-run.ts';

/**
 * What an agent handed over, to where people see it, by what was asked for: a change becomes a pull request, the rest a plan
 * that waits, labels, a review or a verdict. Every end says what it means for the stages of a team.
 */
export async function publishResult(
  publisher: Publisher,
  request: PublishRequest,
  signal: AbortSignal,
): Promise<PublishReport> {
  const publish = request.task.work === 'change' ? publishPatch : publishReported;
  const report = await publish(publisher, request, signal);
  const { outcome, reason, stage } = report;
  if (stage !== undefined || outcome === 'succeeded') return report;
  return { ...report, stage: { kind: 'ended', outcome, reason } };
}
