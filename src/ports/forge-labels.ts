/** Labels of one repository, and of its issues. */
export interface ForgeLabels {
  all(): Promise<readonly string[]>;
  /** Creates none: a label that the repository lacks is E202. */
  add(issue: number, labels: readonly string[]): Promise<void>;
  remove(issue: number, label: string): Promise<void>;
  create(label: {
    readonly name: string;
    readonly color: string;
    readonly description: string;
  }): Promise<'created' | 'exists'>;
}
