/** Size of a detector image; `spacing` of detector elements in mm. */
export interface Geometry {
  readonly rows: number;
  readonly columns: number;
  readonly spacing: number;
}

/** A block of private elements (PS3.5 section 7.8). */
export interface PrivateBlock {
  readonly group: number;
  readonly creator: string;
  /** Bytes of the block's largest element. */
  readonly bytes: number;
}

/** What the files of one maker of mammography systems have in common. */
export interface Vendor {
  readonly manufacturer: string;
  readonly models: readonly string[];
  readonly software: readonly string[];
  readonly small: Geometry;
  readonly large: Geometry;
  readonly tomosynthesis: boolean;
  readonly tomosynthesisGeometry: Geometry;
  readonly bitsStored: number;
  readonly targets: readonly string[];
  readonly filters: readonly string[];
  readonly sourceToDetectorMm: number;
  readonly grid: readonly string[];
  readonly exposureControl: string;
  readonly detectorType: string;
  readonly seriesPerImage: boolean;
  /** Writes View Code Sequence with SNOMED RT codes (SRT) or their SNOMED CT equals (SCT). */
  readonly codes: 'SRT' | 'SCT';
  /** View Position of an implant-displaced view: `CC`, or `CCID` as some write it. */
  readonly viewPositionHasModifier: boolean;
  /** Source Image Sequence names the FOR PROCESSING image that a FOR PRESENTATION one was made from. */
  readonly namesSource: boolean;
  /** Writes the magnification factor; else only the distances tell it. */
  readonly statesMagnification: boolean;
  /** How FOR PROCESSING pixels lie: as for display, as the tube sees the detector, or mirrored by its read-out. */
  readonly readout: 'display' | 'detector' | 'mirrored';
  /** FOR PRESENTATION images are cut to the field of view: fewer rows and columns than the raw ones. */
  readonly crops: boolean;
  /** Functional group that holds the Frame Anatomy Sequence of multi-frame images. */
  readonly frameAnatomy: 'shared' | 'perFrame';
  /** What comes with a tomosynthesis: a 2D image calculated from it, or its single projections. */
  readonly besideTomosynthesis: 'synthetic_2d' | 'projection';
  readonly privateBlocks: readonly PrivateBlock[];
  /** Sequences with delimiters or with stated lengths. */
  readonly delimited: boolean;
  /** A VOI LUT Sequence of so many tables of 4096 entries. */
  readonly lutTables: number;
}

