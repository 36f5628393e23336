import { isLiveAdmin } from '../../../domain/access/key-state.ts';
import { makeAdminKey } from '../../admin-key.ts';
import { type DeployStep, deployedOutputs, known, outputsOf, type StepContext } from '../step.ts';

/** The first key of the coordinator, which makes all others. The table has only its hash. */
export const adminKeyStep: DeployStep = {
  name: 'admin-key',
  title: 'admin key',
  look: async (context) => {
    const outputs = await outputsOf(context);
    if (outputs === undefined) return { kind: 'todo', change: 'make the first admin key of the coordinator' };
    const live = await liveAdmins(context, outputs.table);
    const wanted = live === 0 || context.options.newAdminKey;
    if (!wanted) return { kind: 'done', detail: `${live} ${live === 1 ? 'counts' : 'count'}` };
    return { kind: 'todo', change: `make ${live === 0 ? 'the first' : 'one more'} admin key of the coordinator` };
  },
  act: async (context) => {
    const { table } = await deployedOutputs(context);
    const { world, options, tellAdminKey } = context;
    const when = options.newAdminKey ? 'always' : 'if-none';
    const key = await makeAdminKey(world.apiKeys(table), world.clock, { when, tell: tellAdminKey });
    const detail = key === undefined ? 'there already' : 'made; keep it, it is not told again';
    return { detail, deployment: { ...known(context.deployment), tableName: table } };
  },
};

async function liveAdmins({ world }: StepContext, table: string): Promise<number> {
  const now = world.clock.now();
  return (await world.apiKeys(table).list()).filter((key) => isLiveAdmin(key, now)).length;
}
