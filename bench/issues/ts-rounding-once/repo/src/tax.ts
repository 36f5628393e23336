/** Tax on an amount in cents; the rate is in per cent. */
export function taxOn(cents: number, rate: number): number {
  return roundTax((cents * rate) / 100);
}

function roundTax(amount: number): number {
  const whole = Math.floor(amount);
  const rest = amount - whole;
  if (rest > 0.5) return whole + 1;
  if (rest < 0.5) return whole;
  return whole % 2 === 0 ? whole : whole + 1;
}
