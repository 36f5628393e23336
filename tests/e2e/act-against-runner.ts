import { runUnderAct } from './run-under-act.ts';
import { openStage, packageRoot, type Stage } from './stage.ts';

/** What a person finds afterwards. Texts without what is new in every run: ids, addresses, times, digests. */
export interface Delivered {
  readonly branch: string;
  readonly treeSha: string;
  readonly base: string;
  readonly draft: boolean;
  readonly title: string;
  readonly body: string;
  readonly trackingComment: string;
  readonly claim: string;
  readonly otherPullRequests: number;
}

export interface Comparison {
  readonly act: Delivered;
  readonly runner: Delivered;
  /** Names of the fields that are not the same. */
  readonly differences: readonly (keyof Delivered)[];
  readonly seconds: { readonly act: number; readonly runner: number };
}

const inputs = { model: `scripted:${packageRoot}examples/slug-fix.script.yaml` };
const timeoutMs = 150_000;

/** The sample's issue, once with the shipped workflow on act and once on our own runner, each on a GitHub of its own. */
export async function compareActWithRunner(act: string, progress: (line: string) => void): Promise<Comparison> {
  progress('the shipped workflow on act');
  const underAct = await live(async (stage, issue) => {
    const payload = await stage.comment(issue, '/agent fix');
    const ran = await runUnderAct({ act, stage, payload, inputs, timeoutMs });
    if (ran.exitCode !== 0) throw new Error(`act ended with ${ran.exitCode}:\n${ran.log.slice(-8_000)}`);
  });
  progress('the same on our own runner');
  const onRunner = await live(async (stage, issue) => {
    const payload = await stage.comment(issue, '/agent fix');
    const { report } = await stage.run({ payload, issue, inputs });
    if (report.conclusion !== 'success')
      throw new Error(`the runner ended with ${report.conclusion}: ${report.reason}`);
  });
  const fields = Object.keys(underAct.delivered) as (keyof Delivered)[];
  return {
    act: underAct.delivered,
    runner: onRunner.delivered,
    differences: fields.filter((field) => underAct.delivered[field] !== onRunner.delivered[field]),
    seconds: { act: underAct.seconds, runner: onRunner.seconds },
  };
}

async function live(run: (stage: Stage, issue: number) => Promise<void>) {
  await using stage = await openStage();
  const issue = await stage.openIssue();
  const started = performance.now();
  await run(stage, issue);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  return { delivered: await deliveredOn(stage, issue), seconds };
}

async function deliveredOn(stage: Stage, issue: number): Promise<Delivered> {
  const [pull, ...others] = await stage.pulls();
  if (pull === undefined) throw new Error(`no pull request; the comment says: ${await stage.tracking(issue)}`);
  const claim = await stage.claim(issue);
  return {
    branch: pull.head.ref,
    treeSha: await stage.treeOf(pull.head.sha),
    base: pull.base.ref,
    draft: pull.draft,
    title: pull.title,
    body: withoutTheNew(pull.body),
    trackingComment: withoutTheNew(await stage.tracking(issue)),
    claim: `${claim?.state} ${claim?.fence}`,
    otherPullRequests: others.length,
  };
}

function withoutTheNew(text: string): string {
  return text
    .replaceAll(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, '(run)')
    .replaceAll(/http:\/\/localhost:\d+/g, '(server)')
    .replaceAll(/\b[0-9a-f]{64}\b/g, '(sha256)')
    .replaceAll(/\b[0-9a-f]{40}\b/g, '(commit)')
    .replaceAll(/\d+(?:\.\d+)? ?m?s\b/g, '(time)')
    .replaceAll(/duration_ms [\d.]+/g, '(time)');
}
