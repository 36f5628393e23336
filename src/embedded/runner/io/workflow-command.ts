/** A command that a step writes to its output: `::error file=a.js,line=1::message`, or the older `##[error]message`. */
export interface WorkflowCommand {
  /** Lower case. */
  readonly name: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly data: string;
}

/** Undefined for a line that is no command in form; whether the name is known is for the caller to say. */
export function parseWorkflowCommand(line: string): WorkflowCommand | undefined {
  return parseCurrent(line.trimStart()) ?? parseOlder(line);
}

function parseCurrent(line: string): WorkflowCommand | undefined {
  if (!line.startsWith('::')) return undefined;
  const end = line.indexOf('::', 2);
  if (end < 0) return undefined;
  const data = unescaped(line.slice(end + 2), dataEscapes);
  return command(line.slice(2, end), { separator: ',', escapes: propertyEscapes, data });
}

function parseOlder(line: string): WorkflowCommand | undefined {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  if (end < 0) return undefined;
  const data = unescaped(line.slice(end + 1), olderEscapes);
  return command(line.slice(start + 3, end), { separator: ';', escapes: olderEscapes, data });
}

type Escapes = readonly (readonly [written: string, meant: string])[];

/** `%25` comes last, so that an escaped percent sign is not read twice. */
const dataEscapes: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
];
const propertyEscapes: Escapes = [...dataEscapes.slice(0, 2), ['%3A', ':'], ['%2C', ','], ['%25', '%']];
const olderEscapes: Escapes = [['%3B', ';'], ...dataEscapes.slice(0, 2), ['%5D', ']'], ['%25', '%']];

interface CommandForm {
  readonly separator: string;
  readonly escapes: Escapes;
  readonly data: string;
}

function command(info: string, form: CommandForm): WorkflowCommand | undefined {
  const space = info.indexOf(' ');
  const name = (space < 0 ? info : info.slice(0, space)).toLowerCase();
  if (name === '') return undefined;
  const properties = new Map<string, string>();
  for (const part of space < 0
    ? []
    : info
        .slice(space + 1)
        .trim()
        .split(form.separator)) {
    const equals = part.indexOf('=');
    if (equals <= 0 || equals === part.length - 1) continue;
    properties.set(part.slice(0, equals).toLowerCase(), unescaped(part.slice(equals + 1), form.escapes));
  }
  return { name, properties, data: form.data };
}

function unescaped(text: string, escapes: Escapes): string {
  return escapes.reduce((result, [written, meant]) => result.replaceAll(written, meant), text);
}
