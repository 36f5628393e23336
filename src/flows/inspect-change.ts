import { commitMessage } from '../domain/commit-message.ts';
import type { PatchFile } from '../domain/patch.ts';
import { checkPatch, contentBytes, describeProblems, type PatchProblem, patchSettings } from '../domain/patch-check.ts';
import { pullRequestBody, pullRequestTitle } from '../domain/pull-request-text.ts';
import type { TestRun } from '../domain/run-result.ts';
import type { SecretFinding } from '../ports/secret-scanner.ts';
import type { Blocked, PublishRun, ReadyChange } from './publish-run.ts';

/** All that can be said against publishing a change, or undefined. Nothing has been written by then. */
export async function inspectChange(
  run: PublishRun,
  change: ReadyChange,
  testsMerged?: TestRun,
): Promise<Blocked | undefined> {
  const problems = checkPatch(change.manifest, run.task.patchPolicy, run.blobId);
  if (problems.length > 0) return brokenRules(problems);
  return holdsSecret(await findSecrets(run, change, testsMerged));
}

function brokenRules(problems: readonly PatchProblem[]): Blocked {
  const overLimit = problems.every(({ rule }) => rule === 'too-many-files' || rule === 'too-many-bytes');
  const settings = [...new Set(problems.flatMap(({ setting }) => setting ?? []))];
  const named = settings.map((setting) => `\`${setting}\` (in \`.github/entropy.yml\`: \`${patchSettings[setting]}\`)`);
  const next =
    named.length === 0
      ? 'No setting allows this. A clearer issue may keep the agent from it: `/agent retry`.'
      : `If this is wanted, a maintainer can change ${named.join(', ')}; then comment \`/agent retry\`.`;
  const lines = describeProblems(problems).map((line) => `- ${line}`);
  return {
    kind: 'blocked',
    code: overLimit ? 'E601' : 'E600',
    reason: `The change breaks a rule and was not published:\n\n${lines.join('\n')}`,
    next,
  };
}

function holdsSecret(findings: readonly SecretFinding[]): Blocked | undefined {
  if (findings.length === 0) return undefined;
  const lines = findings.slice(0, 10).map(({ rule, where, line }) => `- ${where}, line ${line}: ${rule}`);
  const more = findings.length > 10 ? [`- and ${findings.length - 10} more`] : [];
  return {
    kind: 'blocked',
    code: 'E602',
    reason: `What was to be published seems to hold a secret, so nothing was:\n\n${[...lines, ...more].join('\n')}`,
    next: 'If it is a real secret, revoke it: the agent has seen it. Then comment `/agent retry`.',
  };
}

/** Everything that would leave: contents, file names, and every text that the agent had a hand in. */
async function findSecrets(
  run: PublishRun,
  change: ReadyChange,
  testsMerged: TestRun | undefined,
): Promise<readonly SecretFinding[]> {
  const { task, scanner } = run;
  const { result, manifest, submission } = change;
  const texts: (readonly [string, string])[] = [
    ['the title', `${submission.title}\n${pullRequestTitle(task, result)}`],
    ['the commit message', `${submission.body}\n${commitMessage(task, result)}`],
    ['the pull request', pullRequestBody({ task, result, manifest })],
    ['the report', `${result.reason}\n${testsMerged?.output ?? ''}`],
    ['the file names', manifest.files.map((file) => file.path).join('\n')],
  ];
  const findings: SecretFinding[] = [];
  for (const [name, text] of texts) findings.push(...(await scanner.scan(name, text)));
  for (const file of manifest.files) findings.push(...(await findInFile(run, change, file)));
  return findings;
}

async function findInFile(run: PublishRun, { manifest }: ReadyChange, file: PatchFile) {
  if (file.change === 'deleted') return [];
  const text = file.encoding === 'utf-8' ? file.content : latin1(contentBytes(file) ?? new Uint8Array());
  const findings = await run.scanner.scan(file.path, text);
  if (findings.length === 0 || file.change === 'added') return findings;
  // What looks like a secret and is in the base already (a fixture, an example) does not leave with this change.
  const before = await run.forge.file(file.path, manifest.base.sha);
  const known = new Set(new TextDecoder().decode(before ?? new Uint8Array()).split(/\r?\n/));
  const lines = text.split(/\r?\n/);
  return findings.filter(({ line }) => !known.has(lines[line - 1] ?? ''));
}

/** Bytes as characters of the same number, so that a scan finds in binary files what is plain in them. */
function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
