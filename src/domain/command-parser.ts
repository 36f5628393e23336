import { type Command, type CommandName, type CommandOptions, commandNames } from './command.ts';
import { commandLines } from './command-lines.ts';
import { commandTable, type OptionName, optionNames } from './command-table.ts';
import { isPlanPrefix, planDigits } from './held/plan-name.ts';
import { nearestWord } from './nearest-word.ts';
import { parseUsd } from './quantity.ts';
import { isBranchName } from './ref-name.ts';
import { isRoleName } from './roles/role.ts';

export type ParsedCommand =
  | { readonly kind: 'none' }
  | { readonly kind: 'command'; readonly command: Command }
  /** The phrase with a word that is no command. `word` is harmless to show: letters, digits and dashes, or empty. */
  | { readonly kind: 'unknown'; readonly word: string; readonly suggestion?: CommandName }
  /** A known command with an option that cannot be used; `problem` is a sentence of ours. */
  | { readonly kind: 'invalid'; readonly name: CommandName; readonly problem: string };

const maxWords = 200;

/** The first command of a comment: the trigger phrase as the first word of a line that is the writer's own. */
export function parseCommand(markdown: string, triggerPhrase: string): ParsedCommand {
  const phrase = triggerPhrase.toLowerCase();
  for (const line of commandLines(markdown)) {
    const visible = line.split('<!--', 1)[0] ?? '';
    const words = visible.trim().split(/\s+/, maxWords);
    if (words[0]?.toLowerCase() === phrase) return parseCommandWords(words.slice(1));
  }
  return { kind: 'none' };
}

/** What follows the phrase: `fix --budget 2usd`. Words that are no options are for the agent, who reads the comment. */
export function parseCommandWords(words: readonly string[]): ParsedCommand {
  // A sentence may end with it: `/agent fix.`
  const typed = (words[0] ?? '').toLowerCase().replace(/[.,;:!?]{1,3}$/, '');
  const name = commandNames.find((known) => known === typed);
  if (name === undefined) {
    const word = /^[a-z0-9-]{1,30}$/.test(typed) ? typed : '';
    const suggestion = commandNames.find((known) => known === nearestWord(word, commandNames));
    return suggestion === undefined ? { kind: 'unknown', word } : { kind: 'unknown', word, suggestion };
  }
  if (name === 'approve') return parseApproval(words.slice(1));
  const read = readOptions(words.slice(1), name);
  if (read.kind === 'problem') return { kind: 'invalid', name, problem: read.problem };
  return { kind: 'command', command: { name, options: read.options } };
}

/** Without the plan that was looked at, an approval would be one of whatever is held by the time it is read. */
function parseApproval(words: readonly string[]): ParsedCommand {
  const [word = ''] = words;
  const typed = word.replace(/^`|`$/g, '').toLowerCase();
  if (isPlanPrefix(typed)) return { kind: 'command', command: { name: 'approve', options: { plan: typed } } };
  const problem = `it needs the plan's hash, all ${planDigits} digits of it, as the comment with the plan shows it`;
  return { kind: 'invalid', name: 'approve', problem };
}

type ReadOptions =
  | { readonly kind: 'options'; readonly options: CommandOptions }
  | { readonly kind: 'problem'; readonly problem: string };

function readOptions(words: readonly string[], command: CommandName): ReadOptions {
  const taken = commandTable[command].options;
  let options: CommandOptions = {};
  for (let at = 0; at < words.length; at += 1) {
    // Telephones write two dashes as one long one.
    const word = (words[at] ?? '').replace(/^—/, '--');
    if (!word.startsWith('--') || word === '--') continue;
    const equals = word.indexOf('=');
    const typed = (equals === -1 ? word : word.slice(0, equals)).toLowerCase();
    const name = optionNames.find((known) => known === typed);
    if (name === undefined) return { kind: 'problem', problem: unknownOption(typed, command) };
    if (!taken.includes(name)) return { kind: 'problem', problem: notTaken(name, command) };
    const value = equals === -1 ? words[at + 1] : word.slice(equals + 1);
    if (equals === -1) at += 1;
    if (value === undefined || value === '') return { kind: 'problem', problem: `\`${name}\` needs a value` };
    const read = readOption(name, value.replace(/^`|`$/g, ''));
    if (typeof read === 'string') return { kind: 'problem', problem: read };
    options = { ...options, ...read };
  }
  return { kind: 'options', options };
}

function unknownOption(typed: string, command: CommandName): string {
  const { options } = commandTable[command];
  const shown = /^--[a-z0-9-]{1,30}$/.test(typed) ? `\`${typed}\` is not an option` : 'there is an unknown option';
  if (options.length === 0) return `\`${command}\` takes no options`;
  const near = nearestWord(typed, options);
  return near === undefined ? `${shown}; known are ${options.join(', ')}` : `${shown}. Did you mean \`${near}\`?`;
}

function notTaken(name: OptionName, command: CommandName): string {
  const { options } = commandTable[command];
  if (options.length === 0) return `\`${command}\` takes no options`;
  return `\`${command}\` takes no \`${name}\`; it takes ${options.join(', ')}`;
}

/** The option's value, or what is wrong with it. Values are never repeated in a problem: they are untrusted. */
function readOption(name: OptionName, value: string): CommandOptions | string {
  switch (name) {
    case '--role': {
      const role = value.toLowerCase();
      return isRoleName(role) ? { role } : 'that is not the name of a role';
    }
    case '--model': {
      // Scripts and recordings are files of the runner: only the workflow may name those.
      const named = /^[A-Za-z0-9][\w.:@/-]{0,127}$/.test(value) && !/^(?:scripted|replay)(?::|$)/i.test(value);
      return named ? { model: value } : 'that is not the name of a model';
    }
    case '--budget': {
      const budgetMicroUsd = parseUsd(value);
      const usable = budgetMicroUsd !== undefined && budgetMicroUsd > 0;
      return usable ? { budgetMicroUsd } : '`--budget` is an amount above 0, such as 2usd or 0.50usd';
    }
    case '--base':
      return isBranchName(value) ? { base: value } : '`--base` is not the name of a branch';
    default:
      return name satisfies never;
  }
}
