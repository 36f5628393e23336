import { EntropyError } from '../../domain/error.ts';
import type { AppOwner } from '../../domain/github-app.ts';

/** stdout is for data. */
const output = process.stderr;

/** Who the GitHub App will belong to: the organisation whose repositories it works for, or the person. */
export async function askOwner(signal: AbortSignal): Promise<AppOwner> {
  const { isCancel, text } = await import('@clack/prompts');
  const answer = await text({
    output,
    signal,
    message: "Which organisation's repositories? (its login; empty: your own)",
    defaultValue: '',
    placeholder: 'your own',
    validate: (value = '') =>
      value === '' || /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/.test(value) ? undefined : 'letters, digits and -',
  });
  if (isCancel(answer)) throw left();
  return answer === '' ? { kind: 'person' } : { kind: 'organization', login: answer };
}

export async function confirmDeploy(signal: AbortSignal): Promise<void> {
  const { confirm } = await import('@clack/prompts');
  const yes = await confirm({ output, signal, message: 'Do this now?', initialValue: true });
  if (yes !== true) throw left();
}

/** A stack is not taken away by a slip of the hand. */
export async function confirmDestroy(stack: string, signal: AbortSignal): Promise<void> {
  const { text } = await import('@clack/prompts');
  const answer = await text({ output, signal, message: `Type the name of the stack to destroy it (${stack})` });
  if (answer !== stack) throw left();
}

function left(): EntropyError {
  return new EntropyError({
    code: 'E105',
    message: 'left before anything was changed',
    fix: 'run it again when you like',
  });
}
