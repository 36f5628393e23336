import type { EgressReport } from '../../domain/egress/egress-report.ts';
import type { EgressRequest } from '../../ports/egress.ts';

/** What the process that opened a sandbox and the one that is its way out say to each other, over the channel Node gives a child. */
export type ToEgress = { readonly type: 'open'; readonly request: EgressRequest } | { readonly type: 'report' };

export type FromEgress =
  | { readonly type: 'open' }
  | { readonly type: 'failed'; readonly why: string }
  | { readonly type: 'report'; readonly report: EgressReport };

/** The process reads what strangers send, so its own words are looked at too. */
export function parseFromEgress(message: unknown): FromEgress | undefined {
  if (typeof message !== 'object' || message === null || !('type' in message)) return undefined;
  if (message.type === 'open') return { type: 'open' };
  if (message.type === 'failed') return 'why' in message ? { type: 'failed', why: String(message.why) } : undefined;
  const report = message.type === 'report' && 'report' in message ? readReport(message.report) : undefined;
  return report === undefined ? undefined : { type: 'report', report };
}

function readReport(value: unknown): EgressReport | undefined {
  if (typeof value !== 'object' || value === null || !('read' in value) || !('refused' in value)) return undefined;
  const { read, refused } = value;
  if (typeof read !== 'object' || read === null || !Array.isArray(refused)) return undefined;
  return {
    read: Object.fromEntries(Object.entries(read).map(([host, times]) => [host, Number(times)])),
    refused: refused.map(({ target, why, times }: Record<string, unknown>) => ({
      target: String(target),
      why: String(why),
      times: Number(times),
    })),
  };
}
