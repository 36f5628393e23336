import type { CheckAnnotation, CheckInfo, ForgeChecks, JobStep } from '../../src/ports/forge-checks.ts';

type CallAs = <T>(name: string, act: () => T) => Promise<T>;

/** Checks by commit, annotations by check, logs by job: what a test puts there. */
export class FakeChecks implements ForgeChecks {
  readonly bySha = new Map<string, readonly CheckInfo[]>();
  readonly byCheck = new Map<number, readonly CheckAnnotation[]>();
  readonly logs = new Map<number, string>();
  readonly steps = new Map<number, readonly JobStep[]>();
  private readonly call: CallAs;

  constructor(call: CallAs) {
    this.call = call;
  }

  of(sha: string): Promise<readonly CheckInfo[]> {
    return this.call('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', () => this.bySha.get(sha) ?? []);
  }

  annotations(check: CheckInfo): Promise<readonly CheckAnnotation[]> {
    const route = 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations';
    return this.call(route, () => this.byCheck.get(check.id) ?? []);
  }

  jobSteps(jobId: number): Promise<readonly JobStep[] | undefined> {
    return this.call('GET /repos/{owner}/{repo}/actions/jobs/{job_id}', () => this.steps.get(jobId));
  }

  jobLog(jobId: number, maxBytes: number): Promise<string | undefined> {
    return this.call('GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs', () =>
      this.logs.get(jobId)?.slice(-maxBytes),
    );
  }
}

/** A job of GitHub Actions that failed, and whose log is gone. */
export function sampleCheck(more: Partial<CheckInfo> = {}): CheckInfo {
  return {
    ...{ id: 1, name: 'build', app: 'github-actions', status: 'completed', conclusion: 'failure' },
    ...{ url: 'https://github.com/octo/slug/actions/runs/1/job/1', jobId: undefined, summary: undefined },
    annotations: 0,
    ...more,
  };
}
