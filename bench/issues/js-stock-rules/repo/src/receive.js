export function receive(stock, { sku, quantity }) {
  if (typeof sku !== 'string' || !/^[A-Z]{2}-\d{4}$/.test(sku)) {
    throw new RangeError(`"${sku}" is no article number; they look like AB-1234`);
  }
  if (typeof quantity !== 'number' || !Number.isInteger(quantity)) {
    throw new RangeError(`quantity ${quantity} is not a whole number`);
  }
  if (quantity === 0) {
    throw new RangeError('a movement of nothing');
  }
  if (quantity < 0) {
    throw new RangeError(`quantity ${quantity} is below zero`);
  }
  return new Map(stock).set(sku, (stock.get(sku) ?? 0) + quantity);
}
