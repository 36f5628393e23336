import type { IssueFacts } from '../domain/triage/choose-edits.ts';

/** What of an issue many write: its title, its milestone, its state. */
export interface ForgeMetadata {
  /** Titles of the open milestones. */
  milestones(): Promise<readonly string[]>;
  read(issue: number): Promise<IssueFacts>;
  /** Only what is named; a milestone that is not there, or closed, is E202. A closed issue is closed as not planned. */
  write(
    issue: number,
    change: { readonly title?: string; readonly milestone?: string; readonly state?: 'closed' },
  ): Promise<void>;
}
