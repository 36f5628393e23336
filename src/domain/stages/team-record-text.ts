import type { BriefReason, FailedCheck, Remark } from '../brief.ts';
import { commandNames } from '../command.ts';
import { messageTypes } from '../coordination/message.ts';
import { type RecordPlace, readIssueRecord } from '../issue-record-text.ts';
import type { PatchFile, PatchManifest } from '../patch.ts';
import { severities } from '../reports/finding.ts';
import { findingAnswers, type KnownFinding } from '../reports/open-finding.ts';
import { verificationVerdicts } from '../reports/verification-report.ts';
import { count, groupOf, listOf, oneOf, type Shape, text } from '../shape.ts';
import { flag, kindsOf, lineText, nothingOr, textUpTo } from '../shape-kinds.ts';
import type { TestRun } from '../test-run.ts';
import type { HandOff } from './hand-off.ts';
import { choosableStages, stages } from './stage.ts';
import { teamApprovalShape } from './team-approval-shape.ts';
import {
  type HeldBack,
  heldBackPlaces,
  maxHistory,
  maxMemoryBytes,
  type StageEnd,
  type TeamPlan,
  type TeamRecord,
  type TeamState,
  teamEnds,
  teamWaits,
} from './team-record.ts';

/** What a record may weigh as text, tests of a tester and all; beyond it none is written or read. */
export const maxTeamRecordBytes = 4 * 1024 * 1024;

/** The record as it is kept. Throws a RangeError for one that nobody would read again. */
export function teamRecordText(record: TeamRecord): string {
  const written = `${JSON.stringify(record, null, 1)}\n`;
  const bytes = new TextEncoder().encode(written).length;
  if (bytes > maxTeamRecordBytes) {
    throw new RangeError(
      `the team's record of issue #${record.issue} has ${bytes} bytes, more than ${maxTeamRecordBytes}`,
    );
  }
  return written;
}

/** What lies there as a record of that very issue; undefined when it is anything else. Whoever may push can write there. */
export function parseTeamRecord(written: string, place: RecordPlace): TeamRecord | undefined {
  const record = readIssueRecord(written, place, { shape: teamRecordShape, maxBytes: maxTeamRecordBytes });
  return record !== undefined && record.history.length <= maxHistory ? record : undefined;
}

const none = {} as const;

const findingShape: Shape<KnownFinding> = groupOf<KnownFinding>({
  required: {
    ...{ fingerprint: lineText, path: text, category: lineText, title: lineText, body: text },
    ...{ severity: oneOf(severities), round: count, standing: oneOf(['open', 'fixed', 'refuted'] as const) },
  },
  optional: {
    ...{ line: count, commentId: count, closedBy: oneOf(['person'] as const) },
    answer: groupOf<NonNullable<KnownFinding['answer']>>({
      required: { answer: oneOf(findingAnswers), why: text },
      optional: none,
    }),
  },
});

const testRunShape: Shape<TestRun> = groupOf<TestRun>({
  required: { command: text, exitCode: nothingOr(count), timedOut: flag, durationMs: count, output: text },
  optional: none,
});

type Lines = NonNullable<PatchFile['lines']>;
const linesShape = groupOf<Lines>({ required: { added: count, removed: count }, optional: none });

type WrittenFile = Extract<PatchFile, { readonly sizeBytes: number }>;
const writtenFile: Shape<WrittenFile> = groupOf<WrittenFile>({
  required: {
    ...{
      change: oneOf(['added', 'modified'] as const),
      path: text,
      sizeBytes: count,
      blobSha: lineText,
      content: text,
    },
    ...{
      mode: oneOf(['100644', '100755', '120000', '160000'] as const),
      encoding: oneOf(['utf-8', 'base64'] as const),
    },
  },
  optional: { lines: linesShape },
});
type DeletedFile = Extract<PatchFile, { readonly change: 'deleted' }>;
const deletedFile: Shape<DeletedFile> = groupOf<DeletedFile>({
  required: { change: oneOf(['deleted'] as const), path: text },
  optional: { lines: linesShape },
});

const manifestShape: Shape<PatchManifest> = groupOf<PatchManifest>({
  required: {
    ...{ schema: oneOf([1] as const), runId: lineText, treeSha: lineText },
    base: groupOf<PatchManifest['base']>({ required: { sha: lineText, treeSha: lineText }, optional: none }),
    files: listOf(
      kindsOf<PatchFile, 'change'>('change', { added: writtenFile, modified: writtenFile, deleted: deletedFile }),
    ),
  },
  optional: none,
});

