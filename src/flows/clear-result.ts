import { counted } from '../domain/counted.ts';
import type { RunResult } from '../domain/run-result.ts';
import { redactAll, type SecretGuard } from '../domain/secret-guard.ts';
import type { SecretFinding, SecretScanner } from '../ports/secret-scanner.ts';
import { type BaseFile, findInPatch } from './find-secrets.ts';

export interface Clearing {
  readonly guard: SecretGuard;
  readonly scanner: SecretScanner;
  readonly baseFile: BaseFile;
}

/**
 * What an agent hands over, before it leaves the job in which it worked, the only one that knows the model's key. A secret
 * in what is to be published costs the whole hand-over; in a text that only tells of the run, its line.
 */
export async function clearResult(result: RunResult, { guard, scanner, baseFile }: Clearing): Promise<RunResult> {
  const { patch, submission, report, evidence, questions, ...told } = result;
  const { tests, ...measured } = evidence ?? {};
  const inPatches = [patch, tests].map((files) => files && findInPatch(scanner, files, baseFile));
  const inPatch = (await Promise.all(inPatches)).flatMap((found) => found ?? []);
  const inWords = await scanner.scan('what the agent wrote', wordsOf(result));
  const findings = [...inPatch, ...inWords];
  const cleared = redactAll(told, guard.redact);
  if (findings.length > 0) return { ...cleared, outcome: 'blocked', reason: withheldBecause(findings) };
  return {
    ...cleared,
    ...(submission === undefined ? {} : { submission }),
    ...(report === undefined ? {} : { report }),
    ...(evidence && { evidence: { ...redactAll(measured, guard.redact), ...(tests && { tests }) } }),
    ...(questions === undefined ? {} : { questions }),
    ...(patch === undefined ? {} : { patch }),
  };
}

function wordsOf({ submission, report, questions = [] }: RunResult): string {
  return [submission, report, questions].flatMap(stringsIn).join('\n');
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

const mostTold = 10;

function withheldBecause(findings: readonly SecretFinding[]): string {
  const lines = findings.slice(0, mostTold).map(({ rule, where, line }) => `- ${where}, line ${line}: ${rule}`);
  const more = findings.length > mostTold ? [`- and ${counted(findings.length - mostTold, 'other', 'others')}`] : [];
  return `E602: what the agent handed in holds a secret, so all of it was left out:\n\n${[...lines, ...more].join('\n')}`;
}
