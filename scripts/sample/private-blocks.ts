import type { Element } from './dicom-writer.js';
import type { Random } from './random.js';
import type { PrivateBlock } from './vendors.js';

/** Private elements as machines write them: the creator, settings as text and numbers, and bulk that only the maker reads. */
export function privateElements(block: PrivateBlock, random: Random): Element[] {
  const base = block.group * 0x10000;
  // The creator stands in (gggg,0010) and reserves (gggg,1000) to (gggg,10FF), PS3.5 section 7.8.1.
  // Element numbers that no published dictionary gives another VR, which an implicit file would then be read by.
  const at = (element: number): number => base + 0x1000 + element;
  return [
    { tag: base + 0x0010, vr: 'LO', value: [block.creator] },
    {
      tag: at(0x01),
      vr: 'LO',
      value: [`CAL-${random.int(1000, 9999)}`, random.pick(['NORMAL', 'DOSE+', 'CONTRAST'])],
    },
    { tag: at(0x02), vr: 'SH', value: [`rev ${random.int(1, 9)}`] },
    { tag: at(0x70), vr: 'US', value: [random.int(0, 65535), random.int(0, 65535)] },
    { tag: at(0x71), vr: 'DS', value: [random.decimal(0, 100, 3), random.decimal(0, 100, 3)] },
    { tag: at(0xf0), vr: 'UN', value: random.bytes(24) },
    { tag: at(0xf1), vr: 'OB', value: random.bytes(block.bytes) },
  ];
}
