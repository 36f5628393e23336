/**
 * A line that a runner obeys: `::error::text` (docs.github.com, "Workflow commands"). Line breaks of the text are
 * written as escapes, so that whatever it holds stays one line and begins no command of its own.
 */
export function runnerCommand(name: 'error' | 'warning' | 'notice' | 'add-mask', text: string): string {
  return `::${name}::${text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}\n`;
}

/**
 * A value as it stands in the files behind GITHUB_OUTPUT and GITHUB_STATE. The delimiter is one that nobody could know:
 * a value that holds it could end early and set others.
 */
export function runnerValue(name: string, value: string, delimiter: string): string {
  const plainName = /^[\w-]+$/.test(name);
  if (!plainName) throw new RangeError(`not a name of an output or a state: ${JSON.stringify(name)}`);
  if (value.includes(delimiter)) throw new RangeError(`the value of ${name} holds the delimiter`);
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}
