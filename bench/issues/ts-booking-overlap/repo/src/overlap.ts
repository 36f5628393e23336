import type { Booking } from './booking.ts';

/** Whether two bookings cannot both be kept. */
export function overlaps(a: Booking, b: Booking): boolean {
  if (a.room !== b.room) return false;
  const startsWithin = b.start >= a.start && b.start <= a.end;
  const endsWithin = a.start > b.start && a.start <= b.end;
  return startsWithin && endsWithin || a.end === b.start || (b.start < a.end && b.end > a.end);
}
