import { EntropyError } from '../domain/error.ts';
import { marker } from '../domain/markers.ts';
import { oneHunk } from '../domain/one-hunk.ts';
import type { PatchFile, PatchManifest } from '../domain/patch.ts';
import { checkPatch } from '../domain/patch-check.ts';
import type { VerificationReport, VerificationVerdict } from '../domain/reports/verification-report.ts';
import { verificationVerdict } from '../domain/reports/verification-verdict.ts';
import type { RunResult } from '../domain/run-result.ts';
import type { StageResult } from '../domain/stages/stage-result.ts';
import { bentTests } from '../domain/test-changes/bent-tests.ts';
import {
  failingRun,
  type ShownTest,
  type VerificationFacts,
  verdictWords,
  verificationOp,
  verificationText,
} from '../domain/verification-text.ts';
import { closeTracking } from './close-tracking.ts';
import { mayWrite } from './fence-guard.ts';
import { findInPatch } from './find-secrets.ts';
import { foreignPackageSources } from './foreign-package-sources.ts';
import { brokenRules, holdsSecret } from './inspect-change.ts';
import { keepComment } from './marked-comment.ts';
import { endAs, endBlocked, endDryRun } from './publish-end.ts';
import type { Blocked, PublishReport, PublishRun } from './publish-run.ts';
import { pullNow } from './pull-now.ts';
import { readBackComment } from './read-back.ts';

/**
 * What a tester's test says about a pull request: a verdict that is computed from what was measured, and never anybody's word,
 * as one comment with the measurements. The test itself is shown, and pushed nowhere.
 */
export async function publishVerification(
  run: PublishRun,
  result: RunResult,
  report: VerificationReport,
): Promise<PublishReport> {
  const { forge, task, scanner } = run;
  const evidence = result.evidence ?? {};
  const seen = await pullNow(run);
  if (seen.kind === 'over') return endAs(run, result, { kind: 'no_change', reason: seen.what });
  const { pull, movedTo } = seen;
  const refused = evidence.tests && (await inspectTests(run, evidence.tests));
  if (refused !== undefined) return endBlocked(run, result, refused);

  const bent = await bentBy(run, pull.number, report);
  const measured = verificationVerdict(evidence);
  const verdict = bent.length === 0 ? measured : withoutProof(measured);
  const facts: VerificationFacts = {
    role: task.agent.role,
    pull: pull.number,
    base: { branch: pull.baseBranch, sha: pull.baseSha },
    headSha: pull.headSha,
    ...(movedTo !== undefined && { movedTo }),
    report,
    evidence,
    verdict,
    bent,
    tests: await shownTests(run, evidence.tests),
  };
  const text = verificationText(facts);
  const secret = holdsSecret(await scanner.scan('the comment', `${text}\n${JSON.stringify(report)}`));
  if (secret !== undefined) return endBlocked(run, result, secret);
  if (run.dryRun) return endDryRun(run, result, `say on pull request #${pull.number}: ${verdictWords(verdict)}`);

  const mark = { issue: pull.number, fence: task.lease.fence, run: task.runId, op: verificationOp };
  await mayWrite(run, 'comment');
  const comment = await keepComment(forge, { mark, text, of: 'this-run' });
  await readBackComment(run, comment, `${marker(mark)}\n${text}\n`);

  const url = `${pull.url}#issuecomment-${comment.id}`;
  const what = `verified #${pull.number}: ${verdictWords(verdict)}`;
  await mayWrite(run, 'close');
  const closed = await closeTracking({
    ...run,
    result,
    end: { kind: 'delivered', what, told: `[What was measured](${url}).` },
  });
  await readBackComment(run, closed.comment, closed.body);
  return {
    outcome: verdict === 'unproven' ? 'no_change' : 'succeeded',
    reason: `Pull request #${pull.number} at ${pull.headSha.slice(0, 10)}: ${verdictWords(verdict)}.`,
    result,
    delivered: { kind: 'verification', url },
    stage: { kind: 'verified', verdict, headSha: pull.headSha, ...(await failingOf(run, { verdict, result, report })) },
  };
}

