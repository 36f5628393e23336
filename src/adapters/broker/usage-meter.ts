import type { TokenUsage } from '../../domain/budget.ts';
import { mergeWireUsage } from '../../domain/messages-usage.ts';
import type { CallEnd } from './spend-ledger.ts';

export interface UsageMeter {
  /** Looks at a part of the answer as it goes by. */
  see(chunk: Uint8Array): void;
  /** What the answer cost by its own figures, whole or broken off. */
  end(): CallEnd;
}

const longestLine = 32 * 1024 * 1024;
const newline = 0x0a;

/** Reads the figures out of an event stream without holding more of it than one line. */
export function createStreamMeter(maxTokens: number): UsageMeter {
  const decoder = new TextDecoder();
  let usage: TokenUsage | undefined;
  let complete = false;
  let bytes = 0;
  let line: Uint8Array[] = [];
  let lineLength = 0;

  const seeLine = () => {
    const text = decoder.decode(Buffer.concat(line));
    line = [];
    lineLength = 0;
    if (!text.startsWith('data:') || !text.includes('"usage"')) return;
    const event = parse(text.slice('data:'.length));
    const wire = event?.['type'] === 'message_start' ? usageOf(event['message']) : event?.['usage'];
    usage = mergeWireUsage(usage, wire) ?? usage;
    if (event?.['type'] === 'message_delta' && usage !== undefined) complete = true;
  };
  const keep = (part: Uint8Array) => {
    lineLength += part.length;
    if (lineLength <= longestLine) line.push(part);
  };

  return {
    see(chunk) {
      bytes += chunk.length;
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        keep(chunk.subarray(start, end));
        seeLine();
        start = end + 1;
      }
      if (start < chunk.length) keep(chunk.subarray(start));
    },
    end() {
      if (usage === undefined) return { kind: 'unknown' };
      if (complete) return { kind: 'measured', usage };
      // Broken off: what was generated is billed and not told. A token takes up no less than 4 bytes of the stream.
      const outputTokens = Math.min(maxTokens, Math.max(usage.outputTokens, Math.ceil(bytes / 4)));
      return { kind: 'measured', usage: { ...usage, outputTokens } };
    },
  };
}

/** The figures of an answer that is one JSON object. */
export function createJsonMeter(): UsageMeter {
  const chunks: Uint8Array[] = [];
  return {
    see(chunk) {
      chunks.push(chunk);
    },
    end() {
      const usage = mergeWireUsage(undefined, usageOf(parse(Buffer.concat(chunks).toString())));
      return usage === undefined ? { kind: 'unknown' } : { kind: 'measured', usage };
    },
  };
}

function usageOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'usage' in message ? message.usage : undefined;
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // An answer that cannot be read is charged as it was reserved.
    return undefined;
  }
}
