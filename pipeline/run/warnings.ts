import type { Logger } from 'pino';
import { SUMMARY_TAGS } from '../../schemas/tables/image-summary.js';
import type { TagSelection } from '../dicom/tag-selection.js';
import type { RunPlan } from './plan.js';

/** What a run says of its options before it begins. */

/** Clients of the lists that no tree has. */
export function warnOfMissing({ unknown: { included, excluded } }: RunPlan, log: Logger): void {
  const missing = included.length + excluded.length;
  if (missing > 0)
    log.warn(`${missing} clients of the clients files are in no tree; manifest.json lists them`);
}

/** A selection of one's own may lack tags that columns of image_summary are taken from. */
export function warnOfSummary({ tags }: TagSelection, log: Logger): void {
  const selected = new Set(tags.map(({ column }) => column.name));
  const lost = SUMMARY_TAGS.map(([name]) => name).filter((name) => !selected.has(name));
  if (lost.length > 0)
    log.warn(`the tag selection has no column ${lost.join(', ')}: null in image_summary for every image`);
}
