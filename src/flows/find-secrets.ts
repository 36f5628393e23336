import type { PatchFile, PatchManifest } from '../domain/patch.ts';
import { contentBytes } from '../domain/patch-check.ts';
import { exactRule } from '../domain/secret-guard.ts';
import type { SecretFinding, SecretScanner } from '../ports/secret-scanner.ts';

/** A file of the patch's base, or undefined when it has none. */
export type BaseFile = (path: string) => Promise<Uint8Array | undefined>;

/** What a change holds that must not leave: in names and contents, also when it is spread over several files. */
export async function findInPatch(
  scanner: SecretScanner,
  manifest: PatchManifest,
  baseFile: BaseFile,
): Promise<readonly SecretFinding[]> {
  const findings = [...(await scanner.scan('the file names', manifest.files.map(({ path }) => path).join('\n')))];
  const texts: string[] = [];
  for (const file of manifest.files) {
    if (file.change === 'deleted') continue;
    const text = patchText(file);
    texts.push(text);
    findings.push(...(await newIn(file, await scanner.scan(file.path, text), { text, scanner, baseFile })));
  }
  if (findings.length > 0 || texts.length < 2) return findings;
  const spread = await scanner.scan('the changed files together', texts.join('\n'));
  // What single files hold was judged above, where the base is known.
  return spread.filter(({ rule }) => isExact(rule));
}

/**
 * What is in the base already (a fixture, an example) does not leave with this change. A line that is there excuses what
 * only looks like a secret; an exact value may begin in any line, so the base itself has to hold it.
 */
async function newIn(
  { change, path }: PatchFile,
  findings: readonly SecretFinding[],
  { text, scanner, baseFile }: { readonly text: string; readonly scanner: SecretScanner; readonly baseFile: BaseFile },
): Promise<readonly SecretFinding[]> {
  if (findings.length === 0 || change === 'added') return findings;
  const before = new TextDecoder().decode((await baseFile(path)) ?? new Uint8Array());
  const heldBefore = new Set((await scanner.scan(path, before)).map(({ rule }) => rule));
  const linesBefore = new Set(before.split(/\r?\n/));
  const lines = text.split(/\r?\n/);
  return findings.filter(({ rule, line }) =>
    isExact(rule) ? !heldBefore.has(rule) : !linesBefore.has(lines[line - 1] ?? ''),
  );
}

function isExact(rule: string): boolean {
  return rule.startsWith(exactRule);
}

/** Bytes as characters of the same number, so that a scan finds in binary files what is plain in them. */
export function patchText(file: Extract<PatchFile, { change: 'added' | 'modified' }>): string {
  if (file.encoding === 'utf-8') return file.content;
  return new TextDecoder('latin1').decode(contentBytes(file) ?? new Uint8Array());
}
