import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { actVersion, findAct, installHint } from '../../scripts/install-act.ts';
import { compareActWithRunner } from '../e2e/act-against-runner.ts';
import { packageRoot } from '../e2e/stage.ts';
import type { Figure } from './figure.ts';

/** The shipped workflow on a runner that we did not write makes the same pull request as on our own. */
export const figure: Figure = async ({ progress }) => {
  const act = findAct();
  if (act === undefined) return { kind: 'missing', what: `act ${actVersion}`, fix: installHint };
  const { differences, seconds, act: delivered, runner } = await compareActWithRunner(act, progress);
  const workflow = readFileSync(`${packageRoot}.github/workflows/agent.yml`);
  return {
    kind: 'measured',
    ok: differences.length === 0,
    figures: {
      act: actVersion,
      workflowSha256: createHash('sha256').update(workflow).digest('hex'),
      differences,
      ...Object.fromEntries(differences.map((field) => [`different_${field}`, [delivered[field], runner[field]]])),
      branch: delivered.branch,
      treeSha: delivered.treeSha,
      title: delivered.title,
      bodySha256: createHash('sha256').update(delivered.body).digest('hex'),
      claim: delivered.claim,
      seconds,
    },
    limits: { differences: 0 },
  };
};
