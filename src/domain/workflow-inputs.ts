/**
 * Lines under `with:`, one for each input. JSON is YAML; an opening of an expression in a value would be evaluated by the
 * runner, with the secrets of whoever calls, so such a value is a string of an expression.
 */
export function inputLines(inputs: Readonly<Record<string, string>>, indent: number): string {
  const lines = Object.entries(inputs).map(([name, value]) => {
    const text = value.includes('${{') ? `\${{ format('{0}', ${expressionLiteral(value)}) }}` : value;
    return `${' '.repeat(indent)}${name}: ${JSON.stringify(text)}\n`;
  });
  return lines.join('');
}

/** A string of GitHub's expression language. */
export function expressionLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
