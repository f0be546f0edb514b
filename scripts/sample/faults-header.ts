import { elements } from './attributes.js';
import type { ImagePlan, StudyPlan } from './client.js';
import { tagText } from './dicom-json.js';
import { explicitItems, type Dataset, type Element } from './dicom-writer.js';
import type { Injection, Row, Target } from './fault.js';
import { changeHeaders, dicomPath, imagedbSeries, jsonPath, onImage, row } from './faults-common.js';

const VIEW_CODES = 0x00540220;
const KVP = 0x00180060;

/** Adds or replaces elements in the DICOM file alone. */
function changeDicom(image: ImagePlan, changed: Dataset): void {
  const tags = new Set(changed.map(({ tag }) => tag));
  const dicom = image.dicom!;
  dicom.dataset = [...dicom.dataset.filter(({ tag }) => !tags.has(tag)), ...changed];
}

const isExplicitLittle = ({ study }: StudyPlan): boolean =>
  study.syntax !== 'implicit' && study.syntax !== 'bigEndian';

/** Elements that no reader should stumble over: where their length is known they can be stepped over. */
const ODD_ELEMENTS: readonly Injection[] = [
  onImage('dicom_element_odd', ({ client, study }, image) => {
    changeDicom(image, [{ tag: 0x00020012, vr: 'UI', value: ['2.25.1'] }]);
    return row(
      'the dataset begins with an element of group 0002',
      dicomPath(client, study, image),
      study,
      image,
    );
  }),
  onImage('dicom_element_odd', ({ client, study, random }, image) => {
    // Groups that private elements may not use (PS3.5 section 7.8).
    const group = random.pick([0x0001, 0x0003, 0x0005, 0x0007]);
    changeDicom(image, [{ tag: group * 0x10000 + 0x1001, vr: 'LO', value: ['left by a converter'] }]);
    return row(
      `the dataset has an element of group 000${group}`,
      dicomPath(client, study, image),
      study,
      image,
    );
  }),
  onImage('dicom_element_odd', ({ client, study, random }, image) => {
    if (study.study.syntax === 'implicit') return null;
    const writtenVr = random.pick(['  ', 'ZZ', '\0\0']);
    changeDicom(image, [{ tag: 0x00190301, vr: 'UN', value: Buffer.from('some text '), writtenVr }]);
    return row('the VR of a private element is none', dicomPath(client, study, image), study, image);
  }),
  onImage('dicom_element_odd', ({ client, study }, image) => {
    image.dicom!.implicitMeta = true;
    return row('the file meta information is in implicit VR', dicomPath(client, study, image), study, image);
  }),
  onImage('dicom_element_odd', ({ client, study }, image) => {
    const views = image.dicom!.dataset.find(({ tag }) => tag === VIEW_CODES);
    if (views?.vr !== 'SQ' || !isExplicitLittle(study)) return null;
    // PS3.5 section 6.2.2 note: the items of such an element are in implicit VR.
    changeDicom(image, [{ tag: VIEW_CODES, vr: 'UN', value: explicitItems(views.value) }]);
    return row('ViewCodeSequence is UN, its items explicit', dicomPath(client, study, image), study, image);
  }),
];