const remarkShape: Shape<Remark> = groupOf<Remark>({
  required: { author: lineText, body: text, createdAt: lineText, commentId: count },
  optional: { path: text, line: count, about: lineText, lines: text },
});

const checkShape: Shape<FailedCheck> = groupOf<FailedCheck>({
  required: { name: text, url: text, conclusion: text, excerpt: text },
  optional: none,
});

type Reason<Kind extends BriefReason['kind']> = Extract<BriefReason, { readonly kind: Kind }>;
const reasonShape = kindsOf<BriefReason, 'kind'>('kind', {
  findings: groupOf<Reason<'findings'>>({
    required: { kind: oneOf(['findings'] as const), findings: listOf(findingShape), round: count },
    optional: none,
  }),
  remarks: groupOf<Reason<'remarks'>>({
    required: { kind: oneOf(['remarks'] as const), remarks: listOf(remarkShape) },
    optional: none,
  }),
  'failed-checks': groupOf<Reason<'failed-checks'>>({
    required: { kind: oneOf(['failed-checks'] as const), checks: listOf(checkShape) },
    optional: none,
  }),
  'failing-test': groupOf<Reason<'failing-test'>>({
    required: { kind: oneOf(['failing-test'] as const), tests: manifestShape, run: testRunShape, summary: text },
    optional: none,
  }),
  conflict: groupOf<Reason<'conflict'>>({
    required: { kind: oneOf(['conflict'] as const), baseSha: lineText, paths: listOf(text) },
    optional: none,
  }),
});

type State<Kind extends TeamState['kind']> = Extract<TeamState, { readonly kind: Kind }>;
const stateShape = kindsOf<TeamState, 'kind'>('kind', {
  pending: groupOf<State<'pending'>>({
    required: {
      kind: oneOf(['pending'] as const),
      step: groupOf<State<'pending'>['step']>({
        required: { id: lineText, command: oneOf(commandNames), subject: count, askedAt: count, asks: count },
        optional: {
          handOff: groupOf<HandOff>({ required: { type: oneOf(messageTypes), from: lineText }, optional: none }),
          heldBack: groupOf<HeldBack>({
            required: { asks: count, at: count, place: oneOf(heldBackPlaces) },
            optional: none,
          }),
        },
      }),
    },
    optional: none,
  }),
  running: groupOf<State<'running'>>({
    required: { kind: oneOf(['running'] as const), runId: lineText, fence: count, step: lineText },
    optional: none,
  }),
  waiting: groupOf<State<'waiting'>>({
    required: {
      kind: oneOf(['waiting'] as const),
      for: oneOf(teamWaits),
      what: text,
    },
    optional: { on: listOf(count) },
  }),
  closing: groupOf<State<'closing'>>({
    required: { kind: oneOf(['closing'] as const), how: oneOf(teamEnds), what: text },
    optional: none,
  }),
  over: groupOf<State<'over'>>({
    required: { kind: oneOf(['over'] as const), how: oneOf(teamEnds), what: text },
    optional: none,
  }),
});

const endShape: Shape<StageEnd> = groupOf<StageEnd>({
  required: { stage: oneOf(stages), round: count, what: text, at: count },
  optional: { runId: lineText },
});

const teamRecordShape: Shape<TeamRecord> = groupOf<TeamRecord>({
  required: {
    ...{ schema: oneOf([1] as const), repository: lineText, issue: count, askedBy: lineText },
    ...{ chosen: listOf(oneOf(choosableStages)), maxRounds: count, stage: oneOf(stages), state: stateShape },
    ...{ round: count, tries: count, findings: listOf(findingShape), reasons: listOf(reasonShape) },
    ...{ memory: textUpTo(maxMemoryBytes), history: listOf(endShape) },
  },
  optional: {
    ...{ approval: teamApprovalShape, told: listOf(count) },
    ...{ pullRequest: count, headSha: lineText, verdict: oneOf(verificationVerdicts), unended: listOf(text) },
    taken: groupOf<NonNullable<TeamRecord['taken']>>({ required: { by: lineText, headSha: lineText }, optional: none }),
    plan: groupOf<TeamPlan>({
      required: { hash: lineText, paths: listOf(text) },
      optional: { approvedBy: lineText },
    }),
  },
});
