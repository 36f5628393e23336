/**
 * Fills the tables between `<!-- endpoints -->` and `<!-- limits -->` and their ends in docs/coordinator.md from the protocol
 * itself; `--check` fails on drift and writes nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { defaultServerLimits } from '../src/server/app-options.ts';
import type { Endpoint } from '../src/wire/endpoint.ts';
import { endpoints } from '../src/wire/endpoints/all.ts';
import { wireLimits } from '../src/wire/limits.ts';

export const coordinatorPage = 'docs/coordinator.md';

/** The page with its tables as the protocol is now. */
export function filledCoordinatorPage(page: string): string {
  return page
    .replace(
      /<!-- endpoints -->[\s\S]*?<!-- \/endpoints -->/,
      `<!-- endpoints -->\n${endpointTable()}\n<!-- /endpoints -->`,
    )
    .replace(/<!-- limits -->[\s\S]*?<!-- \/limits -->/, `<!-- limits -->\n${limitTable()}\n<!-- /limits -->`);
}

function endpointTable(): string {
  const rows = endpoints.map(
    ({ method, path, summary, access }) => `| \`${method}\` | \`${path}\` | ${cell(summary)} | ${whoMay(access)} |`,
  );
  return ['| | path | does | who may |', '|---|---|---|---|', ...rows].join('\n');
}

function whoMay({ role, runners }: Endpoint['access']): string {
  if (role === 'anybody') return '—';
  return runners === 'own-repository' ? `${role}, jobs` : role;
}

function limitTable(): string {
  const { callerRate, addressRate, webhookBytes, bodyMs, streams, streamsPerCaller } = defaultServerLimits;
  const rows = [
    ['a body', `${kib(wireLimits.bodyBytes)}, nested ${wireLimits.bodyDepth} levels deep, within ${bodyMs / 1_000} s`],
    ["a delivery of GitHub's", kib(webhookBytes)],
    ['the body of a message', kib(wireLimits.messageBytes)],
    ['a page of a list', `${wireLimits.pageItems} entries; ${wireLimits.pageItemsDefault} when \`limit\` is absent`],
    ['a lease', `${wireLimits.leaseMs / 86_400_000} days`],
    ['requests of one caller', `${callerRate.burst} at once, ${callerRate.perSecond} a second`],
    ['requests of one address without a valid key', `${addressRate.burst} at once, ${addressRate.perSecond} a second`],
    ['activity streams', `${streamsPerCaller} of one caller, ${streams} in all`],
    [
      'an Idempotency-Key',
      `${wireLimits.idempotencyKeyChars} characters; kept ${wireLimits.idempotencyKeepMs / 3_600_000} hours`,
    ],
  ];
  return ['| what | at most |', '|---|---|', ...rows.map(([what, most]) => `| ${what} | ${most} |`)].join('\n');
}

function kib(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${bytes / 1024 / 1024} MiB` : `${bytes / 1024} KiB`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

if (import.meta.main) {
  const page = readFileSync(coordinatorPage, 'utf8');
  const wanted = filledCoordinatorPage(page);
  if (!process.argv.includes('--check')) {
    writeFileSync(coordinatorPage, wanted);
  } else if (page !== wanted) {
    console.error(`${coordinatorPage}: its tables are not what the protocol says`);
    process.exitCode = 1;
  }
}
