/** brine's own version, as files that it writes record it. */
export const VERSION = '0.1.0';