/** What the pull request changes of how tests run; of one too large to be seen whole nobody knows. */
async function bentBy(
  { forge, task }: PublishRun,
  pull: number,
  { command }: VerificationReport,
): Promise<readonly string[]> {
  const { files, complete } = await forge.reviews.files(pull);
  return complete ? bentTests(files, `${task.testCommand ?? ''} ${command}`) : ['more files than GitHub tells'];
}

/** Tests speak for nothing that decides how they run; what they say against it stays said. */
function withoutProof(verdict: VerificationVerdict): VerificationVerdict {
  return verdict === 'confirmed' || verdict === 'not-reproduced' ? 'unproven' : verdict;
}

/** The tester's files are shown and handed to a coder, so they keep the rules that every patch keeps. */
async function inspectTests(run: PublishRun, tests: PatchManifest): Promise<Blocked | undefined> {
  const { forge, task, scanner } = run;
  const headSha = task.pull?.headSha;
  const again = 'start the run again; if it happens twice, report it with the run’s trajectory';
  const isOfRun = tests.runId === task.runId && tests.base.sha === headSha;
  if (!isOfRun) throw new EntropyError({ code: 'E603', message: 'the tests are of another run or commit', fix: again });
  const { treeSha } = await forge.commit(tests.base.sha);
  if (treeSha !== tests.base.treeSha) {
    const message = `the tests name ${tests.base.treeSha} as the tree of ${tests.base.sha}; it is ${treeSha}`;
    throw new EntropyError({ code: 'E603', message, fix: again });
  }
  const problems = checkPatch(tests, task.patchPolicy, run.blobId);
  if (problems.length > 0) return brokenRules(problems);
  const foreign = await foreignPackageSources(run, tests);
  if (foreign.length > 0) return brokenRules(foreign);
  return holdsSecret(await findInPatch(scanner, tests, (path) => forge.file(path, tests.base.sha)));
}

async function shownTests({ forge }: PublishRun, tests: PatchManifest | undefined): Promise<readonly ShownTest[]> {
  const shown: ShownTest[] = [];
  for (const file of tests?.files ?? []) {
    const before = file.change === 'added' ? undefined : await forge.file(file.path, tests?.base.sha ?? '');
    shown.push({ path: file.path, change: file.change, diff: diffOf(file, before) });
  }
  return shown;
}

function diffOf(file: PatchFile, before: Uint8Array | undefined): string | undefined {
  const old = before === undefined ? '' : new TextDecoder().decode(before);
  if (file.change === 'deleted') return oneHunk(old, '');
  return file.encoding === 'utf-8' ? oneHunk(old, file.content) : undefined;
}

type Failing = Pick<Extract<StageResult, { kind: 'verified' }>, 'failing'>;

/** What the coder is given, when it is the coder's turn: the test, which may be none, and how it fails. */
async function failingOf(
  { forge, task }: PublishRun,
  {
    verdict,
    result,
    report,
  }: { readonly verdict: VerificationVerdict; readonly result: RunResult; readonly report: VerificationReport },
): Promise<Failing> {
  const mustAct = verdict === 'not-fixed' || verdict === 'regressed';
  const evidence = result.evidence ?? {};
  const run = mustAct ? failingRun(verdict, evidence) : undefined;
  if (run === undefined) return {};
  if (evidence.tests !== undefined) return { failing: { tests: evidence.tests, run, summary: report.summary } };
  const { sha, treeSha } = await forge.commit(task.pull?.headSha ?? '');
  const none: PatchManifest = { schema: 1, runId: task.runId, base: { sha, treeSha }, treeSha, files: [] };
  return { failing: { tests: none, run, summary: report.summary } };
}
