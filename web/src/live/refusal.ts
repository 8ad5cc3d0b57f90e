/** The token was revoked, has expired, or was never good. */
export class TokenEnded extends Error {
  override name = 'TokenEnded';
}

/** An answer of the server that is an error. */
export class Refused extends Error {
  override name = 'Refused';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Refusals that say `not now`, and not `never`. */
export const passing = new Set(['busy', 'unavailable', 'not_ready', 'restart', 'too_many_filters', 'internal']);