/** Values that are lost, or read although they are not as they should be. */
const ODD_VALUES: readonly Injection[] = [
  onImage('number_invalid', ({ client, study }, image) => {
    // Implicit VR cannot say FD where the dictionary says DS.
    if (study.study.syntax === 'implicit') return null;
    changeDicom(image, [{ tag: KVP, vr: 'FD', value: [NaN] }]);
    Reflect.deleteProperty(image.json.content, tagText(KVP));
    return row(
      'KVP is no number in the DICOM file, and not in the JSON',
      dicomPath(client, study, image),
      study,
      image,
    );
  }),
  onImage('number_invalid', ({ client, study }, image) => {
    changeHeaders(image, { Exposure: 2.5 });
    return row('Exposure, an IS, is 2.5 in both headers', dicomPath(client, study, image), study, image);
  }),
  ...['NaN', 'Infinity', '28.'].map((token): Injection => {
    const fault = onImage('number_invalid', ({ client, study }, image) => {
      image.json.raw = withToken(image, token);
      return row(`KVP is the bare token ${token} in the JSON`, jsonPath(client, study, image), study, image);
    });
    return { ...fault, needs: 'dicom_element_odd' };
  }),
  onImage('value_respelled', ({ client, study }, image) => {
    const age = image.dicom!.dataset.find(({ tag }) => tag === 0x00101010);
    if (age?.vr !== 'AS') return null;
    changeHeaders(image, { PatientAge: age.value[0]!.replace(/^0+/, '') });
    return row('PatientAge lacks its zeros in both headers', dicomPath(client, study, image), study, image);
  }),
  onImage('sop_instance_uid_missing', ({ client, study }, image) => {
    const dicom = image.dicom!;
    dicom.dataset = dicom.dataset.filter(({ tag }) => tag !== 0x00080018);
    Reflect.deleteProperty(image.json.content, '00080018');
    return row('no header has a SOPInstanceUID', dicomPath(client, study, image), study, image);
  }),
];

/** JSON text as Python and dcm2json write it, which JSON.stringify cannot. */
function withToken(image: ImagePlan, token: string): string {
  const place = '"here"';
  return JSON.stringify({ ...image.json.content, [tagText(KVP)]: { vr: 'DS', Value: ['here'] } }).replace(
    place,
    token,
  );
}

type OnSound = (target: Target, image: ImagePlan) => string | null;

/** A fault of a mammogram that no mark is on: what is said of its breast and view is said of nothing else. */
function onUnmarked(kind: Injection['kind'], damage: OnSound): Injection {
  const inject = (target: Target): Row | null => {
    const { client, study } = target;
    const image = study.images.find(
      (each) =>
        each.image.technique === 'ffdm' &&
        Object.keys(imagedbSeries(client, study, each)[each.image.sop] ?? {}).length === 0,
    );
    const how = image === undefined ? null : damage(target, image);
    return how === null ? null : row(how, dicomPath(client, study, image!), study, image);
  };
  return { kind, scope: 'study', inject };
}

const other = ({ image }: ImagePlan): 'L' | 'R' => (image.side === 'L' ? 'R' : 'L');

/** Witnesses of one header that do not agree; the DICOM file and the JSON say the same. */
const CONTRADICTIONS: readonly Injection[] = [
  onUnmarked('laterality_conflict', (_, image) => {
    changeHeaders(image, { ViewPosition: `${other(image)}${image.image.view}` });
    return 'ViewPosition begins with the letter of the other breast';
  }),
  onUnmarked('laterality_conflict', (_, image) => {
    changeHeaders(image, { Laterality: other(image) });
    return 'Laterality and ImageLaterality differ';
  }),
  onUnmarked('laterality_conflict', (_, image) => {
    const region = image.dicom!.dataset.find(({ tag }) => tag === 0x00082218) as SequenceElement;
    const [code, meaning] = image.image.side === 'L' ? ['G-A100', 'Right'] : ['G-A101', 'Left'];
    const modifier = elements({ CodeValue: code, CodingSchemeDesignator: 'SRT', CodeMeaning: meaning });
    changeHeaders(image, {
      AnatomicRegionSequence: [
        [...region.value[0]!, ...elements({ AnatomicRegionModifierSequence: [modifier] })],
      ],
    });
    return 'AnatomicRegionModifierSequence names the other breast';
  }),
  onUnmarked('view_conflict', (_, image) => {
    if (image.image.view !== 'MLO') return null;
    changeHeaders(image, { ViewPosition: 'ML' });
    return 'ViewPosition is ML, the view code says medio-lateral oblique';
  }),
];

type SequenceElement = Extract<Element, { vr: 'SQ' }>;

/** Faults within the headers of an image. */
export const HEADER_INJECTIONS: readonly Injection[] = [...CONTRADICTIONS, ...ODD_VALUES, ...ODD_ELEMENTS];
