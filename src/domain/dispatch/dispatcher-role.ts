/** The role that takes deliveries and wakes from the queue. */
export const dispatcherRole = 'dispatcher';
