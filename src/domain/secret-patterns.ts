export interface SecretPattern {
  readonly rule: string;
  /** With the flag `g`; every quantifier bounded or over one class, so that time stays linear. */
  readonly pattern: RegExp;
  /** Whether a match is worth a stop; the first group, or the whole match, is given. */
  readonly isReal?: (value: string) => boolean;
}

/** What tokens look like, beside the rules of secretlint, which know about half of these. */
const secretPatterns: readonly SecretPattern[] = [
  { rule: 'private key', pattern: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g },
  { rule: 'age secret key', pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{50,}/g },
  { rule: 'GitHub token', pattern: /\bgh[pousr]_[A-Za-z0-9]{30,}/g },
  { rule: 'GitHub fine-grained token', pattern: /\bgithub_pat_[A-Za-z0-9_]{30,}/g },
  { rule: 'GitLab token', pattern: /\bgl(?:pat|dt|rt|ptt|cbt|soat|agent)-[A-Za-z0-9_-]{20,}/g },
  { rule: 'Anthropic key', pattern: /\bsk-ant-[A-Za-z0-9_-]{20,}/g },
  { rule: 'OpenAI key', pattern: /\bsk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}|\bsk-[A-Za-z0-9]{40,}/g },
  { rule: 'AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g, isReal: isNoExample },
  {
    rule: 'AWS secret key',
    pattern: /aws.{0,20}(?:secret|key).{0,20}[=:]\s{0,4}["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])/gi,
    isReal: isNoExample,
  },
  { rule: 'Google API key', pattern: /\bAIza[0-9A-Za-z_-]{35}/g },
  { rule: 'Google OAuth token', pattern: /\bya29\.[0-9A-Za-z_-]{30,}/g },
  { rule: 'Slack token', pattern: /\bxox[abeprso]-[A-Za-z0-9-]{10,}/g, isReal: isNoExample },
  { rule: 'Slack webhook', pattern: /hooks\.slack\.com\/(?:services|workflows)\/[A-Za-z0-9/_-]{20,}/g },
  { rule: 'Discord webhook', pattern: /discord(?:app)?\.com\/api\/webhooks\/[0-9]{15,}\/[A-Za-z0-9_-]{30,}/g },
  { rule: 'Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{16,}/g },
  { rule: 'coordinator key', pattern: /\bentropy_[0-9a-f]{16}_[0-9a-f]{64}/g },
  { rule: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{36}/g },
  { rule: 'npm token in .npmrc', pattern: /_authToken\s{0,4}=\s{0,4}([A-Za-z0-9_-]{20,})/g, isReal: isNoExample },
  { rule: 'PyPI token', pattern: /\bpypi-[A-Za-z0-9_-]{50,}/g },
  { rule: 'Docker token', pattern: /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}/g },
  { rule: 'Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{30,}/g },
  { rule: 'SendGrid key', pattern: /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{32,}/g },
  { rule: 'Telegram bot token', pattern: /\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b/g },
  { rule: 'Vault token', pattern: /\bhv[sbr]\.[A-Za-z0-9_-]{24,}/g },
  { rule: 'DigitalOcean token', pattern: /\bdo[oprt]_v1_[a-f0-9]{64}/g },
  { rule: 'Azure storage key', pattern: /AccountKey=([A-Za-z0-9+/]{60,}={0,2})/g },
  { rule: 'JSON web token', pattern: /\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}/g },
  {
    rule: 'password in an address',
    pattern: /\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/:@"'<>]{1,100}:([^\s/:@"'<>]{6,200})@[A-Za-z0-9[]/g,
    isReal: (value) => isNoExample(value) && !testPassword.test(value) && entropy(value) > 2.5,
  },
  {
    rule: 'assigned secret',
    pattern:
      /(?:api_?-?key|secret|token|passw(?:or)?d|credential)["']?\s{0,4}[:=]\s{0,4}["']([A-Za-z0-9_\-+/=.]{24,200})["']/gi,
    isReal: (value) => isNoExample(value) && /[0-9]/.test(value) && /[A-Za-z]/.test(value) && entropy(value) > 4,
  },
];

/** What local databases are opened with in tests and instructions. */
const testPassword =
  /^(?:pass(?:word|wd)?|postgres|mysql|mariadb|mongo|secret|admin|root|test|user|guest|changeit)[0-9]*$/i;

export interface PatternHit {
  readonly rule: string;
  /** 1-based. */
  readonly line: number;
}

/** No pattern matches fewer characters. */
const shortestMatch = 12;

/** Every pattern that matches, with the line of each match; at most so many for one pattern. */
export function findPatterns(text: string, maxPerPattern = 20): readonly PatternHit[] {
  if (text.length < shortestMatch) return [];
  const starts = lineStarts(text);
  return secretPatterns.flatMap(({ rule, pattern, isReal }) => {
    const hits: PatternHit[] = [];
    for (const match of text.matchAll(pattern)) {
      const real = isReal === undefined || isReal(match[1] ?? match[0]);
      if (real) hits.push({ rule, line: lineOf(starts, match.index) });
      if (hits.length >= maxPerPattern) break;
    }
    return hits;
  });
}

/** What documentation writes where a secret would be. */
function isNoExample(value: string): boolean {
  const placeholder = /example|placeholder|change_?-?me|your[_-]|dummy|sample|redacted|xxxx|\*\*\*|\.\.\.|<|\$\{|\{\{/i;
  return !placeholder.test(value) && new Set(value).size > 4;
}

/** Shannon's, in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(starts: readonly number[], index: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return low;
}
