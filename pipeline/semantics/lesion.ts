import type { LesionFacts, PathologyFacts } from './facts.js';

/** What tissue says of a lesion (semantics page of OMI-DB, 'Lesion'). */

/**
 * The codes that the reference knows, worst first. As with side opinions, an unknown code (an obsolete one too) counts
 * as none: it makes no lesion invasive and is no grade.
 */
export const DISEASE_GRADES = ['G3', 'G2', 'G1', 'NA'] as const;
export const DCIS_GRADES = ['NDH', 'NDI', 'NDL', 'NDN'] as const;
const INVASIVE_COMPONENTS = ['IDC', 'ILC', 'IMC', 'IMU', 'IPX', 'ITC'];
const INVASIVE_TYPES = ['IN', 'IP', 'IM', 'IO'];
const IN_SITU_COMPONENTS = ['NID', 'NIL', 'NIP'];

export type DiseaseGrade = (typeof DISEASE_GRADES)[number];
export type DcisGrade = (typeof DCIS_GRADES)[number];
export type LesionGrade = DiseaseGrade | DcisGrade;

export interface GradeSource {
  readonly procedure: 'surgery' | 'biopsy_wide';
  readonly field: 'disease_grade' | 'dcis_grade';
}

export interface LesionMeaning {
  readonly invasive: boolean;
  /** Events whose tissue says so, surgery before wide biopsy; empty where not invasive. */
  readonly invasiveFrom: readonly GradeSource['procedure'][];
  readonly inSitu: boolean;
  readonly inSituFrom: readonly GradeSource['procedure'][];
  readonly grade: LesionGrade | null;
  readonly gradeFrom: GradeSource | null;
}

function known<Code extends string>(codes: readonly Code[], code: string | null | undefined): Code | null {
  return codes.find((candidate) => candidate === code) ?? null;
}

function hasInvasiveFindings(pathology: PathologyFacts | null): boolean {
  if (pathology === null) return false;
  return (
    pathology.invasiveComponents.some((code) => INVASIVE_COMPONENTS.includes(code)) ||
    known(INVASIVE_TYPES, pathology.invasiveType) !== null ||
    known(DISEASE_GRADES, pathology.diseaseGrade) !== null
  );
}

function hasInSituFindings(pathology: PathologyFacts | null): boolean {
  if (pathology === null) return false;
  return (
    pathology.inSituComponents.some((code) => IN_SITU_COMPONENTS.includes(code)) ||
    known(DCIS_GRADES, pathology.dcisGrade) !== null
  );
}

function procedures(surgery: boolean, wideBiopsy: boolean): GradeSource['procedure'][] {
  return [...(surgery ? (['surgery'] as const) : []), ...(wideBiopsy ? (['biopsy_wide'] as const) : [])];
}

/** Wide biopsy MalignancyType b, or invasive components, type or disease grade in wide biopsy or surgery. */
function invasiveFrom({ wideBiopsy, surgery }: LesionFacts): GradeSource['procedure'][] {
  const inBiopsy = wideBiopsy?.malignancyType === 'b' || hasInvasiveFindings(wideBiopsy);
  return procedures(hasInvasiveFindings(surgery), inBiopsy);
}

/**
 * For a lesion that is not invasive: MalignancyType a, or findings in situ. Type b makes it invasive, and an unknown type
 * counts as none, as in the reference.
 */
function inSituFrom({ wideBiopsy, surgery }: LesionFacts): GradeSource['procedure'][] {
  const inBiopsy = wideBiopsy?.malignancyType === 'a' || hasInSituFindings(wideBiopsy);
  return procedures(hasInSituFindings(surgery), inBiopsy);
}

/** Surgery DiseaseGrade, else wide-biopsy DiseaseGrade, else surgery DcisGrade, else wide-biopsy DcisGrade. */
function gradeOf({ wideBiopsy, surgery }: LesionFacts): Pick<LesionMeaning, 'grade' | 'gradeFrom'> {
  const inOrder = [
    [known(DISEASE_GRADES, surgery?.diseaseGrade), 'surgery', 'disease_grade'],
    [known(DISEASE_GRADES, wideBiopsy?.diseaseGrade), 'biopsy_wide', 'disease_grade'],
    [known(DCIS_GRADES, surgery?.dcisGrade), 'surgery', 'dcis_grade'],
    [known(DCIS_GRADES, wideBiopsy?.dcisGrade), 'biopsy_wide', 'dcis_grade'],
  ] as const;
  for (const [grade, procedure, field] of inOrder) {
    if (grade !== null) return { grade, gradeFrom: { procedure, field } };
  }
  return { grade: null, gradeFrom: null };
}

/** Invasive, in situ and grade of a lesion, each with the events that say so. */
export function lesionMeaning(lesion: LesionFacts): LesionMeaning {
  const invasive = invasiveFrom(lesion);
  const inSitu = invasive.length > 0 ? [] : inSituFrom(lesion);
  const { grade, gradeFrom } = gradeOf(lesion);
  return {
    invasive: invasive.length > 0,
    invasiveFrom: invasive,
    inSitu: inSitu.length > 0,
    inSituFrom: inSitu,
    grade,
    gradeFrom,
  };
}
