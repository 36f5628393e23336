import { EntropyError } from '../../domain/error.ts';
import { createSecretGuard } from '../../domain/secret-guard.ts';
import type { SecretFinding, SecretScanner } from '../../ports/secret-scanner.ts';

export interface SecretScannerOptions {
  /** Values that must not leave, by the name that a finding tells: an input, a variable. */
  readonly known: Readonly<Record<string, string>>;
}

/** Far above any patch that the rules let through; a longer text is refused rather than read in part. */
const maxTextLength = 32 * 1024 * 1024;

/**
 * Three nets: the exact values that this process knows, in many encodings; patterns of ours; the rules of secretlint,
 * which are loaded at the first scan. A finding never holds the secret.
 */
export function createSecretScanner({ known }: SecretScannerOptions): SecretScanner {
  const guard = createSecretGuard(known);
  return {
    async scan(name, text) {
      if (text.length > maxTextLength) throw tooLong(name, text.length);
      if (text === '') return [];
      const ours = guard.find(text).map((hit) => ({ ...hit, where: name }));
      return oncePerLine([...ours, ...(await lint(name, text))]);
    },
  };
}

/** Takes every address of a local test database for a leak; a pattern of ours tells them apart. */
const tooEager = 'secretlint-rule-database-connection-string';

async function lint(name: string, text: string): Promise<readonly SecretFinding[]> {
  const [{ lintSource }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  const result = await lintSource({
    source: { filePath: 'text.txt', content: text, ext: '.txt', contentType: 'text' },
    options: {
      noPhysicFilePath: true,
      maskSecrets: true,
      config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] },
    },
  });
  return result.messages
    .filter((message) => message.severity === 'error' && !message.ruleId.endsWith(tooEager))
    .map((message) => ({
      rule: message.ruleId.replace('@secretlint/secretlint-rule-', 'secretlint '),
      where: name,
      line: message.loc.start.line,
    }));
}

/** The nets overlap: one line is told once for each rule. */
function oncePerLine(findings: readonly SecretFinding[]): readonly SecretFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, line }) => {
    const key = `${line} ${rule}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function tooLong(name: string, length: number): EntropyError {
  return new EntropyError({
    code: 'E601',
    message: `${name} has ${length} characters, too many to look for secrets in`,
    fix: 'split the change',
  });
}
