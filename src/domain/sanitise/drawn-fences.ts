import { leftOut } from './code-cover.ts';
import { note, type Tally } from './removals.ts';

/** Blocks of code that GitHub draws instead of showing what is written in them. */
type Drawing = 'mermaid' | 'math' | 'data';
const drawings: Readonly<Record<string, Drawing>> = {
  mermaid: 'mermaid',
  math: 'math',
  geojson: 'data',
  topojson: 'data',
  stl: 'data',
};
const anyDrawing = /(?:`{3}|~{3})[ \t]*(?:mermaid|math|geojson|topojson|stl)/i;
const opening = /^([ \t>*+\-0-9.)]*)(`{3,}|~{3,})[ \t]*(mermaid|math|geojson|topojson|stl)(?![\w#+.-])/i;
const closing = /^([ \t>]*)(`{3,}|~{3,})[ \t]*$/;

interface Fence {
  readonly drawing: Drawing;
  readonly length: number;
}

/**
 * Takes out what a drawing does not show: comments of diagrams and formulas, and data whole, for nobody reads them there. Any
 * line that may open such a block counts as one, and it ends only where it would for certain: in doubt more is taken out.
 */
export function withoutUndrawn(markdown: string, tally: Tally): string {
  if (!anyDrawing.test(markdown)) return markdown;
  const open = new Map<string, Fence>();
  const kept: string[] = [];
  let kinds: ReadonlySet<Drawing> = new Set();
  let hidden: Hidden = 'nothing';
  let first = false;
  for (const line of markdown.split('\n')) {
    const begun = opening.exec(line);
    const ended = begun === null ? closing.exec(line) : null;
    const [, before = '', marks = '', language = ''] = begun ?? ended ?? [];
    const key = `${before.replace(/[^>\t]/g, ' ')}${marks.charAt(0)}`;
    const fence = open.get(key);
    if (begun !== null) {
      const drawing = drawings[language.toLowerCase()] ?? 'data';
      if (open.size === 0) hidden = 'nothing';
      open.set(key, { drawing, length: Math.max(fence?.length ?? 0, marks.length) });
      kinds = kindsOf(open);
      first = true;
      kept.push(line);
    } else if (ended !== null && fence !== undefined && marks.length >= fence.length) {
      open.delete(key);
      kinds = kindsOf(open);
      kept.push(line);
    } else {
      const drawn = drawnOf(line, { kinds, hidden, first });
      if (drawn.text !== line) note(tally, 'undrawn');
      if (drawn.text !== undefined && !(drawn.text === leftOut && kept.at(-1) === leftOut)) kept.push(drawn.text);
      [hidden, first] = [drawn.hidden, false];
    }
  }
  return kept.join('\n');
}

function kindsOf(open: ReadonlyMap<string, Fence>): ReadonlySet<Drawing> {
  return new Set([...open.values()].map(({ drawing }) => drawing));
}

/** What of several lines of a diagram is not drawn. */
type Hidden = 'nothing' | 'settings' | 'description';

interface Place {
  /** What is drawn in the blocks that may be open. */
  readonly kinds: ReadonlySet<Drawing>;
  readonly hidden: Hidden;
  /** Right behind the line that opens it. */
  readonly first: boolean;
}

interface Drawn {
  /** Undefined: nothing of the line. */
  readonly text: string | undefined;
  readonly hidden: Hidden;
}

function drawnOf(line: string, { kinds, hidden, first }: Place): Drawn {
  if (kinds.size === 0) return { text: line, hidden: 'nothing' };
  if (kinds.has('data')) return { text: leftOut, hidden };
  if (kinds.has('mermaid')) {
    const words = line.replace(/^[ \t>]*/, '');
    if (hidden === 'settings') return { text: undefined, hidden: /^---\s*$/.test(words) ? 'nothing' : hidden };
    if (hidden === 'description') return { text: undefined, hidden: words.includes('}') ? 'nothing' : hidden };
    if (first && /^---\s*$/.test(words)) return { text: undefined, hidden: 'settings' };
    if (/^acc(?:Title|Descr)\b/i.test(words)) {
      return { text: undefined, hidden: /\{[^}]*$/.test(words) ? 'description' : 'nothing' };
    }
  }
  const comment = kinds.has('math') ? /(?<!\\)(?:\\\\)*%/ : /%%/;
  const at = comment.exec(line)?.index;
  if (at === undefined) return { text: line, hidden: 'nothing' };
  const before = line.slice(0, at).trimEnd();
  return { text: /^[ \t>]*$/.test(before) ? undefined : before, hidden: 'nothing' };
}
