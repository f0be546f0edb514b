import type { PartFormat } from './format.js';

/** Arrow IPC files (Feather v2) beside the Parquet parts, and made from them (see arrow.ts). */
export const arrowFormat: PartFormat = {
  folder: 'arrow',
  ending: '.arrow',
  async writePart(snapshot, path, { table, parquet }) {
    const { writeArrowPart } = await import('./arrow.js');
    return writeArrowPart(snapshot, path, table, parquet!);
  },
  async openRows(path, table) {
    const { ArrowRows } = await import('./arrow-rows.js');
    return new ArrowRows(path, table);
  },
  async checkRows(snapshot, receipt) {
    const { checkStreamed } = await import('./arrow-check.js');
    await checkStreamed(snapshot, receipt);
  },
};