export const VENDORS: readonly Vendor[] = [
  {
    manufacturer: 'HOLOGIC, Inc.',
    models: ['Selenia Dimensions', 'Lorad Selenia'],
    software: ['AWS:1.8.3.63', 'PXCM:1.8.3.3', 'ARR:1.7.3.10'],
    small: { rows: 3328, columns: 2560, spacing: 0.07 },
    large: { rows: 4096, columns: 3328, spacing: 0.07 },
    tomosynthesis: true,
    tomosynthesisGeometry: { rows: 2457, columns: 1996, spacing: 0.0909 },
    bitsStored: 12,
    targets: ['TUNGSTEN'],
    filters: ['RHODIUM', 'SILVER'],
    sourceToDetectorMm: 700,
    grid: ['HTC_IS', 'RECIPROCATING'],
    exposureControl: 'AUTO_FILTER',
    detectorType: 'DIRECT',
    seriesPerImage: true,
    codes: 'SRT',
    viewPositionHasModifier: false,
    namesSource: true,
    statesMagnification: true,
    readout: 'detector',
    crops: false,
    frameAnatomy: 'shared',
    besideTomosynthesis: 'synthetic_2d',
    privateBlocks: [
      { group: 0x0019, creator: 'LORAD Selenia', bytes: 1024 },
      { group: 0x7e01, creator: 'HOLOGIC, Inc.', bytes: 3000 },
    ],
    delimited: true,
    lutTables: 0,
  },
  {
    manufacturer: 'GE MEDICAL SYSTEMS',
    models: ['Senographe Essential VERSION ADS_54.11', 'Senograph DS VERSION ADS_43.10.1'],
    software: ['Ads Application Package VERSION ADS_54.11'],
    small: { rows: 2294, columns: 1914, spacing: 0.1 },
    large: { rows: 3062, columns: 2394, spacing: 0.1 },
    tomosynthesis: false,
    tomosynthesisGeometry: { rows: 2850, columns: 2394, spacing: 0.1 },
    bitsStored: 14,
    targets: ['RHODIUM', 'MOLYBDENUM'],
    filters: ['RHODIUM', 'MOLYBDENUM'],
    sourceToDetectorMm: 660,
    grid: ['RECIPROCATING', 'FOCUSED'],
    exposureControl: 'AUTOMATIC',
    detectorType: 'SCINTILLATOR',
    seriesPerImage: false,
    codes: 'SRT',
    viewPositionHasModifier: false,
    namesSource: true,
    statesMagnification: true,
    readout: 'mirrored',
    crops: true,
    frameAnatomy: 'shared',
    besideTomosynthesis: 'projection',
    privateBlocks: [
      { group: 0x0009, creator: 'GEMS_IDEN_01', bytes: 64 },
      { group: 0x0045, creator: 'GEMS_SENO_02', bytes: 2048 },
    ],
    delimited: false,
    lutTables: 1,
  },
  {
    manufacturer: 'SIEMENS',
    models: ['MAMMOMAT Inspiration', 'Mammomat Novation DR'],
    software: ['VB30L VX10A', 'AWS 30'],
    small: { rows: 2800, columns: 2082, spacing: 0.085 },
    large: { rows: 3518, columns: 2800, spacing: 0.085 },
    tomosynthesis: true,
    tomosynthesisGeometry: { rows: 3518, columns: 1336, spacing: 0.085 },
    bitsStored: 12,
    targets: ['TUNGSTEN', 'MOLYBDENUM'],
    filters: ['RHODIUM'],
    sourceToDetectorMm: 655,
    grid: ['FIXED', 'FOCUSED', 'PARALLEL'],
    exposureControl: 'AUTO_BREAST',
    detectorType: 'DIRECT',
    seriesPerImage: true,
    codes: 'SCT',
    viewPositionHasModifier: true,
    namesSource: true,
    statesMagnification: true,
    readout: 'mirrored',
    crops: true,
    frameAnatomy: 'perFrame',
    besideTomosynthesis: 'projection',
    privateBlocks: [
      { group: 0x0019, creator: 'SIEMENS MED SP DXMG WH AWS 1', bytes: 2600 },
      { group: 0x0021, creator: 'SIEMENS MED MG', bytes: 900 },
    ],
    delimited: false,
    lutTables: 0,
  },
  {
    manufacturer: 'Philips Digital Mammography Sweden AB',
    models: ['L30', 'L50'],
    software: ['8.3', 'MDM 4.2'],
    small: { rows: 4915, columns: 3840, spacing: 0.05 },
    large: { rows: 5355, columns: 4915, spacing: 0.05 },
    tomosynthesis: false,
    tomosynthesisGeometry: { rows: 4915, columns: 3840, spacing: 0.05 },
    bitsStored: 12,
    targets: ['TUNGSTEN'],
    filters: ['ALUMINUM'],
    sourceToDetectorMm: 660,
    grid: ['NONE'],
    exposureControl: 'AUTOMATIC',
    detectorType: 'DIRECT',
    seriesPerImage: false,
    codes: 'SRT',
    viewPositionHasModifier: false,
    namesSource: false,
    statesMagnification: false,
    readout: 'display',
    crops: false,
    frameAnatomy: 'shared',
    besideTomosynthesis: 'projection',
    privateBlocks: [{ group: 0x0051, creator: 'Sectra Mamea AB 01', bytes: 4096 }],
    delimited: true,
    lutTables: 0,
  },
];
