import { commitMessage } from '../domain/commit-message.ts';
import {
  checkPatch,
  describeProblems,
  type PatchProblem,
  type PatchSetting,
  patchSettings,
} from '../domain/patch-check.ts';
import { pullRequestBody, pullRequestTitle } from '../domain/pull-request-text.ts';
import type { TestRun } from '../domain/test-run.ts';
import type { SecretFinding } from '../ports/secret-scanner.ts';
import { branchOf } from './deliver-branch.ts';
import { findInPatch } from './find-secrets.ts';
import { foreignPackageSources } from './foreign-package-sources.ts';
import type { Blocked, PublishRun, ReadyChange } from './publish-run.ts';

/** All that can be said against publishing a change, or undefined. Nothing has been written by then. */
export async function inspectChange(
  run: PublishRun,
  change: ReadyChange,
  testsMerged?: TestRun,
): Promise<Blocked | undefined> {
  const problems = checkPatch(change.manifest, run.task.patchPolicy, run.blobId);
  if (problems.length > 0) return brokenRules(problems);
  const foreign = await foreignPackageSources(run, change.manifest);
  if (foreign.length > 0) return brokenRules(foreign);
  return holdsSecret(await findSecrets(run, change, testsMerged));
}

export function brokenRules(problems: readonly PatchProblem[]): Blocked {
  const overLimit = problems.every(({ rule }) => rule === 'too-many-files' || rule === 'too-many-bytes');
  const settings = [...new Set(problems.flatMap(({ setting }) => setting ?? []))];
  const named = settings.map(describeSetting);
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

function describeSetting(setting: PatchSetting): string {
  const place = patchSettings[setting];
  return setting === place
    ? `\`${place}\` in \`.github/entropy.yml\``
    : `\`${setting}\` (in \`.github/entropy.yml\`: \`${place}\`)`;
}

export function holdsSecret(findings: readonly SecretFinding[]): Blocked | undefined {
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

/** Everything that would leave: contents, file names, the branch, and every text that the agent had a hand in. */
async function findSecrets(
  run: PublishRun,
  change: ReadyChange,
  testsMerged: TestRun | undefined,
): Promise<readonly SecretFinding[]> {
  const { task, scanner, forge } = run;
  const { result, manifest, submission } = change;
  const texts: (readonly [string, string])[] = [
    ['the title', `${submission.title}\n${pullRequestTitle(task, result)}`],
    ['the name of the branch', branchOf(task, submission.title)],
    ['the commit message', `${submission.body}\n${commitMessage(task, result)}`],
    ['the pull request', pullRequestBody({ task, result, manifest })],
    ['the answers', (submission.answers ?? []).map(({ why }) => why).join('\n')],
    ['the report', `${result.reason}\n${testsMerged?.output ?? ''}`],
  ];
  const findings: SecretFinding[] = [];
  for (const [name, text] of texts) findings.push(...(await scanner.scan(name, text)));
  const inPatch = await findInPatch(scanner, manifest, (path) => forge.file(path, manifest.base.sha));
  return [...findings, ...inPatch];
}
