import { column, required, table } from '../column.js';
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

function corner<const Name extends string>(name: Name, field: string, what: string) {
  return column(name, 'double', {
    description: `${what} of one of two opposite corners of the box, as it stands in the source; corners are in no fixed order.`,
    source: `${MARK}.${field}`,
    unit: 'px',
  });
}

function finding<const Name extends string>(name: Name, field: string, what: string) {
  return column(name, 'bool', {
    description: `True when the reader ticked: ${what}. Null means no value, not 'no'.`,
    source: `${MARK}.${field}`,
  });
}

/** Findings that hold their own name when set (format page of OMI-DB), with their column. */
const FINDINGS = [
  finding('architectural_distortion', 'ArchitecturalDistortion', 'architectural distortion'),
  finding('dystrophic', 'Dystrophic', 'dystrophic calcification'),
  finding('fat_necrosis', 'FatNecrosis', 'fat necrosis'),
  finding('focal_asymmetry', 'FocalAsymmetry', 'focal asymmetry'),
  finding('milk_of_calcium', 'MilkOfCalcium', 'milk-of-calcium calcification'),
  finding('other_benign_cluster', 'OtherBenignCluster', 'another benign cluster of calcifications'),
  finding('plasma_cell_mastitis', 'PlasmaCellMastitis', 'calcification of plasma cell mastitis'),
  finding('skin', 'Skin', 'skin calcification'),
  finding('suspicious_calcifications', 'SuspiciousCalcifications', 'suspicious calcifications'),
  finding('suture_calcification', 'SutureCalcification', 'suture calcification'),
  finding('vascular', 'Vascular', 'vascular calcification'),
  finding('with_calcification', 'WithCalcification', 'a mass with calcification'),
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
    corner('x1', 'X1', 'Horizontal pixel coordinate'),
    corner('y1', 'Y1', 'Vertical pixel coordinate'),
    corner('x2', 'X2', 'Horizontal pixel coordinate (other corner)'),
    corner('y2', 'Y2', 'Vertical pixel coordinate (other corner)'),
    column('width', 'double', {
      description: 'Width of the box as the source gives it.',
      source: `${MARK}.Width`,
      unit: 'px',
    }),
    column('height', 'double', {
      description: 'Height of the box as the source gives it.',
      source: `${MARK}.Height`,
      unit: 'px',
    }),
    ...boxColumns,
    column('lesion_id', 'string', {
      description:
        "The reader's number for the lesion, which joins marks of one lesion in several views; not an NBSS lesion number.",
      source: `${MARK}.LesionID`,
    }),
    column('linked_nbss_lesion_number', 'string', {
      description:
        "NBSS lesion numbers of the study's episode, comma-separated as in the source, or UNLINKED. Table mark_lesions has them one a row.",
      source: `${MARK}.LinkedNBSSLesionNumber`,
    }),
    column('conspicuity', 'string', {
      description:
        'How visible the lesion is to the reader: Obvious, Subtle, Very_subtle, Occult, not_recalled.',
      source: `${MARK}.Conspicuity`,
      codes: 'omidb:mark_conspicuity',
    }),
    column('mass', 'bool', {
      description: "True when the mark is of a mass. Null means no value, not 'no'.",
      source: `${MARK}.Mass`,
    }),
    column('mass_classification', 'string', {
      description: 'Margin of the mass as the reader classed it: ill_defined, spiculated, well_defined, …',
      source: `${MARK}.MassClassification`,
      codes: 'omidb:mark_mass_classification',
    }),
    column('benign_classification', 'string', {
      description: 'Kind of benign calcification as the reader classed it: rod-like, lucent-centred, …',
      source: `${MARK}.BenignClassification`,
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
