import { describe, expect, it } from 'vitest';
import { openSandbox } from '../../../src/flows/open-sandbox.ts';
import { defaultSandboxLimits, type SandboxProvider } from '../../../src/ports/sandbox.ts';
import { fakeCanary, fakeRung } from '../../fakes/ladder.ts';

const never = new AbortController().signal;
const options = { workspace: '/w', limits: defaultSandboxLimits, env: {}, hostPath: '/bin' };

describe('opening the sandbox', () => {
  it('takes the strongest rung, offline, and takes the canary away again', async () => {
    const [first, second] = [fakeRung('bubblewrap', 'available'), fakeRung('unshare', 'available')];
    const canary = fakeCanary([]);
    const opened = await openSandbox({ providers: [first, second], canary, options }, never);
    expect(opened).toMatchObject({ sandbox: { rung: 'bubblewrap' }, passedOver: [] });
    expect(first.opened).toEqual([{ ...options, network: { kind: 'none' } }]);
    expect([first.stillOpen(), second.opened.length, canary.planted()]).toEqual([1, 0, 0]);
  });

  it('says which stronger rung it passed over, and why', async () => {
    const providers = [fakeRung('bubblewrap', 'unavailable'), fakeRung('unshare', 'available')];
    const opened = await openSandbox({ providers, canary: fakeCanary([]), options }, never);
    expect(opened.sandbox.rung).toBe('unshare');
    expect(providers.map(({ stillOpen }) => stillOpen())).toEqual([0, 1]);
    expect(opened.passedOver).toEqual([{ rung: 'bubblewrap', reason: 'no bubblewrap', fix: 'install bubblewrap' }]);
  });

  it('does not go lower when a rung that is there cannot be opened', async () => {
    const broken = { ...fakeRung('bubblewrap', 'available'), open: () => Promise.reject(new Error('no mount')) };
    const lower = fakeRung('unshare', 'available');
    await expect(openSandbox({ providers: [broken, lower], canary: fakeCanary([]), options }, never)).rejects.toThrow(
      'no mount',
    );
    expect(lower.opened).toEqual([]);
  });

  it('does not go below the rung that is required (E402)', async () => {
    const lower = fakeRung('unshare', 'available');
    const providers = [fakeRung('bubblewrap', 'unavailable'), lower];
    const opening = openSandbox({ providers, canary: fakeCanary([]), options, required: 'bubblewrap' }, never);
    await expect(opening).rejects.toMatchObject({ code: 'E402', fix: expect.stringContaining('install bubblewrap') });
    expect(lower.opened).toEqual([]);
  });

  it('takes a stronger rung than the required one', async () => {
    const providers = [fakeRung('bubblewrap', 'available'), fakeRung('unshare', 'available')];
    const opened = await openSandbox({ providers, canary: fakeCanary([]), options, required: 'unshare' }, never);
    expect(opened.sandbox.rung).toBe('bubblewrap');
  });

  it('refuses where no rung can be had, with what to install for each (E400)', async () => {
    const providers = [fakeRung('bubblewrap', 'unavailable'), fakeRung('unshare', 'unavailable')];
    await expect(openSandbox({ providers, canary: fakeCanary([]), options }, never)).rejects.toMatchObject({
      code: 'E400',
      fix: expect.stringMatching(/install bubblewrap[\s\S]*install unshare/),
    });
  });

  it('closes a sandbox that leaks and says what was seen (E401)', async () => {
    const rung = fakeRung('bubblewrap', 'available');
    const canary = fakeCanary(['sudo', 'a network route through eth0']);
    await expect(openSandbox({ providers: [rung], canary, options }, never)).rejects.toMatchObject({
      code: 'E401',
      message: expect.stringContaining('sudo; a network route through eth0'),
    });
    expect([rung.stillOpen(), canary.planted()]).toEqual([0, 0]);
  });

  it('goes lower when a rung opens and its commands never start, as with an old bubblewrap', async () => {
    const [old, lower] = [fakeRung('bubblewrap', 'available'), fakeRung('unshare', 'available')];
    let closed = 0;
    const providers: readonly SandboxProvider[] = [
      {
        ...old,
        probe: async () => ({ kind: 'unavailable', reason: 'bwrap 0.6 is older than 0.8', fix: 'install a newer one' }),
        open: async (wanted) => ({
          ...(await old.open(wanted)),
          run: () => Promise.reject(new Error('Unknown option --disable-userns')),
          [Symbol.asyncDispose]: async () => {
            closed += 1;
          },
        }),
      },
      lower,
    ];
    const opened = await openSandbox({ providers, canary: fakeCanary([]), options }, never);
    expect([opened.sandbox.rung, opened.passedOver.map(({ reason }) => reason), closed]).toEqual([
      'unshare',
      ['bwrap 0.6 is older than 0.8'],
      1,
    ]);
  });

  it('never goes lower from a rung that leaks, whatever it says of itself', async () => {
    const leaky: SandboxProvider = {
      ...fakeRung('bubblewrap', 'available'),
      probe: async () => ({ kind: 'unavailable', reason: 'gone', fix: 'none' }),
    };
    const lower = fakeRung('unshare', 'available');
    const opening = openSandbox({ providers: [leaky, lower], canary: fakeCanary(['sudo']), options }, never);
    await expect(opening).rejects.toMatchObject({ code: 'E401' });
    expect(lower.opened).toEqual([]);
  });

  it('closes the sandbox when the canary cannot be planted', async () => {
    const rung = fakeRung('bubblewrap', 'available');
    const canary = { plant: () => Promise.reject(new Error('no room')) };
    await expect(openSandbox({ providers: [rung], canary, options }, never)).rejects.toThrow('no room');
    expect(rung.stillOpen()).toBe(0);
  });

  it('takes the canary away when the sandbox cannot be opened', async () => {
    const broken = { ...fakeRung('bubblewrap', 'available'), open: () => Promise.reject(new Error('no mount')) };
    const canary = fakeCanary([]);
    await expect(openSandbox({ providers: [broken], canary, options }, never)).rejects.toThrow('no mount');
    expect(canary.planted()).toBe(0);
  });
});
