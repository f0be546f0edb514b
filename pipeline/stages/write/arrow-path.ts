/** Folder of the Arrow files in a snapshot: one of its own, so that a reader of a folder meets one format. */
export const ARROW_FOLDER = 'arrow';

/** Path of an Arrow file in the snapshot; `part` is the name of the Parquet part without its ending. */
export function arrowPath(table: string, part: string): string {
  return `${ARROW_FOLDER}/${table}/${part}.arrow`;
}
