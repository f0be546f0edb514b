import type { Attributes } from './attributes.js';
import type { Image } from './imaging.js';
import { random as randomOf } from './random.js';
import type { Vendor } from './vendors.js';

/** Whether the breast was raised towards the tube. */
export const isMagnified = ({ modifiers }: Pick<Image, 'modifiers'>): boolean => modifiers.includes('M');

/** The dose and the beam: the same in every image of an exposure. */
export function exposure(vendor: Vendor, image: Image): Attributes {
  const random = randomOf('exposure', image.exposure.seed);
  const thickness = random.int(28, 84);
  const mas = random.int(45, 190);
  const time = random.int(350, 1900);
  const magnification = isMagnified(image) ? random.pick([1.5, 1.8]) : 1.07;
  const distance = vendor.sourceToDetectorMm;
  const dose = random.decimal(0.008, 0.026, 5);
  const filter = random.pick(vendor.filters);
  return {
    KVP: random.int(26, 34),
    ExposureTime: time,
    XRayTubeCurrent: Math.round((mas * 1000) / time),
    Exposure: mas,
    ExposureInuAs: mas * 1000 + random.int(-400, 400),
    AnodeTargetMaterial: random.pick(vendor.targets),
    FilterMaterial: filter,
    FilterThicknessMinimum: filter === 'ALUMINUM' ? 0.45 : 0.045,
    FilterThicknessMaximum: filter === 'ALUMINUM' ? 0.55 : 0.055,
    FocalSpots: isMagnified(image) ? 0.1 : 0.3,
    Grid: isMagnified(image) ? 'NONE' : vendor.grid,
    BodyPartThickness: thickness,
    CompressionForce: random.decimal(55, 160, 1),
    DistanceSourceToDetector: distance,
    DistanceSourceToPatient: Math.round(distance / magnification),
    EstimatedRadiographicMagnificationFactor: vendor.statesMagnification ? magnification : null,
    ExposureControlMode: 'AUTOMATIC',
    ExposureControlModeDescription: vendor.exposureControl,
    OrganDose: dose,
    EntranceDoseInmGy: Number((dose * random.decimal(300, 450, 1)).toFixed(3)),
    HalfValueLayer: random.decimal(0.3, 0.6, 3),
    RelativeXRayExposure: random.int(280, 900),
  };
}
