/** An element of an answer of AWS: other elements, or text. Attributes and mixed content mean nothing there. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface OpenElement {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

const deepest = 64;
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The root element; undefined for what is no XML. In one pass; knows no document types, so nothing can be expanded. */
export function parseXml(text: string): XmlElement | undefined {
  const open: OpenElement[] = [];
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf('<', at);
    if (start === -1) return undefined;
    const current = open.at(-1);
    if (current !== undefined) current.text += decoded(text.slice(at, start));
    const end = text.indexOf('>', start);
    if (end === -1) return undefined;
    const tag = text.slice(start + 1, end);
    at = end + 1;
    if (tag.startsWith('?')) continue;
    if (tag.startsWith('!')) return undefined;
    if (tag.startsWith('/')) {
      const closed = open.pop();
      if (closed === undefined || closed.name !== tag.slice(1).trim()) return undefined;
      const parent = open.at(-1);
      if (parent === undefined) return closed;
      parent.children.push(closed);
      continue;
    }
    const name = /^[A-Za-z_][\w.:-]*/.exec(tag)?.[0];
    if (name === undefined || open.length >= deepest) return undefined;
    const element: OpenElement = { name, text: '', children: [] };
    if (!tag.endsWith('/')) open.push(element);
    else if (current === undefined) return element;
    else current.children.push(element);
  }
  return undefined;
}

/** The first child of that name. */
export function within(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

/** Its text without blanks around it; undefined when the child is missing. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return within(element, name)?.text.trim();
}

/** The entries of a list: AWS writes each as `<member>`. */
export function membersOf(element: XmlElement, name: string): readonly XmlElement[] {
  return within(element, name)?.children.filter((child) => child.name === 'member') ?? [];
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}
