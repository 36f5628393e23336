from html import escape


def html_report(orders):
    sums = {}
    customers = {}
    grand = 0
    for o in orders:
        key = o.day.strftime("%Y-%m")
        if key not in sums:
            sums[key] = 0
        sums[key] += o.cents
        grand += o.cents
        if o.customer not in customers:
            customers[o.customer] = 0
        customers[o.customer] += o.cents
    out = "<table>\n"
    for key in sorted(sums):
        out += f"<tr><td>{key}</td><td>{sums[key] / 100:.2f}</td></tr>\n"
    out += f"<tr><th>total</th><th>{grand / 100:.2f}</th></tr>\n</table>\n"
    if customers:
        top = min(customers, key=lambda name: (-customers[name], name))
        out += f"<p>best customer: {escape(top)}</p>\n"
    return out
