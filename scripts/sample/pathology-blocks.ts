import { block, type Fields, type Step } from './course-blocks.js';
import { isCancer, type Lesion, type Nature } from './lesion.js';
import type { Random } from './random.js';
import { code, measure, yesNo } from './values.js';

/** What the cells say, C1 (inadequate) to C5 (malignant). */
function cytology(nature: Nature, random: Random): string {
  if (isCancer(nature)) return random.pick(['C4', 'C5']);
  return nature === 'benign' ? 'C2' : nature === 'suspicious' ? 'C4' : 'C1';
}

/** What the cores say, B1 (normal) to B5 (malignant). */
function histology(nature: Nature, random: Random): string {
  if (nature === 'benign') return random.pick(['B2', 'B3']);
  return { normal: 'B1', suspicious: 'B4', in_situ: 'B5', invasive: 'B5' }[nature];
}

/** BIOPSYFINE: cytology, C1 to C5. */
export function fineBiopsyBlock(step: Step): Fields {
  const { random } = step;
  return block(step, 'WB', ({ nature }) => ({
    Opinion: code('OPINION', cytology(nature, random)),
    LocalisationType: code('LOCTYP', random.pick(['U', 'S', 'P'])),
    SpecimenType: code('SPTYP', random.pick(['AS', 'LA'])),
  })); // prettier-ignore
}

/** BIOPSYWIDE: histology of cores, B1 to B5. */
export function wideBiopsyBlock(step: Step): Fields {
  const { random } = step;
  const outcome = step.lesions.some(({ nature }) => isCancer(nature)) ? 'ST' : 'RR';
  return block(step, outcome, (lesion) => ({
    Opinion: code('OPINION', histology(lesion.nature, random)),
    LocalisationType: code('LOCTYP', random.pick(['U', 'S', 'X'])),
    NumberOfCores: measure(random.int(1, 12)),
    CalcificationOnSpecimen: code('CPOSX', ['CA', 'MC'].includes(lesion.description) ? 'Y' : 'N'),
    ...wideBiopsyHistology(lesion, random),
  })); // prettier-ignore
}

function wideBiopsyHistology({ nature }: Lesion, random: Random): Fields {
  if (nature === 'normal' || nature === 'suspicious') return {};
  if (nature === 'benign')
    return { BenignLesions: code('BENL', ...random.pick([['BFA'], ['BFC'], ['BFA', 'BSA']])) };
  if (nature === 'in_situ')
    return {
      MalignancyType: code('MALTYPE', 'a'),
      InSituPresent: 'Y',
      InSituComponents: code('ISCC', 'NID'),
      DcisGrade: code('DCISG', random.pick(['NDH', 'NDI', 'NDL'])),
    };
  return {
    MalignancyType: code('MALTYPE', 'b'),
    InvasivePresent: 'Y',
    InvasiveType: code('INVCT', 'IN'),
    InvasiveComponents: code('INVCC', ...random.pick([['IDC'], ['ILC'], ['IDC', 'ILC'], ['ITC']])),
    DiseaseGrade: code('BIMHG', random.pick(['G1', 'G2', 'G3'])),
    ...receptors(random),
  };
}

function receptors(random: Random): Fields {
  const er = random.chance(0.85);
  const pr = er && random.chance(0.8);
  const her2 = random.chance(0.13);
  return {
    HormoneERStatus: code('HORRS', er ? 'RP' : 'RN'),
    HormoneERScore: measure(er ? random.int(3, 8) : 0),
    HormonePRStatus: code('HORRS', pr ? 'RP' : 'RN'),
    HormonePRScore: measure(pr ? random.int(3, 8) : 0),
    HER2ReceptorStatus: code('HER2ST', her2 ? 'RP' : 'RN'),
    HER2ReceptorScore: code('inline:SurgeryProcedure.HER2ReceptorScore', her2 ? '3+' : '0'),
  };
}

/** SURGERY: excision with histology; nodes and receptors where it was invasive. */
export function surgeryBlock(step: Step): Fields {
  const { random } = step;
  const cancer = step.lesions.some(({ nature }) => isCancer(nature));
  return block(step, cancer ? 'FP' : 'RR', (lesion) => ({
    Opinion: code('OPINION', isCancer(lesion.nature) ? 'H5' : 'H2'),
    ...surgeryHistology(lesion, random),
  })); // prettier-ignore
}

function surgeryHistology({ nature, sizeMm }: Lesion, random: Random): Fields {
  if (!isCancer(nature))
    return {
      DiagnosticProcedure: code('SASS1', random.pick(['EXB', 'EXI'])),
      BenignLesionsSeen: 'Y',
      MalignantLesionsSeen: 'N',
      BenignLesions: code('BENL2', ...random.pick([['BFA'], ['BPS', 'BFC'], ['BCR']])),
    };
  const common: Fields = {
    TreatmentProcedure: code('SPTR1', sizeMm > 30 ? 'TMX' : 'WLE'),
    TherapeuticProcedures: code('THERP', ...random.pick([['SB'], ['SD', 'SI'], ['AC']])),
    MalignantLesionsSeen: 'Y',
    SpecimenWeight: measure(random.int(20, 400)),
    WholeSizeOfTumour: measure(sizeMm + random.int(0, 8)),
    ExcisionMargins: code('EXCN', random.pick(['ED', 'ED', 'ER'])),
    ExcisionMarginDistance: measure(random.int(1, 12)),
    VascularInvasion: code('BIMVI', random.pick(['VNS', 'VNS', 'VPR'])),
  };
  if (nature === 'in_situ')
    return {
      ...common,
      InSituPresent: 'Y',
      InvasivePresent: 'N',
      InSituComponents: code('ISCC', 'NID'),
      DcisGrade: code('DCISG', random.pick(['NDH', 'NDI'])),
      DcisGrowthPatterns: code('DCISP', ...random.pick([['GS'], ['GC', 'GM']])),
      SizeDuctalOnly: measure(sizeMm),
    };
  return { ...common, ...invasiveSurgery(sizeMm, random) };
}

function invasiveSurgery(sizeMm: number, random: Random): Fields {
  const positive = random.pick([0, 0, 0, 1, 2]);
  return {
    InSituPresent: yesNo(random.chance(0.5)),
    InvasivePresent: 'Y',
    InvasiveComponents: code('INVCC', ...random.pick([['IDC'], ['ILC'], ['IDC', 'ITC']])),
    DiseaseGrade: code('BIMHG', random.pick(['G1', 'G2', 'G3'])),
    DiseaseExtent: code('BIMNAT', random.pick(['DEL', 'DEM'])),
    MaxDiameterInvasiveCompo: measure(sizeMm),
    AxillaryNodesPresent: 'Y',
    AxillaryNodesTotalNumber: measure(positive + random.int(1, 4)),
    AxillaryNodesNumberPositive: measure(positive),
    AxillarySpecimenTypes: code('BIAP', ...random.pick([['SB'], ['SB', 'AC']])),
    AxillaryMetsType: positive > 0 ? code('AXMET', random.pick(['MET', 'MIM'])) : null,
    ...receptors(random),
  };
}
