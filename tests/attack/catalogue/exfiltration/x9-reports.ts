import type { RoleReport } from '../../../../src/domain/reports/role-report.ts';
import { createSecretGuard } from '../../../../src/domain/secret-guard.ts';
import { reportedScene } from '../../../fakes/reported-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { token } from './publishing.ts';

const path = 'src/slugify.ts';

/** What reviewers, testers and issue readers say, with these words in it. */
function reportsWith(words: string): readonly RoleReport[] {
  const finding = { path, line: 2, severity: 'major', category: 'x', title: 'A word', body: words } as const;
  return [
    { kind: 'review', summary: 'One word.', findings: [finding], earlier: [], notReviewed: [] },
    { kind: 'verification', summary: words, command: 'npm test', notVerified: [] },
    {
      ...{ kind: 'triage', summary: words, type: 'bug', size: 's', priority: 1 },
      ...{ labels: [], acceptance: [], questions: [], related: [] },
    },
  ];
}

/** Everything that is written because of a report. */
async function writtenFor(report: RoleReport): Promise<string> {
  const scene = await reportedScene(report.kind);
  const { find } = createSecretGuard({ GITHUB_TOKEN: token });
  const scanner = {
    scan: async (name: string, text: string) => find(text).map(({ rule, line }) => ({ rule, where: name, line })),
  };
  await scene.deliver(report, { publisher: { scanner } });
  const { forge } = scene;
  const texts = [
    ...forge.allComments.map(({ snapshot }) => snapshot.body),
    ...forge.reviews.allComments.map(({ body }) => body),
  ];
  return [...texts, ...forge.reviews.allReviews.map(({ body }) => body)].join('\n');
}

export const toldByReports: Attack = {
  id: 'X9',
  title: 'the token in what a reviewer, a tester or an issue reader says',
  attack: async () => {
    for (const report of reportsWith(`It prints ${token}.`)) {
      if ((await writtenFor(report)).includes(token)) return escaped(`it stands in what the ${report.kind} says`);
    }
    return contained('nothing of such a report is written');
  },
  twin: async () => {
    const said = 'It prints the last word.';
    for (const report of reportsWith(said)) {
      if (!(await writtenFor(report)).includes(said)) return hindered(`the ${report.kind} is not told`);
    }
    return passed('a report without one is told');
  },
};
