import type { DispatchedChoices } from '../../domain/dispatched-workflow-text.ts';
import type { DetectedRepository } from '../../runtime/detect-repository.ts';
import type { CliIo } from '../cli-io.ts';
import { terminalLine } from '../terminal-text.ts';
import type { PlacedFile, WantedFile } from './place-files.ts';

export function foundText({ remote, commands, defaultBranch }: DetectedRepository): string {
  const location = remote?.location;
  const forge =
    location?.kind === 'forge' ? `${location.forge} ${location.owner}/${location.name}` : 'no remote on a forge yet';
  const [best] = commands;
  const told = best === undefined ? 'no known package manager' : `${best.ecosystem} (${best.because})`;
  return `found  ${terminalLine(`${forge} · ${defaultBranch ?? 'no branch'} · ${told}`, 200)}\n`;
}

export function planText(
  plan: readonly PlacedFile[],
  wanted: readonly WantedFile[],
  dryRun: boolean,
  io: CliIo,
): string {
  const { good, warn, bad, faint } = io.paintOut;
  const color = { '-': bad, '+': good, ' ': faint };
  const words = {
    created: good(dryRun ? 'would create' : 'created'),
    replaced: warn(dryRun ? 'would replace' : 'replaced'),
    unchanged: 'unchanged',
    kept: warn('kept yours'),
  };
  return plan
    .map((file) => {
      const content = wanted.find((candidate) => candidate.path === file.path)?.content ?? '';
      const whole =
        dryRun && file.action === 'created'
          ? content
              .trimEnd()
              .split('\n')
              .map((line) => `+ ${line}`)
          : [];
      const lines = [...file.diff, ...whole].map((line) => {
        const mark = line.startsWith('-') ? '-' : line.startsWith('+') ? '+' : ' ';
        return `    ${color[mark](terminalLine(line.slice(2), 400) === '' ? mark : `${mark} ${cleanIndented(line.slice(2))}`)}`;
      });
      const hint = file.action === 'kept' ? '  (it differs as below; --force replaces it)' : '';
      return `${[`${words[file.action]}  ${file.path}${hint}`, ...lines].join('\n')}\n`;
    })
    .join('');
}

/** Keeps the indentation that YAML needs; cleans the rest. */
function cleanIndented(line: string): string {
  const indent = /^ */.exec(line)?.[0] ?? '';
  return indent + terminalLine(line, 400);
}

export function nextSteps(
  { remote }: DetectedRepository,
  plan: readonly PlacedFile[],
  { phrase, dispatched }: { readonly phrase: string; readonly dispatched: DispatchedChoices['place'] | undefined },
): string[] {
  const { location } = remote ?? {};
  const onGitHub =
    location?.kind === 'forge' && (location.forge === 'github' || location.forge === 'github-enterprise');
  const slug = onGitHub ? ` --repo ${location.owner}/${location.name}` : '';
  const settings = onGitHub ? `${location.webUrl}/settings/actions` : 'Settings → Actions → General';
  const written = plan.filter(({ action }) => action === 'created' || action === 'replaced').map((file) => file.path);
  return [
    ...(onGitHub ? [] : ['push the repository to GitHub: gh repo create']),
    `set the one secret:            gh secret set ANTHROPIC_API_KEY${slug}`,
    dispatched === undefined
      ? `let Actions open pull requests: ${settings}, "Allow GitHub Actions to create and approve pull requests"`
      : "let the coordinator's App in:   install it on the repository (the App's page, Install App)",
    ...(dispatched === 'central' ? [] : ['look at what agents may do:    entropy-playground policy check']),
    ...(written.length === 0 ? [] : [`commit and push:               git add ${written.join(' ')}`]),
    'check it from outside:         entropy-playground doctor',
    `comment on an issue:           ${phrase} fix`,
  ];
}
