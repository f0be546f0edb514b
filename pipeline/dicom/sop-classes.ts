/**
 * SOP classes of objects that never have pixel data (PS3.4 B.5, PS3.3 annex A), below 1.2.840.10008.5.1.4: structured
 * reports, presentation states, waveforms, plans and records of radiotherapy, encapsulated documents, registrations, raw data,
 * surfaces, measurements of the eye, spectra, and what is no patient's object. Each with whatever is below it.
 */
const BELOW_5_1_4 = [
  '1.1.4.2',
  '1.1.8',
  '1.1.9',
  '1.1.10',
  '1.1.11',
  '1.1.66.1',
  '1.1.66.2',
  '1.1.66.3',
  '1.1.66.5',
  '1.1.66.6',
  '1.1.67',
  '1.1.68',
  '1.1.77.1.5.3',
  '1.1.78',
  '1.1.79',
  '1.1.80',
  '1.1.88',
  '1.1.91',
  '1.1.104',
  '1.1.131',
  '1.1.200',
  '34',
  '38',
  '39',
  '43',
  '44',
  '45',
];
const ROOT = '1.2.840.10008.5.1.4.';
/** Raw Data Storage itself; of those below it segmentations have pixels. */
const RAW_DATA = `${ROOT}1.1.66`;
const RADIOTHERAPY = `${ROOT}1.1.481.`;
/** RT Image, RT Dose and the enhanced RT images. */
const RADIOTHERAPY_WITH_PIXELS: ReadonlySet<string> = new Set(['1', '2', '23', '24']);

/** Whether objects of a SOP class have no pixel data, so that a file without any is whole. */
export function hasNoPixels(sopClassUid: string | null): boolean {
  if (sopClassUid === null || !sopClassUid.startsWith(ROOT)) return false;
  if (sopClassUid === RAW_DATA) return true;
  if (sopClassUid.startsWith(RADIOTHERAPY))
    return !RADIOTHERAPY_WITH_PIXELS.has(sopClassUid.slice(RADIOTHERAPY.length).split('.')[0]!);
  const rest = sopClassUid.slice(ROOT.length);
  return BELOW_5_1_4.some((branch) => rest === branch || rest.startsWith(`${branch}.`));
}
