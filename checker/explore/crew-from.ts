/**
 * From where on the other threads take part: once the search has taken so many seconds. A shorter one would end before their code is
 * compiled and has made up for what their start costs. A block of fewer states is expanded faster than three barriers are passed.
 */
export const usualCrewFrom = { seconds: 0.25, block: 1024 };
