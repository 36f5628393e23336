export interface Booking {
  readonly room: string;
  /** Minutes since midnight. */
  readonly start: number;
  readonly end: number;
  readonly by: string;
  readonly cancelled?: boolean;
}

export function checkTimes({ start, end }: Pick<Booking, 'start' | 'end'>): void {
  if (!Number.isInteger(start) || !Number.isInteger(end)) throw new RangeError('times are whole minutes');
  if (start < 0 || end > 24 * 60) throw new RangeError('times are within one day');
  if (start >= end) throw new RangeError('a booking ends after it starts');
}
