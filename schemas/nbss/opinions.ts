import { field, jsonField } from './column.js';

/**
 * The opinion columns of a lesion in a procedure.
 * @param tables NBSS tables of the procedure
 * @param block  name of its block in the JSON
 * @param opinion what the opinion of this procedure rests on
 */
export function opinionColumns(tables: readonly string[], block: string, opinion: string) {
  const place = `${block}.<side>.<lesion>`;
  const sideOpinion = { codes: 'OPINION', labels: 'omidb:side_opinion' };
  return [
    field(tables, 'Opinion', 'code', opinion),
    jsonField(
      place,
      'left_opinion',
      'code',
      'Opinion on the whole left breast after the procedure, where it is given with the lesion.',
      sideOpinion,
    ),
    jsonField(
      place,
      'right_opinion',
      'code',
      'Opinion on the whole right breast after the procedure, where it is given with the lesion.',
      sideOpinion,
    ),
    jsonField(
      place,
      'DiagnosticSetOutcome',
      'code',
      'Outcome of the whole set of examinations to which this procedure belongs, where it is given with the lesion.',
    ),
  ];
}

/** Which sides were looked at and which lesion counts, as every procedure with lesions records it. */
export function coverageColumns(tables: readonly string[]) {
  return [
    field(tables, 'LeftSideAssessed', 'yes_no', 'Whether the left breast was looked at in this procedure.'),
    field(tables, 'RightSideAssessed', 'yes_no', 'Whether the right breast was looked at in this procedure.'),
    field(
      tables,
      'TimeOrder',
      'number',
      'Place of this procedure among those of its sort in the episode, in order of time.',
      { type: 'int' },
    ),
  ];
}

/** Facts that link a lesion's result to the others of its procedure. */
export function rankColumns(tables: readonly string[]) {
  return [
    field(tables, 'WorstLesion', 'yes_no', 'Whether this is the worst lesion of its side in the procedure.'),
    field(
      tables,
      'PreviousOpinions',
      'text',
      'Opinions on the lesion from procedures before, as NBSS prints them in one text.',
    ),
  ];
}

/** Opinions on the lymph nodes of the axillae. */
export function axillaColumns(tables: readonly string[]) {
  return [
    field(
      tables,
      'LeftAxillaOpinion',
      'code',
      'Whether the left axilla (armpit) was normal, abnormal or not assessed.',
    ),
    field(
      tables,
      'RightAxillaOpinion',
      'code',
      'Whether the right axilla (armpit) was normal, abnormal or not assessed.',
    ),
  ];
}
