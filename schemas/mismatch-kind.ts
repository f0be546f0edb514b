/** `error`: something was lost or is contradictory; `warning`: usable but incomplete; `info`: worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * What a share of a kind is a share of (--max-mismatches KIND=P%), a table: images where each mismatch of the kind is about
 * one image, studies where it is about one study, else clients.
 */
export type Basis = 'clients' | 'studies' | 'images';

/** A kind, with when it is reported. */
export const kind = <const S extends Severity>(severity: S, per: Basis, description: string) => ({
  severity,
  per,
  description,
});
