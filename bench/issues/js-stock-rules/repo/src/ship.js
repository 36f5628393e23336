export function ship(stock, { sku, quantity }) {
  if (typeof sku !== 'string' || !/^[A-Z]{2}-\d{4}$/.test(sku)) {
    throw new RangeError(`bad sku ${sku}`);
  }
  if (typeof quantity !== 'number' || !Number.isInteger(quantity)) {
    throw new RangeError(`bad quantity ${quantity}`);
  }
  if (quantity === 0) {
    throw new RangeError('nothing to ship');
  }
  if (quantity < 0) {
    throw new RangeError(`bad quantity ${quantity}`);
  }
  const left = (stock.get(sku) ?? 0) - quantity;
  if (left < 0) throw new RangeError(`only ${stock.get(sku) ?? 0} of ${sku} are left`);
  return new Map(stock).set(sku, left);
}
