import { type Figure, spread } from './figure.ts';
import { npmStart } from './npm-start.ts';

const limits = { lifeSeconds: 10, peakMb: 500 };

/** The life of the sample's issue under `npm start -- --json`, from a tree that is installed and built. */
export const figure: Figure = async ({ quick, progress }) => {
  const readings = quick ? 1 : 5;
  const life: number[] = [];
  const whole: number[] = [];
  const peaks: number[] = [];
  const phases = new Map<string, number[]>();
  for (let reading = 1; reading <= readings; reading += 1) {
    const { report, seconds, memory } = await npmStart();
    if (report.outcome !== 'succeeded') throw new Error(`npm start ended with ${report.outcome}: ${report.reason}`);
    const { total = Number.NaN, ...others } = report.durations;
    life.push(total / 1_000);
    whole.push(seconds);
    peaks.push(memory.proportionalMb);
    for (const [phase, ms] of Object.entries(others)) phases.set(phase, [...(phases.get(phase) ?? []), ms]);
    progress(`${reading} of ${readings}: ${seconds.toFixed(1)} s, ${memory.proportionalMb} MB`);
  }
  const lifeSeconds = spread(life);
  const peakMb = spread(peaks);
  return {
    kind: 'measured',
    ok: lifeSeconds.median <= limits.lifeSeconds && peakMb.max <= limits.peakMb,
    figures: {
      lifeSeconds,
      commandSeconds: spread(whole),
      phasesMs: Object.fromEntries([...phases].map(([phase, times]) => [phase, spread(times).median])),
      peakMb,
      memory: 'largest sum at one moment over all processes of npm start, shared pages counted once',
    },
    limits,
  };
};
