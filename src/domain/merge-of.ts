/**
 * A merge of the base into an agent's own branch, as the gate found it. The run starts from both: the branch's head is the merge's
 * first parent, the task's `base.sha` its second, and its patch is made against the latter, as the pull request shows it.
 */
export interface MergeOf {
  /** Where the two parted: the third version of every file that both changed. */
  readonly forkSha: string;
  /** What both sides changed, as far as the forge tells; which of them git cannot merge shows in the workspace. Untrusted names. */
  readonly bothChanged: readonly string[];
}
