import type { Answer, Call } from './route.ts';

export interface Page {
  readonly number: number;
  readonly size: number;
  readonly skip: number;
}

export function pageOf(call: Call, fallbackSize = 30): Page {
  const number = Math.max(1, integer(call.query.get('page')) ?? 1);
  const size = Math.min(100, Math.max(1, integer(call.query.get('per_page')) ?? fallbackSize));
  return { number, size, skip: (number - 1) * size };
}

/** One page of a list that is all there, with GitHub's Link header. */
export function listAnswer<T>(call: Call, items: readonly T[], render: (item: T) => unknown): Answer {
  const page = pageOf(call);
  const shown = items.slice(page.skip, page.skip + page.size);
  return { status: 200, json: shown.map(render), headers: linkHeader(call, page, items.length) };
}

/** The same for lists that come in an envelope: `{ total_count, <name>: [...] }`. */
export function envelopeAnswer<T>(
  call: Call,
  list: { readonly name: string; readonly items: readonly T[]; readonly render: (item: T) => unknown },
): Answer {
  const page = pageOf(call);
  const shown = list.items.slice(page.skip, page.skip + page.size).map(list.render);
  const json = { total_count: list.items.length, [list.name]: shown };
  return { status: 200, json, headers: linkHeader(call, page, list.items.length) };
}

export function linkHeader(call: Call, page: Page, total: number): Record<string, string> {
  const last = Math.max(1, Math.ceil(total / page.size));
  const links: string[] = [];
  const link = (rel: string, number: number) => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(number));
    links.push(`<${call.url}?${query.toString()}>; rel="${rel}"`);
  };
  if (page.number > 1) link('prev', Math.min(page.number - 1, last));
  if (page.number < last) link('next', page.number + 1);
  if (page.number < last) link('last', last);
  if (page.number > 1) link('first', 1);
  return links.length === 0 ? {} : { link: links.join(', ') };
}

function integer(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
