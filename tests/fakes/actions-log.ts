export interface ActionsLogParts {
  /** What the step that failed wrote. */
  readonly output: string;
  readonly exitCode?: number;
  /** Lines of other steps before it; none of them tells why it failed. */
  readonly noise?: number;
}

/** A job's log as GitHub Actions keeps it: every line stamped, steps in groups, the clean-up after the step that failed. */
export function actionsLog({ output, exitCode = 1, noise = 400 }: ActionsLogParts): string {
  const lines = [
    'Current runner version: 2.330.0',
    '##[group]Runner Image',
    'Image: ubuntu-24.04',
    '##[endgroup]',
    '##[group]Run actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1',
    'with:',
    '  fetch-depth: 1',
    '##[endgroup]',
    'Syncing repository: octo/slug',
    '##[group]Run npm ci',
    '\u001B[36;1mnpm ci\u001B[0m',
    '##[endgroup]',
    ...Array.from({ length: noise }, (_, at) => `npm http fetch GET 200 https://registry.example/error-${at} 12ms`),
    'npm warn deprecated fatal-error@1.0.0: use something that cannot fail',
    '##[group]Run make check',
    '\u001B[36;1mmake check\u001B[0m',
    'shell: /usr/bin/bash -e {0}',
    '##[endgroup]',
    ...output.replace(/\n$/, '').split('\n'),
    `##[error]Process completed with exit code ${exitCode}.`,
    'Post job cleanup.',
    ...Array.from({ length: 150 }, () => '[command]/usr/bin/git config --local --unset-all http.extraheader'),
    'Cleaning up orphan processes',
  ];
  return `\uFEFF${lines.map((line, at) => `2026-11-20T10:00:${String(at % 60).padStart(2, '0')}.1234567Z ${line}`).join('\n')}\n`;
}
