/** What lies under an issue's hidden ref. */
export interface HeldText {
  /** The commit that carries the text: another one each time that something is held. */
  readonly id: string;
  readonly text: string;
}

/**
 * Changes that a person approves before they are published: one an issue, as a commit that no branch points to (so no
 * workflow starts), with a text beside it that tells what it is. A newer one takes the place of an older one.
 */
export interface HeldChanges {
  /** Undefined when nothing is held, or what is there is not ours. */
  read(issue: number): Promise<HeldText | undefined>;
  /** `change`: the commit. */
  write(issue: number, held: { readonly change: string; readonly text: string }): Promise<HeldText>;
  /** Nothing when there is none. */
  remove(issue: number): Promise<void>;
  /** Issues for which something is held. */
  issues(): Promise<readonly number[]>;
}
