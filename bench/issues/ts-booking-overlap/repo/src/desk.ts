import { type Booking, checkTimes } from './booking.ts';
import { overlaps } from './overlap.ts';

export type BookingAnswer =
  | { readonly kind: 'booked'; readonly booking: Booking }
  | { readonly kind: 'conflict'; readonly with: Booking };

export class Desk {
  readonly #bookings: Booking[] = [];

  book(booking: Booking): BookingAnswer {
    checkTimes(booking);
    const other = this.#bookings.find((known) => overlaps(known, booking));
    if (other !== undefined) return { kind: 'conflict', with: other };
    this.#bookings.push(booking);
    return { kind: 'booked', booking };
  }

  cancel(room: string, start: number): boolean {
    const at = this.#bookings.findIndex((known) => known.room === room && known.start === start && !known.cancelled);
    const found = this.#bookings[at];
    if (found === undefined) return false;
    this.#bookings[at] = { ...found, cancelled: true };
    return true;
  }

  ofRoom(room: string): readonly Booking[] {
    return this.#bookings.filter((known) => known.room === room && !known.cancelled).sort((a, b) => a.start - b.start);
  }
}
