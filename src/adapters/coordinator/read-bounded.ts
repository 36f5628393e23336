import { EntropyError } from '../../domain/error.ts';

/** The text of an answer, up to so many bytes; whatever answers at an address may send without end. */
export async function readBounded(answer: Response, maxBytes: number): Promise<string> {
  if (answer.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let read = 0;
  for await (const chunk of answer.body) {
    read += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (read > maxBytes) throw tooLong(maxBytes);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

export function tooLong(maxBytes: number): EntropyError {
  return new EntropyError({
    code: 'E720',
    message: `the coordinator's answer is longer than ${maxBytes} bytes`,
    fix: 'ask for less: a smaller limit, a narrower query',
  });
}
