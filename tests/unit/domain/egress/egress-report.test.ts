import { describe, expect, it } from 'vitest';
import { describeEgress, emptyEgress, withRead, withRefused } from '../../../../src/domain/egress/egress-report.ts';

describe('what is told of where a sandbox went', () => {
  it('counts requests by host, and refusals by what was asked and why', () => {
    let report = withRead(withRead(emptyEgress, 'a.example'), 'a.example');
    report = withRefused(withRefused(report, 'b.example:443', 'not listed'), 'b.example:443', 'not listed');
    report = withRefused(report, 'c.example:22', 'no');
    expect(describeEgress(report)).toEqual([
      'reached a.example (2)',
      'refused b.example:443 (2 times): not listed',
      'refused c.example:22: no',
    ]);
    expect(describeEgress(emptyEgress)).toEqual([]);
  });

  it('shows names of strangers without what does not show, cut, and not without end', () => {
    let report = withRefused(emptyEgress, `\u001b[31m::error::x\n${'y'.repeat(500)}`, 'no');
    expect(report.refused[0]?.target).toMatch(/^\?\[31m::error::x\?y{84}$/);
    for (let index = 0; index < 200; index += 1) report = withRefused(report, `n${index}.example:443`, 'no');
    expect(report.refused.length).toBe(50);
  });
});
