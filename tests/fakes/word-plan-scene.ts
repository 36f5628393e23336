import type { PlanReport } from '../../src/domain/reports/plan-report.ts';
import { type ReportedScene, reportedScene } from './reported-scene.ts';
import { type Say, spokenGate } from './spoken-gate.ts';

/** A plan in words that waits on issue 1, and a gate that people speak to. */
export interface WordPlanScene extends ReportedScene {
  /** As its comment shows it: 24 digits; empty when none is shown. */
  readonly plan: string;
  readonly say: Say;
}

export const plannedReport: PlanReport = {
  kind: 'plan',
  summary: 'The limit is counted wrongly.',
  steps: [{ title: 'Count the separator', detail: 'In `slugify`.', paths: ['src/slugify.ts'] }],
  tests: ['a limit on a separator'],
  risks: [],
};

export async function wordPlanScene(report: PlanReport = plannedReport): Promise<WordPlanScene> {
  const scene = await reportedScene('plan');
  await scene.deliver(report);
  await scene.claims.release(scene.task.lease);
  const plan = /approve ([0-9a-f]{24})`/.exec(scene.comment())?.[1] ?? '';
  return { ...scene, plan, say: spokenGate(scene, {}).say };
}
