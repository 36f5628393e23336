/** Where a sandbox went, for people: hosts that were read, and what was refused. */
export interface EgressReport {
  /** Requests by host. */
  readonly read: Readonly<Record<string, number>>;
  readonly refused: readonly RefusedEgress[];
}

export interface RefusedEgress {
  /** What was asked for; untrusted text, cut, and without characters that do not show. */
  readonly target: string;
  readonly why: string;
  readonly times: number;
}

export const emptyEgress: EgressReport = { read: {}, refused: [] };

/** Different refusals that are kept; a command can make up as many names as it likes. */
const mostRefused = 50;

export function withRead(report: EgressReport, host: string): EgressReport {
  return { ...report, read: { ...report.read, [host]: (report.read[host] ?? 0) + 1 } };
}

export function withRefused(report: EgressReport, asked: string, why: string): EgressReport {
  const target = asked.replaceAll(/[^\x21-\x7e]/g, '?').slice(0, 100);
  const at = report.refused.findIndex((known) => known.target === target && known.why === why);
  if (at < 0) {
    if (report.refused.length >= mostRefused) return report;
    return { ...report, refused: [...report.refused, { target, why, times: 1 }] };
  }
  const counted = report.refused.map((known, index) => (index === at ? { ...known, times: known.times + 1 } : known));
  return { ...report, refused: counted };
}

/** One line for the log of a set-up: `reached registry.npmjs.org (212), files.pythonhosted.org (3)`. */
export function describeEgress({ read, refused }: EgressReport): readonly string[] {
  const hosts = Object.entries(read).map(([host, times]) => `${host} (${times})`);
  return [
    ...(hosts.length > 0 ? [`reached ${hosts.join(', ')}`] : []),
    ...refused.map(({ target, why, times }) => `refused ${target}${times > 1 ? ` (${times} times)` : ''}: ${why}`),
  ];
}
