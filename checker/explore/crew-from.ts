/**
 * From where on the other threads take part. With fewer states they would hardly have started before the end; a block of fewer
 * states is expanded faster than four barriers are passed.
 */
export const usualCrewFrom = { states: 200_000, block: 1024 };
