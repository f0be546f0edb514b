import { fieldsOf } from './column.js';

/** The laboratory's report on tissue from biopsy or surgery: the cancer itself. */
export function malignancyColumns(tables: readonly string[]) {
  const f = fieldsOf(...tables);
  return [
    f('InvasivePresent', 'yes_no', 'Whether invasive cancer was found.'),
    f('InvasiveType', 'code', 'Type of the invasive cancer: ductal/NST, pure special type, mixed or other.'),
    f('InvasiveTypeOther', 'text', 'Type of the invasive cancer in words, where it is another.', {
      freeText: true,
    }),
    f(
      'InvasiveComponents',
      'code_list',
      'Kinds of invasive cancer found in the tissue, e.g. ductal, lobular.',
    ),
    f('InvasiveComponentOther', 'text', 'Kind of invasive cancer in words, where it is another.', {
      freeText: true,
    }),
    f(
      'MaxDiameterInvasiveCompo',
      'number',
      'Largest diameter of the invasive part; NBSS does not state the unit.',
    ),
    f('DiseaseGrade', 'code', 'Histological grade of the invasive cancer, G1 (low) to G3 (high).'),
    f('VascularInvasion', 'code', 'Whether cancer was found in blood or lymph vessels.'),
    f('InSituPresent', 'yes_no', 'Whether in situ cancer (such as DCIS) was found.'),
    f(
      'InSituComponents',
      'code_list',
      'Kinds of in situ cancer found in the tissue: ductal, lobular, Paget’s.',
    ),
    f('DcisGrade', 'code', 'Nuclear grade of ductal carcinoma in situ: low, intermediate, high.'),
    f('EpithelialProliferation', 'code_list', 'Growth of the epithelium, without or with atypia, by kind.'),
    f('HistologicalCalcification', 'code', 'Whether calcification was seen in benign or malignant tissue.'),
  ];
}

/** Receptors of the cancer cells, which decide on treatment. */
export function receptorColumns(tables: readonly string[]) {
  const f = fieldsOf(...tables);
  return [
    f('HormoneERStatus', 'code', 'Whether the cancer cells have oestrogen receptors.'),
    f('HormoneERScore', 'number', 'Score of the oestrogen receptor test; higher is more strongly positive.'),
    f('HormonePRStatus', 'code', 'Whether the cancer cells have progesterone receptors.'),
    f(
      'HormonePRScore',
      'number',
      'Score of the progesterone receptor test; higher is more strongly positive.',
    ),
    f('HER2ReceptorStatus', 'code', 'Whether the cancer cells overexpress HER2.'),
    f(
      'HER2ReceptorScore',
      'code',
      'Result of the HER2 test: immunohistochemistry 0 to 3+, or in situ hybridisation.',
    ),
  ];
}

/** Benign and uncertain findings, and when the laboratory reported. */
export function reportColumns(tables: readonly string[]) {
  const f = fieldsOf(...tables);
  return [
    f('BenignLesions', 'code_list', 'Benign findings in the tissue, e.g. fibroadenoma, sclerosing adenosis.'),
    f('BenignLesionsOther', 'text', 'Benign finding in words, where it is another.', { freeText: true }),
    f('DateReported', 'date', 'Day the laboratory reported on the specimen.'),
    f('PathologistComments', 'text', 'Comments of the pathologist, in his or her own words.', {
      freeText: true,
    }),
  ];
}

/** Findings that are recorded for larger specimens only: vacuum excision and surgery. */
export function specimenColumns(tables: readonly string[]) {
  const f = fieldsOf(...tables);
  return [
    f('BenignLesionsSeen', 'yes_no', 'Whether the specimen holds any benign lesion.'),
    f('MalignantLesionsSeen', 'yes_no', 'Whether the specimen holds any malignant lesion.'),
    f(
      'BiopsySpecimenType',
      'code',
      'How the specimen was taken: localisation biopsy, wide local excision, mastectomy, ….',
    ),
    f(
      'DcisGrowthPatterns',
      'code_list',
      'How ductal carcinoma in situ grows in the tissue: solid, cribriform, ….',
    ),
    f('DcisOtherGrowthPattern', 'text', 'Growth pattern of DCIS in words, where it is another.', {
      freeText: true,
    }),
    f('MammographicAbnormality', 'code', 'Whether the specimen holds what was seen on the mammogram.'),
    f('Microinvasion', 'code', 'Whether in situ cancer begins to invade (at most 1 mm).'),
    f('SizeDuctalOnly', 'number', 'Extent of pure ductal carcinoma in situ; NBSS does not state the unit.'),
    f(
      'WholeSizeOfTumour',
      'number',
      'Extent of the whole tumour with its in situ part; NBSS does not state the unit.',
    ),
    f('SpecimenRadiographSeen', 'yes_no', 'Whether the pathologist saw an X-ray of the specimen.'),
    f('SpecimenWeight', 'number', 'Weight of the specimen; NBSS does not state the unit.'),
  ];
}
