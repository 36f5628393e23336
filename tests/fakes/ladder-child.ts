/** A process on some machine, real or simulated, that opens the strongest sandbox it can: `node ladder-child.ts WORKSPACE [REQUIRED]`. */
import { plantedCanary } from '../../src/adapters/linux-namespaces/planted-canary.ts';
import { EntropyError } from '../../src/domain/error.ts';
import { requirableRungs } from '../../src/domain/sandbox-rung.ts';
import { openSandbox } from '../../src/flows/open-sandbox.ts';
import { defaultSandboxLimits } from '../../src/ports/sandbox.ts';
import { machineChecks } from '../../src/runtime/doctor-machine.ts';
import type { DoctorWorld } from '../../src/runtime/doctor-world.ts';
import { ownEgressCommand } from '../../src/runtime/own-worker.ts';
import { sandboxLadder } from '../../src/runtime/sandboxes.ts';

const [workspace = '', wanted] = process.argv.slice(2);
const required = requirableRungs.find((rung) => rung === wanted);
const signal = AbortSignal.timeout(60_000);
const providers = sandboxLadder(ownEgressCommand());

async function open() {
  const options = { workspace, limits: defaultSandboxLimits, env: {}, hostPath: process.env['PATH'] ?? '' };
  const request = { providers, canary: plantedCanary(), options, ...(required === undefined ? {} : { required }) };
  try {
    const { sandbox, passedOver } = await openSandbox(request, signal);
    await sandbox[Symbol.asyncDispose]();
    return { rung: sandbox.rung, description: sandbox.description, passedOver };
  } catch (error) {
    if (!(error instanceof EntropyError)) throw error;
    return { code: error.code, message: error.message, why: error.why, fix: error.fix };
  }
}

const doctor = machineChecks.find(({ id }) => id === 'sandbox');
const finding = await doctor?.look({ sandboxes: providers } as unknown as DoctorWorld, signal);
process.stdout.write(JSON.stringify({ ...(await open()), doctor: finding }));
