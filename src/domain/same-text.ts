/** As somebody saw it: GitHub keeps some texts with the line ends that a browser sends. */
export function sameText(one: string, other: string): boolean {
  return withPlainEnds(one) === withPlainEnds(other);
}

/** As we wrote it: GitHub leaves out blank ends as well. */
export function sameWritten(one: string, other: string): boolean {
  return withPlainEnds(one).trim() === withPlainEnds(other).trim();
}

function withPlainEnds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
