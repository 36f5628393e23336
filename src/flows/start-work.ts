import { mayExceedLimits } from '../domain/actor-policy.ts';
import type { Command } from '../domain/command.ts';
import { EntropyError } from '../domain/error.ts';
import * as answers from '../domain/gate-answers.ts';
import { isModelAllowed } from '../domain/model-policy.ts';
import type { PolicyProblem } from '../domain/policy/policy-problem.ts';
import { policyProblems, problemText } from '../domain/policy/policy-problems.ts';
import { defaultRole } from '../domain/roles/role.ts';
import { coder } from '../domain/roles/shipped-roles.ts';
import { budgetOf, mergeSettings, type Settings } from '../domain/settings.ts';
import { bindIssue } from './bind-issue.ts';
import { claimIssue } from './claim-issue.ts';
import { findContinuation } from './find-continuation.ts';
import { type Admission, type Gate, type PermittedRequest, settingsPath } from './gate.ts';
import { readInstructions } from './read-instructions.ts';
import { refuse } from './refuse.ts';

/** `fix` and `retry`: everything that could stand in the way is looked at before the claim is taken. */
export async function startWork(gate: Gate, request: PermittedRequest, command: Command): Promise<Admission> {
  const { forge } = gate;
  const { settings, issueNumber } = request;
  const phrase = settings.triggerPhrase;

  const bound = await bindIssue(gate, request);
  if (bound.kind === 'refused') return bound.admission;

  const beyond = beyondPolicy(settings, command);
  if (beyond !== undefined) return refuse(gate, request, { reason: 'policy', text: beyond });

  const asked = command.options.budgetMicroUsd;
  const limit = settings.maxCostMicroUsd;
  if (asked !== undefined && asked > limit && !mayExceedLimits(request.permission)) {
    return refuse(gate, request, { reason: 'budget', text: answers.budgetTooHigh(asked, limit) });
  }

  const found = await findContinuation(forge, settings.branchPrefix, issueNumber);
  const wanted = command.options.base;
  const continues = wanted === undefined || found?.baseBranch === wanted ? found : undefined;
  const branch = continues?.baseBranch ?? wanted ?? settings.base ?? request.defaultBranch;
  const sha = branch === request.defaultBranch ? request.defaultHead : await forge.branchHead(branch);
  if (sha === undefined) return refuse(gate, request, { reason: 'base', text: answers.baseMissing(branch, phrase) });

  const atBase = await settingsAtBase(gate, request, { branch, sha });
  if (atBase instanceof EntropyError) {
    return refuse(gate, request, {
      reason: 'configuration',
      text: answers.configurationWrong(atBase.code, atBase.message),
    });
  }

  return claimIssue(gate, {
    request: { ...request, settings: atBase },
    command,
    work: 'change',
    role: coder,
    issue: bound.issue,
    comments: bound.comments,
    base: { branch, sha },
    continues: continues?.continuation,
    budget: { ...budgetOf(settings), maxCostMicroUsd: asked ?? limit },
    instructions: await readInstructions(forge, sha),
  });
}

/** What was asked for and the repository's policy does not have; undefined when it has all of it. */
function beyondPolicy({ allowedRoles, allowedModels, model }: Settings, { options }: Command): string | undefined {
  const role = options.role ?? defaultRole;
  if (allowedRoles.length > 0 && !allowedRoles.includes(role)) return answers.roleNotAllowed(role, allowedRoles);
  const wanted = options.model ?? model;
  return isModelAllowed(allowedModels, wanted) ? undefined : answers.modelNotAllowed(wanted, allowedModels);
}

/**
 * How to prepare and test is asked of the branch that is worked on. Who may do what, limits and protected paths stay
 * those of the default branch: whoever can push some branch must not be able to loosen them there.
 */
async function settingsAtBase(
  { forge, settingsFrom }: Gate,
  { settings, defaultHead }: PermittedRequest,
  base: { readonly branch: string; readonly sha: string },
): Promise<Settings | EntropyError> {
  if (base.sha === defaultHead) return settings;
  const file = await forge.file(settingsPath, base.sha);
  try {
    const where = `${settingsPath} at ${base.branch}`;
    const { setup, test, sandboxEnv } = await settingsFrom(file, where);
    const combined = { ...settings, setup, test, sandboxEnv };
    const [problem] = newProblems(settings, combined);
    return problem === undefined ? combined : unsafeAtBase(where, problem);
  } catch (error) {
    if (error instanceof EntropyError && error.code === 'E101') return error;
    throw error;
  }
}

/**
 * What the other branch's commands make of settings that were safe together: its file was judged with limits of its own, which do
 * not count. Compared, for settings do not tell where each of them came from, and some problems are only of what a file says.
 */
function newProblems(settings: Settings, combined: Settings): readonly PolicyProblem[] {
  const problemsOf = (values: Settings) => policyProblems(mergeSettings([{ source: settingsPath, values }]));
  const known = new Set(problemsOf(settings).map(problemText));
  return problemsOf(combined).filter((problem) => !known.has(problemText(problem)));
}

function unsafeAtBase(where: string, problem: PolicyProblem): EntropyError {
  return new EntropyError({
    code: 'E101',
    message: `${where}, with the policy of the default branch: ${problemText(problem)}; ${problem.fix}`,
    fix: problem.fix,
  });
}
