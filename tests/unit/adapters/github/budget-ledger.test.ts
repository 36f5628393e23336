import { describe, expect, it } from 'vitest';
import { emptyLedger, type Ledger, reserveIn, settleIn } from '../../../../src/adapters/github/budget-ledger.ts';
import { type Amounts, nothing } from '../../../../src/domain/coordination/amounts.ts';

const repository = 'repository/octo/slug';
const amounts: Amounts = { ...nothing, turns: 10 };

function reserved(ledger: Ledger, issue: number, key: string): Ledger {
  const hold = { claim: `github/octo/slug/issues/${issue}`, leaseId: `l${issue}`, fence: 1, amounts };
  const change = reserveIn(ledger, { key, caps: {} }, hold);
  if (change.kind === 'over-budget') throw new Error('no caps, no shortage');
  return change.ledger;
}

function settled(ledger: Ledger, issue: number, key: string): Ledger {
  return settleIn(ledger, { key: `github/octo/slug/issues/${issue}`, leaseId: `l${issue}`, fence: 1 }, { key });
}

describe('a ledger of many issues', () => {
  it('stays small: what nobody draws from is forgotten, the oldest first, the repository never', () => {
    let ledger = emptyLedger(repository);
    for (let issue = 1; issue <= 103; issue += 1) {
      for (const key of [`issue/octo/slug/${issue}`, repository]) {
        ledger = reserved(ledger, issue, key);
        if (issue !== 1) ledger = settled(ledger, issue, key);
      }
    }
    const kept = ledger.books.map(({ budget }) => budget.key).filter((key) => key.startsWith('issue/'));
    expect(kept).toHaveLength(101);
    expect(kept).toContain('issue/octo/slug/1');
    expect(kept).not.toContain('issue/octo/slug/2');
    expect(ledger.books.find(({ budget }) => budget.key === repository)?.budget).toMatchObject({
      runs: 1,
      reserved: amounts,
      spent: { turns: 1_020 },
    });
  });

  it('is the very same when nothing is to be settled', () => {
    const ledger = settled(reserved(emptyLedger(repository), 1, repository), 1, repository);
    expect(settled(ledger, 1, repository)).toBe(ledger);
    expect(settled(ledger, 2, repository)).toBe(ledger);
    expect(settled(ledger, 1, 'repository/octo/other')).toBe(ledger);
  });
});
