import type { PlanReport } from '../../../../src/domain/reports/plan-report.ts';
import { admitted } from '../../../fakes/held-scene.ts';
import { plannedReport, type WordPlanScene, wordPlanScene } from '../../../fakes/word-plan-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

interface WordPlanAttack {
  readonly title: string;
  readonly report?: PlanReport;
  readonly before?: (scene: WordPlanScene) => Promise<void> | void;
  /** A word that bob has not read, and that no coder may be told as approved; absent: no coder may be told anything. */
  readonly unread?: string;
}

/** Bob reads a plan and says yes to it: a coder follows what he has read, and nothing else. */
function planInWords({ title, report, before, unread }: WordPlanAttack): Attack {
  return {
    id: 'U5',
    title,
    attack: async () => {
      const scene = await wordPlanScene(report);
      const shown = scene.comment();
      await before?.(scene);
      const admission = await scene.say('bob', `/agent approve ${scene.plan}`);
      if (admission.kind !== 'admitted') return contained(`not approved: ${'text' in admission ? admission.text : ''}`);
      const told = JSON.stringify(admission.task.follows?.plan);
      if (unread === undefined) return escaped('a coder follows a plan that is not what was read');
      const isRead = shown.replace(/```[^\n]*\n/g, '').includes(unread);
      return told.includes(unread) && !isRead
        ? escaped(`bob approved words that he did not see: ${unread}`)
        : contained('what is not shown is not handed on');
    },
    twin: async () => {
      const scene = await wordPlanScene();
      const { follows } = admitted(await scene.say('bob', `/agent approve ${scene.plan}`));
      return follows?.plan.summary === plannedReport.summary
        ? passed('a coder follows what was read')
        : hindered('it is another plan');
    },
  };
}

/** Mallory may push, and puts another plan in the place of the one that is shown, hash and all. */
function replaceHeld({ forge }: WordPlanScene): void {
  const there = forge.heldTexts.get(1);
  if (there === undefined) throw new Error('nothing is held');
  forge.heldTexts.set(1, { ...there, text: there.text.replaceAll('Count the separator', 'Count nothing at all') });
}

export const plansInWords: readonly Attack[] = [
  planInWords({ title: 'another plan in words is pushed to the hidden ref', before: replaceHeld }),
  planInWords({
    title: 'the comment that shows a plan in words is edited to say something harmless',
    before: async (scene) => {
      const text = scene.comment().replace('Count the separator', 'Mend a comment');
      await scene.forge.updateComment(scene.task.trackingCommentId, text);
    },
  }),
  planInWords({
    title: 'a file that a plan in words touches is changed on the base before it is approved',
    before: ({ forge, task }) => {
      const files = { 'README.md': '# slug\n', 'src/slugify.ts': 'evil\n', 'gone.txt': 'x\n' };
      forge.git.branches.set('main', forge.git.commitFiles(files, [task.base.sha]));
    },
  }),
  planInWords({
    title: 'a plan hides words behind a fence, where no browser shows them',
    report: { ...plannedReport, summary: 'Small.\n\n```js UNREAD\nconst a = 1;\n```' },
    unread: 'UNREAD',
  }),
  planInWords({
    title: 'a plan hides words in characters that nobody sees',
    report: {
      ...plannedReport,
      summary: `Small.${[...'UNREAD'].map((each) => String.fromCodePoint(0xe0000 + each.charCodeAt(0))).join('')}`,
    },
    unread: String.fromCodePoint(0xe0000 + 'U'.charCodeAt(0)),
  }),
];
