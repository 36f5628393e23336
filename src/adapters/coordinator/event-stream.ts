import { tooLong } from './read-bounded.ts';

/** One server-sent event (HTML standard, 9.2.6); comments and retry times are left out. */
export interface StreamEvent {
  readonly id?: string;
  readonly event: string;
  readonly data: string;
}

const maxEventBytes = 4 * 1024 * 1024;

/** The events of a stream as they come; `heard` is called for every piece that arrives, a comment too. */
export async function* readEventStream(body: AsyncIterable<Uint8Array>, heard: () => void): AsyncIterable<StreamEvent> {
  const decoder = new TextDecoder();
  let text = '';
  let fields: { id?: string; event: string; data: string[] } = { event: 'message', data: [] };
  for await (const chunk of body) {
    heard();
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxEventBytes) throw tooLong(maxEventBytes);
    // The last line may go on in the next chunk; so may a CR that has its LF there.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    text = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (fields.data.length > 0) yield { ...fields, data: fields.data.join('\n') };
        fields = { event: 'message', data: [] };
        continue;
      }
      const colon = line.indexOf(':');
      const name = colon === -1 ? line : line.slice(0, colon);
      const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (name === 'id') fields.id = value;
      if (name === 'event') fields.event = value;
      if (name === 'data') fields.data.push(value);
      if (fields.data.reduce((sum, part) => sum + part.length, 0) > maxEventBytes) throw tooLong(maxEventBytes);
    }
  }
}
