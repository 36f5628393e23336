import { EntropyError } from '../../domain/error.ts';

/** A key as it may go into a header. Throws E301 when there is none, E302 when it cannot be one; never shows it. */
export function cleanKey(raw: string | undefined): string {
  const key = raw?.trim() ?? '';
  if (key === '') {
    throw new EntropyError({
      code: 'E301',
      message: 'there is no key for the model',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub, shown to be pasted
      fix: 'set the secret ANTHROPIC_API_KEY and pass it on:\n  with:\n    anthropic-api-key: ${{ secrets.ANTHROPIC_API_KEY }}',
    });
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new EntropyError({
      code: 'E302',
      message: 'the key for the model holds a blank, a line break or a character outside ASCII',
      fix: 'set the secret anew with the key alone, as the console shows it',
    });
  }
  return key;
}
