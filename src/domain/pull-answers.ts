import type { CommandName } from './command.ts';

/** What the gate writes on and about pull requests; see gate-answers.ts. */

export function noPullToLookAt(command: CommandName, phrase: string): string {
  return `Nothing was started: no agent has an open pull request for this issue. \`${phrase} fix\` makes one; any other pull request is looked at by \`${phrase} ${command}\` on the pull request itself.`;
}

export function onIssuesOnly(command: CommandName, issue: number | undefined, phrase: string): string {
  const where = issue === undefined ? 'an issue' : `issue #${issue}`;
  return `Nothing was started: \`${command}\` is for issues. Comment \`${phrase} ${command}\` on ${where}.`;
}

/** Agents push to branches of their own alone: what a person works on is never changed under their hands. */
export function notAnAgentsPull(fromFork: boolean, phrase: string): string {
  const why = fromFork ? "a fork's branch is not ours to push to" : "agents push to no person's branch";
  return `Nothing was started: this pull request was not made by an agent, and ${why}. \`${phrase} review\` and \`${phrase} test\` work here; \`${phrase} fix\` on an issue has an agent make a pull request of its own.`;
}

export function pullClosed(merged: boolean, phrase: string): string {
  const what = merged ? 'merged' : 'closed';
  return `This pull request is ${what}, so nothing was started. For more work comment \`${phrase} fix\` on an open issue.`;
}

export function issueOfPullClosed(issue: number, phrase: string): string {
  return `Issue #${issue}, which this pull request is for, is closed, so nothing was started. Reopen it, then comment \`${phrase} retry\`.`;
}

export function issueChangedSince(issue: number, phrase: string): string {
  return `Nothing was started: issue #${issue} was edited since an agent was sent for it, and not by somebody who may send one. Read it again, then comment \`${phrase} fix\` there.`;
}

export function issueGone(issue: number): string {
  return `Issue #${issue}, which this pull request is for, is not there any more, so nothing was started.`;
}

export function otherBase(baseBranch: string, phrase: string): string {
  return `Nothing was started: this pull request goes to \`${baseBranch}\`. For another base comment \`${phrase} fix --base BRANCH\` on the issue.`;
}

export function noCommonHistory(phrase: string): string {
  return `Nothing was started: this pull request has no history in common with its base, so nobody can tell what it changes. Rebase it, then comment \`${phrase} review\`.`;
}

export function tooManyFailures(runs: number): string {
  return `Its checks still fail after ${runs} runs that nobody asked for, so a person has to look now.`;
}
