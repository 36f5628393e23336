/** What Markdown, HTML and Unicode hide text with, and what a reader of them may stumble over. */
export const markdownPieces: readonly string[] = [
  ...['<!--', '-->', '`', '``', '```', '~~~', '\n', '\n\n', '    ', '  ', '- ', '> ', '1. ', '[', ']', '(', ')', '!['],
  ...['](', '"', "'", '[a]:', ' x', 'http://x', '<b', '<zz', '>', '/>', ' title="t"', '&#x200b;', '&zwj;', '\\', '|'],
  ...['---', '# Tests', '</untrusted', '<|a|>', '\u200b', '\u202e', '\u{e0041}', '\u0301', 'e', 'Text', '<pre>', '<?'],
  ...['<![CDATA[', ']]>', '[^1]', '[^1]:', 'js foo', '…', '{image}', 'href="http://y"', '\u200d', '👩', 'م', '<div'],
  ...['<img alt=x>', '-|-', '&', '#', '\u001b[', '\ufe0f', 'сa', '\ud800', '\0', '‹'],
  ...['```mermaid', '~~~ math', '```geojson', '%%', '%', 'accDescr {', '}', '<rp>', '</rp>', '<kbd>', '</kbd>'],
];
