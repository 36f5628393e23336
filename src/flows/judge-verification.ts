import { describeError } from '../domain/error.ts';
import type { PatchManifest } from '../domain/patch.ts';
import type { VerificationEvidence, VerificationReport } from '../domain/reports/verification-report.ts';
import { couldNotRun, verificationVerdict } from '../domain/reports/verification-verdict.ts';
import { runsCommands } from '../domain/sandbox-rung.ts';
import { type NewTestFile, splitTests } from '../domain/test-changes/new-tests.ts';
import type { TestRun } from '../domain/test-run.ts';
import { describeFailure } from '../domain/test-verdict.ts';
import type { ProofRooms } from '../ports/proof-rooms.ts';
import { collectAllowed, type Evidence, type Judgement, type Judging } from './judge-submission.ts';
import { type BaseCopy, measure } from './measure-verification.ts';
import { mostRefusals, refuseHandOver } from './refuse-hand-over.ts';

export interface JudgedVerification extends Judging {
  readonly report: VerificationReport;
  readonly base: BaseCopy | undefined;
}

interface Sides {
  readonly base: ProofRooms;
  readonly head: ProofRooms;
}

/**
 * Runs what a tester wrote over the base and over the head, where it never was. A test that shows nothing is given back to be put
 * right; the last time it is taken as it is, for "it shows nothing" is a result too.
 */
export async function judgeVerification(
  judged: JudgedVerification,
  earlier: Evidence,
  signal: AbortSignal,
): Promise<Judgement> {
  const { report } = judged;
  const refusals = earlier.refusals + 1;
  const collected = await collectAllowed(judged, signal);
  if (collected.kind === 'not-allowed') {
    const why = `the files break rules: ${collected.problems.join('; ')}`;
    const verdict = refuseHandOver({ why, advice: 'Undo that part.', summary: '✗ rules', refusals });
    return { verdict, evidence: { refusals } };
  }
  const { tests, patch, dropped } = await testsOf(judged, collected, signal);
  const sides = await sidesOf(judged, signal);
  if (sides.kind === 'none') {
    const evidence: VerificationEvidence = { ...(patch && { tests: patch }), missing: sides.why };
    return accepted(evidence, earlier);
  }
  if (tests.length === 0) {
    const none = `no new test file was written${droppedNote(dropped)}`;
    const evidence: VerificationEvidence = { missing: none };
    if (refusals < mostRefusals) {
      return givenBack(none, 'Write one; or submit again without, if it cannot be tested here.', {
        refusals,
        evidence,
      });
    }
    return accepted(await withSuites(judged, sides, evidence, signal), earlier);
  }

  const both = await measureBoth(judged, { sides, command: report.command, tests }, signal);
  if (both.kind === 'not-laid') {
    const verdict = refuseHandOver({ why: both.why, advice: 'Give it another path.', summary: '✗ path', refusals });
    return { verdict, evidence: { refusals } };
  }
  const notes = [...(dropped.length > 0 ? [`other files do not count${droppedNote(dropped)}`] : []), ...both.missing];
  const evidence: VerificationEvidence = {
    ...(patch && { tests: patch }),
    ...(both.onBase && { onBase: both.onBase }),
    ...(both.onHead && { onHead: both.onHead }),
    ...missingOf(notes),
  };
  const odd = oddity(evidence, earlier);
  if (odd !== undefined && refusals < mostRefusals) return givenBack(odd.why, odd.advice, { refusals, evidence });
  return accepted(await withSuites(judged, sides, evidence, signal), earlier);
}

interface Command {
  readonly sides: Sides;
  readonly command: string;
  readonly tests: readonly NewTestFile[];
}

interface Both {
  readonly kind: 'measured';
  readonly onBase?: TestRun;
  readonly onHead?: TestRun;
  readonly missing: readonly string[];
}

const outOfTime = 'the minutes of the run were used up before all was measured';

/** A command over the base, then over the head; what the run's own time cut off is not told as a failure of it. */
async function measureBoth(
  judged: JudgedVerification,
  { sides, command, tests }: Command,
  signal: AbortSignal,
): Promise<Both | { readonly kind: 'not-laid'; readonly why: string }> {
  const run = (side: 'base' | 'head') => measure({ ...judged, side, rooms: sides[side], command, tests }, signal);
  const base = await run('base');
  if (base.kind === 'not-laid') return base;
  if (base.kind === 'out-of-time') return { kind: 'measured', missing: [outOfTime] };
  const head = await run('head');
  if (head.kind === 'not-laid') return head;
  if (head.kind === 'out-of-time') return { kind: 'measured', onBase: base.run, missing: [outOfTime] };
  return { kind: 'measured', onBase: base.run, onHead: head.run, missing: [] };
}

