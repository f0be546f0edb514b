import { elements, type Attributes } from './attributes.js';
import type { Dataset } from './dicom-writer.js';
import type { Vendor } from './vendors.js';

export type View = 'CC' | 'MLO' | 'ML' | 'LM' | 'XCCL' | 'SPECIMEN';
/** View modifiers by their abbreviations (ACR): magnification, spot compression, implant displaced. */
export type Modifier = 'M' | 'S' | 'ID';

interface Concept {
  readonly SRT: string;
  readonly SCT: string;
  readonly meaning: string;
}

/** Views of mammography (PS3.16 CID 4014), by SNOMED RT and SNOMED CT code. */
export const VIEW: Record<View, Concept> = {
  CC: { SRT: 'R-10242', SCT: '399162004', meaning: 'cranio-caudal' },
  MLO: { SRT: 'R-10226', SCT: '399368009', meaning: 'medio-lateral oblique' },
  ML: { SRT: 'R-10224', SCT: '399260004', meaning: 'medio-lateral' },
  LM: { SRT: 'R-10228', SCT: '399352003', meaning: 'latero-medial' },
  XCCL: { SRT: 'R-1024A', SCT: '399192008', meaning: 'cranio-caudal exaggerated laterally' },
  SPECIMEN: { SRT: 'G-8310', SCT: '127457009', meaning: 'tissue specimen from breast' },
};

/** View modifiers of mammography (PS3.16 CID 4015). */
export const MODIFIER: Record<Modifier, Concept> = {
  M: { SRT: 'R-102D6', SCT: '399163009', meaning: 'Magnification' },
  S: { SRT: 'R-102D7', SCT: '399055006', meaning: 'Spot Compression' },
  ID: { SRT: 'R-102D5', SCT: '399209000', meaning: 'Implant Displaced' },
};

export const BREAST: Concept = { SRT: 'T-04000', SCT: '76752008', meaning: 'Breast' };

/** An item of a code sequence (PS3.3 8.8) in one of the two code systems, with what it holds besides. */
export function coded(concept: Concept, scheme: Vendor['codes'], more: Attributes = {}): Dataset {
  return elements({
    CodeValue: concept[scheme],
    CodingSchemeDesignator: scheme,
    CodeMeaning: concept.meaning,
    ...more,
  });
}
