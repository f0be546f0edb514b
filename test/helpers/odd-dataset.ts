import { element, tagBytes, u16, u32, type Form } from './encoded-dataset.js';

/** What is odd in a dataset, and a header to put it into. */

export const UNDEFINED = 0xffffffff;
export const PRIVATE = 0x00191001;

/** A name, and the bytes in a form; null where there is no such thing in it. */
export type Odd = readonly [string, (form: Form) => Buffer | null];

/** The elements of a header that are selected, in each group that they come in. */
export function selected(form: Form): Buffer[] {
  const code = element(form, 0x00080100, 'SH', 'R-10226');
  const item = element(form, 0xfffee000, '', code);
  return [
    element(form, 0x00080005, 'CS', 'ISO_IR 100'),
    element(form, 0x00080008, 'CS', 'ORIGINAL\\PRIMARY'),
    element(form, 0x00080060, 'CS', 'MG'),
    element(form, 0x00080070, 'LO', 'M\xe9dical'),
    element(form, 0x00100040, 'CS', 'F'),
    element(form, 0x00180060, 'DS', '28.5'),
    element(form, 0x00181152, 'IS', '50'),
    element(form, 0x00200062, 'CS', 'L'),
    element(form, 0x00280010, 'US', u16(form, 2294)),
    element(form, 0x00280030, 'DS', '0.07\\0.07'),
    element(form, 0x00540220, 'SQ', item),
    element(form, 0x20500020, 'CS', 'IDENTITY'),
  ];
}

export const pixels = (form: Form) => element(form, 0x7fe00010, 'OW', Buffer.alloc(4));

/** An element with something of two bytes in the place of its VR, and a length of 16 bits. */
const withVr = (vr: string | Buffer) => (form: Form) =>
  form.explicit
    ? Buffer.concat([tagBytes(form, PRIVATE), Buffer.from(vr), u16(form, 4), Buffer.from('abcd')])
    : null;

const ofGroup = (group: number) => (form: Form) => element(form, group * 0x10000 + 0x0010, 'LO', 'abcd');

function unknownLong(form: Form): Buffer | null {
  if (!form.explicit) return null;
  const start = [tagBytes(form, PRIVATE), Buffer.from('QQ'), Buffer.alloc(2), u32(form, 6)];
  return Buffer.concat([...start, Buffer.from('abcdef')]);
}

/** Items within an element of VR UN, in explicit or in implicit VR, of defined or undefined length. */
const unItems = (explicit: boolean, isOpen: boolean) => (form: Form) => {
  if (!form.explicit) return null;
  const little = { ...form, explicit, bigEndian: false };
  const value = element(little, 0x00191002, 'SH', 'abcd');
  const item = element(little, 0xfffee000, '', value);
  const end = isOpen ? element(little, 0xfffee0dd, '', Buffer.alloc(0)) : Buffer.alloc(0);
  return element(form, PRIVATE, 'UN', Buffer.concat([item, end]), isOpen ? UNDEFINED : undefined);
};

/** A private sequence of undefined length that holds something odd. */
export function openSequence(form: Form): Buffer {
  const odd = form.explicit
    ? Buffer.concat([tagBytes(form, 0x00191002), Buffer.from('  '), u16(form, 2), Buffer.from('ab')])
    : element(form, 0x00191002, 'LO', 'ab');
  const after = element(form, 0x00191003, 'LO', 'after');
  const item = [
    element(form, 0xfffee000, '', Buffer.concat([odd, after]), UNDEFINED),
    element(form, 0xfffee00d, '', ''),
  ];
  return element(form, PRIVATE, 'SQ', Buffer.concat([...item, element(form, 0xfffee0dd, '', '')]), UNDEFINED);
}

export const ODD: readonly Odd[] = [
  ['an element of group 0001', ofGroup(1)],
  ['an element of group 0002', ofGroup(2)],
  ['an element of group 0003', ofGroup(3)],
  ['an element of group 0005', ofGroup(5)],
  ['an element of group 0007', ofGroup(7)],
  ['an element of group FFFF', ofGroup(0xffff)],
  ['a command', (form) => element(form, 0x00000100, 'US', u16(form, 1))],
  ['a VR of two blanks', withVr('  ')],
  ['a VR of zero bytes', withVr(Buffer.alloc(2))],
  ['a VR of question marks', withVr('??')],
  ['a VR in small letters', withVr('lo')],
  ['a VR that there is none of, short', withVr('QQ')],
  ['bytes FF FF for a VR', withVr(Buffer.from([0xff, 0xff]))],
  ['OB with a length of 16 bits', withVr('OB')],
  ['UN with a length of 16 bits', withVr('UN')],
  ['the other VR form', (form) => element({ ...form, explicit: !form.explicit }, PRIVATE, 'LO', 'some text')],
  [
    'a length without its padding',
    (form) =>
      form.explicit
        ? Buffer.concat([element(form, PRIVATE, 'LO', Buffer.from('abc')), Buffer.from(' ')])
        : null,
  ],
  ['the length of a command', (form) => element(form, 0x00000000, 'UL', u32(form, 10))],
  ['eight zero bytes', () => Buffer.alloc(8)],
  ['six zero bytes', () => Buffer.alloc(6)],
  ['two zero bytes', () => Buffer.alloc(2)],
  ['a thousand zero bytes', () => Buffer.alloc(1000)],
  ['the delimiter of an item', (form) => element(form, 0xfffee00d, '', '')],
  ['the delimiter of a sequence', (form) => element(form, 0xfffee0dd, '', '')],
  ['an item', (form) => element(form, 0xfffee000, '', 'abcd')],
  ['an element of a higher tag than the pixels', (form) => element(form, 0xfffcfffc, 'OB', 'abcd')],
  [
    'a repeated element',
    (form) => Buffer.concat([element(form, PRIVATE, 'LO', 'a'), element(form, PRIVATE, 'LO', 'b')]),
  ],
];

/** Nothing that the standard forbids, at least not at the top level. */
export const SOUND: readonly Odd[] = [
  ['a VR to come', unknownLong],
  ['explicit items in UN', unItems(true, false)],
  ['implicit items in UN', unItems(false, false)],
  ['implicit items in UN of undefined length', unItems(false, true)],
  ['explicit items in UN of undefined length', unItems(true, true)],
  ['a private sequence that holds something odd', openSequence],
  ['a private element of 200 KB', (form) => element(form, PRIVATE, 'OB', Buffer.alloc(200_000, 1))],
];
