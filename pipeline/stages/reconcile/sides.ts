import type { ImageModel, StudyModel } from '../../model/client-model.js';
import type { LateralityWitness } from '../../semantics/header/laterality.js';
import type { ReconcileContext } from './context.js';

const words = ({ side, source }: LateralityWitness): string => `${side} (${source})`;

/** Elements of an image's headers that name different breasts. */
export function checkSides(study: StudyModel, image: ImageModel, context: ReconcileContext): void {
  const { conflict } = image.laterality;
  if (conflict === null) return;
  const [first, other] = conflict;
  const { dicom, json } = image.onDisk!.plan;
  context.ofImage('laterality_conflict', study, image, {
    path: dicom?.path ?? json?.path ?? null,
    detail: 'Two elements of the headers name different breasts: the breast of the image is not known.',
    expected: words(first),
    found: words(other),
  });
}

/** Whether the two headers' ImageLaterality is what disagrees: that is one cause, and no other conflict of the tag. */
export function isImageLateralityConflict({ laterality: { conflict } }: ImageModel): boolean {
  return (
    conflict !== null &&
    conflict[0].source === 'dicom ImageLaterality' &&
    conflict[1].source === 'json ImageLaterality'
  );
}
