/** A permission as a workflow's `permissions:` block writes it. */
export interface PermissionNeed {
  readonly name: string;
  readonly level: 'read' | 'write';
}

interface RouteNeeds {
  readonly route: RegExp;
  readonly needs: readonly PermissionNeed[];
}

const need = (name: string, level: PermissionNeed['level']): PermissionNeed => ({ name, level });

/** What each kind of request needs, for servers that do not say it themselves. docs/permissions.md gives the reasons. */
const table: readonly RouteNeeds[] = [
  { route: /^GET .*\/issues\//, needs: [need('issues', 'read')] },
  { route: /^(?:POST|PATCH|DELETE) .*\/issues\//, needs: [need('issues', 'write')] },
  { route: /^GET .*\/milestones/, needs: [need('issues', 'read')] },
  { route: /^GET .*\/labels/, needs: [need('issues', 'read')] },
  { route: /^POST .*\/labels/, needs: [need('issues', 'write')] },
  { route: /^GET .*\/(?:check-runs|check-suites)/, needs: [need('checks', 'read')] },
  { route: /^GET .*\/status$/, needs: [need('statuses', 'read')] },
  { route: /^GET .*\/pulls/, needs: [need('pull-requests', 'read')] },
  { route: /^(?:POST|PATCH|PUT) .*\/pulls/, needs: [need('contents', 'write'), need('pull-requests', 'write')] },
  { route: /^GET .*\/(?:contents|git)\//, needs: [need('contents', 'read')] },
  { route: /^(?:POST|PATCH|DELETE) .*\/git\//, needs: [need('contents', 'write')] },
  { route: /^POST .*\/repo}\/dispatches$/, needs: [need('contents', 'write')] },
  { route: /^GET .*\/actions\//, needs: [need('actions', 'read')] },
  { route: /^POST .*\/actions\//, needs: [need('actions', 'write')] },
];

/** By GitHub's own word when the refusal carries it (`x-accepted-github-permissions`), else by the table. */
export function permissionsFor(route: string, accepted: string | undefined): readonly PermissionNeed[] {
  const known = table.find((entry) => entry.route.test(route))?.needs ?? [need('contents', 'read')];
  const told = readAccepted(accepted ?? '');
  if (told.length === 0) return known;
  // Alternatives: one that our own table names too is the one that our workflows give.
  const familiar = told.find((set) => set.some((wanted) => known.some((ours) => ours.name === wanted.name)));
  const chosen = familiar ?? told[0] ?? [];
  const besides = known.filter((ours) => !chosen.some((wanted) => wanted.name === ours.name));
  return [...besides, ...chosen];
}

/** `contents=read; issues=write,pull_requests=write`: sets of permissions, any one set is enough. */
function readAccepted(header: string): PermissionNeed[][] {
  const sets = header.split(';').map((set) =>
    set.split(',').flatMap((pair) => {
      const match = /^\s*([a-z_]{1,40})=(read|write|admin)\s*$/.exec(pair);
      if (match?.[1] === undefined || match[1] === 'metadata') return [];
      return [need(match[1].replaceAll('_', '-'), match[2] === 'read' ? 'read' : 'write')];
    }),
  );
  return sets.filter((set) => set.length > 0);
}
