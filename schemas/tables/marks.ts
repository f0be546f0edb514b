import { column, required, table, type ColumnFacts, type ColumnType, type FieldColumn } from '../column.js';
import { snakeCase, type SnakeCase } from '../snake-case.js';
import { clientId, extra, sopInstanceUid, studyInstanceUid } from './keys.js';
import { boxColumns } from './meaning.js';

const MARK = 'imagedb STUDIES.<study>.<series>.<image>.<mark>';

const markId = required('mark_id', 'string', {
  description: 'Identifies the mark on its image.',
  source: `${MARK} (the key)`,
});

const imageParent = {
  table: 'images',
  columns: ['client_id', 'study_instance_uid', 'sop_instance_uid'],
} as const;

/** The column of a field of a mark, named after it. */
function markField<const Field extends string, const Type extends ColumnType>(
  field: Field,
  type: Type,
  facts: Omit<ColumnFacts, 'source'>,
): FieldColumn<SnakeCase<Field>, Type> {
  return { ...column(snakeCase(field), type, { ...facts, source: `${MARK}.${field}` }), field };
}

function corner<const Field extends string>(field: Field, what: string) {
  return markField(field, 'double', {
    description: `${what} of one of two opposite corners of the box, as it stands in the source; corners are in no fixed order.`,
    unit: 'px',
  });
}

function finding<const Field extends string>(field: Field, what: string) {
  return markField(field, 'bool', {
    description: `True when the reader ticked: ${what}. Null means no value, not 'no'.`,
  });
}

/** Findings that hold their own name when set (format page of OMI-DB), with their column. */
const FINDINGS = [
  finding('ArchitecturalDistortion', 'architectural distortion'),
  finding('Dystrophic', 'dystrophic calcification'),
  finding('FatNecrosis', 'fat necrosis'),
  finding('FocalAsymmetry', 'focal asymmetry'),
  finding('MilkOfCalcium', 'milk-of-calcium calcification'),
  finding('OtherBenignCluster', 'another benign cluster of calcifications'),
  finding('PlasmaCellMastitis', 'calcification of plasma cell mastitis'),
  finding('Skin', 'skin calcification'),
  finding('SuspiciousCalcifications', 'suspicious calcifications'),
  finding('SutureCalcification', 'suture calcification'),
  finding('Vascular', 'vascular calcification'),
  finding('WithCalcification', 'a mass with calcification'),
] as const;

/** What a reader may say of a mark beside its box, by column. */
export const MARK_FINDINGS = [
  'conspicuity',
  'mass',
  'mass_classification',
  'benign_classification',
  'architectural_distortion',
  'dystrophic',
  'fat_necrosis',
  'focal_asymmetry',
  'milk_of_calcium',
  'other_benign_cluster',
  'plasma_cell_mastitis',
  'skin',
  'suspicious_calcifications',
  'suture_calcification',
  'vascular',
  'with_calcification',
] as const;

export const marks = table('marks', {
  description: 'A row for each mark: the box that an expert reader drew around a lesion on an image.',
  key: ['client_id', 'study_instance_uid', 'sop_instance_uid', 'mark_id'],
  parents: [imageParent],
  columns: [
    clientId,
    studyInstanceUid,
    sopInstanceUid,
    markId,
    column('series_instance_uid', 'string', {
      description: 'The series under which imagedb lists the image.',
      source: 'imagedb STUDIES.<study>.<series>',
    }),
    corner('X1', 'Horizontal pixel coordinate'),
    corner('Y1', 'Vertical pixel coordinate'),
    corner('X2', 'Horizontal pixel coordinate (other corner)'),
    corner('Y2', 'Vertical pixel coordinate (other corner)'),
    markField('Width', 'double', {
      description: 'Width of the box as the source gives it.',
      unit: 'px',
    }),
    markField('Height', 'double', {
      description: 'Height of the box as the source gives it.',
      unit: 'px',
    }),
    ...boxColumns,
    column('duplicate_of', 'string', {
      description:
        'mark_id of the first mark on this image that draws the same box, whichever corner it names first; null: it is the first, or has no usable coordinates. Table boxes has each box once.',
      source: 'derived from x1, y1, x2, y2 of the marks of the image',
    }),
    column('is_malignant', 'bool', {
      description:
        'True when any linked lesion is cancer (its own opinion B5, C5 or H5, malignancy type a or b, or it is the only lesion of its breast in an event with OM); false when the tissue of all says it is none; null when the mark is not linked, there was no tissue, it is in doubt, or a lesion is only in the other breast.',
      source: 'derived from mark_lesions, events, wide_biopsies, fine_biopsies, surgeries',
    }),
    markField('LesionID', 'string', {
      description:
        "The reader's number for the lesion, which joins marks of one lesion in several views; not an NBSS lesion number.",
    }),
    markField('LinkedNBSSLesionNumber', 'string', {
      description:
        "NBSS lesion numbers of the study's episode, comma-separated as in the source, or UNLINKED. Table mark_lesions has them one a row.",
    }),
    markField('Conspicuity', 'string', {
      description:
        'How visible the lesion is to the reader: Obvious, Subtle, Very_subtle, Occult, not_recalled.',
      codes: 'omidb:mark_conspicuity',
    }),
    markField('Mass', 'bool', {
      description: "True when the mark is of a mass. Null means no value, not 'no'.",
    }),
    markField('MassClassification', 'string', {
      description: 'Margin of the mass as the reader classed it: ill_defined, spiculated, well_defined, …',
      codes: 'omidb:mark_mass_classification',
    }),
    markField('BenignClassification', 'string', {
      description: 'Kind of benign calcification as the reader classed it: rod-like, lucent-centred, …',
      codes: 'omidb:mark_benign_classification',
    }),
    ...FINDINGS,
    extra,
  ],
});

export const markLesions = table('mark_lesions', {
  description: 'A row for each NBSS lesion that a mark names: the bridge from boxes to histology.',
  key: ['client_id', 'study_instance_uid', 'sop_instance_uid', 'mark_id', 'lesion_number'],
  parents: [{ table: 'marks', columns: ['client_id', 'study_instance_uid', 'sop_instance_uid', 'mark_id'] }],
  columns: [
    clientId,
    studyInstanceUid,
    sopInstanceUid,
    markId,
    required('lesion_number', 'int', {
      description: "Lesion number within the study's episode.",
      source: `${MARK}.LinkedNBSSLesionNumber`,
    }),
    column('episode_id', 'string', {
      description: 'The episode of the study, after linking; null when none could be found.',
      source: 'derived: studies.episode_id',
    }),
    column('lesion_sides', 'list<string>', {
      description:
        'Sides (L, R) on which that episode has a lesion of that number; an empty list when it has none, null when the episode is not known. Two sides: the mark alone does not tell which.',
      source: 'nbss LESION and procedure blocks',
    }),
  ],
});
