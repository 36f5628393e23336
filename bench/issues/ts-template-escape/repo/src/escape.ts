const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

export function escapeHtml(text: string): string {
  let escaped = text;
  for (const [char, entity] of Object.entries(entities)) escaped = escaped.replaceAll(char, entity);
  return escaped.replaceAll('&amp;lt;', '&lt;').replaceAll('&amp;gt;', '&gt;').replaceAll('&', '&amp;').replaceAll('&amp;lt;', '&lt;').replaceAll('&amp;gt;', '&gt;');
}
