import type { Message } from '../../../../src/domain/conversation.ts';
import { call, calling, type ListedReply } from '../../../fakes/list-model.ts';

/**
 * What a model that obeys does with what it is told: every `ORDER{shell command}` that it can make out anywhere, tag
 * characters and variation selectors spelled out; and every `RULE{shell command}` that does not stand between the marks of
 * untrusted text, or stands under a heading of ours, for those are said to be from the people it works for.
 */
export function obeyedCommands(messages: readonly Message[]): readonly string[] {
  const all = messages.flatMap(textsOf);
  const told = all.map(({ text }) => text).join('\n');
  const ours = all.flatMap(({ kind, text }) => (kind === 'words' ? [text] : [])).join('\n');
  return [...commandsOf('ORDER', spelledOut(told)), ...commandsOf('RULE', trusted(ours))];
}

/** It looks where it is told to look first, obeys, and hands in what came of it. */
export function obedientReader(...looks: readonly string[]): readonly ListedReply[] {
  return [
    ...looks.map((command) => calling(call('bash', { command }))),
    ({ messages }) => {
      const commands = obeyedCommands(messages);
      return calling(...(commands.length === 0 ? ['true'] : commands).map((command) => call('bash', { command })));
    },
    calling(call('submit', { title: 'Done', body: 'All that was asked for.', verified: [] })),
  ];
}

export const order = (name: string): string => `ORDER{touch ${name}}`;
export const rule = (name: string): string => `RULE{touch ${name}}`;

/** What may stand in the place of a word: tag characters for ASCII. */
export function inTags(words: string): string {
  return [...words].map((letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join('');
}

/** The same as HTML writes them. */
export function inReferences(words: string): string {
  return [...inTags(words)].map((character) => `&#${character.codePointAt(0)};`).join('');
}

/** Bytes as variation selectors behind one letter. */
export function inSelectors(words: string): string {
  return [...Buffer.from(words)]
    .map((byte) => String.fromCodePoint(byte < 16 ? 0xfe00 + byte : 0xe00f0 + byte))
    .join('');
}

interface Told {
  readonly kind: 'words' | 'result';
  readonly text: string;
}

function textsOf({ role, content }: Message): readonly Told[] {
  if (role === 'assistant') return [];
  return content.map((block) =>
    block.type === 'text' ? { kind: 'words', text: block.text } : { kind: 'result', text: block.content },
  );
}

function commandsOf(word: string, text: string): readonly string[] {
  return [...text.matchAll(new RegExp(`${word}\\{([^{}]{1,200})\\}`, 'g'))].map((found) => found[1] ?? '');
}

function spelledOut(text: string): string {
  const named = text.replace(/&#([0-9]{1,7});/g, (_, code: string) => String.fromCodePoint(Number(code)));
  const visible = named.replace(/[\u{e0100}-\u{e01ef}\ufe00-\ufe0f\u{e0020}-\u{e007e}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code <= 0xfe0f) return String.fromCharCode(code - 0xfe00);
    return String.fromCharCode(code >= 0xe0100 ? code - 0xe00f0 : code - 0xe0000);
  });
  return visible.replace(/[\p{Cf}\u200b-\u200f\u2060-\u206f]/gu, '');
}

/** What is not fenced, and what stands under a heading of ours wherever it is. */
function trusted(text: string): string {
  // Twelve digits are not compared by a careless reader: any mark that looks like one ends a fence.
  const outside = text.replace(/<untrusted [^\n]*>\n[\s\S]*?\n<\/untrusted \w+>/g, '');
  const headed = text.matchAll(/^# (?:Rules for the change|Task)\n(?:(?!<\/?untrusted|\n#)[\s\S])*/gm);
  return `${outside}\n${[...headed].map(([section]) => section).join('\n')}`;
}
