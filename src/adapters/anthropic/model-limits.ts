/** How much fits into one request, and the longest answer, in tokens. */
export interface ModelLimits {
  readonly contextWindow: number;
  readonly maxOutputTokens: number;
}

const large: ModelLimits = { contextWindow: 1_000_000, maxOutputTokens: 128_000 };
const small: ModelLimits = { contextWindow: 200_000, maxOutputTokens: 64_000 };

/**
 * Everything since the 4.6 models has the large window without asking. Source: the model pages of
 * https://platform.claude.com/docs/en/models, read 2026-11. An unknown name gets the small one, which holds for all.
 */
export function limitsOf(model: string): ModelLimits {
  const version = /^claude-(?:fable|mythos|opus|sonnet|haiku)-(\d{1,2})(?:-(\d{1,2}))?(?:-\d{8})?$/.exec(model);
  if (version === null) return small;
  const major = Number(version[1]);
  const minor = Number(version[2] ?? 0);
  return major > 4 || (major === 4 && minor >= 6) ? large : small;
}
