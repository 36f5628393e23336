import type { PlanReport } from './plan-report.ts';
import type { ReviewReport } from './review-report.ts';
import type { TriageReport } from './triage-report.ts';
import type { VerificationReport } from './verification-report.ts';

/** What an agent that changes nothing hands over: a schema for each kind of work, never prose alone. */
export type RoleReport = PlanReport | TriageReport | ReviewReport | VerificationReport;
