import { field, type NbssColumn } from './column.js';

type Options = Parameters<typeof field>[3];
const ofTables =
  (tables: readonly string[]) =>
  (name: string, description: string, options: Options = {}): NbssColumn =>
    field(tables, name, description, options);

/** The laboratory's report on tissue from biopsy or surgery: the cancer itself. */
export function malignancyColumns(tables: readonly string[]): NbssColumn[] {
  const f = ofTables(tables);
  return [
    f('InvasivePresent', 'Whether invasive cancer was found.'),
    f('InvasiveType', 'Type of the invasive cancer: ductal/NST, pure special type, mixed or other.'),
    f('InvasiveTypeOther', 'Type of the invasive cancer in words, where it is another.', { freeText: true }),
    f('InvasiveComponents', 'Kinds of invasive cancer found in the tissue, e.g. ductal, lobular.'),
    f('InvasiveComponentOther', 'Kind of invasive cancer in words, where it is another.', { freeText: true }),
    f('MaxDiameterInvasiveCompo', 'Largest diameter of the invasive part; NBSS does not state the unit.'),
    f('DiseaseGrade', 'Histological grade of the invasive cancer, G1 (low) to G3 (high).'),
    f('VascularInvasion', 'Whether cancer was found in blood or lymph vessels.'),
    f('InSituPresent', 'Whether in situ cancer (such as DCIS) was found.'),
    f('InSituComponents', 'Kinds of in situ cancer found in the tissue: ductal, lobular, Paget’s.'),
    f('DcisGrade', 'Nuclear grade of ductal carcinoma in situ: low, intermediate, high.'),
    f('EpithelialProliferation', 'Growth of the epithelium, without or with atypia, by kind.'),
    f('HistologicalCalcification', 'Whether calcification was seen in benign or malignant tissue.'),
  ];
}

/** Receptors of the cancer cells, which decide on treatment. */
export function receptorColumns(tables: readonly string[]): NbssColumn[] {
  const f = ofTables(tables);
  return [
    f('HormoneERStatus', 'Whether the cancer cells have oestrogen receptors.'),
    f('HormoneERScore', 'Score of the oestrogen receptor test; higher is more strongly positive.'),
    f('HormonePRStatus', 'Whether the cancer cells have progesterone receptors.'),
    f('HormonePRScore', 'Score of the progesterone receptor test; higher is more strongly positive.'),
    f('HER2ReceptorStatus', 'Whether the cancer cells overexpress HER2.'),
    f(
      'HER2ReceptorScore',
      'Result of the HER2 test: immunohistochemistry 0 to 3+, or in situ hybridisation.',
    ),
  ];
}

/** Benign and uncertain findings, and when the laboratory reported. */
export function reportColumns(tables: readonly string[]): NbssColumn[] {
  const f = ofTables(tables);
  return [
    f('BenignLesions', 'Benign findings in the tissue, e.g. fibroadenoma, sclerosing adenosis.'),
    f('BenignLesionsOther', 'Benign finding in words, where it is another.', { freeText: true }),
    f('DateReported', 'Day the laboratory reported on the specimen.'),
    f('PathologistComments', 'Comments of the pathologist, in his or her own words.', { freeText: true }),
  ];
}

/** Findings that are recorded for larger specimens only: vacuum excision and surgery. */
export function specimenColumns(tables: readonly string[]): NbssColumn[] {
  const f = ofTables(tables);
  return [
    f('BenignLesionsSeen', 'Whether the specimen holds any benign lesion.'),
    f('MalignantLesionsSeen', 'Whether the specimen holds any malignant lesion.'),
    f(
      'BiopsySpecimenType',
      'How the specimen was taken: localisation biopsy, wide local excision, mastectomy, ….',
    ),
    f('DcisGrowthPatterns', 'How ductal carcinoma in situ grows in the tissue: solid, cribriform, ….'),
    f('DcisOtherGrowthPattern', 'Growth pattern of DCIS in words, where it is another.', { freeText: true }),
    f('MammographicAbnormality', 'Whether the specimen holds what was seen on the mammogram.'),
    f('Microinvasion', 'Whether in situ cancer begins to invade (at most 1 mm).'),
    f('SizeDuctalOnly', 'Extent of pure ductal carcinoma in situ; NBSS does not state the unit.'),
    f('WholeSizeOfTumour', 'Extent of the whole tumour with its in situ part; NBSS does not state the unit.'),
    f('SpecimenRadiographSeen', 'Whether the pathologist saw an X-ray of the specimen.'),
    f('SpecimenWeight', 'Weight of the specimen; NBSS does not state the unit.'),
  ];
}
