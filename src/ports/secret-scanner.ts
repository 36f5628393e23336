export interface SecretFinding {
  /** The rule that fired, e.g. `AWS access key`, `exact value of INPUT_GITHUB-TOKEN (base64)`; never the secret itself. */
  readonly rule: string;
  /** Where: the name given with the text and a 1-based line. */
  readonly where: string;
  readonly line: number;
}

/** Looks for secrets in what is about to leave: patterns, and the exact values known to the process in many encodings. */
export interface SecretScanner {
  scan(name: string, text: string): Promise<readonly SecretFinding[]>;
}
