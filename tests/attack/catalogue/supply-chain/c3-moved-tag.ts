import { globSync, readFileSync } from 'node:fs';
import { dispatchedWorkflowText } from '../../../../src/domain/dispatched-workflow-text.ts';
import { workflowText } from '../../../../src/domain/workflow-text.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const words = { labelTrigger: 'agent', triggerPhrase: '/agent' };
const coordinatorUrl = 'https://coordinator.example.com';
/** What we write into repositories of others. */
const written = () => [
  workflowText({ form: 'three-jobs', ...words }),
  workflowText({ form: 'one-step', ...words }),
  workflowText({ form: 'three-jobs', ...words, coordinatorUrl }),
  dispatchedWorkflowText({ coordinatorUrl, place: 'own-repository' }),
  dispatchedWorkflowText({ coordinatorUrl, place: 'central' }),
];
/** What we run ourselves, and what jobs of others are made of. */
const shipped = () =>
  globSync(['.github/workflows/*.yml', 'actions/*/action.yml']).map((file) => readFileSync(file, 'utf8'));

/** A GitHub on which somebody has moved every tag and branch of every repository but ours: which of their code would run? */
function runsAfterMove(workflow: string): readonly string[] {
  const uses = [...workflow.matchAll(/^\s*(?:- )?uses:\s*["']?([^\s"'#]+)/gm)].map(([, name = '']) => name);
  return uses.filter((name) => !/^\.\/|^entropy-playground\/|@[0-9a-f]{40}$/.test(name));
}

export const movedTag: Attack = {
  id: 'C3',
  title: 'the tag of an action that a workflow of ours, or one that we write for others, uses is moved to other code',
  attack: async () => {
    const moved = [...written(), ...shipped()].flatMap(runsAfterMove);
    return moved.length > 0
      ? escaped(`would run what was put in its place: ${moved.join(', ')}`)
      : contained('code of others is named by its commit, which nobody can move');
  },
  twin: async () => {
    const pinned = [...written(), ...shipped()].flatMap((text) => [...text.matchAll(/uses: \S+@[0-9a-f]{40} # v\d/g)]);
    return pinned.length > 0 ? passed('a commit stands beside the version that it is') : hindered('nothing is used');
  },
};

/** Files that others call, whose jobs run actions of ours. */
const reusable = () =>
  globSync('.github/workflows/agent*.yml').map((file) => [file, readFileSync(file, 'utf8')] as const);

export const movedWhileRunning: Attack = {
  id: 'C3',
  title: 'our own tag is moved between two jobs of a run, or away from a commit that somebody pinned',
  attack: async () => {
    for (const [file, text] of reusable()) {
      const checkouts = text.split(/repository: \$\{\{ job\.workflow_repository \}\}/).slice(1);
      const other = checkouts.filter((rest) => !/^\s*ref: \$\{\{ job\.workflow_sha \}\}\n/.test(rest));
      const named = [...text.matchAll(/^\s*(?:- )?uses:\s*(\S*entropy-playground\/\S+)/gm)].map(
        ([, name = '']) => name,
      );
      const foreign = named.filter((name) => !name.startsWith('./.entropy-playground/actions/'));
      if (checkouts.length === 0 || other.length > 0) return escaped(`${file} takes actions from elsewhere`);
      if (foreign.length > 0) return escaped(`${file} uses ${foreign.join(', ')}`);
    }
    return contained('every job takes its actions from the commit that the workflow itself is of');
  },
  twin: async () => {
    const count = reusable().length;
    return count >= 3 ? passed(`${count} workflows can be called`) : hindered(`only ${count} workflows`);
  },
};
