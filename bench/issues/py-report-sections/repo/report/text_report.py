def text_report(orders):
    by_month = {}
    for order in orders:
        month = order.day.strftime("%Y-%m")
        by_month[month] = by_month.get(month, 0) + order.cents
    lines = []
    for month in sorted(by_month):
        lines.append(f"{month} {by_month[month] / 100:10.2f}")
    total = 0
    for order in orders:
        total += order.cents
    lines.append(f"total   {total / 100:10.2f}")
    by_customer = {}
    for order in orders:
        by_customer[order.customer] = by_customer.get(order.customer, 0) + order.cents
    if by_customer:
        best = sorted(by_customer, key=lambda name: (-by_customer[name], name))[0]
        lines.append(f"best customer: {best}")
    return "\n".join(lines) + "\n"
