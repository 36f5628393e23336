/** After a stocktaking: up or down by a difference. */
export function adjust(stock, { sku, quantity }) {
  if (typeof sku !== 'string' || !/^[A-Z]{2}-\d{4}$/.test(sku)) {
    throw new RangeError(`article number "${sku}" is wrong`);
  }
  if (typeof quantity !== 'number' || !Number.isInteger(quantity)) {
    throw new RangeError(`difference ${quantity} is wrong`);
  }
  if (quantity === 0) {
    throw new RangeError('no difference');
  }
  return new Map(stock).set(sku, (stock.get(sku) ?? 0) + quantity);
}
