import type { Marker } from '../markers.ts';
import {
  asCodeBlock,
  asCodeSpan,
  neutraliseInline,
  neutraliseMarkdown,
  type OutgoingOptions,
} from '../outgoing-text.ts';
import type { Finding, Severity } from '../reports/finding.ts';
import { stripInvisible } from '../visible-text.ts';
import { findingMarker } from './finding-marks.ts';
import { plainCategory } from './fingerprint.ts';
import type { PlacedFinding } from './placed-finding.ts';

export interface FindingTextOptions {
  /** Of the run that writes it. */
  readonly run: Omit<Marker, 'op'>;
  readonly round: number;
  readonly outgoing: Omit<OutgoingOptions, 'maxLength'>;
}

const severityWords: Readonly<Record<Severity, string>> = {
  blocker: 'Blocker',
  major: 'Major',
  minor: 'Minor',
  nit: 'Nit',
};

const maxTitle = 200;
const maxBody = 6_000;
/** What comes behind it is no part of the finding's words. */
const suggestionSign = '<!-- entropy:suggestion -->';

/** The comment that tells a finding at its line: the mark, what it is, why, and what the lines should read instead. */
export function findingComment(placed: PlacedFinding, options: FindingTextOptions): string {
  const { suggestion } = placed.finding;
  const told = [head(placed, options), ...words(placed, options)];
  const shown = suggestion === undefined ? [] : [`${suggestionSign}\n${suggestionBlock(suggestion, placed)}`];
  return [...told, ...shown].join('\n\n');
}

/** The same for the text of a review, where the place has to be named. */
export function findingBeside(placed: PlacedFinding, options: FindingTextOptions): string {
  const { place, finding } = placed;
  const why = place.kind === 'beside' ? ` (${place.why})` : '';
  const { suggestion } = finding;
  const shown = suggestion === undefined ? [] : [`${suggestionSign}\n${plainBlock(suggestion)}`];
  return [`${findingShortened(placed, options)}${why}`, ...words(placed, options), ...shown].join('\n\n');
}

/** What it is and where, for a text that has no room for why. */
export function findingShortened(placed: PlacedFinding, options: FindingTextOptions): string {
  const { place, finding } = placed;
  const at = finding.line === undefined ? place.path : `${place.path}:${finding.line}`;
  return `${head(placed, options)}\n\nAt ${asCodeSpan(at, maxPath)}`;
}

/** By this the next round knows it again. */
export function findingMarkOf({ finding, fingerprint }: PlacedFinding, { run, round }: FindingTextOptions): string {
  return findingMarker(run, { kind: 'finding', fingerprint, round, severity: finding.severity });
}

/** Ends the words of the finding before it. */
export const endSign = '<!-- entropy:end -->';

const maxPath = 400;

function head(placed: PlacedFinding, options: FindingTextOptions): string {
  const { finding } = placed;
  const { outgoing } = options;
  const mark = findingMarkOf(placed, options);
  const title = neutraliseInline(finding.title, { ...outgoing, maxLength: maxTitle });
  const words = title === '' ? untitled : title;
  return `${mark}\n**${severityWords[finding.severity]}** \`${plainCategory(finding.category)}\` ${words}`;
}

function words({ finding, alsoAt }: PlacedFinding, { outgoing }: FindingTextOptions): readonly string[] {
  const body = withoutSuggestions(neutraliseMarkdown(finding.body, { ...outgoing, maxLength: maxBody }));
  const also = alsoAt.length === 0 ? '' : `The same at line ${alsoAt.join(', ')}.`;
  return [body, also].filter((text) => text !== '');
}

/**
 * In a text that others wrote no block may become a button that changes code. GitHub reads entities and escapes in the line that
 * opens a block: nothing stays there but a plain word.
 */
export function withoutSuggestions(text: string): string {
  return text.replace(/^([\s>*+\-\d.)]{0,200}(?:`{3,}|~{3,}))([^\n]*)$/gm, (line, fence: string, info: string) => {
    // Backticks behind backticks are code in a line, and open no block.
    if (fence.endsWith('`') && info.includes('`')) return line;
    const [word = ''] = /^[\w+.#-]{0,40}/.exec(info.trim()) ?? [];
    return `${fence}${/^suggestion/i.test(word) ? 'text' : word}`;
  });
}

/** GitHub takes the block and puts its lines in the place of those that the comment is about. */
function suggestionBlock(suggestion: string, { place }: PlacedFinding): string {
  const text = suggestion.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  const applies = place.kind === 'on' && place.exact && text.length <= maxBody && isPlainCode(text);
  if (!applies) return plainBlock(text);
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}suggestion\n${text === '' ? '' : `${text}\n`}${fence}`;
}

/** For reading: where the lines are others, or the text is not what it seems to be. */
function plainBlock(text: string): string {
  return `Suggested:\n\n${asCodeBlock(text, maxBody)}`;
}

/** Applied as it is, unseen: so nothing in it may be hidden, and none of our marks may be in it. */
function isPlainCode(text: string): boolean {
  return !text.includes('<!-- entropy:') && stripInvisible(text) === text;
}

const toldShape = /^\*\*(Blocker|Major|Minor|Nit)\*\* `([a-z0-9-]{1,30})` ([^\n]*)(?:\n+([\s\S]*))?$/;
const placeShape = /^At `([^`\n]{1,500}?)(?::([1-9][0-9]{0,8}))?`[^\n]*(?:\n+([\s\S]*))?$/;

/**
 * What was told, read back from our own text behind its mark. Where a person has edited it past knowing, all of it counts as the
 * body: the finding is still known by its mark.
 */
export function readToldFinding(text: string): Pick<Finding, 'category' | 'title' | 'body'> {
  const [told = ''] = text.replace(/\r\n/g, '\n').split(suggestionSign);
  const match = toldShape.exec(told.trim());
  if (match === null) return { category: plainCategory(''), title: untitled, body: told.trim() };
  const [, , category = '', title = '', body = ''] = match;
  return { category, title: title.trim(), body: body.trim() };
}

const untitled = '(no title)';

/** The place that stands in the words of one that is told in a review's text. */
export function readToldPlace(
  body: string,
): { readonly path: string; readonly line?: number; readonly body: string } | undefined {
  const match = placeShape.exec(body);
  if (match === null) return undefined;
  const [, path = '', line, rest = ''] = match;
  return { path, ...(line !== undefined && { line: Number(line) }), body: rest.trim() };
}
