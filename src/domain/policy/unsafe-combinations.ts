import { openWord } from '../network-choice.ts';
import { matchesAny } from '../path-rules.ts';
import type { MergedSettings, Settings } from '../settings.ts';
import { instancesOf, protectionOf, unreviewedPath } from './delicate-paths.ts';
import { openings, openToEverybody, weakest, workCommands } from './outsiders.ts';
import type { PolicyProblem } from './policy-problem.ts';
import { unaskedWork } from './unasked-work.ts';

/**
 * Settings of which each is a choice and which together leave nobody who looks. They are refused rather than warned of: a
 * warning is read by nobody when the file was written a year ago.
 */
export function unsafeCombinations(merged: MergedSettings): readonly PolicyProblem[] {
  return [
    ...mergedUnseen(merged.values),
    ...openNetwork(merged.values),
    ...everybody(merged),
    ...approving(merged.values),
    ...delicateUnprotected(merged.values),
    ...unaskedWork(merged),
  ];
}

function mergedUnseen(settings: Settings): PolicyProblem[] {
  if (settings.merge !== 'auto') return [];
  const { reviewPaths, test, unprotectedPaths } = settings;
  const problems: PolicyProblem[] = [];
  const everythingSeen = matchesAny(reviewPaths, 'x') && matchesAny(reviewPaths, 'x/x/x.x');
  const [opening] = openings(settings);
  if (opening !== undefined && !everythingSeen) {
    problems.push({
      kind: 'unsafe',
      settings: ['merge', opening.key],
      message: `is auto together with ${opening.what}: what somebody without write access asks for would be merged with no person having seen it`,
      fix: `set merge: never, or leave out ${opening.what}, or let every change be approved: paths.review-required: ["**"]`,
    });
  }
  if (test === undefined) {
    problems.push({
      kind: 'unsafe',
      settings: ['merge', 'test'],
      message: 'is auto and there is no test: nothing would have proven what is merged',
      fix: 'name the test command (test: npm test), or set merge: never',
    });
  }
  const unseen = unprotectedPaths.find((glob) => instancesOf(glob).some((path) => !matchesAny(reviewPaths, path)));
  if (unseen !== undefined) {
    problems.push({
      kind: 'unsafe',
      settings: ['merge', 'unprotectedPaths'],
      message: `is auto and paths.unprotected has "${unseen}": what is protected elsewhere would be merged with no person having seen it`,
      fix: `add "${unseen}" to paths.review-required, or set merge: never`,
    });
  }
  return problems;
}

function openNetwork(settings: Settings): PolicyProblem[] {
  if (!settings.setupNetwork.includes(openWord)) return [];
  const problems: PolicyProblem[] = [];
  const [opening] = openings(settings);
  const fix = 'name the hosts that set-up needs: network.setup: [registries, packages.example.com]';
  if (opening !== undefined) {
    problems.push({
      kind: 'unsafe',
      settings: ['setupNetwork', opening.key],
      message: `is open together with ${opening.what}: on a retry set-up runs what the agent wrote for somebody without write access, with all that this machine can reach, code and metadata of the cloud included`,
      fix,
    });
  }
  const manifest = settings.unprotectedPaths.find(
    (glob) =>
      instancesOf(glob).some((path) => protectionOf(path)?.kind === 'manifest') &&
      !matchesAny(settings.reviewPaths, instancesOf(glob)[0] ?? ''),
  );
  if (manifest !== undefined) {
    problems.push({
      kind: 'unsafe',
      settings: ['setupNetwork', 'unprotectedPaths'],
      message: `is open and paths.unprotected has "${manifest}": on a retry set-up runs install scripts that the agent wrote, with all that this machine can reach`,
      fix,
    });
  }
  return problems;
}

/** `read` is everybody on GitHub where the repository is public, and it may become so. */
function everybody({ values, sources }: MergedSettings): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  for (const { at } of openToEverybody(values, ['stop', 'release'])) {
    problems.push({
      kind: 'unsafe',
      settings: ['who'],
      ...(at && { at }),
      message: 'is read: on a public repository everybody on GitHub could end the work of others',
      fix: 'ask for triage or more',
    });
  }
  const [opening] = openToEverybody(values, workCommands);
  if (opening === undefined) return problems;
  const where = { kind: 'unsafe', ...(opening.at && { at: opening.at }) } as const;
  const who = 'is read, which on a public repository is everybody on GitHub';
  if (sources.maxDayCostMicroUsd === 'default') {
    problems.push({
      ...where,
      settings: ['who', 'maxDayCostMicroUsd'],
      message: `${who}, and nothing says how much they may spend`,
      fix: 'say it (budgets.max-day-usd: 5), or ask for triage or more',
    });
  }
  if (values.allowedBots.length > 0) {
    problems.push({
      ...where,
      settings: ['who', 'allowedBots'],
      message: `${who}, together with allowed-bots: a stranger and a bot that answer each other spend without end`,
      fix: 'leave out allowed-bots, or ask for triage or more',
    });
  }
  if (values.agentNetwork.length > 0) {
    problems.push({
      ...where,
      settings: ['who', 'agentNetwork'],
      message: `${who}, together with network.agent: a stranger tells the agent what to read and where to send it`,
      fix: 'leave out network.agent, or ask for triage or more',
    });
  }
  return problems;
}

function approving({ who }: Settings): PolicyProblem[] {
  const weak = weakest(who.approve ?? []);
  if (weak === undefined) return [];
  const message = `is ${weak}: who cannot push could approve what nobody who can has seen`;
  return [{ kind: 'unsafe', settings: ['who'], at: 'approve', message, fix: 'ask for write or more, or name people' }];
}

function delicateUnprotected({ unprotectedPaths, reviewPaths }: Settings): PolicyProblem[] {
  return unprotectedPaths.flatMap((glob) => {
    const path = unreviewedPath(glob, reviewPaths);
    if (path === undefined) return [];
    const why = protectionOf(path)?.why ?? 'protected';
    return [
      {
        kind: 'unsafe' as const,
        settings: ['unprotectedPaths', 'reviewPaths'] as const,
        message: `has "${glob}", which lets agents change ${path} (${why}) with no person having approved it`,
        fix: `add "${glob}" to paths.review-required too, or unprotect less`,
      },
    ];
  });
}
