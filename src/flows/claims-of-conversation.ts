import { parseBranchName } from '../domain/branch-name.ts';
import { type ClaimKey, issueClaimKey, pullClaimKey } from '../domain/claim.ts';
import type { Forge, PullRequestInfo } from '../ports/forge.ts';
import { findContinuation } from './find-continuation.ts';

/** What goes by one conversation: an issue with its agent's open pull request, or a pull request with the issue it is for. */
export interface Conversation {
  /** The claims that may be held for it, the one of the coder first. */
  readonly keys: readonly ClaimKey[];
  /** Absent: it is a pull request that no agent made. */
  readonly issue?: number;
  readonly pullRequest?: number;
}

interface ConversationQuery {
  readonly number: number;
  readonly isPullRequest: boolean;
  readonly branchPrefix: string;
}

export async function conversationOf(forge: Forge, query: ConversationQuery): Promise<Conversation> {
  const { owner, name } = forge.repository;
  const looks = (pull: number): readonly ClaimKey[] => [
    pullClaimKey(owner, name, pull, 'verification'),
    pullClaimKey(owner, name, pull, 'review'),
  ];
  const { number, branchPrefix } = query;
  if (!query.isPullRequest) {
    const pull = (await findContinuation(forge, branchPrefix, number))?.continuation.pullRequest;
    const keys = [issueClaimKey(owner, name, number), ...(pull === undefined ? [] : looks(pull))];
    return { keys, issue: number, ...(pull !== undefined && { pullRequest: pull }) };
  }
  const pull = await forge.pullRequest(number);
  const issue = pull && issueOfOwnPull(pull, branchPrefix);
  const keys = [...(issue === undefined ? [] : [issueClaimKey(owner, name, issue)]), ...looks(number)];
  return { keys, pullRequest: number, ...(issue !== undefined && { issue }) };
}

/** The issue that an agent's own pull request is for, by the name of its branch; undefined for anybody else's. */
export function issueOfOwnPull(pull: PullRequestInfo, branchPrefix: string): number | undefined {
  return pull.fromFork ? undefined : parseBranchName(branchPrefix, pull.headBranch)?.issue;
}
