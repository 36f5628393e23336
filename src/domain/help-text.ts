import { type CommandPlace, commandTable } from './command-table.ts';

export interface HelpPlace {
  readonly phrase: string;
  readonly label: string;
  readonly place: CommandPlace;
  /** All roles that there are here, and what they hand over first. */
  readonly roles: readonly string[];
}

/** What can be asked for at this place, the roles of this repository included. */
export function helpText({ phrase, label, place, roles }: HelpPlace): string {
  const rows = Object.entries(commandTable).flatMap(([name, { does }]) =>
    does[place] === undefined ? [] : [`| \`${phrase} ${name}\` | ${does[place]} |`],
  );
  const options = '`--role ROLE`, `--model NAME`, `--budget 2usd`';
  const base = place === 'issue' ? '; `fix`, `retry` and `plan` take `--base BRANCH` too' : '';
  return [
    ['| command | what happens |', '|---|---|', ...rows].join('\n'),
    `Options of all that send an agent: ${options}${base}.`,
    `Roles: ${roles.map((role) => `\`${role}\``).join(', ')}. The label \`${label}\` does what \`${phrase} fix\` does; \`${label}:ROLE\` asks for what that role does.`,
    'A command is the first word of a line of your own, not in a quote or in code.',
  ].join('\n\n');
}
