import type { CheckAnnotation, CheckInfo, ForgeChecks } from '../../src/ports/forge-checks.ts';

type CallAs = <T>(name: string, act: () => T) => Promise<T>;

/** Checks by commit, annotations by check, logs by job: what a test puts there. */
export class FakeChecks implements ForgeChecks {
  readonly bySha = new Map<string, readonly CheckInfo[]>();
  readonly byCheck = new Map<number, readonly CheckAnnotation[]>();
  readonly logs = new Map<number, string>();
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

  jobLog(jobId: number, maxBytes: number): Promise<string | undefined> {
    return this.call('GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs', () =>
      this.logs.get(jobId)?.slice(-maxBytes),
    );
  }
}