function missingOf(notes: readonly (string | undefined)[]): { readonly missing?: string } {
  const told = notes.filter((note) => note !== undefined);
  return told.length === 0 ? {} : { missing: told.join('; ') };
}

async function testsOf(
  { task, workspace }: Judging,
  collected: { readonly kind: 'nothing' } | { readonly kind: 'patch'; readonly patch: PatchManifest },
  signal: AbortSignal,
): Promise<{
  readonly tests: readonly NewTestFile[];
  readonly patch?: PatchManifest;
  readonly dropped: readonly string[];
}> {
  if (collected.kind === 'nothing') return { tests: [], dropped: [] };
  const { tests, dropped } = splitTests(collected.patch, task.testCommand);
  if (tests.length === 0) return { tests, dropped };
  const kept = new Set<unknown>(tests);
  return { tests, dropped, patch: await workspace.keepOnly(collected.patch, (file) => kept.has(file), signal) };
}

type FoundSides = ({ readonly kind: 'both' } & Sides) | { readonly kind: 'none'; readonly why: string };

async function sidesOf({ sandbox, rooms, base }: JudgedVerification, signal: AbortSignal): Promise<FoundSides> {
  const none = (why: string): FoundSides => ({ kind: 'none', why });
  if (!runsCommands(sandbox.rung)) return none('the sandbox of this machine runs no commands');
  if (sandbox.rung === 'none') return none('the tester worked without a sandbox');
  if (rooms === undefined || base === undefined) return none('there was no copy of the base to compare with');
  try {
    const files = await base.files;
    await files.markStart(signal);
    await base.rooms.mark(signal);
    return { kind: 'both', base: base.rooms, head: rooms };
  } catch (error) {
    signal.throwIfAborted();
    return none(`a fresh place could not be made (${describeError(error)})`.slice(0, 500));
  }
}

/** What of the measurement a tester should think about before it is the last word; undefined when it speaks for itself. */
function oddity({ onBase, onHead }: VerificationEvidence, earlier: Evidence) {
  if (onBase === undefined || onHead === undefined) return undefined;
  const broken = [onBase, onHead].find(couldNotRun);
  if (broken !== undefined) {
    const why = `\`${broken.command}\` cannot be run in a fresh place (exit code ${broken.exitCode})`;
    return { why, advice: `Its output:\n${broken.output}` };
  }
  const before = onBase.exitCode === 0;
  const after = onHead.exitCode === 0;
  if (before && after) {
    const why = 'your test passes on the base as well, so it shows nothing of the change';
    return { why, advice: 'Test what the issue asks for.' };
  }
  // Told once: it may be so, and then it is the result.
  if (!before && !after && earlier.verification === undefined) {
    const why = `your test fails on the base (${describeFailure(onBase)}) and with the change too (${describeFailure(onHead)})`;
    return {
      why,
      advice: `If the test is wrong, correct it; if the change does not do it, submit again. Output with the change:\n${onHead.output}`,
    };
  }
  return undefined;
}

/** The repository's own tests on both sides, without the tester's files. Run once, when all else is settled. */
async function withSuites(
  judged: JudgedVerification,
  sides: Sides,
  evidence: VerificationEvidence,
  signal: AbortSignal,
): Promise<VerificationEvidence> {
  const command = judged.task.testCommand;
  if (command === undefined) return evidence;
  const both = await measureBoth(judged, { sides, command, tests: [] }, signal);
  if (both.kind === 'not-laid') return evidence;
  const { onBase, onHead, missing } = both;
  return {
    ...evidence,
    ...(onBase && { suiteOnBase: onBase }),
    ...(onHead && { suiteOnHead: onHead }),
    ...missingOf([evidence.missing, ...missing]),
  };
}

function accepted(verification: VerificationEvidence, { refusals }: Evidence): Judgement {
  const missing = verification.missing === undefined ? '' : ` (${verification.missing})`;
  const output = `Submitted. Measured: ${verificationVerdict(verification)}${missing}.`;
  return { verdict: { kind: 'accepted', output }, evidence: { refusals, verification } };
}

function givenBack(
  why: string,
  advice: string,
  { refusals, evidence }: { readonly refusals: number; readonly evidence: VerificationEvidence },
): Judgement {
  const verdict = refuseHandOver({ why, advice, summary: '✗ shows nothing', refusals });
  return { verdict, evidence: { refusals, verification: evidence } };
}

const mostNamed = 10;

function droppedNote(dropped: readonly string[]): string {
  if (dropped.length === 0) return '';
  const named = dropped.slice(0, mostNamed).map((path) => JSON.stringify(path.slice(0, 200)));
  const more = dropped.length > mostNamed ? `, and ${dropped.length - mostNamed} more` : '';
  return ` (left out, as no new file of tests: ${named.join(', ')}${more})`;
}
