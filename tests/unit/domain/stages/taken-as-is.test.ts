import { describe, expect, it } from 'vitest';
import type { KnownFinding } from '../../../../src/domain/reports/open-finding.ts';
import { advance } from '../../../../src/domain/stages/advance.ts';
import { startTeam } from '../../../../src/domain/stages/start-team.ts';
import type { TeamEvent } from '../../../../src/domain/stages/team-event.ts';
import type { TeamRecord } from '../../../../src/domain/stages/team-record.ts';
import { parseTeamRecord, teamRecordText } from '../../../../src/domain/stages/team-record-text.ts';
import { askText, readyText } from '../../../../src/domain/stages/team-text.ts';

const place = { repository: 'octo/slug', issue: 7 };
const headSha = 'a'.repeat(40);
const moment = { now: 5, stepId: 's9' };

/** Everything is done but a test: the last run is the reviewer's, and the checks are green. */
function unproven(more: Partial<TeamRecord> = {}): TeamRecord {
  const team = startTeam({ ...place, askedBy: 'alice', stages: ['code', 'test', 'review'] }, moment);
  const state = { kind: 'waiting', for: 'checks', what: 'checks' } as const;
  return { ...team, stage: 'ready', state, pullRequest: 9, headSha, verdict: 'not-reproduced', ...more };
}

const green = { kind: 'checks', headSha, told: 'green' } as const;

function told(record: TeamRecord, ...events: readonly TeamEvent[]): TeamRecord {
  return events.reduce((at, event) => advance(at, event, moment).record, record);
}

describe('a change that no test can speak for', () => {
  it('asks a person once, and is ready at that person’s word', () => {
    const asked = told(unproven(), green);
    expect(asked.state).toMatchObject({ kind: 'waiting', for: 'person' });
    expect(askText(asked, '/bot')).toContain('`/bot fix` takes it as it is');
    const taken = told(asked, { kind: 'resumed', by: 'carol' });
    expect(taken.state).toMatchObject({ kind: 'waiting', for: 'checks' });
    expect(parseTeamRecord(teamRecordText(taken), place)).toEqual(taken);
    const ready = told(taken, green);
    expect(ready.state).toMatchObject({ kind: 'closing', how: 'ready' });
    expect(ready.state).toMatchObject({ what: expect.stringContaining('@carol takes it as it is') });
  });

  it('is sent back all the same when a check fails then', () => {
    const taken = told(unproven(), green, { kind: 'resumed', by: 'carol' });
    const failed = { name: 'build', url: 'https://x', conclusion: 'failure', excerpt: '' };
    expect(told(taken, { kind: 'checks', headSha, told: 'failed', failed: [failed] })).toMatchObject({
      stage: 'address',
    });
  });

  it('is asked about anew when somebody pushes after that word', () => {
    const taken = told(unproven(), green, { kind: 'resumed', by: 'carol' });
    const moved = told(taken, { kind: 'head-moved', headSha: 'b'.repeat(40) });
    const again = { ...moved, stage: 'ready', state: taken.state, verdict: 'unproven' } as const;
    expect(told(again, { ...green, headSha: 'b'.repeat(40) }).state).toMatchObject({ for: 'person' });
  });

  it('is not taken while a grave finding is open: the coder goes on', () => {
    const asked = told(unproven({ findings: [finding('major')] }), green);
    expect(told(asked, { kind: 'resumed', by: 'carol' })).toMatchObject({ stage: 'address' });
  });
});

function finding(severity: KnownFinding['severity'], at = 1): KnownFinding {
  return {
    ...{ fingerprint: `${severity}${at}`, path: 'src/a.ts', line: at, category: 'c', title: `${severity} ${at}` },
    ...{ body: 'see', severity, round: 1, standing: 'open' },
  };
}

describe('a list of findings for people', () => {
  const many = [
    ...Array.from({ length: 25 }, (_, at) => finding('nit', at)),
    ...Array.from({ length: 8 }, (_, at) => finding('major', at)),
    finding('blocker'),
  ];

  it('begins with the gravest and says how many it leaves out', () => {
    const text = readyText(unproven({ findings: many }));
    const lines = text.split('\n').filter((line) => line.startsWith('- **'));
    expect(lines[0]).toContain('**blocker**');
    expect(lines.slice(1, 9).every((line) => line.includes('**major**'))).toBe(true);
    expect(text).toContain('- and 14 more: 14 nit');
  });

  it('tells of all that is open when a person is asked', () => {
    const open = [...Array.from({ length: 24 }, (_, at) => finding('major', at)), finding('blocker')];
    const text = askText(told(unproven({ findings: open }), green), '/agent');
    expect(text.indexOf('**blocker**')).toBeLessThan(text.indexOf('**major**'));
    expect(text).toContain('- and 5 more: 5 major');
  });
});
