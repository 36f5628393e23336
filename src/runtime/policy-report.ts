import { policyProblems, problemText } from '../domain/policy/policy-problems.ts';
import type { MergedSettings } from '../domain/settings.ts';
import { mergeSettings, settingNames } from '../domain/settings.ts';
import { readConfig, repositoryConfigPath } from './repository-config.ts';

export interface PolicyFinding {
  readonly kind: 'wrong' | 'unsafe' | 'contradiction';
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly fix: string;
  /** The other settings that it is about, as the file names them, with their lines where they stand in it. */
  readonly with: readonly { readonly setting: string; readonly line: number | null }[];
}

export interface PolicyReport {
  readonly file: string;
  readonly findings: readonly PolicyFinding[];
  /** As far as they could be read. The sources name lines of the file. */
  readonly settings: MergedSettings;
}

/** Everything that is wrong with a policy file: what stands in it, and what does not go together, with the lines of both. */
export async function examinePolicy(
  content: Uint8Array | string,
  file: string = repositoryConfigPath,
): Promise<PolicyReport> {
  const { layer, problems, placeOf } = await readConfig(content, file);
  const settings = mergeSettings([layer]);
  const wrong = problems.map((problem) => ({ kind: 'wrong' as const, ...problem, with: [] }));
  // Of values that could not be read nothing can be said together.
  const together = wrong.length > 0 ? [] : policyProblems(settings);
  const findings = together.map((problem) => {
    const [first, ...others] = problem.settings;
    const there = problem.settings.find((key) => layer.origin?.[key] !== undefined) ?? first;
    const place = there === first && problem.at !== undefined ? placeOf(there, problem.at) : placeOf(there);
    const lineOf = (key: typeof first): number | null => (layer.origin?.[key] === undefined ? null : placeOf(key).line);
    return {
      kind: problem.kind,
      ...place,
      message: problemText(problem),
      fix: problem.fix,
      with: others.map((key) => ({ setting: settingNames[key], line: lineOf(key) })),
    };
  });
  return { file, findings: [...wrong, ...findings].sort((a, b) => a.line - b.line), settings };
}

/** `.github/entropy.yml:3:1 merge is auto …`, as compilers write it. */
export function findingText({ file }: Pick<PolicyReport, 'file'>, finding: PolicyFinding): string {
  return `${file}:${finding.line}:${finding.column} ${finding.message}`;
}
