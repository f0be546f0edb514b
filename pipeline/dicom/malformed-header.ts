/**
 * A header cannot be read any further, however many more bytes there are. The message is one clause for a person; it
 * quotes no value.
 */
export class MalformedHeader extends Error {
  /** @param place of the element that is meant, which goes before the clause; '' where it is the whole header */
  constructor(
    readonly clause: string,
    readonly place = '',
  ) {
    super(place === '' ? clause : `${place} ${clause}`);
  }
}

/** The file ends before its header is complete. */
export class CutHeader extends MalformedHeader {}
