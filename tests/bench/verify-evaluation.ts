import path from 'node:path';
import { adversaries } from '../../src/domain/evaluation/adversaries.ts';
import type { EvaluatedModel } from '../../src/runtime/evaluate/attempt.ts';
import type { EvaluationReport } from '../../src/runtime/evaluate/evaluate.ts';
import { readIssueFolders } from '../../src/runtime/evaluate/issue-folder.ts';
import { findToolchains } from '../../src/runtime/evaluate/toolchains.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { tempFolder } from '../fakes/temp-folder.ts';
import { evaluateHere, place } from './evaluation/evaluate-here.ts';
import { killAndResume, toldIn } from './evaluation/kill-and-resume.ts';
import { lookForHidden } from './evaluation/look-for-hidden.ts';
import type { Figure } from './figure.ts';

/** One of each language, and of different kinds. */
const few = ['ts-lru-tests', 'js-debounce-last', 'py-report-sections', 'go-config-merge'];

/**
 * Whether the evaluation can be believed: those who know the answers solve all issues, those who do nothing or delete tests solve none,
 * nobody sees the hidden tests, and an evaluation that was killed tells the same in the end.
 */
export const figure: Figure = async ({ quick, progress }) => {
  using temp = tempFolder();
  const all = await readIssueFolders(path.join(packageRoot(), 'bench', 'issues'));
  const languages = new Set(all.map(({ language }) => language));
  const toolchains = await findToolchains({ ...place, languages, progress, signal: new AbortController().signal });
  const [lacking] = toolchains.missing;
  // On somebody's laptop the rest is worth trying; in CI nothing may be left out.
  if (lacking !== undefined && (process.env['CI'] ?? '') !== '') return { kind: 'missing', ...lacking };
  const lacks = toolchains.missing.map(({ language }) => language);
  const issues = all.filter(({ id, language }) => !lacks.includes(language) && (!quick || few.includes(id)));
  const only = issues.map(({ id }) => id);

  const evaluated = async (modelName: string, model: EvaluatedModel): Promise<EvaluationReport> =>
    evaluateHere({ model, modelName, only, outDir: path.join(temp.root, modelName), progress });
  const reference = await evaluated('reference', { kind: 'reference' });
  const others: EvaluationReport[] = [];
  for (const name of adversaries) others.push(await evaluated(name, { kind: 'adversary', name }));
  const looked = await lookForHidden(temp.root, progress);
  const resumedOf = quick ? only.slice(0, 2) : only.slice(0, 6);
  const resumed = await killAndResume(temp.root, resumedOf, progress);
  const uninterrupted = toldIn(reference.results).filter((line) => resumedOf.some((id) => line.includes(`"${id}"`)));
  const same = JSON.stringify(resumed.told) === JSON.stringify(uninterrupted);

  const judgedAll = [reference, ...others].every(({ attempts }) => attempts === only.length);
  const told = ({ solved, attempts, rate, interval, failures, unjudged, seconds }: EvaluationReport) => ({
    ...{ solved, attempts, rate, interval },
    secondsMedian: Math.round(seconds.median * 10) / 10,
    ...(unjudged.length === 0 ? {} : { unjudged: unjudged.map(({ issue, reason }) => `${issue}: ${reason}`) }),
    ...(failures.length === attempts ? {} : { failures: failures.map(({ issue, reason }) => `${issue}: ${reason}`) }),
  });
  const { told: _told, ...kill } = resumed;
  return {
    kind: 'measured',
    ok:
      judgedAll &&
      reference.solved === only.length &&
      others.every(({ solved }) => solved === 0) &&
      looked.decoyFound &&
      looked.leaks.length === 0 &&
      same &&
      kill.judgedBeforeTheKill < resumedOf.length &&
      kill.leftBehind === 0 &&
      kill.twice === 0,
    figures: {
      issues: only.length,
      ...(lacks.length === 0 ? {} : { withoutLanguages: lacks }),
      reference: told(reference),
      ...Object.fromEntries(others.map((report) => [report.model, told(report)])),
      hidden: { ...looked, leaks: looked.leaks.slice(0, 5) },
      killedAndResumed: { issues: resumedOf.length, ...kill, sameAsUninterrupted: same },
    },
    limits: { reference: '100 %', 'do-nothing': '0 %', 'delete-tests': '0 %', leaks: 0, twice: 0, leftBehind: 0 },
  };
};
