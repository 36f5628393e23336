import type { ModelChoice } from './run-report.ts';

/** What `anthropic` without a name means, and what a repository gets that says nothing. */
export const defaultModelName = 'claude-opus-4-8';

/**
 * A model as people write it: `claude-opus-4-8`, `anthropic`, `anthropic:NAME`, `scripted:FILE`, `replay:FILE`. Undefined
 * when a file is missing after the colon.
 */
export function parseModelChoice(text: string): ModelChoice | undefined {
  const colon = text.indexOf(':');
  const kind = colon === -1 ? text : text.slice(0, colon);
  const rest = colon === -1 ? '' : text.slice(colon + 1);
  switch (kind) {
    case 'scripted':
    case 'replay':
      return rest === '' ? undefined : { kind, file: rest };
    case 'anthropic':
      return rest === '' ? { kind: 'anthropic' } : { kind: 'anthropic', name: rest };
    default:
      return { kind: 'anthropic', name: text };
  }
}

/** The other direction: what goes into a task, a setting or an input. */
export function printModelChoice(choice: ModelChoice, defaultName: string): string {
  return choice.kind === 'anthropic' ? (choice.name ?? defaultName) : `${choice.kind}:${choice.file}`;
}
