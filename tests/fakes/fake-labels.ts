import { EntropyError } from '../../src/domain/error.ts';
import type { ForgeLabels } from '../../src/ports/forge-labels.ts';

type CallAs = <T>(name: string, act: () => T) => Promise<T>;
type LabelsOfIssue = {
  read(issue: number): readonly string[];
  write(issue: number, labels: readonly string[]): void;
};

const repository = '/repos/{owner}/{repo}';
const ofIssue = `${repository}/issues/{issue_number}/labels`;

export class FakeLabels implements ForgeLabels {
  /** Those of the repository. */
  readonly names: string[] = ['bug', 'documentation', 'enhancement'];
  private readonly call: CallAs;
  private readonly ofIssue: LabelsOfIssue;

  constructor(call: CallAs, ofIssue: LabelsOfIssue) {
    this.call = call;
    this.ofIssue = ofIssue;
  }

  all(): Promise<readonly string[]> {
    return this.call(`GET ${repository}/labels`, () => [...this.names]);
  }

  add(issue: number, labels: readonly string[]): Promise<void> {
    return this.call(`POST ${ofIssue}`, () => {
      const spelled = labels.map((label) => this.names.find((name) => name.toLowerCase() === label.toLowerCase()));
      const known = spelled.filter((name) => name !== undefined);
      if (known.length < labels.length) {
        const fix = 'create the label first';
        throw new EntropyError({ code: 'E202', message: `octo/slug has no label ${labels.join(', ')}`, fix });
      }
      this.ofIssue.write(issue, [...new Set([...this.ofIssue.read(issue), ...known])]);
    });
  }

  remove(issue: number, label: string): Promise<void> {
    return this.call(`DELETE ${ofIssue}/{name}`, () => {
      const kept = this.ofIssue.read(issue).filter((name) => name.toLowerCase() !== label.toLowerCase());
      this.ofIssue.write(issue, kept);
    });
  }

  create({ name }: { readonly name: string }): Promise<'created' | 'exists'> {
    return this.call(`POST ${repository}/labels`, () => {
      if (this.names.some((known) => known.toLowerCase() === name.toLowerCase())) return 'exists';
      this.names.push(name);
      return 'created';
    });
  }
}
