import { EntropyError } from '../../src/domain/error.ts';
import { allAttacks } from '../attack/catalogue/all.ts';
import { type AttackId, attackIds } from '../attack/catalogue/attack.ts';
import type { Tried } from '../attack/catalogue/try-attack.ts';
import { allDefences } from '../attack/defences/all.ts';
import { type JudgedDefence, judgeDefence } from './attacks/judge-defence.ts';
import { type Trial, tryInProcess } from './attacks/try-in-process.ts';
import type { Figure, FigureFlags } from './figure.ts';

/** A machine of two cores tries two at once; more would only make deadlines be missed. */
const workers = 2;
const deadlineMs = 300_000;
const quickShare = 12;

/** `--part 2/4`: of the defences, every fourth from the second on. All attacks are tried in each part. */
export const options: FigureFlags = { part: { kind: 'text' } };

/**
 * Every attack of the catalogue beside its harmless twin; then again without one defence after the other, which exactly the
 * attacks that the defence names have to notice. Quick: one defence in twelve, other ones each day, and only the attacks that it names.
 */
export const figure: Figure = async ({ quick, progress, flags }) => {
  const today = Math.floor(Date.now() / 86_400_000);
  const part = quick ? { of: quickShare, at: today % quickShare } : partOf(flags['part'] ?? '1/1');
  const switchedOff = allDefences.filter((_, index) => index % part.of === part.at);
  const named = new Set(switchedOff.flatMap(({ noticedBy }) => noticedBy));
  const wanted = quick ? attackIds.filter((id) => named.has(id)) : attackIds;
  const ids = wanted.filter((id) => allAttacks.some((attack) => attack.id === id));
  const trials = new Map<AttackId, Trial>();
  await inTurn(ids, async (id) => {
    trials.set(id, await tryInProcess({ attacks: [id], deadlineMs }));
    progress(`${id} ${shown(trials.get(id)?.tried ?? [])}`);
  });

  const defences: JudgedDefence[] = [];
  await inTurn(switchedOff, async (defence) => {
    const affected = quick ? [] : [...trials.values()].flatMap((trial) => whoRan(trial, defence.id));
    const judged = await judgeDefence(defence, affected);
    defences.push(judged);
    progress(`without ${defence.id}: ${judged.noticedBy.join(' ')} ${judged.problems.join('; ')}`);
  });

  const attacks = wanted.map((id) => verdict(id, trials.get(id)));
  const failures = [
    ...attacks.flatMap(({ problems }) => problems),
    ...defences.sort((a, b) => a.defence.localeCompare(b.defence)).flatMap(({ problems }) => problems),
  ];
  const told = attacks.filter(({ missing }) => missing === undefined);
  return {
    kind: 'measured',
    ok: failures.length === 0,
    figures: {
      contained: `${told.filter(({ contained }) => contained).length} of ${wanted.length}`,
      twins: `${told.filter(({ twin }) => twin).length} of ${wanted.length}`,
      attacksTried: allAttacks.length,
      notTried: attacks.filter(({ missing }) => missing !== undefined).map(({ id, missing }) => `${id}: ${missing}`),
      attacks: attacks.map(({ id, contained, twin }) => ({ id, contained, twin })),
      defences: Object.fromEntries(defences.map(({ defence, noticedBy }) => [defence, noticedBy])),
      failures: failures.slice(0, 40),
    },
    limits: {
      contained: `${attackIds.length} of ${wanted.length}`,
      twins: `${attackIds.length} of ${wanted.length}`,
      failures: 0,
    },
  };
};

/** The attacks that ran a piece of the defence, and those of which nobody knows. */
function whoRan({ tried, ran }: Trial, defence: string): readonly string[] {
  return tried.map(({ attack }) => attack).filter((attack) => ran.get(attack)?.has(defence) !== false);
}

interface Verdict {
  readonly id: AttackId;
  readonly contained: boolean;
  readonly twin: boolean;
  readonly missing?: string;
  readonly problems: readonly string[];
}

/** An id holds when all of its attacks do. Those that this machine cannot try do not speak for it. */
function verdict(id: AttackId, trial: Trial | undefined): Verdict {
  if (trial === undefined) return { id, contained: false, twin: false, problems: [`${id} has no attack`] };
  const judged = trial.tried.filter(({ missing }) => missing === undefined);
  const [missing] = trial.tried.flatMap((each) => each.missing ?? []);
  if (judged.length === 0 && missing !== undefined) {
    return { id, contained: false, twin: false, missing, problems: [`${id} could not be tried: ${missing}`] };
  }
  const problems = judged.flatMap(({ title, contained, twin, told }) => [
    ...(contained ? [] : [`${id} got out: ${title}: ${told?.[0]}`]),
    ...(twin ? [] : [`the twin of ${id} was hindered: ${title}: ${told?.[1]}`]),
  ]);
  return {
    id,
    contained: judged.length > 0 && judged.every(({ contained }) => contained),
    twin: judged.length > 0 && judged.every(({ twin }) => twin),
    problems: trial.fault === undefined ? problems : [...problems, `${id}: ${trial.fault}`],
  };
}

function partOf(text: string | number): { readonly of: number; readonly at: number } {
  const [, at, of] = /^([1-9]\d?)\/([1-9]\d?)$/.exec(String(text)) ?? [];
  if (at === undefined || of === undefined || Number(at) > Number(of)) {
    throw new EntropyError({
      code: 'E100',
      message: `--part ${text} is no part`,
      fix: 'say which of how many: --part 1/4',
    });
  }
  return { of: Number(of), at: Number(at) - 1 };
}

function shown(tried: readonly Tried[]): string {
  return tried
    .map(
      ({ contained, twin, missing }) =>
        missing ?? `${contained ? 'contained' : 'GOT OUT'}, twin ${twin ? 'passes' : 'HINDERED'}`,
    )
    .join('; ');
}

async function inTurn<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}
