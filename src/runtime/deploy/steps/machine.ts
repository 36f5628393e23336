import { EntropyError } from '../../../domain/error.ts';
import { type DeployStep, known } from '../step.ts';

/** The CDK's own lower bound. What the clone itself runs, it runs with the Node of its development tools. */
const oldestNode = 20;

/** What this machine must have. Changes nothing. */
export const machineStep: DeployStep = {
  name: 'machine',
  title: 'machine',
  look: async ({ world }) => {
    const { clone, nodeVersion } = world;
    if (Number(nodeVersion.split('.')[0]) < oldestNode) {
      throw new EntropyError({
        code: 'E760',
        message: `Node ${nodeVersion} is too old for a deployment; ${oldestNode} or newer is needed`,
        fix: 'install a newer one: https://nodejs.org',
      });
    }
    if (clone.kind === 'none') throw new EntropyError({ code: 'E760', message: clone.reason, fix: clone.fix });
    return { kind: 'done', detail: `Node ${nodeVersion}, clone ${clone.root} at ${clone.commit.slice(0, 7)}` };
  },
  act: async ({ deployment }) => ({ detail: '', deployment: known(deployment) }),
};
