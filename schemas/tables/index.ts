import type { Column, Table } from '../column.js';
import { clients } from './clients.js';
import { clinicalExams } from './clinical-exams.js';
import { codes } from './codes.js';
import { episodes } from './episodes.js';
import { events } from './events.js';
import { fineBiopsies } from './fine-biopsies.js';
import { imageSummary } from './image-summary.js';
import { imagesTable } from './images.js';
import { intervalCancers } from './interval-cancers.js';
import { lesions } from './lesions.js';
import { markLesions, marks } from './marks.js';
import { mismatches } from './mismatches.js';
import { assessments } from './assessments.js';
import { screeningSides } from './screening-sides.js';
import { series, studies } from './studies.js';
import { surgeries } from './surgeries.js';
import { wideBiopsies } from './wide-biopsies.js';

/** The tables whose rows come from clients, in the order of the documentation; parents before children. */
export function clientTables(tagColumns: readonly Column[]): readonly Table[] {
  return [
    clients,
    episodes,
    events,
    screeningSides,
    assessments,
    clinicalExams,
    wideBiopsies,
    fineBiopsies,
    surgeries,
    intervalCancers,
    lesions,
    studies,
    series,
    imagesTable(tagColumns),
    marks,
    markLesions,
    imageSummary,
  ];
}

/** Every table of a snapshot. */
export function allTables(tagColumns: readonly Column[]): readonly Table[] {
  return [...clientTables(tagColumns), codes, mismatches];
}
