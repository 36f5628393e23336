from .split import split


def balances_of(expenses, people):
    """What each is owed (above 0) or owes (below 0). An expense is `(payer, amount)`, shared by all."""
    balances = {person: 0 for person in people}
    for payer, amount in expenses:
        balances[payer] += amount
        for person, share in split(amount, people).items():
            balances[person] -= share
    return balances


def settle(balances):
    """Payments `(from, to, amount)` after which nobody owes anything."""
    owing = sorted((amount, person) for person, amount in balances.items() if amount < 0)
    owed = sorted(((amount, person) for person, amount in balances.items() if amount > 0), reverse=True)
    payments = []
    while owing and owed:
        debt, debtor = owing.pop(0)
        credit, creditor = owed.pop(0)
        paid = min(-debt, credit)
        payments.append((debtor, creditor, paid))
        if -debt > paid:
            owing.insert(0, (debt + paid, debtor))
        if credit > paid:
            owed.insert(0, (credit - paid, creditor))
    return payments
